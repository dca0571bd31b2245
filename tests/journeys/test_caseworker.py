"""A caseworker's week with somebody new: first meeting, a bed, a goal, a passport that an employer holds."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from shelter.db import db as database
from tests.factories.clients import give_advocate
from tests.factories.stays import make_beds
from tests.journeys.hand import DESK_ES, PHONE_EN, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
LEGAL_NAME = "Xiomara Quiñones Baldomar"
SECRETS = (LEGAL_NAME, "Xiomara", "Baldomar", "Quiñones")
GOAL = "Quiero aprender a manejar."
STEP = "Ask for the booklet of the driving test"
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_somebody_new_gets_a_bed_a_plan_and_the_way_to_her_passport(house: House, view: View) -> None:
    make_beds(house.world)
    database.session.remove()
    with house.hand("caseworker", view, *SECRETS) as rosa:
        rosa.reads("Nothing is due. A step of a plan with a day beside it will stand here.")
        rosa.sound("today-empty")
        code = first_meeting(rosa)
        intake(rosa, code)
        finds_her_by_a_misspelled_name(rosa, code)
        a_bed(rosa, code)
        a_goal_and_its_step(rosa, code)
        a_passport(rosa, house, code)
        two_tabs(rosa, code)
        names_only_behind_the_button(rosa, code)


def first_meeting(rosa: Hand) -> str:
    rosa.menu("People")
    rosa.sound("people")
    rosa.press("Somebody new has come")
    rosa.sound("first-meeting")
    rosa.fill(working_name="Lucero", pronouns="ella", languages=rosa.say("Spanish"))
    rosa.press("Begin the record")
    rosa.reads("The record has begun. There is enough for a bed.")
    rosa.sound("intake")
    found = re.search(r"/people/([^/]+)/intake", rosa.page.url)
    assert found is not None
    return found[1]


def intake(rosa: Hand, code: str) -> None:
    rosa.follow("/intake/names")
    rosa.sound("intake-names")
    rosa.fill(legal_name=LEGAL_NAME, aliases="Lucero la Chica", progress="done")
    rosa.press("Save this part")
    rosa.hides()
    rosa.follow("/intake/birth")
    rosa.sound("intake-birth")
    rosa.fill(birth__year="1998", birth__approximate="1", minor_consent__skip="not_today", progress="done")
    rosa.press("Save this part")
    safe_contact(rosa, code)
    somebody_dangerous(rosa, code)
    rosa.go(f"/people/{code}")
    rosa.sound("person")
    rosa.hides()


def safe_contact(rosa: Hand, code: str) -> None:
    rosa.follow(f"/people/{code}/contact")
    rosa.sound("contact")
    rosa.follow("/contact/text")
    rosa.sound("contact-text")
    rosa.fill(allowed="allowed", value="+1 415 555 0137", hours_from="09:00", hours_to="17:00")
    rosa.fill(say="the dentist", code_word="girasol", confirmed="1")
    rosa.press("Save this way of reaching her")
    rosa.reads("Saved what she said about this way of reaching her.")
    rosa.go(f"/people/{code}/intake")
    rosa.reads("the dentist")


def somebody_dangerous(rosa: Hand, code: str) -> None:
    rosa.follow(f"/people/{code}/dangers")
    rosa.sound("dangers")
    rosa.press("Write somebody down")
    rosa.sound("danger")
    rosa.fill(names="Evaristo Montemayor", description="Tall, grey beard, walks with a stick", vehicle="White van")
    rosa.fill(at_door="1", respond="call_police")
    rosa.press("Save this person")
    rosa.reads("Saved. The door learns the description and what to do.")
    rosa.sound("dangers-one")
    rosa.hides()


def finds_her_by_a_misspelled_name(rosa: Hand, code: str) -> None:
    if not rosa.page.locator("#find-words").is_visible():
        rosa.go("/people/find")
    rosa.page.locator("#find-words").fill("Quinonez Siomara")
    rosa.page.locator("#find-words").press("Enter")
    rosa.page.wait_for_url("**/people/find")
    rosa.sound("found")
    rosa.hides()
    rosa.follow(f"/people/{code}")
    expect(rosa.page.locator("h1")).to_contain_text("Lucero")


def a_bed(rosa: Hand, code: str) -> None:
    rosa.menu("Beds")
    rosa.sound("beds")
    rosa.press("Admit")
    rosa.sound("admit-whom")
    rosa.fill(code=code.lower())
    rosa.press("Go on with her")
    rosa.sound("admit")
    rosa.press("Give this bed")
    board = rosa.main.locator("section li", has_text="Lucero")
    expect(board).to_contain_text(code)
    rosa.sound("beds-taken")
    rosa.hides()


def a_goal_and_its_step(rosa: Hand, code: str) -> None:
    rosa.go(f"/people/{code}")
    rosa.follow(f"/people/{code}/plan/")
    rosa.sound("plan-empty")
    rosa.press("Set a goal")
    rosa.sound("goal")
    rosa.fill(words=GOAL, language=rosa.say("Spanish"))
    rosa.press("Save this goal")
    rosa.reads("Goal saved.", GOAL)
    rosa.press("Add a step")
    rosa.sound("step")
    rosa.fill(what=STEP, due=TODAY.isoformat())
    rosa.press("Save this step")
    rosa.sound("plan")
    rosa.go(f"/people/{code}")
    rosa.reads(STEP)
    rosa.menu("Today")
    rosa.reads(STEP)
    rosa.sound("today")
    rosa.press("Done")
    assert "/today" in rosa.page.url
    rosa.reads("Done.")
    expect(rosa.main.locator(".due", has_text=STEP)).to_have_count(0)
    rosa.go(f"/people/{code}/plan/")
    expect(rosa.main.locator(".step.is-done", has_text=STEP)).to_have_count(1)
    rosa.hides()


def a_passport(rosa: Hand, house: House, code: str) -> None:
    """Who holds it, and a way back that begins with a closed gate."""
    give_advocate(house.world, code)
    database.session.remove()
    rosa.go(f"/people/{code}")
    rosa.follow(f"/people/{code}/papers")
    rosa.sound("papers-empty")
    rosa.press("Add a paper")
    rosa.sound("paper-new")
    rosa.fill(kind="foreign_passport", country="HND", state="with_employer", held_by="Mr. Orteza, in his desk")
    rosa.press("Save this paper")
    rosa.reads("Mr. Orteza, in his desk")
    rosa.press("Begin a way back")
    rosa.sound("way-begin")
    rosa.page.locator("main [name=way]").first.check()
    rosa.press("Begin this way")
    rosa.reads("nobody has asked counsel yet")
    assert rosa.main.get_by_role("link", name=rosa.say("Done or left out")).count() == 0
    rosa.press("Ask counsel")
    rosa.sound("way-ask")
    rosa.press("Ask counsel")
    rosa.sound("paper")
    rosa.hides()


def two_tabs(rosa: Hand, code: str) -> None:
    """She has the goal open twice; the second save shows both texts and loses neither."""
    rosa.go(f"/people/{code}/plan/")
    rosa.press("Change this goal")
    other = rosa.page.context.new_page()
    other.goto(rosa.page.url)
    other.locator("main [name=words]").fill("Quiero manejar un camión.")
    other.locator("main .buttons .btn-primary").click()
    other.wait_for_url("**/plan/")
    rosa.fill(words="Quiero aprender a manejar este año.")
    rosa.press("Save this goal")
    expect(rosa.page.locator("#conflict")).to_contain_text("Quiero manejar un camión.")
    expect(rosa.page.locator("#conflict")).to_contain_text("Quiero aprender a manejar este año.")
    expect(rosa.main.locator("[name=words]")).to_have_value("Quiero aprender a manejar este año.")
    rosa.sound("goal-both-texts")
    rosa.press("Save this goal")
    rosa.reads("Quiero aprender a manejar este año.")


def names_only_behind_the_button(rosa: Hand, code: str) -> None:
    rosa.go(f"/people/{code}")
    rosa.hides()
    rosa.press("Show legal name")
    rosa.reads(LEGAL_NAME)
    rosa.sound("revealed")
    rosa.press("Hide again")
    rosa.hides()
    rosa.go(f"/people/{code}/looked")
    rosa.reads("saw the legal name or a number")
    rosa.sound("looked")
    rosa.hides()
