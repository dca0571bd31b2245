"""The whole request of a list of fifty clients, signed in, against its plaintext twin and against a type decorator."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from shelter.db import db
from shelter.db.agency import Site
from tests.bench import crowd, encrypted, twins
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Row, paired
from tests.factories.agency import World
from tests.factories.clients import Desk

pytestmark = pytest.mark.bench
AT_ONCE = 10
LINES = 50


class Page:
    """One person's list, asked for ten times in a row as a browser would, each request in a context of its own."""

    def __init__(self, app: Flask, world: World, who: str, inside: Callable[[], AbstractContextManager[Any]]) -> None:
        self.desk = Desk(app, world, who)
        self.inside = inside
        self.once()

    def once(self) -> str:
        with self.inside():
            answer = Context().run(self.desk.browser.get, "/people")
        assert answer.status_code == 200
        return answer.text

    def __call__(self) -> None:
        with self.inside():
            for _ in range(AT_ONCE):
                Context().run(self.desk.browser.get, "/people")


@pytest.fixture
def pages(app: Flask, world: World) -> Callable[..., Page]:
    """Two caseworkers at two sites: one whose clients are sealed, one whose clients are plain; both open them all."""
    people = list(crowd.invented(1_000))
    db.session.execute(update(Site).values(open_to_caseworkers=True))
    db.session.commit()
    crowd.lay_down(world.actor("caseworker"), world.sites["north"], people)
    twin = [crowd.Invented(crowd.new_id(), code[::-1], one.identity) for one, code in _with_codes(people)]
    crowd.lay_down_plain(world.sites["south"], twin)
    encrypted.lay_down(people)
    db.session.remove()
    crowd.known_to_the_planner()
    desks: dict[str, Page] = {}

    def page(who: str, inside: Callable[[], AbstractContextManager[Any]] = nullcontext) -> Page:
        if who not in desks:
            desks[who] = Page(app, world, who, inside)
        found = desks[who]
        again = object.__new__(Page)
        again.desk, again.inside = found.desk, inside
        return again

    return page


def _with_codes(people: list[crowd.Invented]) -> list[tuple[crowd.Invented, str]]:
    return [(one, one.code) for one in people]


def _row(name: str, ours: Page, peer: Page, limit: float | None, note: str = "") -> Row:
    assert len(re.findall(r'href="/people/[^/"]+"', ours.once())) >= LINES
    assert len(re.findall(r'href="/people/[^/"]+"', peer.once())) >= LINES
    cpu = Cpu(db.engine)
    pair = paired(ours, peer, rounds=9, clock=cpu)
    milli = 1e3 / AT_ONCE
    told = "; ".join(part for part in (note, cpu.note) if part)
    return Row(name, pair.ours * milli, pair.peer * milli, pair.ratio, limit, "lower", "ms", pair.rounds, told)


def test_a_list_of_fifty_costs_little_more_than_its_plaintext_twin(
    pages: Callable[..., Page], ledger: Ledger, database_kind: str
) -> None:
    ours, peer = pages("caseworker"), pages("stranger", twins.plaintext)
    assert ledger.add(_row(f"list of 50, {database_kind}: sealed / plaintext twin", ours, peer, 1.15)).passes


def test_a_list_of_fifty_against_a_type_decorator(
    pages: Callable[..., Page], ledger: Ledger, database_kind: str
) -> None:
    ours = pages("caseworker")
    whole = pages("caseworker", lambda: twins.opened_by(encrypted.whole_entities))
    shown = pages("caseworker", lambda: twins.opened_by(encrypted.shown_columns))
    name = f"list of 50, {database_kind}: sealed / StringEncryptedType"
    held = ledger.add(_row(name, ours, whole, 0.4, "entities of 19 encrypted columns, AesEngine"))
    ledger.add(_row(f"{name}, shown columns", ours, shown, None, "reported: the peer loads 4 columns"))
    assert held.passes


def test_what_the_trail_costs_on_a_list_page(pages: Callable[..., Page], ledger: Ledger, database_kind: str) -> None:
    ours, peer = pages("caseworker"), pages("caseworker", twins.without_trail)
    assert ledger.add(_row(f"list of 50, {database_kind}: with / without trail", ours, peer, None, "reported")).passes
