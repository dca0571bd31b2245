"""Two records, one person: both seen before, both codes work, undone within thirty days, and after those for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shelter.db import db as database
from shelter.plans.actions import SetGoal, set_goal
from tests.factories import clients
from tests.journeys.hand import DESK_ES, PHONE_EN, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
NAMES = ("Xiomara Quiñones Baldomar", "Siomara Quinones")
GOALS = ("A room with a window", "Learn to drive")
AGAIN = "Two records again, as they were."


@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_two_records_are_one_person_again_two_and_then_one_for_good(house: House, view: View) -> None:
    kept, gone = two_records(house)
    sees_one_of_them_alone(house, view, kept, gone)
    with house.hand("supervisor", view) as sofia:
        both_are_seen_before(sofia, kept, gone)
    both_codes_work(house, view, kept, gone)
    house.hours.later(timedelta(days=29))
    with house.hand("supervisor", view) as sofia:
        undone(sofia, kept, gone)
    sees_one_of_them_alone(house, view, kept, gone)
    with house.hand("supervisor", view) as sofia:
        both_are_seen_before(sofia, kept, gone)
        page_of_then = sofia.page.content()
        assert f"/people/{gone}/merge/undo" in page_of_then
    house.hours.later(timedelta(days=31))
    with house.hand("supervisor", view) as sofia:
        for_good(sofia, kept, gone)
    both_codes_work(house, view, kept, gone)


def two_records(house: House) -> tuple[str, str]:
    """Met by two caseworkers who know nothing of each other's."""
    codes = []
    for who, name, goal in zip(("caseworker", "caseworker_two"), NAMES, GOALS, strict=True):
        code = clients.named(house.world, name, called="Lucero", who=who)
        clients.phone(house.world.actor(who), code, f"+1 415 555 01{len(codes)}7")
        set_goal(house.world.actor(who), SetGoal(code, goal, "Spanish", "housing"))
        codes.append(code)
    database.session.remove()
    return codes[0], codes[1]


def sees_one_of_them_alone(house: House, view: View, kept: str, gone: str) -> None:
    with house.hand("caseworker", view, *NAMES) as rosa:
        assert rosa.go(f"/people/{kept}/plan/") == 200
        rosa.reads(GOALS[0])
        assert rosa.go(f"/people/{gone}/plan/") == 404


def both_are_seen_before(sofia: Hand, kept: str, gone: str) -> None:
    sofia.go(f"/people/{kept}/merge")
    sofia.sound("which")
    near = sofia.main.locator("table", has_text=gone).or_(sofia.main.locator("li", has_text=gone))
    expect(near.first).to_be_visible()
    sofia.fill(code=gone.lower())
    sofia.press("Look at both")
    sofia.sound("both")
    halves = sofia.main.locator(".conflict-pair > div")
    for half, code, name, number in zip((0, 1), (kept, gone), NAMES, ("0107", "0117"), strict=True):
        shown = halves.nth(half).inner_text()
        assert code in shown
        assert name in shown
        assert number in shown.replace(" ", "").replace("-", "")
    sofia.press("This is one person")
    sofia.reads("Two records, one person. Both codes go on working.")
    sofia.sound("merged")


def both_codes_work(house: House, view: View, kept: str, gone: str) -> None:
    """Either caseworker reads either code, and each page leads to the other one."""
    for who in ("caseworker", "caseworker_two"):
        with house.hand(who, view, *NAMES) as rosa:
            for code, other, goal in ((kept, gone, GOALS[0]), (gone, kept, GOALS[1])):
                assert rosa.go(f"/people/{code}") == 200
                rosa.reads("One person with", other)
                rosa.sound("one-person")
                rosa.go(f"/people/{code}/plan/")
                rosa.reads(goal)


def undone(sofia: Hand, kept: str, gone: str) -> None:
    sofia.go(f"/people/{kept}/merge")
    sofia.press("Undo")
    sofia.reads(AGAIN)
    sofia.go(f"/people/{kept}")
    expect(sofia.main).not_to_contain_text(gone)


def for_good(sofia: Hand, kept: str, gone: str) -> None:
    """No button any more; who kept the page of then open is told why, and nothing changes."""
    sofia.go(f"/people/{kept}/merge")
    expect(sofia.main.locator('form[action$="/merge/undo"]')).to_have_count(0)
    sofia.sound("for-good")
    sofia.page.evaluate(
        """code => {
            const form = document.querySelector("main form").cloneNode(true);
            form.action = `/people/${code}/merge/undo`;
            document.querySelector("main").append(form);
            form.submit();
        }""",
        gone,
    )
    sofia.page.wait_for_url("**/merge/undo")
    expect(sofia.main).not_to_contain_text(sofia.say(AGAIN))
    sofia.sound("too-late")
