"""A file is erased by two people and certified; a subpoena is taken at the door and answered as little as may be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shelter.clients import actions as people
from shelter.clients.queries import agency_today
from shelter.db import db as database
from tests.factories.clients import begin
from tests.journeys.hand import DESK_EN, DESK_ES, PHONE_EN, PHONE_ES, Hand, House

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
A_WHILE = timedelta(minutes=11)
CALLED = "Zephyrine"


def confirm(somebody: Hand) -> None:
    somebody.reads("Please confirm that it is you")
    somebody.fill(passphrase=somebody.member.passphrase)
    somebody.press("Confirm")
    somebody.page.locator("main .btn-primary").first.click()
    somebody.page.wait_for_url("**/erasings/")


def test_a_steward_and_a_supervisor_erase_a_file_and_the_certificate_is_shown(house: House) -> None:
    code = begin(house.world, called=CALLED)
    people.wish(house.world.actor("supervisor"), code, "delete", "everything")
    database.session.remove()
    with house.hand("supervisor", PHONE_EN, CALLED) as kay:
        kay.go(f"/people/{code}/own-file")
        kay.press("Erase what she told, or her whole file")
        kay.sound("ask")
        kay.fill(scope="whole", reason="she-asked")
        kay.press("Ask a steward")
        kay.reads("Say that you know this")
        kay.sound("ask-again")
        kay.page.locator('main [name="told"]').check()
        kay.press("Ask a steward")
        kay.reads("waits for a steward")
    with house.hand("steward", DESK_ES, CALLED) as mara:
        mara.go("/keys")
        mara.menu("Erasing")
        mara.sound("list")
        mara.hides()
        house.hours.later(A_WHILE)
        mara.press("Agree to erase it")
        confirm(mara)
        mara.go("/erasings/rules")
        mara.sound("rules")
    with house.hand("supervisor", PHONE_ES, CALLED) as kay:
        kay.go("/today/")
        kay.press("Look at them")
        kay.press("Erase it now")
        kay.reads("No backup opens it from", "What lies outside this promise")
        kay.sound("certificate")
        kay.hides()
        kay.press("On paper")
        kay.sound("paper")
        kay.hides()
        assert kay.go(f"/people/{code}") == 404


def test_a_subpoena_is_taken_at_the_door_and_answered(house: House) -> None:
    code, later = begin(house.world, called=CALLED), agency_today() + timedelta(days=9)
    database.session.remove()
    with house.hand("desk", PHONE_ES, CALLED) as pat:
        pat.go("/arrivals")
        pat.go("/demands/guide")
        pat.sound("guide")
        pat.press("A warrant of immigration officers, signed by no judge")
        pat.sound("steps")
        pat.press("Write down that it arrived")
        pat.sound("arrived")
        pat.fill(kind="subpoena", from_whom="County Court", judge="no", due=later.isoformat(), covers="Todas las notas")
        pat.press("Write it down")
    with house.hand("supervisor", DESK_EN, CALLED) as kay:
        kay.go("/today/")
        kay.sound("today")
        kay.press("1 demand for people or records is open")
        kay.sound("register")
        kay.press("A subpoena")
        kay.fill(code=code)
        kay.press("Name this person")
        kay.press("What was given")
        kay.sound("give")
        kay.fill(release="other", items="served", method="sealed", withheld="Notes are privileged")
        kay.press("Write down what left")
        kay.reads("Counsel has not been asked yet.")
        kay.press("Back")
        kay.press("What the paper says, and counsel")
        kay.fill(counsel="Ms Ode", counsel_asked=agency_today().isoformat())
        kay.press("Save")
        kay.press("Tell her, or say why not")
        kay.sound("notice")
        kay.fill(reached="yes", how="in_person", words="She knows, and has a plan")
        kay.press("Write it down")
        kay.press("What was given")
        kay.fill(release="other", items="served", method="sealed", withheld="Notes are privileged")
        kay.press("Write down what left")
        kay.reads("That we work with them", "Notes are privileged")
        kay.sound("answered")
        kay.press("Close this demand")
        kay.fill(outcome="narrowed", words="The judge read one line")
        kay.press("Close it")
        kay.reads("Less was given than was demanded")
    with house.hand("director", DESK_ES, CALLED) as grace:
        assert grace.go("/demands/") == 403
        grace.go("/breaches/")
        grace.press("Something got out")
        grace.sound("found")
