"""From arrival to a plan that is agreed and reviewed, and a group of several people on one screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from shelter.db import db as database
from shelter.services import queries as services
from tests.factories.clients import begin
from tests.factories.notes import read
from tests.factories.stays import make_beds
from tests.journeys.hand import DESK_ES, PHONE_EN, Hand, House, View
from tests.journeys.test_caseworker import a_bed, first_meeting

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
NOTE = "She wants to see the school before her daughter starts."


@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_a_first_week_ends_in_a_plan_that_is_agreed_and_reviewed(house: House, view: View) -> None:
    make_beds(house.world)
    database.session.remove()
    with house.hand("caseworker", view) as rosa:
        code = first_meeting(rosa)
        a_bed(rosa, code)
        begins_from_a_template(rosa, code)
        a_safety_plan_and_its_slip(rosa, code)
        an_appointment(rosa, code)
        a_note(rosa, house, code)
        rosa.go(f"/people/{code}/plan/")
        rosa.press("Ask somebody to look at it")
        rosa.sound("ask")
        rosa.press("Ask")
        rosa.reads("no answer yet")
    with house.hand("supervisor", view) as fern:
        fern.menu("Today")
        fern.reads("Waits for your answer")
        fern.sound("waits")
        fern.press("Answer")
        fern.sound("answer")
        fern.fill(answer="agreed", comment="Good pace.")
        fern.press("Save this answer")
        fern.reads("I agree", "Good pace.")
        a_review(fern, code)
    with house.hand("caseworker", view) as rosa:
        rosa.go(f"/people/{code}/plan/")
        rosa.reads("I agree", "Good pace.", "It goes on as agreed.")


def begins_from_a_template(rosa: Hand, code: str) -> None:
    rosa.go(f"/people/{code}/plan/")
    rosa.press("Begin from a template")
    rosa.sound("templates")
    rosa.press("The first week")
    rosa.sound("template")
    rosa.fill(goals="0", sure="1")
    rosa.press("Set these goals")
    rosa.sound("plan")
    rosa.reads("0 of 3 steps done" if rosa.view.language == "en" else "0 de 3 pasos hechos")


def a_safety_plan_and_its_slip(rosa: Hand, code: str) -> None:
    rosa.press("Safety plan")
    rosa.press("Write it together")
    rosa.sound("safety-edit")
    rosa.fill(signs="A grey van", take="The blue bag", pocket="Bus 14, back door")
    rosa.press("Save this safety plan")
    rosa.fill(occasion="arrival")
    rosa.press("We went through it today")
    rosa.sound("safety")
    rosa.go(f"/people/{code}/plan/safety/pocket")
    expect(rosa.main).to_contain_text("Bus 14, back door")
    expect(rosa.main).not_to_contain_text("grey van")


def an_appointment(rosa: Hand, code: str) -> None:
    rosa.go(f"/people/{code}/plan/appointments")
    rosa.press("Make an appointment")
    rosa.sound("appointment")
    rosa.fill(what="Clinic", at="10:00", interpreter="asked", language="Mixtec", transport="nobody_yet")
    rosa.press("Save this appointment")
    rosa.sound("appointments")
    rosa.menu("Today")
    rosa.reads("Clinic")
    rosa.sound("today")


def a_note(rosa: Hand, house: House, code: str) -> None:
    rosa.go(f"/people/{code}/notes/")
    rosa.sound("notes-empty")
    rosa.press("Write a note")
    rosa.sound("note")
    rosa.fill(words=NOTE, present="client")
    rosa.press("Sign this note")
    rosa.reads(NOTE)
    rosa.fill(words="SCHOOL daughter")
    rosa.press("Find")
    rosa.reads(NOTE)
    rosa.sound("notes-found")
    assert read(house.world, code) == [NOTE]
    database.session.remove()


def a_review(fern: Hand, code: str) -> None:
    fern.go(f"/people/{code}/plan/")
    fern.press("We looked at it")
    fern.sound("review")
    fern.fill(words="It goes on as agreed.", every="30")
    fern.press("Save this review")
    fern.reads("It goes on as agreed.")


@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_twelve_people_in_a_group_are_one_screen(house: House, view: View) -> None:
    codes = [begin(house.world, called=f"Person {number}") for number in range(12)]
    database.session.remove()
    with house.hand("caseworker", view) as rosa:
        rosa.menu("Services")
        rosa.sound("services")
        rosa.press("A group")
        rosa.page.locator("main [name=what][value=support_group]").check()
        for code in codes:
            rosa.page.locator(f'main [name=codes][value="{code}"]').check()
        rosa.fill(minutes="60")
        rosa.sound("group")
        rosa.press("Enter it for all of them")
        assert re.search(r"/services$", rosa.page.url)
    for code in codes:
        (one,) = services.given_to(house.world.actor("caseworker"), code).services
        assert (one.text.what, one.text.minutes) == ("support_group", 60)
    database.session.remove()
