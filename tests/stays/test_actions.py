"""Coming, moving, leaving and taking back, as the use-cases do it; who may, and what is refused beside which field."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from shelter.clients import actions as clients
from shelter.clients.models import Denial
from shelter.clients.parts import AddMember, FirstMeeting, Told
from shelter.db import db
from shelter.db.errors import Conflict, Missing, NoKey
from shelter.db.sections import open_section
from shelter.places import actions as places
from shelter.policy.errors import Denied
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.stays import actions, queries
from shelter.stays.actions import Admit, Correct, Guest, Leave, Leaving, Move, NoteRoom, TakeOut
from shelter.stays.models import LEAVING, Hold, StayExit
from shelter.stays.upkeep import DUTIES
from shelter.trail.record import recorded
from shelter.trail.rows import wrong_rows
from tests.factories.agency import World
from tests.factories.clients import begin, client_id
from tests.factories.stays import DAY, days_of, make_beds, resident, stay_of, tonight

Beds = dict[str, bytes]


@pytest.fixture(autouse=True)
def _an_evening() -> Iterator[None]:
    """Eight in the evening in Los Angeles, when the night that is running is today's."""
    with clock.frozen(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        yield


def refused(error: pytest.ExceptionInfo[Broken]) -> tuple[str, str | None]:
    return error.value.message_key, error.value.field


# -- coming ---------------------------------------------------------------------------


def test_a_bed_is_hers_from_the_night_she_comes(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"])
    assert days_of(code) == [("Room 1, A", tonight(), None)]
    assert wrong_rows() == []


def test_her_household_comes_with_her_as_one_party(world: World, beds: Beds) -> None:
    actor, code = world.actor("caseworker"), begin(world)
    child = clients.add_member(actor, AddMember(code, FirstMeeting(working_name="Bo"), "child", Told()))
    assert [one.code for one in queries.companions(actor, code)] == [child]
    actions.admit(actor, Admit(code, beds["A"], tonight(), guests=(Guest(child, beds["B"]),)))
    assert stay_of(code).party_id == stay_of(child).party_id
    assert (stay_of(code).head, stay_of(child).head) == (True, False)
    assert queries.companions(actor, code) == []


def test_a_household_gets_all_its_beds_or_none(world: World, beds: Beds) -> None:
    resident(world, beds["B"], called="Mira")
    actor, code = world.actor("caseworker"), begin(world)
    child = clients.add_member(actor, AddMember(code, FirstMeeting(working_name="Bo"), "child", Told()))
    with pytest.raises(Broken) as error:
        actions.admit(actor, Admit(code, beds["A"], tonight(), guests=(Guest(child, beds["B"]),)))
    assert refused(error) == ("stays.bed_taken", "bed")
    assert [one.label for one in queries.free_beds(actor)] == ["A", "C", "D"]


@pytest.mark.parametrize(
    ("shift", "key"),
    [(timedelta(days=367), "stays.too_far_ahead"), (-timedelta(days=26 * 366), "stays.too_long_ago")],
)
def test_a_day_that_cannot_be_meant_is_said_beside_the_day(
    world: World, beds: Beds, shift: timedelta, key: str
) -> None:
    with pytest.raises(Broken) as error:
        resident(world, beds["A"], since=tonight() + shift)
    assert refused(error) == (key, "arrived")


def test_yesterdays_facts_are_entered_today(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"], since=tonight() - 3 * DAY)
    assert queries.stays_of(world.actor("caseworker"), code)[1][0].nights == 4


def test_nobody_has_two_beds_at_once(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"])
    with pytest.raises(Broken) as error:
        actions.admit(world.actor("caseworker"), Admit(code, beds["B"], tonight() + DAY))
    assert refused(error) == ("stays.already_here", "arrived")


def test_a_bed_out_of_use_is_refused_for_the_day_it_is_out(world: World, beds: Beds) -> None:
    actor = world.actor("desk")
    actions.take_out(actor, TakeOut(beds["A"], tonight(), tonight() + 2 * DAY, "repair"))
    with pytest.raises(Broken) as error:
        resident(world, beds["A"])
    assert refused(error) == ("stays.bed_out", "bed")
    resident(world, beds["A"], since=tonight() + 2 * DAY)


def test_a_bed_of_another_site_is_not_there(world: World, beds: Beds) -> None:
    south = make_beds(world, "south")
    with pytest.raises(Missing):
        resident(world, south["A"])


def test_somebody_with_a_conflict_of_interest_gives_no_bed(world: World, beds: Beds) -> None:
    code = begin(world)
    with recorded(None, "denied"):
        db.session.add(Denial(client_id=client_id(code), staff_id=world.members["caseworker"].id))
    with pytest.raises(Missing):
        actions.admit(world.actor("caseworker"), Admit(code, beds["A"], tonight()))


# -- holds ------------------------------------------------------------------------------


def test_a_hold_keeps_others_out_and_lets_its_own_form_in(world: World, beds: Beds) -> None:
    actions.hold(world.actor("desk"), beds["A"])
    known = queries.hold_on(world.actor("caseworker"), beds["A"])
    with pytest.raises(Broken) as error:
        resident(world, beds["A"])
    assert refused(error) == ("stays.bed_taken", "bed")
    resident(world, beds["A"], hold=known)
    assert db.session.scalar(select(Hold.id)) is None


def test_a_hold_carries_no_identity_and_ends_after_ninety_minutes(world: World, beds: Beds) -> None:
    actions.hold(world.actor("desk"), beds["A"])
    assert set(Hold.__table__.columns.keys()) == {"id", "bed_id", "until", "made_by"}
    with pytest.raises(Broken):
        actions.hold(world.actor("caseworker"), beds["A"])
    with clock.frozen(clock.now() + timedelta(minutes=90)):
        resident(world, beds["A"])  # the expired hold is removed by the transaction that needs the bed
    assert db.session.scalar(select(Hold.id)) is None


def test_upkeep_ends_holds_and_undos(world: World, beds: Beds) -> None:
    actions.hold(world.actor("desk"), beds["A"])
    at = clock.now()
    for shift, left in ((89, 1), (91, 0)):
        with recorded(None, "tick"):
            for duty in DUTIES:
                duty(at + timedelta(minutes=shift))
        assert len(db.session.scalars(select(Hold.id)).all()) == left


def test_a_released_bed_is_free(world: World, beds: Beds) -> None:
    actions.hold(world.actor("desk"), beds["A"])
    actions.release(world.actor("caseworker"), beds["A"])
    actions.release(world.actor("caseworker"), beds["A"])
    actions.hold(world.actor("caseworker"), beds["A"])


def test_a_volunteer_holds_no_bed(world: World, beds: Beds) -> None:
    with pytest.raises(Denied):
        actions.hold(world.actor("volunteer"), beds["A"])


# -- staying ------------------------------------------------------------------------------


def test_a_move_is_a_new_dated_row(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"], since=tonight() - 3 * DAY)
    actions.move(world.actor("desk"), Move(code, stay_of(code).id, beds["C"], tonight(), 1))
    assert days_of(code) == [("Room 1, A", tonight() - 3 * DAY, tonight()), ("Room 2, C", tonight(), None)]


@pytest.mark.parametrize(
    ("bed", "shift", "key", "field"),
    [
        ("C", -9, "stays.move_before_row", "day"),
        ("C", 400, "stays.too_far_ahead", "day"),
        ("A", 0, "stays.same_bed", "bed"),
        ("B", 0, "stays.bed_taken", "bed"),
        ("D", 0, "stays.bed_out", "bed"),
    ],
)
def test_a_move_that_cannot_be_is_said_beside_its_field(
    world: World, beds: Beds, bed: str, shift: int, key: str, field: str
) -> None:
    code = resident(world, beds["A"], since=tonight() - 3 * DAY)
    resident(world, beds["B"], called="Mira")
    actions.take_out(world.actor("desk"), TakeOut(beds["D"], tonight(), None, "cleaning"))
    with pytest.raises(Broken) as error:
        actions.move(world.actor("desk"), Move(code, stay_of(code).id, beds[bed], tonight() + shift * DAY, 1))
    assert refused(error) == (key, field)
    assert days_of(code) == [("Room 1, A", tonight() - 3 * DAY, None)]


def test_two_people_moving_one_person_are_told(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"])
    actions.move(world.actor("desk"), Move(code, stay_of(code).id, beds["C"], tonight(), 1))
    with pytest.raises(Conflict):
        actions.move(world.actor("caseworker"), Move(code, stay_of(code).id, beds["D"], tonight(), 1))


def test_what_the_desk_keeps_is_sealed_and_versioned(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"])
    note = NoteRoom(code, stay_of(code).id, 0, expected_exit=tonight() + 9 * DAY, notes="likes the window open")
    actions.note_room(world.actor("desk"), note)
    stay = stay_of(code)
    assert stay.room is not None
    assert b"window" not in stay.room
    with pytest.raises(Conflict):
        actions.note_room(world.actor("caseworker"), note)


def test_agreed_nights_away_are_not_nights_in_the_house(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"], since=tonight() - 2 * DAY)
    away = {"away_from": tonight() - DAY, "back_day": tonight() + 2 * DAY}
    actions.note_room(world.actor("desk"), NoteRoom(code, stay_of(code).id, 0, **away))
    view = queries.stays_of(world.actor("caseworker"), code)[1][0]
    by_rule = {one.rule.code: one.nights for one in view.counted}
    nights = {"house": 1, "hmis_night_by_night": 1, "fvpsa_shelter_nights": 1, "pmt_shelter_occurrences": 1}
    assert by_rule == nights | {"hmis_entry_exit": 3}


# -- leaving ------------------------------------------------------------------------------


def test_the_day_of_leaving_is_not_a_night_and_frees_the_bed(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"], since=tonight() - 2 * DAY)
    actions.leave(world.actor("desk"), Leave(code, stay_of(code).id, tonight(), 1, clean=True))
    assert queries.stays_of(world.actor("caseworker"), code)[1][0].nights == 2
    board = {bed.label: bed.state for bed in queries.board(world.actor("caseworker"))[0].beds}
    assert board["A"] == "cleaning"
    actions.put_back(world.actor("desk"), beds["A"])
    resident(world, beds["A"], called="Mira")


@pytest.mark.parametrize(
    ("shift", "key"),
    [(-3, "stays.exit_before_entry"), (-1, "stays.exit_before_move"), (37_000, "stays.too_far_ahead")],
)
def test_an_exit_out_of_order_is_said_beside_the_day(world: World, beds: Beds, shift: int, key: str) -> None:
    code = resident(world, beds["A"], since=tonight() - 2 * DAY)
    actions.move(world.actor("desk"), Move(code, stay_of(code).id, beds["B"], tonight(), 1))
    with pytest.raises(Broken) as error:
        actions.leave(world.actor("desk"), Leave(code, stay_of(code).id, tonight() + shift * DAY, 2))
    assert refused(error) == (key, "exit_day")


def test_the_desk_writes_why_she_left_and_cannot_read_it_back(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"])
    words = Leave(
        code, stay_of(code).id, tonight() + DAY, 1, Leaving(destination="family_for_now", reason="her aunt came")
    )
    actions.leave(world.actor("desk"), words)
    row = db.session.scalars(select(StayExit)).one()
    with pytest.raises(NoKey):
        open_section(world.actor("desk"), row, LEAVING)
    assert queries.stays_of(world.actor("desk"), code)[1][0].leaving is None
    told = queries.stays_of(world.actor("caseworker"), code)[1][0].leaving
    assert told is not None
    assert (told.destination, told.reason) == ("family_for_now", "her aunt came")


def test_those_who_came_together_may_leave_together(world: World, beds: Beds) -> None:
    actor, code = world.actor("caseworker"), begin(world)
    child = clients.add_member(actor, AddMember(code, FirstMeeting(working_name="Bo"), "child", Told()))
    actions.admit(actor, Admit(code, beds["A"], tonight(), guests=(Guest(child, beds["B"]),)))
    actions.leave(actor, Leave(code, stay_of(code).id, tonight() + DAY, 1, others=(child,)))
    assert days_of(child) == [("Room 1, B", tonight(), tonight() + DAY)]


def test_a_stay_may_be_lengthened_until_the_bed_is_somebody_elses(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"])
    actions.leave(world.actor("desk"), Leave(code, stay_of(code).id, tonight() + 2 * DAY, 1))
    resident(world, beds["A"], called="Mira", since=tonight() + 5 * DAY)
    actions.leave(world.actor("desk"), Leave(code, stay_of(code).id, tonight() + 5 * DAY, 2))
    with pytest.raises(Broken) as error:
        actions.leave(world.actor("desk"), Leave(code, stay_of(code).id, tonight() + 6 * DAY, 3))
    assert refused(error) == ("stays.bed_taken", "exit_day")


def test_nobody_stays_longer_in_a_bed_than_it_stands_there(world: World, beds: Beds) -> None:
    code, desk = resident(world, beds["A"], since=tonight() - 5 * DAY), world.actor("desk")
    left = actions.leave(desk, Leave(code, stay_of(code).id, tonight() + DAY, 1))
    places.close_bed(world.actor("administrator"), beds["A"], tonight() + 2 * DAY)
    days = days_of(code)
    with pytest.raises(Broken) as error:
        actions.leave(desk, Leave(code, stay_of(code).id, tonight() + 9 * DAY, 2))
    assert refused(error) == ("stays.bed_closes", "exit_day")
    for until in (tonight() + 9 * DAY, None):
        longer = Correct(code, stay_of(code).id, 2, "misread", tonight() - 5 * DAY, until)
        with pytest.raises(Broken) as error:
            actions.correct(world.actor("caseworker"), longer)
        assert refused(error) == ("stays.bed_closes", "left")
    with pytest.raises(Broken) as error:
        actions.undo(desk, left)
    assert refused(error) == ("stays.changed_since", None)
    assert days_of(code) == days
    actions.leave(desk, Leave(code, stay_of(code).id, tonight() + 2 * DAY, 2))


def test_a_move_is_not_taken_back_into_a_bed_that_was_closed(world: World, beds: Beds) -> None:
    code, desk = resident(world, beds["A"], since=tonight() - 5 * DAY), world.actor("desk")
    moved = actions.move(desk, Move(code, stay_of(code).id, beds["C"], tonight(), 1))
    places.close_bed(world.actor("administrator"), beds["A"], tonight())
    with pytest.raises(Broken) as error:
        actions.undo(desk, moved)
    assert refused(error) == ("stays.changed_since", None)
    assert [place for place, _first, _until in days_of(code)] == ["Room 1, A", "Room 2, C"]


# -- taking back ----------------------------------------------------------------------------


def test_each_act_can_be_taken_back_for_ten_minutes_and_no_longer(world: World, beds: Beds) -> None:
    code, desk = resident(world, beds["A"], since=tonight() - DAY), world.actor("desk")
    before = days_of(code)
    moved = actions.move(desk, Move(code, stay_of(code).id, beds["C"], tonight(), 1))
    actions.undo(desk, moved)
    assert days_of(code) == before
    left = actions.leave(desk, Leave(code, stay_of(code).id, tonight(), 3, Leaving(reason="no word"), clean=True))
    actions.undo(desk, left)  # she is no resident now, and the desk may still take back its own act
    assert days_of(code) == before
    assert stay_of(code).state == "open"
    assert db.session.scalars(select(StayExit)).all() == []
    late = actions.move(desk, Move(code, stay_of(code).id, beds["C"], tonight(), 5))
    with clock.frozen(clock.now() + timedelta(minutes=11)), pytest.raises(Missing):
        actions.undo(desk, late)


def test_an_admission_taken_back_frees_the_bed_and_leaves_no_nights(world: World, beds: Beds) -> None:
    actor, code = world.actor("caseworker"), begin(world)
    undo_id = actions.admit(actor, Admit(code, beds["A"], tonight()))
    actions.undo(actor, undo_id)
    assert queries.stays_of(actor, code)[1] == []
    resident(world, beds["A"], called="Mira")


def test_nobody_takes_back_the_act_of_another(world: World, beds: Beds) -> None:
    code = begin(world)
    undo_id = actions.admit(world.actor("caseworker"), Admit(code, beds["A"], tonight()))
    with pytest.raises(Missing):
        actions.undo(world.actor("desk"), undo_id)


def test_an_act_is_not_taken_back_over_a_later_one(world: World, beds: Beds) -> None:
    code, desk = resident(world, beds["A"]), world.actor("desk")
    first = actions.move(desk, Move(code, stay_of(code).id, beds["C"], tonight(), 1))
    actions.move(world.actor("caseworker"), Move(code, stay_of(code).id, beds["D"], tonight(), 2))
    with pytest.raises(Broken) as error:
        actions.undo(desk, first)
    assert refused(error) == ("stays.changed_since", None)


def test_a_leaving_is_not_taken_back_into_a_bed_that_is_somebody_elses(world: World, beds: Beds) -> None:
    code, desk = resident(world, beds["A"], since=tonight() - DAY), world.actor("desk")
    left = actions.leave(desk, Leave(code, stay_of(code).id, tonight(), 1))
    resident(world, beds["A"], called="Mira")
    with pytest.raises(Broken) as error:
        actions.undo(desk, left)
    assert refused(error) == ("stays.some_bed_taken", "bed")
    assert days_of(code)[-1][2] == tonight()


# -- arrivals at night, imports, listeners ----------------------------------------------------
