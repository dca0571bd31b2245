"""Two thousand sealed notes of one client: the first screen of the timeline, and a search through all of them."""

from __future__ import annotations

import random

import msgspec
import pytest
from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, bindparam, select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db, new_id
from shelter.notes import queries
from shelter.notes.actions import put
from shelter.notes.models import NoteText
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
        client = db.session.get_one(Client, client_id(code))
        for words in said:
            put(actor, client, NoteText(kind="case", words=words, on=agency_today(), by=actor.id, at=now()))
    return code, said


def _row(name: str, pair: Pair, limit: float | None, cpu: Cpu, at_once: int) -> Row:
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


PLAIN = {"id": LargeBinary, "client_id": LargeBinary, "place": Integer, "words": Text, "text": LargeBinary}


def _plain(note: NoteText, words: str) -> bytes:
    return msgspec.msgpack.encode(msgspec.structs.replace(note, words=words))


def test_search_inside_one_file(world: World, ledger: Ledger) -> None:
    actor = world.actor("caseworker")
    code, said = written(world, MANY)
    plain = Table(
        "bench_note",
        MetaData(),
        *(Column(name, kind) for name, kind in PLAIN.items()),
        Index("bench_note_client", "client_id", "place"),
    )
    plain.create(db.session.connection())
    note = NoteText(kind="case", words="", on=agency_today(), by=actor.id, at=now())
    rows = [
        {"id": new_id(), "client_id": client_id(code), "place": place, "words": words, "text": _plain(note, words)}
        for place, words in enumerate(said, 1)
    ]
    db.session.execute(plain.insert(), rows)
    db.session.commit()
    query = select(plain).where(plain.c.client_id == client_id(code)).order_by(plain.c.place.desc())
    query = query.where(plain.c.words.like(bindparam("words")))
    decode = msgspec.msgpack.Decoder(NoteText).decode

    client: Client = scope.get_by_code(actor, Act.NOTES_READ, code)
    db.session.expunge(client)  # what a rollback would make the next round load again

    def ours() -> None:
        assert len(queries.holding(actor, client, ["dentist"])) == MANY // 100
        db.session.rollback()

    def whole() -> None:
        assert len(queries.search(actor, code, "dentist")) == MANY // 100
        forget()

    def like() -> None:
        found = [decode(row.text) for row in db.session.execute(query, {"words": "%dentist%"})]
        assert len(found) == MANY // 100
        db.session.rollback()

    cpu = Cpu(db.engine)
    reported = paired(whole, like, rounds=9, clock=cpu)
    ledger.add(_row("the same with policy, names and trail around ours", reported, None, cpu, 1))
    pair = paired(ours, like, rounds=9, clock=cpu)
    assert ledger.add(_row("search in one client's 2,000 notes / plaintext LIKE", pair, 2.0, cpu, 1)).passes
