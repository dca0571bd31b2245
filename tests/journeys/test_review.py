"""A review of a plan: due on the day's page, gone through with her, changed, agreed by a supervisor, due again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shelter.clients.queries import agency_today
from shelter.db import db as database
from shelter.plans import actions as plans
from shelter.plans import queries
from shelter.plans.actions import AddStep, MarkReviewed, SetGoal
from tests.factories.stays import make_beds, resident
from tests.journeys.hand import DESK_EN, DESK_ES, PHONE_EN, PHONE_ES, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
GOAL, STEP, AGREED = "A room with a window", "See two rooms", "Small steps suit her."


@pytest.mark.parametrize("view", [PHONE_EN, PHONE_ES, DESK_EN, DESK_ES], ids=str)
def test_a_plan_is_due_gone_through_agreed_and_due_again(house: House, view: View) -> None:
    code = a_plan_of_last_month(house)
    with house.hand("caseworker", view) as rosa:
        it_is_due_and_is_changed(rosa, code)
        it_was_gone_through(rosa, code)
        the_supervisor_is_asked(rosa)
    with house.hand("supervisor", view) as fern:
        she_agrees_with_a_comment(fern)
    with house.hand("caseworker", view) as rosa:
        it_stands_agreed_with_its_next_day(rosa, code)
    database.session.remove()
    agreement = queries.agreement(house.world.actor("caseworker"), code)
    assert agreement.next_review == agency_today() + timedelta(days=14)
    (asked,) = agreement.text.asked
    assert (asked.answer, asked.comment) == ("agreed", AGREED)
    database.session.remove()


def a_plan_of_last_month(house: House) -> str:
    """Reviewed last on the day that makes it due today."""
    world, day = house.world, agency_today()
    code = resident(world, make_beds(world)["A"], called="Lucero", since=day - timedelta(days=60))
    worker = world.actor("caseworker")
    goal = plans.set_goal(worker, SetGoal(code, GOAL, "Spanish", "housing"))
    plans.add_step(worker, AddStep(code, goal, 1, STEP, "client", day + timedelta(days=3)))
    plans.mark_reviewed(worker, MarkReviewed(code, 0, day - timedelta(days=30), "", 30))
    database.session.remove()
    return code


def it_is_due_and_is_changed(rosa: Hand, code: str) -> None:
    rosa.menu("Today")
    rosa.reads("Look at the plan together")
    rosa.sound("due")
    rosa.press("Review")
    rosa.reads(GOAL)
    rosa.press("Not now")
    rosa.press("Move")
    rosa.sound("move")
    rosa.fill(due=(agency_today() + timedelta(days=10)).isoformat(), why="The bus was late")
    rosa.press("Move it")
    rosa.press("Change this goal")
    rosa.sound("goal")
    rosa.fill(words=f"{GOAL} and a lock", why="She said it so")
    rosa.press("Save this goal")
    rosa.follow("/earlier")
    rosa.reads("Before", "After", "She said it so")
    rosa.sound("side-by-side")


def it_was_gone_through(rosa: Hand, code: str) -> None:
    rosa.menu("Today")
    rosa.press("Review")
    rosa.sound("review")
    rosa.fill(words="She wants a lock on the door.", every="14")
    rosa.press("Save this review")
    rosa.reads("She wants a lock on the door.")
    rosa.sound("reviewed")
    rosa.menu("Today")
    line = rosa.main.get_by_text(rosa.say("Look at the plan together"))
    expect(line).not_to_be_visible()
    rosa.main.locator("summary", has_text=rosa.say("Later")).click()
    expect(line).to_be_visible()
    rosa.sound("later")
    rosa.go(f"/people/{code}/plan/")


def the_supervisor_is_asked(rosa: Hand) -> None:
    rosa.press("Ask somebody to look at it")
    rosa.fill(what="agreement", words="The lock is new")
    rosa.sound("ask")
    rosa.press("Ask")
    rosa.reads("no answer yet")


def she_agrees_with_a_comment(fern: Hand) -> None:
    fern.menu("Today")
    fern.reads("Waits for your answer")
    fern.sound("waits")
    fern.press("Answer")
    fern.reads(f"{GOAL} and a lock", "The lock is new")
    fern.sound("answer")
    fern.fill(answer="agreed", comment=AGREED)
    fern.press("Save this answer")
    fern.reads("I agree", AGREED)


def it_stands_agreed_with_its_next_day(rosa: Hand, code: str) -> None:
    rosa.go("/account/notices")
    rosa.go(f"/people/{code}/plan/")
    rosa.reads("I agree", AGREED)
    rosa.sound("agreed")
