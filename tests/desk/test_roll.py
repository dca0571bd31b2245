"""The roll of a night: each press is saved by itself, nothing pressed is lost, and only by whom it may."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from shelter.db import db
from shelter.db.errors import Missing
from shelter.desk import actions, queries
from shelter.desk.actions import Ticking
from shelter.desk.models import RollMark
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.rules.clock import frozen, now
from shelter.rules.desk import missing_steps
from shelter.rules.rollcall import Seen
from shelter.stays.actions import NoteRoom, note_room
from tests.factories.agency import World
from tests.factories.clients import Desk, begin
from tests.factories.stays import DAY, resident, stay_of, tonight

Beds = dict[str, bytes]
SignedIn = Callable[[str], Desk]
EVENING = datetime(2026, 11, 22, 4, tzinfo=UTC)  # eight in the evening of the 21st at the sites of a world


@pytest.fixture(autouse=True)
def _an_evening() -> Iterator[None]:
    with frozen(EVENING):
        yield


def press(world: World, code: str, seen: Seen, who: str = "desk", **more: object) -> Seen:
    return actions.tick(world.actor(who), Ticking(code, tonight(), seen, **more))  # type: ignore[arg-type]


def row(world: World, code: str, who: str = "desk") -> queries.Row:
    return next(one for site in queries.roll(world.actor(who)) for one in site.rows if one.code == code)


def test_a_press_stands_with_who_and_when_and_the_open_come_first(world: World, beds: Beds) -> None:
    lin, ana = resident(world, beds["A"]), resident(world, beds["B"], called="Ana")
    assert press(world, lin, Seen.HERE) is Seen.HERE
    (site,) = queries.roll(world.actor("desk"))
    assert [(one.code, one.seen) for one in site.rows] == [(ana, Seen.OPEN), (lin, Seen.HERE)]
    assert (site.done, site.total) == (1, 2)
    assert (site.rows[1].by, site.rows[1].at) == ("Desk", EVENING)


def test_the_same_press_sent_twice_is_one_and_a_late_one_does_not_win(world: World, beds: Beds) -> None:
    lin = resident(world, beds["A"])
    press(world, lin, Seen.AWAY)
    assert press(world, lin, Seen.AWAY) is Seen.AWAY
    for _arrival in range(2):  # pressed before, arrived after, and its answer was lost on the way
        before = EVENING - timedelta(minutes=10)
        assert press(world, lin, Seen.HERE, pressed=before) is Seen.AWAY
    assert row(world, lin).seen is Seen.AWAY
    assert db.session.scalar(select(RollMark.mark_version)) == 2


def test_presses_of_one_hand_stand_as_they_were_made_in_whatever_order_they_arrive(world: World, beds: Beds) -> None:
    lin = resident(world, beds["A"])
    press(world, lin, Seen.HERE)
    moments = [EVENING + timedelta(seconds=n) for n in (1, 2)]
    with frozen(EVENING + timedelta(seconds=9)):
        assert press(world, lin, Seen.HERE, pressed=moments[1]) is Seen.HERE
        assert press(world, lin, Seen.AWAY, pressed=moments[0]) is Seen.HERE


def test_what_one_colleague_saw_is_not_written_down_as_anothers(world: World, beds: Beds, desk: SignedIn) -> None:
    lin, night = resident(world, beds["A"]), desk("caseworker")
    sent = {"night": str(tonight()), "seen": "1", "caller": world.members["desk"].id.hex()}
    answer = night.post(f"/roll-call/{lin}", "/roll-call", **sent)
    assert answer.status_code == 400
    assert "A colleague is signed in here now" in answer.text
    assert row(world, lin).seen is Seen.OPEN
    own = sent | {"caller": world.members["caseworker"].id.hex()}
    assert night.post(f"/roll-call/{lin}", "/roll-call", **own).status_code == 302
    assert row(world, lin).by == "Caseworker"


def test_every_answer_is_as_long_as_any_other_on_the_disk(world: World, beds: Beds) -> None:
    codes = [resident(world, beds[label], called=label) for label in "ABCD"]
    for code, seen in zip(codes, (Seen.HERE, Seen.LEAVE, Seen.AWAY, Seen.UNSURE), strict=True):
        press(world, code, seen)
    assert len({len(mark or b"") for mark in db.session.scalars(select(RollMark.mark))}) == 1


def test_last_nights_roll_is_entered_today(world: World, beds: Beds) -> None:
    lin = resident(world, beds["A"], since=tonight() - 2 * DAY)
    last = tonight() - DAY
    actions.tick(world.actor("desk"), Ticking(lin, last, Seen.HERE))
    assert [one.seen for one in queries.roll(world.actor("desk"), last)[0].rows] == [Seen.HERE]
    assert row(world, lin).seen is Seen.OPEN


def test_who_has_no_bed_that_night_is_not_in_its_roll(world: World, beds: Beds) -> None:
    lin, nobody = resident(world, beds["A"]), begin(world)
    with pytest.raises(Missing):
        actions.tick(world.actor("desk"), Ticking(lin, tonight() - DAY, Seen.HERE))
    with pytest.raises(Missing):
        press(world, nobody, Seen.HERE, who="caseworker")
    with pytest.raises(Missing):
        press(world, lin, Seen.HERE, who="stranger")
    with pytest.raises(Broken):
        actions.tick(world.actor("desk"), Ticking(lin, tonight() + DAY, Seen.HERE))
    with pytest.raises((Missing, Denied)):
        press(world, lin, Seen.HERE, who="volunteer")
    assert db.session.scalars(select(RollMark)).all() == []


def test_a_press_is_taken_back_by_who_made_it_for_ten_minutes(world: World, beds: Beds) -> None:
    lin = resident(world, beds["A"])
    press(world, lin, Seen.HERE)
    press(world, lin, Seen.AWAY)
    with pytest.raises(Missing):
        actions.take_back(world.actor("caseworker"), lin)
    actions.take_back(world.actor("desk"), lin)
    assert row(world, lin).seen is Seen.HERE
    with frozen(EVENING + timedelta(minutes=11)), pytest.raises(Missing):
        actions.take_back(world.actor("desk"), lin)


def test_away_past_the_agreed_return_opens_the_steps_with_their_times(world: World, beds: Beds) -> None:
    lin = resident(world, beds["A"], since=tonight() - 5 * DAY)
    with frozen(EVENING - 2 * DAY):
        leave = NoteRoom(lin, stay_of(lin).id, 0, None, tonight(), tonight() + 2 * DAY, time(19))
        note_room(world.actor("desk"), leave)
    press(world, lin, Seen.AWAY)
    late = row(world, lin).late
    assert late is not None
    assert late.agreed
    assert now() - late.since == timedelta(hours=1)
    assert [one.passed for one in late.steps[:3]] == [True, True, False]
    actions.take_step(world.actor("desk"), lin, tonight(), "word_left")
    with pytest.raises(Broken):
        actions.take_step(world.actor("desk"), lin, tonight(), "shout")
    late = row(world, lin).late
    assert late is not None
    assert (late.steps[0].by, late.steps[1].by) == ("Desk", "")
    press(world, lin, Seen.HERE)
    assert row(world, lin).late is None


def test_each_step_comes_up_by_the_clock_from_the_agreed_return_and_not_from_the_press(
    world: World, beds: Beds
) -> None:
    """Back by seven, pressed "away" at eight and again at half past ten: what counts is seven."""
    lin, agreed = resident(world, beds["A"], since=tonight() - 5 * DAY), EVENING - timedelta(hours=1)
    with frozen(EVENING - 2 * DAY):
        leave = NoteRoom(lin, stay_of(lin).id, 0, None, tonight(), tonight() + 2 * DAY, time(19))
        note_room(world.actor("desk"), leave)
    press(world, lin, Seen.AWAY)
    after = {code: timedelta(minutes=step.after_minutes) for code, step in missing_steps().items()}
    for waited in (timedelta(hours=1), timedelta(minutes=119), timedelta(hours=2), timedelta(hours=3, minutes=30)):
        with frozen(agreed + waited):
            if waited > timedelta(hours=3):
                press(world, lin, Seen.AWAY)
            late = row(world, lin).late
            assert late is not None
            assert (late.since, late.agreed) == (agreed, True)
            assert {one.step.code: one.due - agreed for one in late.steps} == after
            assert {one.step.code for one in late.steps if one.passed} == {
                code for code, wait in after.items() if wait <= waited
            }


def test_before_the_agreed_return_nobody_is_missing(world: World, beds: Beds) -> None:
    lin = resident(world, beds["A"], since=tonight() - 5 * DAY)
    with frozen(EVENING - 2 * DAY):
        leave = NoteRoom(lin, stay_of(lin).id, 0, None, tonight(), tonight() + 2 * DAY, time(19))
        note_room(world.actor("desk"), leave)
    with frozen(EVENING - timedelta(hours=1, minutes=1)):
        press(world, lin, Seen.AWAY)
        assert row(world, lin).late is None


def test_the_page_works_without_script_and_answers_a_script_in_short(world: World, beds: Beds, desk: SignedIn) -> None:
    lin, night = resident(world, beds["A"]), desk("desk")
    assert "0 of 1" in night.get("/roll-call").text
    told = night.post(f"/roll-call/{lin}", "/roll-call", night=tonight().isoformat(), seen="3")
    assert told.status_code == 302
    page = night.get(told.location.partition("#")[0]).text
    assert "1 of 1" in page
    assert "no return agreed" in page
    assert night.post(f"/roll-call/{lin}/undo", "/roll-call").status_code == 302
    assert "0 of 1" in night.get("/roll-call").text
    assert night.post(f"/roll-call/{lin}", "/roll-call", night="someday", seen="9").status_code >= 400
    assert night.get("/roll-call?night=someday").status_code == 422
