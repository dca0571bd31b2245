"""The first page of a caseworker with forty clients: over plaintext, and in an agency a hundred times as large."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from shelter.clients.models import Assignment, Client
from shelter.db import batch, db, deks, sections
from shelter.plans import actions as plans
from shelter.plans.actions import AddStep, Arrange, SetGoal
from shelter.trail.record import recorded
from tests.bench import crowd, houses
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Row, paired
from tests.factories.agency import World
from tests.factories.clients import Desk

pytestmark = pytest.mark.bench
HERS, FEW, BEDS, AT_ONCE = 40, 1_000, 50, 3
Day = Callable[[], None]


@pytest.fixture
def beds(world: World) -> list[int]:
    return houses.beds_of(world, "north", BEDS)


@pytest.fixture
def day(app: Flask, world: World, beds: list[int]) -> Day:
    """Her first page: forty people in beds, each with a goal, two steps, and an appointment to come."""
    people, actor = list(crowd.invented(HERS, seed=11)), world.actor("caseworker")
    crowd.lay_down(actor, world.sites["north"], people)
    with recorded(None, "laid-down"):
        db.session.add_all(Assignment(client_id=one.id, staff_id=actor.id, kind="case") for one in people)
    tonight = houses.night(world)
    for number, one in enumerate(people):
        due = tonight + timedelta(days=number % 9 - 2)
        goal = plans.set_goal(actor, SetGoal(one.code, "A room of my own, with a door that locks"))
        plans.add_step(actor, AddStep(one.code, goal, 1, "Ring the landlord together", "staff", due))
        plans.add_step(actor, AddStep(one.code, goal, 2, "Look at two rooms", "client", due + timedelta(days=5)))
        plans.arrange(actor, Arrange(one.code, "meeting", "Clinic", due))
    houses.full_house(world, people, beds[:HERS], tonight)
    desk = Desk(app, world, "caseworker")
    db.session.remove()

    def once() -> None:
        for _ in range(AT_ONCE):
            answer = Context().run(desk.browser.get, "/today/")
            assert answer.status_code == 200
            assert answer.text.count("Ring the landlord") >= HERS

    return once


def grow(world: World, beds: list[int], count: int, ended: int) -> None:
    """So many more people of the site, each with a night's stay that was over so many days ago, or before that."""
    people = list(crowd.invented(count, seed=ended))
    crowd.lay_down(world.actor("supervisor"), world.sites["north"], people)
    until = houses.night(world) - timedelta(days=ended)
    houses.years_behind(world.sites["north"], people, beds, count, until, lasts=1)
    db.session.remove()
    crowd.known_to_the_planner()


@contextmanager
def plaintext(kept: dict[bytes, bytes]) -> Iterator[None]:
    """Inside, no data key is fetched and nothing deciphered: the same columns give what was sealed in them."""
    with pytest.MonkeyPatch.context() as patch:
        for room in (batch, sections):
            patch.setattr(room, "unseal", lambda _key, _id, _context, message: kept[message])
            patch.setattr(room, "context_of", lambda *_: None)
        patch.setattr(deks, "load", lambda *_: None)
        for name in ("loaded", "to_open"):
            patch.setattr(deks, name, lambda *_: deks.Dek(b"", b"", 1, seals=False))
        yield


def read_once(page: Day) -> dict[bytes, bytes]:
    """What every sealed section of the page opens to, by its message."""
    kept: dict[bytes, bytes] = {}
    unseal = batch.unseal

    def noting(key: bytes, key_id: bytes, context: Any, message: bytes) -> bytes:
        kept[message] = unseal(key, key_id, context, message)
        return kept[message]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "unseal", noting)
        patch.setattr(sections, "unseal", noting)
        page()
    return kept


def test_the_first_page_costs_little_more_than_over_plaintext(
    day: Day, world: World, beds: list[int], ledger: Ledger, full: bool, database_kind: str
) -> None:
    count = 100_000 if full else 10_000
    grow(world, beds, count - HERS, ended=90)
    kept = read_once(day)

    def twin() -> None:
        with plaintext(kept):
            day()

    cpu = Cpu(db.engine)
    pair = paired(day, twin, rounds=7, clock=cpu)
    milli = 1e3 / AT_ONCE
    name = f"first page of 40 among {count:,}, {database_kind}: sealed / plaintext"
    note = f"{len(kept)} sections; {cpu.note}"
    row = Row(name, pair.ours * milli, pair.peer * milli, pair.ratio, 1.3, "lower", "ms", pair.rounds, note)
    assert ledger.add(row).passes


def test_the_first_page_does_not_grow_with_the_agency(
    day: Day, world: World, beds: list[int], ledger: Ledger, full: bool, database_kind: str
) -> None:
    """One after the other in one database: side by side, what grows with the table would be on both sides."""
    count = 100_000 if full else 10_000
    grow(world, beds, FEW - HERS, ended=90)
    cpu = Cpu(db.engine)
    peer = paired(day, day, rounds=7, clock=cpu)
    grow(world, beds, count - FEW, ended=200)
    assert db.session.scalar(select(func.count()).select_from(Client)) == count
    db.session.remove()
    ours = paired(day, day, rounds=7, clock=Cpu(db.engine))
    milli, ratio = 1e3 / AT_ONCE, ours.ours / peer.ours
    name = f"first page of 40, {database_kind}: among {count:,} / among {FEW:,}"
    row = Row(name, ours.ours * milli, peer.ours * milli, ratio, 1.2, "lower", "ms", 7, f"in turn; {cpu.note}")
    assert ledger.add(row).passes
