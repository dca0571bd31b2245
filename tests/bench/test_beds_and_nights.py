"""The bed board of a large house, its years of stays, and the nights of a year by every funder's rule."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import Context
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import func, literal, select, text

from shelter.census import packing
from shelter.census import queries as census
from shelter.db import db
from shelter.db.sections import SealedRow
from shelter.stays.models import StayBed
from tests.bench import crowd
from tests.bench.clocks import Cpu
from tests.bench.houses import LASTS, beds_of, full_house, night, rooms_sealed, years_behind
from tests.bench.ledger import Ledger, Row, paired
from tests.factories.agency import World
from tests.factories.clients import Desk

pytestmark = pytest.mark.bench
BEDS = 500
AT_ONCE = 2
SHORT = 9  # nights of a stay, so that all of them lie in the year
ONE_ROOM_IN, LEAVE_IN = 5, 4  # stays of which the desk keeps something, and of those the ones with agreed leave


class Board:
    """The board as the desk asks for it, a request in a context of its own."""

    def __init__(self, desk: Desk, inside: AbstractContextManager[Any] | None = None) -> None:
        self.desk, self.inside = desk, inside or nullcontext()

    def __call__(self) -> None:
        with self.inside:
            for _ in range(AT_ONCE):
                answer = Context().run(self.desk.browser.get, "/beds")
                assert answer.status_code == 200
                assert answer.text.count("●") >= BEDS


class Plaintext(AbstractContextManager[None]):
    """Inside, the board opens nothing: the same structs come from plain msgpack."""

    def __init__(self, cards: dict[bytes, bytes]) -> None:
        self._cards = cards
        self._patch = pytest.MonkeyPatch()

    def __enter__(self) -> None:
        self._patch.setattr(sys.modules["shelter.stays.queries.board"], "_open", self._read)

    def __exit__(self, *error: object) -> None:
        self._patch.undo()

    def _read(self, actor: object, rows: Sequence[SealedRow], section: Any) -> list[Any]:
        decode = msgspec.msgpack.Decoder(section.struct, strict=False).decode
        return [decode(self._cards[row.row_id]) if row.row_id in self._cards else None for row in rows]


def test_a_board_of_five_hundred_beds_and_the_years_behind_it(
    app: Flask, world: World, ledger: Ledger, full: bool, database_kind: str
) -> None:
    people, tonight = list(crowd.invented(BEDS)), night(world)
    crowd.lay_down(world.actor("caseworker"), world.sites["north"], people)
    numbers = beds_of(world, "north", BEDS)
    full_house(world, people, numbers, tonight)
    years_behind(world.sites["north"], people, numbers, BEDS, tonight - timedelta(days=8))
    db.session.remove()
    desk, encode = Desk(app, world, "desk"), msgspec.msgpack.Encoder().encode
    plain = Plaintext({one.id: encode(one.card) for one in people})
    cpu = Cpu(db.engine)
    pair = paired(Board(desk), Board(desk, plain), rounds=7, clock=cpu)
    name = f"bed board of {BEDS} beds, {database_kind}"
    _note(ledger, f"{name}: sealed / plaintext columns", pair, 1.3, cpu)
    count = 200_000 if full else 20_000
    before = paired(Board(desk), Board(desk), rounds=5, clock=cpu)
    years_behind(world.sites["north"], people, numbers, count, tonight - timedelta(days=8 + LASTS))
    db.session.execute(text("analyze"))
    db.session.commit()
    after = paired(Board(desk), Board(desk), rounds=5, clock=cpu)
    milli = 1e3 / AT_ONCE
    ratio = after.ours / before.ours
    told = f"the same request before and after; {cpu.note}"
    ledger.add(
        Row(
            f"{name}: with {count:,} stays behind it / a month",
            after.ours * milli,
            before.ours * milli,
            ratio,
            1.2,
            "lower",
            "ms",
            after.rounds,
            told,
        )
    )
    assert ratio <= 1.2 or ledger.rows[-1].passes


def _note(ledger: Ledger, name: str, pair: Any, limit: float, cpu: Cpu) -> None:
    milli = 1e3 / AT_ONCE
    row = Row(name, pair.ours * milli, pair.peer * milli, pair.ratio, limit, "lower", "ms", pair.rounds, cpu.note)
    ledger.add(row)
    assert row.passes, row


def test_the_nights_of_a_year_by_every_rule(world: World, ledger: Ledger, full: bool, database_kind: str) -> None:
    count, today = (200_000 if full else 60_000), night(world)
    people = list(crowd.invented(200))
    crowd.lay_down(world.actor("caseworker"), world.sites["north"], people)
    numbers = beds_of(world, "north", count * SHORT // 365)
    years_behind(world.sites["north"], people, numbers, count, today, lasts=SHORT)
    actor = world.actor("supervisor")
    rooms = rooms_sealed(actor, ONE_ROOM_IN, LEAVE_IN)
    while packing.pack_some(actor, world.sites["north"]):  # as slices of people at work have done by then
        pass
    db.session.execute(text("analyze"))
    db.session.commit()
    first, last = today - timedelta(days=365), today

    def ours() -> object:
        found = census.nights_of(actor, first, last)
        db.session.rollback()
        return found

    def peer() -> object:
        found = db.session.execute(_one_sum(first, last + timedelta(days=1))).scalar()
        db.session.rollback()
        return found

    (north,) = census.nights_of(actor, first, last)
    counted = {one.rule.code: one.nights for one in north.rules}
    assert counted["hmis_entry_exit"] == peer()  # the rule of one sum: leave is no end of a stay
    assert counted["house"] < counted["hmis_entry_exit"]
    cpu = Cpu(db.engine)
    pair = paired(ours, peer, rounds=9, clock=cpu)
    row = Row(
        f"nights of a year, {count:,} stays, all rules / one SQL sum, {database_kind}",
        pair.ours * 1e3,
        pair.peer * 1e3,
        pair.ratio,
        3.0,
        "lower",
        "ms",
        pair.rounds,
        f"{rooms:,} stays have a sealed room, one in {LEAVE_IN} of them with agreed leave; {cpu.note}",
    )
    ledger.add(row)
    assert row.passes, row


def _one_sum(first: date, end: date) -> Any:
    """What somebody would write for one rule over plain dates."""
    if db.engine.dialect.name == "postgresql":
        nights = func.least(StayBed.until_day, literal(end)) - func.greatest(StayBed.from_day, literal(first))
    else:
        nights = func.julianday(func.min(StayBed.until_day, literal(end))) - func.julianday(
            func.max(StayBed.from_day, literal(first))
        )
    return select(func.sum(nights)).where(StayBed.from_day < end, StayBed.until_day > first)
