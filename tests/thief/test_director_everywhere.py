"""A director asks every address that there is, with every id and code that there is, and every search and export.

In an agency at work, with a word that stands nowhere else in each sealed field, she reads none that is about a person.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, select
from werkzeug.routing import Rule

from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import Base
from shelter.db import db as database
from shelter.policy.decide import may_ever
from shelter.reports.actions import Publish, publish
from shelter.reports.catalogue import REPORTS, Quarter
from shelter.rules.broken import Broken
from shelter.web.addresses import IdConverter
from tests.factories.agency import World
from tests.factories.reports import mixed, tell
from tests.policy.test_sweep import SAMPLE, address, at_the_desk, routes
from tests.support.pdftext import words_of
from tests.thief.canaries import CANARIES

DATABASES = ("sqlite",)
HERS = {"staff name", "site address", "breach", "funder's purpose"}
"""What a director may read: of the house, of colleagues, what a file she agrees to is for, what she wrote herself."""
SOUGHT_BY = (
    "legal name",
    "alias",
    "working name",
    "telephone",
    "A-number",
    "passport number",
    "danger's name",
    "receipt",
)
OF_PEOPLE = {what: word for what, word in CANARIES.items() if what not in HERS}


def every_id() -> list[bytes]:
    """Ids of one row of each table."""
    found: list[bytes] = []
    for table in Base.metadata.sorted_tables:
        column = table.columns.get("id")
        if column is not None and isinstance(column.type, LargeBinary):
            found += [one for one in database.session.scalars(select(column).limit(1)) if len(one) == 16]
    database.session.rollback()
    return found


def addresses(app: Flask, rule: Rule, ids: list[bytes], codes: list[str], over: Quarter) -> Iterator[str]:
    """The address of a route with everything that may stand in it."""
    names = sorted(rule.arguments - set(rule.defaults or {}))
    choices: list[list[Any]] = []
    for name in names:
        converter = rule._converters[name]
        if isinstance(converter, IdConverter):
            choices.append(ids)
        elif name == "code":
            choices.append(codes)
        elif name == "report":
            choices.append(sorted(REPORTS))
        elif name == "period":
            choices.append([str(over), str(over.before()), str(over.year - 1)])
        elif name == "kind" and rule.endpoint.startswith("reports."):
            choices.append(["csv", "xlsx", "pdf"])
        elif hasattr(converter, "items"):
            choices.append(sorted(converter.items))
        else:
            choices.append([SAMPLE[name]])
    for values in product(*choices):
        yield app.url_map.bind("localhost").build(rule.endpoint, dict(zip(names, values, strict=True)))


def read(body: bytes) -> str:
    """Everything that can be read of an answer, packed or not."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return " ".join(f"{one} {archive.read(one).decode(errors='replace')}" for one in archive.namelist())
    if body.startswith(b"%PDF"):
        return " ".join(words_of(body).split())
    return html.unescape(body.decode(errors="replace"))


@pytest.mark.slow
def test_a_director_reads_nothing_about_a_person_at_any_address(app: Flask, at_work: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    over = Quarter.of(agency_today()).before()
    tell(at_work, *mixed(150, over))
    for report in REPORTS:
        with suppress(Broken):
            publish(at_work.actor("director"), Publish(report, over, "as-asked"))
    director, actor = at_the_desk(app, at_work, "director"), at_work.actor("director")
    codes = list(database.session.scalars(select(Client.code)))
    ids = every_id()
    assert len(ids) > 50
    asked, found = 0, set[tuple[str, str]]()
    for rule, method, mark in routes(app):
        assert mark.act is not None
        may = may_ever(actor, mark.act)
        for place in addresses(app, rule, ids, codes, over) if may else [address(app, rule, codes[0])]:
            if method == "POST" and may:
                continue  # her own acts are tried by their own tests
            told = director.open(place, method=method)
            asked += 1
            assert told.status_code < 500, place
            assert may or told.status_code == 403, place
            said = read(told.data) + " ".join(told.headers.values())
            found |= {(rule.rule, what) for what, word in OF_PEOPLE.items() if word in said}
            if told.status_code == 200:
                found |= {(rule.rule, code) for code in codes if code in said.replace(place, "")}
    assert asked > 500
    assert found == set()


@pytest.mark.slow
def test_a_director_finds_nobody_by_any_word(app: Flask, at_work: World) -> None:
    """Each address that she may open, asked for each word, as every search here takes it."""
    director, actor = at_the_desk(app, at_work, "director"), at_work.actor("director")
    for rule, method, mark in routes(app):
        if mark.act is None or method != "GET" or not may_ever(actor, mark.act) or rule.arguments:
            continue
        for what in SOUGHT_BY:
            word = CANARIES[what]
            told = director.get(rule.rule, query_string={"q": word, "words": word, "name": word, "code": word})
            assert word not in read(told.data) or told.status_code >= 400, (rule.rule, what)
