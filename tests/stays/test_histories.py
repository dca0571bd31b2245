"""Random histories of a house: whatever people do in whatever order, nobody shares a bed, nights add up, and no night
has more people than beds."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.places import actions as places
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.rules.nights import StayDays, night_rules, nights
from shelter.stays import actions, queries
from shelter.stays.actions import Admit, Correct, Leave, Move, TakeOut
from shelter.stays.models import Bed, BedOut, Hold, Stay, StayBed, StayCorrection, StayExit, StayUndo
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.clients import begin, client_id
from tests.factories.stays import make_beds

START = datetime(2026, 3, 2, 4, tzinfo=UTC)  # the evening of 1 March in Los Angeles; the clock changes on the 8th
TODAY = date(2026, 3, 1)

acts = st.lists(
    st.tuples(
        st.sampled_from(["admit", "move", "leave", "correct", "undo", "hold", "out", "ready", "close", "wait"]),
        st.integers(0, 3),  # who
        st.integers(0, 2),  # which bed
        st.integers(-3, 6),  # days from today
    ),
    min_size=3,
    max_size=25,
)


@pytest.fixture
def house(world: World) -> tuple[list[bytes], list[str]]:
    """Three beds and four people."""
    return list(make_beds(world, labels="ABC").values()), [begin(world, called=f"P{n}") for n in range(4)]


def emptied() -> None:
    with recorded(None, "emptied"):
        for table in (StayUndo, StayExit, StayCorrection, StayBed, Stay, Hold, BedOut):
            db.session.execute(delete(table))
        db.session.execute(update(Bed).values(until_day=None))
    db.session.expunge_all()


class History:
    """People acting on a house of three beds; what a rule refuses does not happen."""

    def __init__(self, world: World, codes: list[str], beds: list[bytes]) -> None:
        self.actor, self.codes, self.beds = world.actor("caseworker"), codes, beds
        self.boss = world.actor("supervisor")
        self.undos: list[bytes] = []

    def stay(self, who: int) -> Stay:
        query = select(Stay).where(Stay.client_id == client_id(self.codes[who]), Stay.state != "undone")
        stays = db.session.scalars(query, execution_options={"populate_existing": True}).all()
        if not stays:
            raise Missing
        return max(stays, key=lambda one: max(r.from_day for r in rows_of(one)))

    def act(self, what: str, who: int, which: int, shift: int) -> None:
        day, bed, code = TODAY + timedelta(days=shift), self.beds[which], self.codes[who]
        match what:
            case "admit":
                self.undos.append(actions.admit(self.actor, Admit(code, bed, day)))
            case "move":
                stay = self.stay(who)
                self.undos.append(actions.move(self.actor, Move(code, stay.id, bed, day, stay.days_version)))
            case "leave":
                stay = self.stay(who)
                command = Leave(code, stay.id, day, stay.days_version, clean=shift % 2 == 0)
                self.undos.append(actions.leave(self.actor, command))
            case "correct":
                stay = self.stay(who)
                left = None if which == 2 else day + timedelta(days=which)
                words = Correct(code, stay.id, stay.days_version, "misread", day, left, shift == 5)
                self.undos.append(actions.correct(self.actor, words))
            case "undo" if self.undos:
                actions.undo(self.actor, self.undos.pop(which % len(self.undos)))
            case "hold":
                actions.hold(self.actor, bed)
            case "out":
                actions.take_out(self.actor, TakeOut(bed, day, day + timedelta(days=2), "repair"))
            case "ready":
                actions.put_back(self.actor, bed)
            case "close":
                places.close_bed(self.boss, bed, day)


def rows_of(stay: Stay) -> list[StayBed]:
    return list(db.session.scalars(select(StayBed).where(StayBed.stay_id == stay.id)))


def rows() -> list[Any]:
    query = select(Stay.client_id, StayBed.stay_id, StayBed.bed_number, StayBed.from_day, StayBed.until_day)
    return list(db.session.execute(query.join(Stay, Stay.id == StayBed.stay_id)))


def slept(first: date, until: date | None) -> list[date]:
    last = until or TODAY + timedelta(days=60)
    return [first + timedelta(days=n) for n in range((last - first).days)]


def sound(history: History) -> None:
    beds: Counter[tuple[int, date]] = Counter()
    people: Counter[tuple[bytes, date]] = Counter()
    by_stay: dict[bytes, list[Any]] = {}
    for row in rows():
        by_stay.setdefault(row.stay_id, []).append(row)
        for night in slept(row.from_day, row.until_day):
            beds[row.bed_number, night] += 1
            people[row.client_id, night] += 1
    assert not [one for one, times in (*beds.items(), *people.items()) if times > 1]
    for per_stay in by_stay.values():
        unbroken(per_stay)
    for shift in range(-4, 8):
        on_board(history, TODAY + timedelta(days=shift), beds)


def unbroken(per_stay: list[Any]) -> None:
    """The rows of a stay follow each other without a gap, and their nights are the nights of the whole."""
    ordered = sorted(per_stay, key=lambda r: (r.from_day, r.until_day or date.max))
    assert all(a.until_day == b.from_day for a, b in pairwise(ordered))
    rule, until = night_rules()["house"], TODAY + timedelta(days=60)
    whole = nights(rule, StayDays(entry=ordered[0].from_day, exit=ordered[-1].until_day), ordered[0].from_day, until)
    parts = [nights(rule, StayDays(entry=r.from_day, exit=r.until_day), r.from_day, until) for r in ordered]
    assert whole == sum(parts)


def on_board(history: History, day: date, beds: Counter[tuple[int, date]]) -> None:
    """The board says what the rows say, and never more people than the beds that stand there on that day."""
    site = queries.board(history.actor, day)[0]
    closed = db.session.scalars(select(Bed.until_day).where(Bed.until_day <= day)).all()
    assert site.counts.beds == 3 - len(closed)
    assert site.counts.taken == sum(times for (_, night), times in beds.items() if night == day) <= site.counts.beds
    counts = site.counts
    assert counts.taken + counts.free + counts.held + counts.cleaning + counts.out == counts.beds


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=acts)
@example(drawn=[("admit", 0, 0, 0), ("leave", 0, 0, 2), ("close", 0, 0, 2), ("undo", 0, 1, 0)])
@example(drawn=[("admit", 0, 0, 0), ("leave", 0, 0, 1), ("close", 0, 0, 2), ("leave", 0, 0, 6)])
def test_any_history_keeps_the_house_sound(
    world: World, house: tuple[list[bytes], list[str]], drawn: list[tuple[str, int, int, int]]
) -> None:
    emptied()
    beds, codes = house
    history, at = History(world, codes, beds), START
    for what, who, which, shift in drawn:
        at += timedelta(minutes=40 if what == "wait" else 1)
        with clock.frozen(at), suppress(Broken, Conflict, Missing):
            history.act(what, who, which, shift)
    with clock.frozen(at):
        sound(history)
