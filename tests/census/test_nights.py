"""Nights of many stays: hand-worked cases, and random histories in which the sum is what the stays add up to."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from shelter.census import queries
from shelter.db import db, new_id
from shelter.desk import actions as desk
from shelter.desk.actions import Ticking
from shelter.places import actions as places
from shelter.places.actions import ChangeRules
from shelter.policy.errors import Denied
from shelter.rules.nights import StayDays, night_rules, nights
from shelter.rules.rollcall import Seen
from shelter.stays import actions
from shelter.stays import queries as stay_queries
from shelter.stays.actions import Leave, NoteRoom, TakeOut
from shelter.stays.models import Bed, Stay, StayBed
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, client_id
from tests.factories.stays import DAY, make_beds, resident, stay_of, tonight

Beds = dict[str, bytes]


def counted(world: World, first: date, last: date) -> dict[str, int]:
    north = next(one for one in queries.nights_of(world.actor("supervisor"), first, last) if one.rules)
    return {row.rule.code: row.nights for row in north.rules}


@pytest.mark.usefixtures("in_the_afternoon")
def test_each_funder_counts_a_mother_a_child_and_somebody_who_left_at_once(world: World, beds: Beds) -> None:
    """Ten nights of which two away, four nights, and one who came and left on one day."""
    start = tonight() - 10 * DAY
    mother, child = resident(world, beds["A"], since=start), resident(world, beds["B"], called="Bo", since=start)
    away = NoteRoom(mother, stay_of(mother).id, 0, away_from=tonight() - DAY, back_day=tonight() + DAY)
    actions.note_room(world.actor("desk"), away)
    actions.leave(world.actor("caseworker"), Leave(child, stay_of(child).id, start + 4 * DAY, 1))
    brief = resident(world, beds["B"], called="Mira", since=start + 6 * DAY)
    actions.leave(world.actor("caseworker"), Leave(brief, stay_of(brief).id, start + 6 * DAY, 1))
    assert counted(world, start, tonight() - DAY) == {
        "house": 13,
        "hmis_entry_exit": 14,
        "hmis_night_by_night": 13,
        "fvpsa_shelter_nights": 14,
        "pmt_shelter_occurrences": 14,
    }
    assert counted(world, start + 2 * DAY, start + 4 * DAY)["house"] == 5
    (north,) = queries.lengths_of(world.actor("supervisor"), start, tonight())
    assert (north.ended, north.mean, north.median) == (2, 2, 2)


def test_beds_stand_are_taken_or_out_and_never_more_than_there_are(world: World, beds: Beds) -> None:
    start = tonight() - 10 * DAY
    resident(world, beds["A"], since=start + 4 * DAY)
    actions.take_out(world.actor("supervisor"), TakeOut(beds["B"], start, start + 5 * DAY, "repair"))
    one = next(row for row in queries.occupancy(world.actor("director"), start, tonight() - DAY) if row.beds)
    assert (one.beds, one.taken, one.out) == (20, 6, 5)
    assert one.share == 40


@pytest.mark.parametrize("who", ["caseworker", "desk", "director", "volunteer", "advocate"])
def test_nights_of_people_are_counted_by_supervisors_alone(world: World, beds: Beds, who: str) -> None:
    with pytest.raises(Denied):
        queries.nights_of(world.actor(who), tonight(), tonight())


def test_the_pages_name_nobody_and_say_which_day_is_wrong(
    world: World, beds: Beds, desk: Callable[[str], Desk]
) -> None:
    code = resident(world, beds["A"], called="Mirabel", since=tonight() - 5 * DAY)
    boss, director = desk("supervisor"), desk("director")
    period = f"first={tonight() - 5 * DAY}&last={tonight() - DAY}"
    seen = boss.get(f"/census/nights?{period}").text
    assert "FVPSA shelter nights" in seen
    assert "This day is before the first one" in boss.get(f"/census/nights?first={tonight()}&last=2020-01-01").text
    full = director.get(f"/census/beds?{period}").text
    assert "Mirabel" not in seen + full
    assert code not in seen + full
    assert "50.0" in full
    assert director.get("/census/nights").status_code == 403


# -- random histories -----------------------------------------------------------------------

TODAY = date(2026, 3, 1)
LIVES = st.lists(st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 30)), st.integers(0, 4)), max_size=8)


@given(lives=LIVES, first=st.integers(0, 70), long=st.integers(0, 40))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_sum_is_what_the_stays_add_up_to(
    world: World, lives: list[tuple[int, int | None, int]], first: int, long: int
) -> None:
    """Stays in a bed of their own, in the unassigned one, with a move in the middle, or taken back."""
    start, end = TODAY + timedelta(days=first), TODAY + timedelta(days=first + long)
    stays = laid(world, lives)
    found = counted(world, start, end)
    for code, rule in night_rules().items():
        assert found[code] == sum(nights(rule, stay, start, end) for stay in stays), code
    for one in queries.occupancy(world.actor("director"), start, end):
        assert 0 <= one.taken <= one.beds


def laid(world: World, lives: list[tuple[int, int | None, int]]) -> list[StayDays]:
    """Rows in the database, and the stays that they are."""
    numbers = list(db.session.scalars(select(Bed.number)))
    client = client_id(begin(world)) if not numbers else db.session.scalars(select(Stay.client_id)).first()
    while len(numbers) < 16:
        make_beds(world, room=f"Room {len(numbers)}", labels="ABCD")
        numbers = list(db.session.scalars(select(Bed.number)))
    client = client or client_id(begin(world))
    found = []
    with recorded(None, "laid"):
        db.session.execute(delete(StayBed))
        db.session.execute(delete(Stay))
        for nth, (arrived, nights_here, kind) in enumerate(lives):
            entry = TODAY + timedelta(days=arrived)
            left = None if nights_here is None else entry + timedelta(days=nights_here)
            stay = Stay(client_id=client, site_id=world.sites["north"], party_id=new_id())
            stay.state = "undone" if kind == 0 else "ended" if left else "open"
            db.session.add(stay)
            db.session.flush()
            if kind == 0:
                continue
            rows = [(numbers[nth] if kind > 1 else None, entry, left)]
            if kind == 3:
                middle = entry if left is None else entry + (left - entry) // 2
                rows = [(numbers[nth], entry, middle), (numbers[nth + 8], middle, left)]
            db.session.execute(insert(StayBed), [row_of(stay.id, *row) for row in rows])
            recorded_nights = frozenset(entry + timedelta(days=n) for n in range(200) if not left or n < nights_here)  # type: ignore[operator]
            found.append(StayDays(entry=entry, exit=left, bed_nights=recorded_nights))
    return found


def row_of(stay: bytes, number: int | None, first: date, until: date | None) -> dict[str, object]:
    return {"id": new_id(), "stay_id": stay, "bed_number": number, "from_day": first, "until_day": until}


def test_where_hmis_counts_night_by_night_the_roll_is_the_bed_night(world: World, beds: Beds) -> None:
    """Four nights in a bed: here on two, away on one, nobody looked on the last; two of a child."""
    north, start = world.sites["north"], tonight() - 4 * DAY
    mother, child = resident(world, beds["A"], since=start), resident(world, beds["B"], called="Bo", since=start)
    for code, after, seen in (
        (mother, 0, Seen.HERE),
        (mother, 1, Seen.AWAY),
        (mother, 2, Seen.HERE),
        (child, 0, Seen.HERE),
        (child, 2, Seen.HERE),
    ):
        desk.tick(world.actor("desk"), Ticking(code, start + after * DAY, seen))
    assert counted(world, start, tonight() - DAY)["hmis_night_by_night"] == 8
    places.change_rules(world.actor("supervisor"), ChangeRules(north, 90, None, 0, night_by_night=True))
    assert counted(world, start, tonight() - DAY)["hmis_night_by_night"] == 4
    assert counted(world, start + DAY, start + 2 * DAY)["hmis_night_by_night"] == 2
    assert counted(world, start, tonight() - DAY)["hmis_entry_exit"] == 8
    (stay,) = stay_queries.stays_of(world.actor("caseworker"), mother)[1]
    assert {one.rule.code: one.nights for one in stay.counted}["hmis_night_by_night"] == 2
