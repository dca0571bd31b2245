"""Two thousand sealed notes of one client: the first screen of the timeline, and a search through all of them."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import text

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.sections import fill
from shelter.notes import queries
from shelter.notes.models import NOTE_TEXT, Note, NoteText
from shelter.policy.acts import Act
from shelter.rules.clock import now
from shelter.trail.record import READS, recorded
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Pair, Row, paired
from tests.factories.agency import World
from tests.factories.clients import begin, client_id

pytestmark = pytest.mark.bench
DATABASES = ("sqlite",)
MANY, FEW = 2_000, 50
WORDS = [
    "bus",
    "coat",
    "school",
    "clinic",
    "market",
    "letter",
    "room",
    "light",
    "morning",
    "friend",
    "street",
    "window",
    "paper",
    "table",
    "song",
]


def written(world: World, count: int) -> tuple[str, list[str]]:
    """A client with so many notes of about sixty words; her code, and the words of each."""
    code, draw, actor = begin(world), random.Random(count), world.actor("caseworker")
    said = [" ".join(draw.choices(WORDS, k=60)) + (" dentist" if n % 100 == 0 else "") for n in range(count)]
    with recorded(actor, Act.NOTES_WRITE):
        for place, words in enumerate(said, 1):
            note = Note(client_id=client_id(code), place=place)
            fill(actor, note, NOTE_TEXT, NoteText(kind="case", words=words, on=agency_today(), by=actor.id, at=now()))
            db.session.add(note)
    return code, said


def _row(name: str, pair: Pair, limit: float, cpu: Cpu, at_once: int) -> Row:
    milli = 1e3 / at_once
    return Row(name, pair.ours * milli, pair.peer * milli, pair.ratio, limit, "lower", "ms", pair.rounds, cpu.note)


def forget() -> None:
    db.session.info.pop(READS, None)
    db.session.rollback()
    db.session.expunge_all()


def test_a_long_file_opens_as_fast_as_a_short_one(world: World, ledger: Ledger) -> None:
    actor = world.actor("caseworker")
    codes = [written(world, count)[0] for count in (MANY, FEW)]

    def first_screen(code: str) -> None:
        client: Client = scope.get_by_code(actor, Act.NOTES_READ, code)
        for _ in range(5):
            assert len(queries.events(actor, client, ("", ""))) == FEW
        forget()

    cpu = Cpu(db.engine)
    pair = paired(lambda: first_screen(codes[0]), lambda: first_screen(codes[1]), rounds=9, clock=cpu)
    assert ledger.add(_row("timeline of 2,000 sealed notes / of 50, first screen", pair, 1.3, cpu, 5)).passes


def test_search_inside_one_file(world: World, ledger: Ledger) -> None:
    actor = world.actor("caseworker")
    code, said = written(world, MANY)
    db.session.execute(text("create table bench_note (id integer primary key, words text)"))
    db.session.execute(text("insert into bench_note (words) values (:words)"), [{"words": one} for one in said])
    db.session.commit()

    def ours() -> None:
        assert len(queries.search(actor, code, "dentist")) == MANY // 100
        forget()

    def like() -> None:
        found = db.session.execute(text("select id, words from bench_note where words like '%dentist%'")).all()
        assert len(found) == MANY // 100
        forget()

    cpu = Cpu(db.engine)
    pair = paired(ours, like, rounds=9, clock=cpu)
    assert ledger.add(_row("search in one client's 2,000 notes / plaintext LIKE", pair, 2.0, cpu, 1)).passes
