"""One person under two codes: her nights count once while the merge stands, and as before when it is undone."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from shelter.census import queries
from shelter.clients.actions import merge, undo_merge
from shelter.db import db, new_id
from shelter.desk import actions as desk
from shelter.desk.actions import Ticking
from shelter.places import actions as places
from shelter.places.actions import ChangeRules
from shelter.rules.rollcall import Seen
from shelter.stays import actions
from shelter.stays.actions import Leave, NoteRoom
from shelter.stays.models import Stay, StayBed
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.clients import begin, client_id
from tests.factories.stays import DAY, make_beds, resident, stay_of, tonight

START = date(2026, 3, 1)
SPANS = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 12)), max_size=4)


def counted(world: World, first: date, last: date) -> dict[str, int]:
    north = next(one for one in queries.nights_of(world.actor("supervisor"), first, last) if one.rules)
    return {row.rule.code: row.nights for row in north.rules}


def lay(world: World, client: bytes, spans: list[tuple[int, int]]) -> list[set[date]]:
    """Stays of one record that never overlap each other, as the database has it; the nights of each."""
    taken: set[date] = set()
    laid = []
    for after, long in spans:
        entry = START + timedelta(days=after)
        nights = {entry + timedelta(days=n) for n in range(long)}
        if not nights or nights & taken:
            continue
        taken |= nights
        stay = Stay(client_id=client, site_id=world.sites["north"], party_id=new_id(), state="ended")
        db.session.add(stay)
        db.session.flush()
        row = {"id": new_id(), "stay_id": stay.id, "bed_number": None}
        db.session.execute(insert(StayBed), [row | {"from_day": entry, "until_day": entry + timedelta(days=long)}])
        laid.append(nights)
    return laid


@given(one=SPANS, other=SPANS, third=SPANS, first=st.integers(0, 30), long=st.integers(0, 20))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_overlapping_nights_of_two_codes_are_one_night_until_it_is_undone(
    world: World,
    one: list[tuple[int, int]],
    other: list[tuple[int, int]],
    third: list[tuple[int, int]],
    first: int,
    long: int,
) -> None:
    kept, gone, somebody = begin(world), begin(world), begin(world)
    with recorded(None, "laid"):
        db.session.execute(delete(StayBed))
        db.session.execute(delete(Stay))
        stays = [lay(world, client_id(code), spans) for code, spans in ((kept, one), (gone, other), (somebody, third))]
    start, end = START + timedelta(days=first), START + timedelta(days=first + long)
    sofia, period = world.actor("supervisor"), {start + timedelta(days=n) for n in range(long + 1)}
    each = [set().union(*laid) & period for laid in stays]
    before, lengths = counted(world, start, end), queries.lengths_of(sofia, start, end)
    assert set(before.values()) == {sum(map(len, each))}
    merge(sofia, gone, kept)
    try:
        assert set(counted(world, start, end).values()) == {len(each[0] | each[1]) + len(each[2])}
        ever = date(2020, 1, 1), date(2030, 1, 1)
        north = max(queries.lengths_of(sofia, *ever), key=lambda row: row.ended)
        alone = len(set().union(*stays[0], *stays[1])) + len(set().union(*stays[2]))
        assert (north.mean or 0) * north.ended == pytest.approx(alone)
    finally:
        undo_merge(sofia, gone)
    assert counted(world, start, end) == before
    assert queries.lengths_of(sofia, start, end) == lengths


@pytest.mark.usefixtures("in_the_afternoon")
def test_agreed_leave_a_day_of_one_stay_and_the_roll_count_once_too(world: World) -> None:
    """Four nights under two codes, one of them away under both; she also came and left at once within them."""
    beds, north, start = make_beds(world), world.sites["north"], tonight() - 4 * DAY
    kept, gone = resident(world, beds["A"], since=start), resident(world, beds["B"], called="Linh", since=start)
    for code in (kept, gone):
        away = NoteRoom(code, stay_of(code).id, 0, away_from=tonight() - DAY, back_day=tonight() + DAY)
        actions.note_room(world.actor("desk"), away)
        desk.tick(world.actor("desk"), Ticking(code, start, Seen.HERE))
    brief = resident(world, make_beds(world, room="Room 2")["A"], called="Lin", since=start + DAY)
    actions.leave(world.actor("caseworker"), Leave(brief, stay_of(brief).id, start + DAY, 1))
    sofia, last = world.actor("supervisor"), tonight() - DAY
    before = counted(world, start, last)
    merge(sofia, gone, kept)
    merge(sofia, brief, kept)
    assert counted(world, start, last) == {
        "house": 3,
        "hmis_entry_exit": 4,
        "hmis_night_by_night": 3,
        "fvpsa_shelter_nights": 3,
        "pmt_shelter_occurrences": 3,
    }
    places.change_rules(sofia, ChangeRules(north, 90, None, 0, night_by_night=True))
    assert counted(world, start, last)["hmis_night_by_night"] == 1
    undo_merge(sofia, gone)
    undo_merge(sofia, brief)
    assert counted(world, start, last) == before | {"hmis_night_by_night": 2}
