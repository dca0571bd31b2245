"""Three in the morning at the desk: what happens, who comes to the door, what is kept for whom, and what is known of a
child; by the desk alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shelter.clients import actions as clients
from shelter.clients.parts import AddMember, FirstMeeting, Told
from shelter.db import db as database
from shelter.stays import actions as stays
from shelter.stays.actions import Admit
from tests.factories.stays import make_beds, resident, tonight
from tests.journeys.hand import DESK_EN, PHONE_ES, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
TO_THE_SMALL_HOURS = timedelta(hours=17)
"""From the Saturday morning of a journey to three on Sunday morning."""
SECRETS = ("Lucero", "Bo the dog", "Harbor Elementary", "Aunt Pilar", "county court")


@pytest.mark.parametrize("view", [PHONE_ES, DESK_EN], ids=str)
def test_a_night_is_written_down_where_the_next_shift_looks_for_it(house: House, view: View) -> None:
    mother, child = a_mother_and_her_child(house)
    house.hours.later(TO_THE_SMALL_HOURS)
    with house.hand("desk", view, *SECRETS) as night:
        somebody_slipped(night, house, mother)
        at_the_door(night, mother)
        medication_and_mail(night, mother)
        an_animal(night, mother)
        about_a_child(night, child)
        night.menu("Hand-over")
        night.reads("Somebody was hurt or ill")
        night.sound("books-hand-over")


def a_mother_and_her_child(house: House) -> tuple[str, str]:
    beds = make_beds(house.world)
    actor = house.world.actor("caseworker")
    mother = resident(house.world, beds["A"], called="Lucero")
    child = clients.add_member(actor, AddMember(mother, FirstMeeting(working_name="Ana"), "child", Told()))
    stays.admit(actor, Admit(child, beds["B"], tonight(), joins=mother))
    database.session.remove()
    return mother, child


def somebody_slipped(night: Hand, house: House, mother: str) -> None:
    """It happened at two this night: the clock that runs ends at two of the next one, not an hour ago."""
    night.menu("Hand-over")
    night.press("Incidents")
    night.press("Something happened")
    night.sound("incident-new")
    night.fill(kind="injury", hour="02:00", words="Slipped on the wet stairs. Iced the wrist.", people=mother)
    night.fill(injuries="a sprained wrist", child="1", owner=house.world.members["supervisor"].id.hex())
    night.press("Save this report")
    night.reads("Some funders hear of a serious incident within 24 hours, without names.")
    expect(night.main.locator(".notice.is-stop")).to_have_count(0)
    expect(night.main).to_contain_text("23 nov 2026, 02:00" if night.view.language == "es" else "23 Nov 2026, 02:00")
    night.sound("incident")
    night.fill(words="She sleeps now.")
    night.press("Save what was done")
    night.reads("She sleeps now.")


def at_the_door(night: Hand, mother: str) -> None:
    night.go("/door-log")
    night.fill(kind="visitor", who="Ada of the clinic", people=mother)
    night.press("Write it down")
    night.reads("Ada of the clinic")
    night.sound("door-log")
    night.press("Gone again")
    expect(night.main.get_by_role("button", name=night.say("Gone again"))).to_have_count(0)


def medication_and_mail(night: Hand, mother: str) -> None:
    for kind, what in (("medication", "a white box with two strips"), ("mail", "a brown envelope")):
        night.go(f"/people/{mother}/kept")
        night.main.locator("details summary").first.click()
        night.fill(kind=kind, what=what, where="the safe")
        night.press("Keep it for her")
        night.reads(what)
    box = night.main.locator("li", has_text="a white box")
    night.press("Hand out", within=box)
    night.press("Brought back", within=box)
    night.press("Give for good", within=night.main.locator("li", has_text="a brown envelope"))
    night.reads("no longer here")
    night.sound("kept")


def an_animal(night: Hand, mother: str) -> None:
    night.go(f"/people/{mother}/desk-facts")
    night.sound("facts")
    night.fill(pet="Bo the dog", pet_care="with_her", service_animal="1")
    night.press("Save")
    night.reads("Bo the dog")


def about_a_child(night: Hand, child: str) -> None:
    night.go(f"/people/{child}/desk-facts")
    night.fill(school="Harbor Elementary, bus at eight", picks_up="Aunt Pilar", immunisation="to_do")
    night.fill(custody="The county court lets only her mother fetch her.", mandated_report="Told the hotline at two.")
    night.press("Save")
    night.reads("Harbor Elementary, bus at eight", "Aunt Pilar", "Told the hotline at two.")
    expect(night.main.locator(".notice.is-stop")).to_contain_text("county court")
    night.sound("child-facts")
