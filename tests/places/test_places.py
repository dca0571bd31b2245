"""Rooms and beds as a supervisor furnishes them: no night is ever lost, and nothing closes under somebody asleep."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.places import actions, queries
from shelter.places.actions import ChangeBed, ChangeRules, MoveBed, NewBeds, NewUnit
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.stays import actions as stays
from shelter.stays import queries as stay_queries
from shelter.stays.actions import Admit, Leave, TakeOut
from shelter.stays.models import Bed, Hold
from tests.factories.agency import World
from tests.factories.clients import Desk, begin
from tests.factories.stays import DAY, days_of, make_beds, resident, stay_of, tonight

Beds = dict[str, bytes]


def refused(error: pytest.ExceptionInfo[Broken]) -> tuple[str, str | None]:
    return error.value.message_key, error.value.field


def test_a_bed_that_moves_leaves_its_nights_where_they_were(world: World, beds: Beds) -> None:
    boss, code = world.actor("supervisor"), resident(world, beds["A"], since=tonight() - 5 * DAY)
    other = actions.add_unit(boss, NewUnit(world.sites["north"], "Attic", NewBeds(("B",))))
    with pytest.raises(Broken) as error:
        actions.move_bed(boss, MoveBed(beds["B"], other, tonight()))
    assert refused(error) == ("places.label_taken", "unit")
    actions.change_bed(boss, ChangeBed(beds["B"], "Z", "crib", ()))
    with pytest.raises(Broken) as error:
        actions.move_bed(boss, MoveBed(beds["A"], other, tonight()))
    assert refused(error) == ("stays.bed_in_use", "day")
    stays.leave(boss, Leave(code, stay_of(code).id, tonight() - DAY, 1))
    moved = actions.move_bed(boss, MoveBed(beds["B"], other, tonight()))
    old, new = db.session.get_one(Bed, beds["B"]), db.session.get_one(Bed, moved)
    assert old.number != new.number
    assert (old.until_day, new.from_day, new.kind) == (tonight(), tonight(), "crib")
    assert days_of(code) == [("Room 1, A", tonight() - 5 * DAY, tonight() - DAY)]


def test_nobody_is_admitted_into_a_bed_that_is_closed_or_closes(world: World, beds: Beds) -> None:
    boss = world.actor("supervisor")
    actions.close_bed(boss, beds["A"], tonight() + 3 * DAY)
    with pytest.raises(Broken) as error:
        resident(world, beds["A"])
    assert refused(error) == ("stays.bed_closes", "bed")
    with pytest.raises(Broken) as error:
        resident(world, beds["A"], since=tonight() + 3 * DAY)
    assert refused(error) == ("stays.bed_out", "bed")
    actions.open_bed(boss, beds["A"])
    assert days_of(resident(world, beds["A"]))[0][0] == "Room 1, A"


def test_a_bed_that_closed_long_ago_opens_under_a_new_number(world: World, beds: Beds) -> None:
    boss = world.actor("supervisor")
    actions.close_bed(boss, beds["A"], tonight() - 10 * DAY)
    actions.open_bed(boss, beds["A"])
    rows = db.session.scalars(select(Bed).where(Bed.label == "A")).all()
    assert {(row.from_day is None, row.until_day is None) for row in rows} == {(True, False), (False, True)}
    board = {day: stay_queries.board(boss, day)[0].counts.beds for day in (tonight() - 5 * DAY, tonight())}
    assert board == {tonight() - 5 * DAY: 1, tonight(): 2}


def test_capacity_is_that_of_the_day(world: World, beds: Beds) -> None:
    boss = world.actor("supervisor")
    actions.add_beds(boss, queries.houses(boss)[0].rooms[0].id, NewBeds(("C", "D"), "cot", from_day=tonight() + DAY))
    stays.take_out(boss, TakeOut(beds["A"], tonight(), tonight() + 2 * DAY, "repair"))

    def capacity(day: date) -> tuple[int, int]:
        house = queries.house(boss, world.sites["north"], day)
        return house.standing, house.out

    assert [capacity(tonight() + n * DAY) for n in (0, 1, 2)] == [(2, 1), (4, 1), (4, 0)]


def test_a_hold_lasts_as_long_as_the_house_says(world: World, beds: Beds) -> None:
    boss, north = world.actor("supervisor"), world.sites["north"]
    actions.change_rules(boss, ChangeRules(north, 30, 60, 0))
    with pytest.raises(Conflict):
        actions.change_rules(boss, ChangeRules(north, 45, None, 0))
    stays.hold(world.actor("desk"), beds["A"])
    kept = db.session.scalars(select(Hold)).one()
    night = stay_queries.board(world.actor("desk"))[0].beds[0]
    assert kept.bed_id == beds["A"]
    assert 28 <= night.minutes_held <= 30


@pytest.mark.parametrize("who", ["caseworker", "desk", "director", "volunteer"])
def test_only_those_who_furnish_change_a_house(world: World, beds: Beds, who: str) -> None:
    with pytest.raises(Denied):
        actions.close_bed(world.actor(who), beds["A"], tonight())


def test_a_supervisor_furnishes_where_she_works_and_an_administrator_everywhere(world: World, beds: Beds) -> None:
    away = make_beds(world, site="south")
    with pytest.raises(Missing):
        actions.close_bed(world.actor("supervisor"), away["A"], tonight())
    actions.close_bed(world.actor("administrator"), away["A"], tonight())


def test_the_pages_say_what_is_wrong_beside_the_question_and_keep_what_was_typed(
    world: World, beds: Beds, desk: Callable[[str], Desk]
) -> None:
    boss, north = desk("supervisor"), world.sites["north"].hex()
    answer = boss.post(f"/places/{north}/rooms/new", name="Room 1", labels="A, A", kind="single")
    assert answer.status_code == 422
    assert "A, A" in answer.text
    assert "has a room of that name already" in answer.text
    assert boss.post(f"/places/{north}/rooms/new", name="Attic", labels="A, B", kind="bunk").status_code == 302
    assert boss.post(f"/places/beds/{beds['A'].hex()}/close", until_day="2199-01-01").status_code == 422
    unit = queries.houses(world.actor("supervisor"))[0].rooms[0].id.hex()
    assert boss.post(f"/places/rooms/{unit}/beds/new", labels="Q", kind="crib").status_code == 302
    assert boss.post(f"/places/{north}/rules", hold_minutes="60", stay_limit="45", version="0").status_code == 302
    assert boss.post(f"/places/{north}/rules", hold_minutes="60", stay_limit="", version="0").status_code == 409
    seen = boss.get("/places/").text
    assert "A stay lasts up to 45 nights" in seen
    assert desk("desk").get("/places/").status_code == 403
    code = begin(world)
    stays.admit(world.actor("caseworker"), Admit(code, beds["A"], tonight()))
    assert code not in boss.get("/places/").text
