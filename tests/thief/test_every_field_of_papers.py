"""Every sealed field of papers, scans and ledgers, filled through the use-cases: none lies anywhere in clear.

What was sealed is opened again field by field, and each value is looked for in all that a thief carries off. A field
that nothing here fills fails the first test, so that a new one cannot come without its canary.
"""

from __future__ import annotations

import io
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from shelter.clients.queries import agency_today
from shelter.db import Base, db
from shelter.db.sections import Section, open_section
from shelter.documents import actions, queries
from shelter.documents.actions import (
    AddLine,
    AddPaper,
    AddScan,
    BeginWay,
    ChangePaper,
    EndWay,
    FillFromZone,
    GiveCopy,
    PaperFacts,
    SeenExpiry,
)
from shelter.documents.known import Known
from shelter.files import actions as file_actions
from shelter.files.actions import AddFile
from shelter.rules.clock import frozen, now
from tests.factories import clients, documents, releases
from tests.factories.agency import World
from tests.thief.conftest import Loot, every_value
from tests.thief.test_thief import encodings

WORDS = iter(f"Quill{number}wort by the {number} heron stairs" for number in range(1, 10_000))
ZONE = "P<PHLERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36PHL7408122F1204159ZE184226B<<<<<10"
"""The specimen of ICAO Doc 9303 as if a country had issued it."""
AWAY = timedelta(days=40)
SHORT = 5
"""Letters from which on a word stands for itself: a shorter one lies in any heap of bytes by chance."""
IDS = frozenset({"by", "changed_by", "added_by", "begun_by", "ended_by", "asked", "id", "scans", "photo"}) | frozenset(
    {"replaces", "original", "original_of"}
)
"""Random names of rows, which a thief sees anyway: whose they are is what is sealed."""
RULES = frozenset({"kind", "country", "state", "way", "paper", "where", "source", "evidence", "waiver", "media"}) | {
    "back_how",
    "waits_on",
    "what",
    "code",
    "label",
    "advice",
    "owner",
    "paid_by",
    "version",
    "cost",
    "usual_time",
}
"""Codes and texts that the rules have for everybody, and that lie in the program itself."""
OWN_LABEL = frozenset({"file.about.label"})
"""Words of hers among those."""


def sections() -> list[tuple[type[Any], Section[Any]]]:
    """Whatever these two rooms seal, in whatever table."""
    models = [mapper.class_ for mapper in Base.registry.mappers if hasattr(mapper.class_, "sections")]
    here = [one for one in models if one.__module__.startswith(("shelter.documents", "shelter.files"))]
    return [(one, section) for one in here for section in one.sections.values()]


def fields(struct: Any, path: str) -> Iterator[str]:
    """The path of every value that a struct can have, those of structs in it too."""
    for name, kind in typing.get_type_hints(struct).items():
        if typing.get_origin(kind) is typing.ClassVar:
            continue
        inner = next((one for one in _within(kind) if isinstance(one, type) and issubclass(one, msgspec.Struct)), None)
        yield from fields(inner, f"{path}.{name}") if inner else [f"{path}.{name}"]


def _within(kind: Any) -> Iterator[Any]:
    yield kind
    if typing.get_origin(kind) in (list, dict, tuple, typing.Union, types.UnionType):
        for one in typing.get_args(kind):
            yield from _within(one)


