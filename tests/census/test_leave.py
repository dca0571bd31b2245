"""Nights of agreed leave are the same whether segments tell them or the rooms, whatever has happened since."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from shelter.accounts.occasions import do_slices, slices_waiting
from shelter.census import leave, packing
from shelter.census.leavepack import Leaves, Packed, pack
from shelter.clients.models import Denial
from shelter.db import batch, db, new_id, segments
from shelter.db.packed import Segment
from shelter.db.sections import fill, save
from shelter.stays.models import ROOM, Away, Room, Stay, StayBed
from shelter.trail.proof import prove
from shelter.trail.record import READS, recorded
from shelter.trail.rows import wrong_rows
from tests.erasing.conftest import Her, erased, her
from tests.factories.agency import World
from tests.factories.clients import begin, client_id
from tests.restricting.test_restricting import restricted

__all__ = ["her"]
START = date(2026, 3, 1)
YEAR = (START, START + timedelta(days=365))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three stays are enough for a segment, and four all that it holds."""
    monkeypatch.setattr(packing, "LEAST", 3)
    monkeypatch.setattr(packing, "MOST", 4)
    packing._asked.clear()


def lived(world: World, codes: list[str], luck: random.Random, count: int = 12) -> list[bytes]:
    """Stays of these people that ended, one after another, each with a room and most with leave; their ids."""
    actor, day, found = world.actor("supervisor"), START, []
    with recorded(None, "laid"):
        for nth in range(count):
            left = day + timedelta(days=luck.randint(0, 12))
            stay = Stay(client_id=client_id(codes[nth % len(codes)]), site_id=world.sites["north"], party_id=new_id())
            stay.state = "ended"
            fill(actor, stay, ROOM, a_room(luck, day))
            db.session.add(stay)
            db.session.flush()
            db.session.add(StayBed(stay_id=stay.id, from_day=day, until_day=left))
            found.append(stay.id)
            day = left + timedelta(days=luck.randint(0, 3))
    return found


def a_room(luck: random.Random, day: date) -> Room:
    gone = [day + timedelta(days=luck.randint(-2, 9)) for _ in range(luck.randint(0, 3))]
    away = [Away(from_day=one, back_day=one + timedelta(days=luck.randint(1, 5))) for one in gone]
    return Room(expected_exit=day + timedelta(days=9), away=away)


def packed(world: World) -> int:
    count = 0
    while here := packing.pack_some(world.actor("supervisor"), world.sites["north"]):
        count += here
    return count


def told(world: World, period: tuple[date, date] = YEAR, doubled: Any = None) -> Any:
    """What a supervisor is told, and of whom the trail would say that she read it."""
    actor = world.actor("supervisor")
    found = leave.agreed(actor, sorted(actor.sites), *period, doubled or {})
    read = {client for unit in db.session.info.pop(READS, []) for client in unit.clients}
    db.session.rollback()
    return {site: nights for site, nights in found.nights.items() if nights}, found.unread, read


def told_by_rooms(world: World, *asked: Any) -> Any:
    """The same with every segment thrown away for once."""
    db.session.execute(update(Stay).values(packed_in=None, packed_at=None))
    db.session.execute(delete(Segment).where(Segment.store == leave.STORE))
    return told(world, *asked)


def held(world: World) -> set[bytes]:
    """Everybody of whom any segment says anything."""
    actor, site = world.actor("supervisor"), world.sites["north"]
    with segments.scanning(actor, leave.shelf(actor, site)) as contents:
        return {one.client for _, content in contents for one in Leaves(content).stays()}


