"""Households that grow while they are here, and days that are put right afterwards, with a reason that is kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shelter.clients import actions as clients
from shelter.clients.parts import AddMember, FirstMeeting, Told
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.stays import actions, queries
from shelter.stays.actions import Admit, Correct, CorrectBed, Leave, Leaving, Move
from shelter.trail.rows import wrong_rows
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.stays import DAY, days_of, resident, rows_of, stay_of, tonight

Beds = dict[str, bytes]


def refused(error: pytest.ExceptionInfo[Broken]) -> tuple[str, str | None]:
    return error.value.message_key, error.value.field


def child_of(world: World, code: str, called: str = "Bo") -> str:
    member = AddMember(code, FirstMeeting(working_name=called), "child", Told())
    return clients.add_member(world.actor("caseworker"), member)


def correct(world: World, code: str, arrived: int, left: int | None, **more: object) -> bytes:
    """Her days put right, in days from tonight."""
    stay, ends = stay_of(code), None if left is None else tonight() + left * DAY
    words = Correct(code, stay.id, stay.days_version, "misread", tonight() + arrived * DAY, ends, **more)  # type: ignore[arg-type]
    return actions.correct(world.actor("desk" if left is None else "caseworker"), words)


# -- a household ----------------------------------------------------------------------


def test_a_child_who_comes_later_joins_her_mother_and_may_leave_before_her(world: World, beds: Beds) -> None:
    actor, code = world.actor("caseworker"), resident(world, beds["A"], since=tonight() - 3 * DAY)
    child = child_of(world, code)
    assert [one.code for one in queries.household_here(actor, child)] == [code]
    actions.admit(actor, Admit(child, beds["B"], tonight() - DAY, joins=code))
    assert stay_of(child).party_id == stay_of(code).party_id
    assert (stay_of(code).head, stay_of(child).head) == (True, False)
    actions.leave(actor, Leave(child, stay_of(child).id, tonight(), 1))
    assert (stay_of(code).state, stay_of(child).state) == ("open", "ended")


def test_a_household_has_one_head_at_a_time(world: World, beds: Beds) -> None:
    actor, code = world.actor("caseworker"), resident(world, beds["A"], since=tonight() - 3 * DAY)
    child, sister = child_of(world, code), child_of(world, code, "Ana")
    actions.admit(actor, Admit(child, beds["B"], tonight() - DAY, joins=code))
    with pytest.raises(Broken) as error:
        actions.admit(actor, Admit(sister, beds["C"], tonight(), joins=child, head=True))
    assert refused(error) == ("stays.second_head", "head")
    actions.leave(actor, Leave(code, stay_of(code).id, tonight(), 1))
    actions.admit(actor, Admit(sister, beds["C"], tonight(), joins=child, head=True))
    assert stay_of(sister).head
    with pytest.raises(Broken) as error:
        actions.admit(actor, Admit(code, beds["A"], tonight(), joins=code))
    assert refused(error) == ("stays.not_here_to_join", "joins")


# -- days put right -------------------------------------------------------------------


def test_days_are_put_right_with_a_reason_that_is_kept(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"], since=tonight() - 5 * DAY)
    actions.leave(world.actor("desk"), Leave(code, stay_of(code).id, tonight() - DAY, 1))
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        with pytest.raises(Broken) as error:
            actions.leave(world.actor("caseworker"), Leave(code, stay_of(code).id, tonight(), 2, Leaving()))
        assert refused(error) == ("stays.left_already", "exit_day")
        correct(world, code, -6, -2)
        kept = queries.stays_of(world.actor("caseworker"), code)[1][0].corrections
    assert days_of(code) == [("Room 1, A", tonight() - 6 * DAY, tonight() - 2 * DAY)]
    assert [(one.was, one.reason) for one in kept] == [((tonight() - 5 * DAY, tonight() - DAY), "misread")]
    assert wrong_rows() == []


def test_a_correction_moves_both_days_at_once_and_can_be_taken_back(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"], since=tonight() - 5 * DAY)
    actions.leave(world.actor("desk"), Leave(code, stay_of(code).id, tonight() - DAY, 1))
    before = days_of(code)
    undo = correct(world, code, -20, -15)
    assert days_of(code) == [("Room 1, A", tonight() - 20 * DAY, tonight() - 15 * DAY)]
    actions.undo(world.actor("caseworker"), undo)
    assert days_of(code) == before
    assert queries.stays_of(world.actor("caseworker"), code)[1][0].corrections == ()


def test_somebody_who_never_came_has_no_nights_and_her_bed_is_free(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"])
    correct(world, code, 0, None, never_came=True)
    assert queries.stays_of(world.actor("caseworker"), code)[1] == []
    assert days_of(resident(world, beds["A"], called="Mira"))[0][0] == "Room 1, A"


@pytest.mark.parametrize(
    ("arrived", "left", "key", "field"),
    [
        (-5, None, "stays.nothing_changed", None),
        (-5, -6, "stays.exit_before_entry", "left"),
        (37_000, None, "stays.too_far_ahead", "arrived"),
        (-5, 37_000, "stays.too_far_ahead", "left"),
        (-9, None, "stays.bed_taken", "arrived"),
        (-1, None, "stays.arrived_after_move", "arrived"),
        (-5, -4, "stays.exit_before_move", "left"),
    ],
)
def test_days_that_cannot_be_are_said_beside_the_day(
    world: World, beds: Beds, arrived: int, left: int | None, key: str, field: str | None
) -> None:
    other = resident(world, beds["A"], called="Mira", since=tonight() - 10 * DAY)
    actions.leave(world.actor("desk"), Leave(other, stay_of(other).id, tonight() - 7 * DAY, 1))
    code = resident(world, beds["A"], since=tonight() - 5 * DAY)
    if key in ("stays.arrived_after_move", "stays.exit_before_move"):
        actions.move(world.actor("desk"), Move(code, stay_of(code).id, beds["B"], tonight() - 2 * DAY, 1))
    with pytest.raises(Broken) as error:
        correct(world, code, arrived, left)
    assert refused(error) == (key, field)


# -- beds put right -------------------------------------------------------------------


def right_bed(world: World, code: str, at: int, bed: bytes, day: int, reason: str = "misread") -> bytes:
    """Row `at` of her days put right, the day counted from tonight."""
    stay = stay_of(code)
    row = rows_of(stay)[at]
    command = CorrectBed(code, stay.id, stay.days_version, row.id, bed, tonight() + day * DAY, reason)
    return actions.correct_bed(world.actor("caseworker"), command)


def test_a_move_is_put_right_and_two_never_had_one_bed(world: World, beds: Beds) -> None:
    actor, code = world.actor("caseworker"), resident(world, beds["A"], since=tonight() - 9 * DAY)
    other = resident(world, beds["C"], since=tonight() - 9 * DAY)
    actions.leave(actor, Leave(other, stay_of(other).id, tonight() - 4 * DAY, 1))
    actions.move(actor, Move(code, stay_of(code).id, beds["B"], tonight() - 3 * DAY, 1))
    before = days_of(code)
    with pytest.raises(Broken) as error:
        right_bed(world, code, 1, beds["C"], -6)
    assert refused(error) == ("stays.bed_taken", "bed")
    for wrong in (-9, 2):
        with pytest.raises(Broken) as error:
            right_bed(world, code, 1, beds["C"], wrong)
        assert refused(error) == ("stays.move_out_of_order", "day")
    with pytest.raises(Broken) as error:
        right_bed(world, code, 0, beds["A"], -8)
    assert refused(error) == ("stays.arrival_elsewhere", "day")
    with pytest.raises(Broken) as error:
        right_bed(world, code, 1, beds["C"], -4, reason="")
    assert refused(error) == ("stays.say_why", "reason")
    back = right_bed(world, code, 1, beds["C"], -4)
    assert [(place[-1], first - tonight(), until and until - tonight()) for place, first, until in days_of(code)] == [
        ("A", -9 * DAY, -4 * DAY),
        ("C", -4 * DAY, None),
    ]
    _card, (stay,) = queries.stays_of(actor, code)
    assert stay.corrections[-1].beds == (before[1][0], days_of(code)[1][0])
    actions.undo(actor, back)
    assert days_of(code) == before
    later = right_bed(world, code, 1, beds["B"], -1)
    assert [first - tonight() for _place, first, _until in days_of(code)] == [-9 * DAY, -1 * DAY]
    right_bed(world, code, 0, beds["D"], -9)
    assert days_of(code)[0][0].endswith("D")
    with pytest.raises(Broken):
        actions.undo(actor, later)
    assert wrong_rows() == []


def test_the_page_of_a_bed_put_right_keeps_what_was_typed(
    world: World, beds: Beds, desk: Callable[[str], Desk]
) -> None:
    code = resident(world, beds["A"], since=tonight() - 5 * DAY)
    stay, hand = stay_of(code), desk("caseworker")
    path = f"/people/{code}/stay/{stay.id.hex()}/beds/{rows_of(stay)[0].id.hex()}"
    assert path in hand.get(f"/people/{code}/stay").text
    day, bed = str(tonight() - 5 * DAY), beds["B"].hex()
    refused = hand.post(path, version="1", bed=bed, day="2199-01-01", reason="I misread the label")
    assert refused.status_code == 422
    assert "I misread the label" in refused.text
    assert hand.post(path, version="1", bed=bed, day=day, reason="I misread the label").status_code == 302
    assert hand.post(path, version="1", bed=beds["C"].hex(), day=day, reason="Again").status_code == 409
    assert "Bed put right" in hand.get(f"/people/{code}/stay").text