def values(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every value that is there, by the path of its field."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from values(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for one in value:
            yield from values(one, path)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from values(one, path)
            yield f"{path}", name
    elif value is not None and value not in ("", b""):
        yield path, value


@pytest.fixture
def worked(app: Flask, world: World, watched_temp: Path, log_file: Path) -> str:
    """The code of somebody whose papers have something in every field."""
    worker, ends = world.actor("caseworker"), agency_today() + timedelta(days=20)
    facts = _facts(Known(year=ends.year, month=ends.month, day=ends.day))
    with frozen(now() - AWAY):  # so that it was kept from her for a while before it came back
        code = clients.begin(world)
        clients.give_advocate(world, code)
        paper = actions.add_paper(worker, AddPaper(code, facts))
    actions.change_paper(worker, ChangePaper(code, paper, 1, _facts(facts.expires)))
    _scans(world, code, paper)
    _way(world, code, paper)
    _ledger(world, code, paper)
    found = actions.fill_from_zone(worker, FillFromZone(code, ZONE, kind="foreign_passport"))
    again = _facts(facts.expires, state="in_hand")
    actions.change_paper(worker, ChangePaper(code, found, _paper(world, code, found).version, again))
    return code


def _facts(ends: Known | None, state: str = "with_employer") -> PaperFacts:
    return PaperFacts(
        kind="foreign_passport",
        country="PHL",
        number=next(WORDS),
        printed_name=next(WORDS),
        issued=Known(year=2017, month=7, day=23, approximate=True),
        expires=ends,
        state=state,
        held_by=next(WORDS),
        seen_when=Known(year=2019, month=11, day=13),
        seen_where=next(WORDS),
        seen_by=next(WORDS),
        police_report=next(WORDS),
        consulate=next(WORDS),
        case_number=next(WORDS),
        contact_risk=next(WORDS),
        note=next(WORDS),
        skipped={"note": next(WORDS)},
    )


def _paper(world: World, code: str, paper: bytes) -> queries.PaperView:
    return queries.one(world.actor("caseworker"), code, paper)[1]


def _scans(world: World, code: str, paper: bytes) -> None:
    worker = world.actor("caseworker")
    scan = actions.add_scan(worker, AddScan(code, paper, next(WORDS), documents.picture(), evidence=True))
    file_actions.add(worker, AddFile(code, next(WORDS), documents.picture("PNG"), replaces=scan))
    file_actions.add(worker, AddFile(code, next(WORDS), running_pdf()))
    terms = {"items": ("name", "paper_copies"), "papers": ("foreign_passport",), "methods": ("paper",)}
    release = releases.live(world, code, **terms)
    actions.give_copy(worker, GiveCopy(code, paper, scan, release, "paper", lambda cover: cover.organisation, "x"))


def running_pdf() -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.save(out)
    return out.getvalue()


def _way(world: World, code: str, paper: bytes) -> None:
    worker, day = world.actor("caseworker"), agency_today()
    for place in ("first", "second"):  # the first is set aside; for the other the lists wait
        version = _paper(world, code, paper).way_version
        actions.begin_way(worker, BeginWay(code, paper, version, "foreign_passport"))
        documents.step(world, "caseworker", code, paper, "asked", words=next(WORDS))
        documents.step(world, "advocate", code, paper, "answered", go_ahead=True, words=next(WORDS))
        told: dict[str, Any] = {"owner": "office", "due": day + timedelta(days=9), "words": next(WORDS)}
        documents.step(world, "caseworker", code, paper, "arranged", "police_report", **told)
        done: dict[str, Any] = {"on": day, "words": next(WORDS), "cost": 1_234_567, "paid_by": "agency"}
        documents.step(world, "caseworker", code, paper, "done", "police_report", **done)
        if place == "first":
            version = _paper(world, code, paper).way_version
            actions.end_way(worker, EndWay(code, paper, version, next(WORDS)))
    told = {"owner": "office", "due": day + timedelta(days=11), "words": next(WORDS)}
    documents.step(world, "caseworker", code, paper, "arranged", "photographs", **told)
    seen = SeenExpiry(code, paper, _paper(world, code, paper).way_version, 30)
    actions.seen_expiry(worker, seen)


def _ledger(world: World, code: str, paper: bytes) -> None:
    for after, what in enumerate(("taken_in", "returned")):
        line = AddLine(
            code,
            paper,
            after,
            what,
            agency_today(),
            time="23:17",
            who=next(WORDS),
            condition=next(WORDS),
            bag=next(WORDS),
            shelf=next(WORDS),
            words=next(WORDS),
            signed=next(WORDS),
            strokes=[[3_101, 4_202, 5_303, 6_404]],
            photo=documents.picture("PNG", (90, 60 + after)),
        )
        actions.add_line(world.actor("caseworker"), line)


@pytest.fixture
def opened(world: World, worked: str) -> dict[str, set[Any]]:
    """Every value in every sealed field, by its path."""
    found: dict[str, set[Any]] = {}
    for model, section in sections():
        for row in db.session.scalars(select(model)):
            value = open_section(world.actor("caseworker"), row, section)
            for path, one in values(value, f"{section.table}.{section.name}"):
                found.setdefault(path, set()).add(one)
    return found


def test_every_field_is_filled_and_no_value_of_it_lies_anywhere_in_clear(
    opened: dict[str, set[Any]], world: World, watched_temp: Path, log_file: Path
) -> None:
    wanted = [path for _, section in sections() for path in fields(section.struct, f"{section.table}.{section.name}")]
    assert len(wanted) > 60
    assert [path for path in wanted if path not in opened] == []
    loot = Loot()
    db.session.commit()
    loot.add_tree("data", world.settings.folder)
    loot.add_tree("temp", watched_temp)
    loot.places["log"] = log_file.read_bytes()
    loot.places["columns"] = every_value(db)
    needles = [(path, form) for path, kept in opened.items() if _hers(path) for one in kept for form in _forms(one)]
    assert len(needles) > 500
    assert [(path, place) for path, form in needles for place, raw in loot.places.items() if form in raw] == []


def _hers(path: str) -> bool:
    return path in OWN_LABEL or path.rpartition(".")[2] not in IDS | RULES


def _forms(value: Any) -> list[bytes]:
    """How a value could lie on a disk; none of what is too short to be told from chance."""
    if isinstance(value, bytes):
        return [value[:24], value[:24].hex().encode()] if len(value) >= 16 else []
    if isinstance(value, datetime):
        return []  # of the same moment as the line of the trail about it, which anybody sees
    if isinstance(value, date):
        acted = (agency_today(), agency_today() - AWAY)  # days of the trail, as above
        return [] if value in acted else [value.isoformat().encode()]
    return list(encodings(value).values()) if isinstance(value, str) and len(value) > SHORT else []


def test_the_rules_and_ids_that_are_left_out_are_those() -> None:
    """What is told apart above is in no need of a canary: a name there that no field has is a mistake."""
    names = {path.rpartition(".")[2] for _, section in sections() for path in fields(section.struct, "")}
    assert (IDS | RULES) - names == set()
