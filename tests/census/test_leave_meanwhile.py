"""Nights of agreed leave while colleagues work beside whoever counts or packs, and rows and segments of two moments."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from shelter.accounts.occasions import do_slices, slices_waiting
from shelter.census import leave, packing
from shelter.clients.models import Denial
from shelter.db import db
from shelter.db.forgetting import unpack
from shelter.db.keyring import Keyring
from shelter.db.packed import Segment
from shelter.stays.models import Stay
from shelter.trail.models import Trail
from shelter.trail.record import recorded
from tests.census.test_leave import codes, few, held, lived, packed, told, told_by_rooms
from tests.factories.agency import World
from tests.factories.clients import client_id
from tests.stays.test_race import race

__all__ = ["codes", "few"]


def elsewhere(app: Flask, work: Callable[[], object]) -> None:
    """Done by a colleague on a connection of her own, to the end."""
    failed: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            try:
                work()
            except BaseException as error:
                failed.append(error)

    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=60)
    assert not failed, failed


def once_after(monkeypatch: pytest.MonkeyPatch, name: str, work: Callable[[], None], *, before: bool = False) -> None:
    """A colleague does this between two statements of a count, the first time."""
    true, left = getattr(leave, name), [work]

    def meanwhile(*asked: Any) -> Any:
        if before and left:
            left.pop()()
        found = true(*asked)
        if left:
            left.pop()()
        return found

    monkeypatch.setattr(leave, name, meanwhile)


def test_stays_packed_while_they_are_counted_count_once(
    app: Flask, world: World, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(world, codes, random.Random(1))
    there = told(world)
    once_after(monkeypatch, "_from_rooms", lambda: elsewhere(app, lambda: packed(world)))
    assert told(world) == there
    assert held(world), "somebody packed"


def test_stays_whose_segment_goes_while_they_are_counted_count_all_the_same(
    app: Flask, world: World, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(world, codes, random.Random(2))
    packed(world)
    there = told(world)

    def go() -> None:
        with recorded(None, "gone"):
            unpack([client_id(code) for code in codes])

    once_after(monkeypatch, "_from_segments", lambda: elsewhere(app, go), before=True)
    assert told(world) == there
    assert not held(world)


@pytest.mark.postgres
@pytest.mark.parametrize("lies_packed", [False, True])
def test_whoever_changes_a_stay_and_whoever_packs_do_not_wait_for_each_other(
    app: Flask, world: World, codes: list[str], database_kind: str, lies_packed: bool
) -> None:
    stays = lived(world, codes, random.Random(3))
    if lies_packed:
        packed(world)
        with recorded(None, "changed"):
            changed = update(Stay).where(Stay.id == stays[1]).values(days_version=Stay.days_version + 1)
            db.session.execute(changed)
    db.session.commit()
    begun = Event()

    def at_the_desk() -> None:
        with recorded(None, "at-the-desk"):
            change = update(Stay).where(Stay.id.in_(stays[:2])).values(days_version=Stay.days_version + 1)
            db.session.execute(change)
            begun.set()
            time.sleep(1)

    def packs() -> None:
        actor = world.actor("supervisor")
        begun.wait(timeout=30)
        packing.pack_some(actor, world.sites["north"])

    assert race(app, at_the_desk, packs) == ["got it", "got it"]
    packed(world)
    assert told(world) == told_by_rooms(world)


def of_two_moments(world: World) -> None:
    """Rows of before the stays were packed anew, segments of after it: as restoring may lay them down."""
    packed(world)
    older = db.session.execute(select(Stay.id, Stay.packed_in, Stay.packed_at).where(Stay.packed_in.is_not(None))).all()
    with recorded(None, "anew"):
        unpack(list(db.session.scalars(select(Stay.client_id).distinct())))
    packed(world)
    with recorded(None, "restored"):
        for stay, segment, at in older:
            db.session.execute(update(Stay).where(Stay.id == stay).values(packed_in=segment, packed_at=at))


def test_rows_and_segments_of_two_moments_count_each_night_once(world: World, codes: list[str]) -> None:
    lived(world, codes, random.Random(4))
    of_two_moments(world)
    assert told(world) == told_by_rooms(world)


def test_a_segment_that_no_stay_names_is_taken_away_and_the_stays_are_packed_anew(
    world: World, codes: list[str]
) -> None:
    stays = lived(world, codes, random.Random(5))
    of_two_moments(world)
    gone = client_id(codes[0])
    with recorded(None, "forgot"):
        db.session.execute(update(Stay).where(Stay.client_id == gone).values(room=None))
        unpack([gone])
    packing._asked.clear()
    actor = world.actor("supervisor")
    while waiting := slices_waiting(actor):
        do_slices(actor, waiting)
    assert gone not in held(world)
    assert held(world) == {client_id(code) for code in codes[1:]}
    named = set(db.session.scalars(select(Stay.packed_in).where(Stay.id.in_(stays), Stay.packed_in.is_not(None))))
    assert named == set(db.session.scalars(select(Segment.id).where(Segment.store == leave.STORE)))


def test_whose_room_a_version_beside_this_one_restricted_lies_in_no_segment_after_the_next_slice(
    world: World, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(world, codes, random.Random(6))
    packed(world)
    apart = client_id(codes[0])
    with recorded(None, "sealed-anew"):
        moved = update(Stay).where(Stay.client_id == apart).values(room_version=Stay.room_version + 1)
        db.session.execute(moved)
    packing._asked.clear()
    monkeypatch.setattr(packing, "LEAST", 100)
    monkeypatch.setattr(Keyring, "restricted_clients", lambda self: frozenset([apart]))
    actor = world.actor("supervisor")
    do_slices(actor, slices_waiting(actor))
    assert apart not in held(world)


def test_who_is_denied_counts_once_among_the_unread_where_a_segment_is_spoiled_too(
    world: World, codes: list[str]
) -> None:
    lived(world, codes[:2], random.Random(7))
    packed(world)
    last = db.session.scalars(select(Segment).where(Segment.store == leave.STORE).order_by(Segment.no)).all()
    with recorded(None, "harmed"):
        last[0].sealed = last[0].sealed[:-1] + bytes([last[0].sealed[-1] ^ 1])
        for code in codes:
            db.session.add(Denial(client_id=client_id(code), staff_id=world.members["supervisor"].id))
    assert told(world) == told_by_rooms(world)


def test_the_auditor_hears_of_a_segment_whose_seal_does_not_hold(world: World, codes: list[str]) -> None:
    lived(world, codes, random.Random(8))
    packed(world)
    one = db.session.scalars(select(Segment).where(Segment.store == leave.STORE)).first()
    assert one is not None
    with recorded(None, "harmed"):
        one.sealed = one.sealed[:-1] + bytes([one.sealed[-1] ^ 1])
    told(world)
    assert db.session.scalar(select(Trail.seq).where(Trail.act == "refused:seal").limit(1)) is not None