def rooms_opened(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    counts: list[int] = []
    true = batch.open_each

    def counting(actor: Any, rows: Any, section: Any) -> Any:
        counts.append(len(rows))
        return true(actor, rows, section)

    monkeypatch.setattr(leave, "open_each", counting)
    return counts


@pytest.fixture
def codes(world: World) -> list[str]:
    return [begin(world) for _ in range(3)]


@pytest.mark.parametrize("seed", range(6))
def test_segments_say_what_the_rooms_say_whatever_has_changed(world: World, codes: list[str], seed: int) -> None:
    luck = random.Random(seed)
    stays = lived(world, codes, luck)
    short = [
        (START + timedelta(days=day), START + timedelta(days=day + long)) for day, long in ((0, 0), (9, 20), (30, 4))
    ]
    for _ in range(4):
        packed(world)
        change(world, luck, luck.choice(stays))
        doubled = {one: frozenset(START + timedelta(days=n) for n in range(0, 90, 2)) for one in luck.sample(stays, 2)}
        for period in [YEAR, *short]:
            assert told(world, period, doubled) == told_by_rooms(world, period, doubled), (seed, period)


def change(world: World, luck: random.Random, stay_id: bytes) -> None:
    """Other leave, other days, open once more, taken back: as the acts of the desk leave a row behind."""
    actor, kind = world.actor("supervisor"), luck.randint(0, 3)
    with recorded(None, "changed"):
        stay = db.session.get_one(Stay, stay_id, populate_existing=True)
        row = db.session.scalars(select(StayBed).where(StayBed.stay_id == stay_id)).first()
        if kind == 0:
            save(actor, stay, ROOM, a_room(luck, START + timedelta(days=luck.randint(0, 60))), stay.room_version)
            return
        stay.days_version += 1
        if kind == 1 and row:
            row.until_day = row.from_day + ((row.until_day or row.from_day) - row.from_day) // 2
        elif kind == 2:
            stay.state = "undone"
            db.session.execute(delete(StayBed).where(StayBed.stay_id == stay_id))
        elif kind == 3:
            stay.state = luck.choice(["open", "ended"])


def test_no_room_that_lies_in_a_segment_is_opened(
    world: World, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stays = lived(world, codes, random.Random(1))
    assert packed(world) == len(stays)
    opened = rooms_opened(monkeypatch)
    assert told(world)[2] == {client_id(code) for code in codes}
    assert sum(opened) == 0
    change(world, random.Random(0), stays[0])
    told(world)
    assert sum(opened) <= 1


def test_who_is_erased_lies_in_no_segment_and_the_others_are_packed_again(
    world: World, codes: list[str], her: Her
) -> None:
    lived(world, [*codes, her.code], random.Random(2), 16)
    packed(world)
    assert her.id in held(world)
    erased(her)
    assert her.id not in held(world)
    assert told(world) == told_by_rooms(world)
    packed(world)
    assert her.id not in held(world)
    assert held(world) >= {client_id(code) for code in codes}
    assert prove().holds
    assert not wrong_rows()


def test_an_erasing_that_knew_no_segments_is_made_good_by_the_next_colleague(world: World, codes: list[str]) -> None:
    """Of a version beside this one: her room is gone, and the segment still there."""
    lived(world, codes, random.Random(3))
    packed(world)
    gone = client_id(codes[0])
    with recorded(None, "forgot"):
        db.session.execute(update(Stay).where(Stay.client_id == gone).values(room=None))
    assert told(world) == told_by_rooms(world)
    packing._asked.clear()
    actor = world.actor("supervisor")
    do_slices(actor, slices_waiting(actor))
    assert gone not in held(world)


def test_who_is_restricted_lies_in_no_segment_of_everybody(world: World, codes: list[str], her: Her) -> None:
    lived(world, [*codes, her.code], random.Random(4), 16)
    before = told(world)[0]
    packed(world)
    restricted(her)
    assert her.id not in held(world)
    packed(world)
    assert her.id not in held(world)
    assert told(world)[0] == before
    assert her.id in told(world)[2]


def test_a_segment_tells_nobody_of_somebody_she_is_denied(world: World, codes: list[str]) -> None:
    lived(world, codes, random.Random(5))
    packed(world)
    whole = told(world)
    with recorded(None, "denied"):
        db.session.add(Denial(client_id=client_id(codes[0]), staff_id=world.members["supervisor"].id))
    nights, unread, read = told(world)
    assert client_id(codes[0]) not in read
    assert unread[world.sites["north"]] == 4
    assert nights != whole[0]
    assert (nights, unread, read) == told_by_rooms(world)


@pytest.mark.parametrize("harm", ["lost", "spoiled", "another", "all lost"])
def test_where_a_segment_is_harmed_the_rooms_tell(world: World, codes: list[str], harm: str) -> None:
    lived(world, codes, random.Random(6))
    packed(world)
    there = db.session.scalars(select(Segment).where(Segment.store == leave.STORE).order_by(Segment.no)).all()
    with recorded(None, "harmed"):
        if harm == "lost":
            db.session.delete(there[0])
        elif harm == "spoiled":
            there[0].sealed = there[0].sealed[:-1] + bytes([there[0].sealed[-1] ^ 1])
        elif harm == "another":
            there[0].sealed = there[1].sealed
        else:
            db.session.execute(delete(Segment).where(Segment.store == leave.STORE))
    assert told(world) == told_by_rooms(world)


def test_doctor_takes_away_what_says_something_else(world: World, codes: list[str]) -> None:
    """A row that its segment was not taken from, as somebody with the database could make it."""
    stays = lived(world, codes, random.Random(7))
    packed(world)
    actor = world.actor("supervisor")
    assert packing.mend(actor) == 0
    with recorded(None, "harmed"):
        one = db.session.scalars(select(StayBed).where(StayBed.stay_id == stays[-1])).one()
        one.until_day = one.from_day + timedelta(days=40)
    assert packing.mend(actor) == 1
    assert packing.mend(actor) == 0
    assert told(world) == told_by_rooms(world)


def test_a_slice_packs_once_enough_stays_have_ended(world: World, codes: list[str]) -> None:
    actor = world.actor("supervisor")
    lived(world, codes, random.Random(8), 2)
    do_slices(actor, slices_waiting(actor))
    assert not held(world)
    lived(world, codes, random.Random(9), 5)
    do_slices(actor, slices_waiting(actor))
    assert not held(world), "a worker asks again after a pause"
    packing._asked.clear()
    while waiting := slices_waiting(actor):
        do_slices(actor, waiting)
    assert held(world) == {client_id(code) for code in codes}


def stays_of(draw: random.Random, away: int) -> list[Packed]:
    nights = frozenset(START + timedelta(days=n) for n in range(1, 1 + away))
    return [
        Packed(draw.randbytes(16), draw.randbytes(16), START, START + timedelta(days=9), nights) for _ in range(300)
    ]


def test_what_is_packed_comes_back_and_its_size_does_not_say_who_was_away() -> None:
    luck = random.Random(10)
    many = stays_of(luck, 4)
    assert Leaves(memoryview(pack(many))).stays() == many
    some = [*stays_of(luck, 0)[:-1], many[0]]
    assert len(pack(some)) == len(pack(stays_of(luck, 0)))
    assert len(pack(some)) % 4096 == 0
