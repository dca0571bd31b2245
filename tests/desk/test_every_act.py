"""Every act of the desk's rooms has its way back for ten minutes: the list is read from the code."""

from collections.abc import Iterator
from datetime import timedelta
from inspect import isfunction
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from shelter.clients.models import Client, DoorAlert
from shelter.course import actions as around
from shelter.course import models as of_course
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import open_section
from shelter.desk import actions as night
from shelter.desk import models as of_desk
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.rules.rollcall import Seen, seen_now
from shelter.stays import actions as beds_of
from shelter.stays import models as of_stays
from tests.desk.scenes import EVENING, PLAYED, Place
from tests.factories.agency import World
from tests.factories.stays import DAY, make_beds, resident, tonight

TOO_LATE = timedelta(minutes=11)

NO_ACT_OF_THE_DESK: dict[str, str] = {
    "stays.undo": "is the way back",
    "stays.admit_imported": "an import, taken back as a whole",
    "desk.complete": "a caseworker's: she makes a file of what the desk sealed; the file is edited from then on (196)",
    "desk.check": "compares again whenever it is pressed, and changes nothing but the answer",
    "desk.settle": "a caseworker's word about an answer, said again at any time without a reason (196)",
    "desk.let_sleep_in": "a setting, set again at any time",
}
WAYS_BACK = ("take_back", "withdraw")


@pytest.fixture
def place(world: World) -> Iterator[Place]:
    with clock.frozen(EVENING):
        beds = make_beds(world) | make_beds(world, room="Room 2", labels="CD")
        code = resident(world, beds["C"], since=tonight() - 3 * DAY)
        with clock.frozen(EVENING - timedelta(days=1)):
            night.check(world.actor("caseworker"), code)
        yield Place(world, beds, code)


def acts_in_the_code() -> set[str]:
    rooms = {"stays": beds_of, "desk": night, "course": around}
    found = {
        f"{room}.{name}"
        for room, module in rooms.items()
        for name, one in vars(module).items()
        if isfunction(one) and one.__module__.startswith(f"shelter.{room}.actions") and not name.startswith("_")
    }
    return {name for name in found if not name.partition(".")[2].startswith(WAYS_BACK)}


def test_every_act_in_the_code_has_its_way_back_or_says_why_it_is_none() -> None:
    assert acts_in_the_code() == set(PLAYED) | set(NO_ACT_OF_THE_DESK)
    assert not set(PLAYED) & set(NO_ACT_OF_THE_DESK)


KEPT = [
    *(of_stays.BedOut, of_stays.Hold, of_stays.Stay, of_stays.StayBed, of_stays.StayCorrection, of_stays.StayExit),
    *(of_desk.Ban, of_desk.DeskFacts, of_desk.DoorEntry, of_desk.HandOver, of_desk.IncidentReport, of_desk.IntakeItem),
    *(of_desk.KeptThing, of_desk.OnCallTurn, of_desk.RequestTurnedAway, of_desk.RequestWaiting, of_desk.RollMark),
    *(of_course.Coming, of_course.Extension, of_course.FollowUp, Client, DoorAlert),
]
COUNTED = ("version", "until", "number")
"""Columns that only say how often something changed, or until when it could be taken back."""


_NOTHING_SEEN = {"seen": Seen.OPEN, "steps": []}


def _words(value: Any) -> Any:
    """What a section says now: not the one step that it keeps to go back, nor how often a button was pressed."""
    if isinstance(value, of_desk.Mark):
        return {"seen": seen_now(value.ticks), "steps": value.steps}
    told = msgspec.to_builtins(value)
    return {name: one for name, one in told.items() if name != "was"} if isinstance(told, dict) else told


def as_it_is(at: Place) -> list[tuple[str, str]]:
    """All that these rooms hold, opened: what a reader would see, whatever it is called inside."""
    db.session.expire_all()
    found = []
    for model in KEPT:
        for row in db.session.scalars(select(model)):
            if isinstance(row, of_stays.Stay) and row.state == "undone":
                continue
            sections = getattr(model, "sections", {})
            plain = {
                column.name: getattr(row, column.key)
                for column in model.__table__.columns
                if column.name not in {"id", "month", *sections} and not column.name.endswith(COUNTED)
            }
            words = {name: _words(open_section(at.boss, row, section)) for name, section in sections.items()}
            if words.get("mark") != _NOTHING_SEEN:
                found.append((model.__name__, repr((plain, words))))
    return sorted(found)


@pytest.mark.parametrize("name", sorted(PLAYED))
def test_an_act_is_taken_back_within_ten_minutes_and_everything_is_as_it_was(place: Place, name: str) -> None:
    scene = PLAYED[name](place)
    before = as_it_is(place)
    given = scene.do()
    assert as_it_is(place) != before
    with clock.frozen(EVENING + timedelta(minutes=9)):
        scene.back(given)
    assert as_it_is(place) == before


@pytest.mark.parametrize("name", sorted(PLAYED))
def test_after_ten_minutes_it_stands(place: Place, name: str) -> None:
    scene = PLAYED[name](place)
    given = scene.do()
    after = as_it_is(place)
    if scene.closes:
        with clock.frozen(EVENING + TOO_LATE), pytest.raises((Broken, Missing)):
            scene.back(given)
        assert as_it_is(place) == after
