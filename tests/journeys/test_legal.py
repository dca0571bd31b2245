"""A T-visa matter from its opening to a deadline that two people have looked at, and the gate that counsel opens."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shelter.db import db as database
from tests.factories.clients import begin, save_names
from tests.factories.documents import begun, step
from tests.journeys.hand import DESK_EN, PHONE_ES, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
SECRETS = ("Xiomara", "Quiñones", "Baldomar")
WORKING = {
    "en": "87 = 84 + 3 by mail, notice dated 29 August 2026",
    "es": "87 = 84 + 3 por correo, aviso con fecha 29 de agosto de 2026",
}


@pytest.mark.parametrize("view", [DESK_EN, PHONE_ES], ids=str)
def test_a_matter_is_opened_worked_on_and_looked_at_twice(house: House, view: View) -> None:
    code = begin(house.world, called="Lucero")
    save_names(house.world.actor("caseworker"), code, "Xiomara Quiñones Baldomar")
    passport = begun(house.world, code)
    database.session.remove()
    with house.hand("legal_supervisor", view, *SECRETS) as diana:
        matter = opens_the_matter(diana, code)
        step(house.world, "caseworker", code, passport, "asked")
        database.session.remove()
        with house.hand("advocate", view, *SECRETS) as ruth:
            an_empty_day(ruth)
            files(ruth, matter)
            an_rfe_came(ruth, matter)
            counsel_answers(ruth, code)
        second_look(diana)
    with house.hand("caseworker", view, *SECRETS) as rosa:
        the_gate_is_open(rosa, code, passport.hex())
        for path in (matter, f"/people/{code}/matters", "/matters", f"{matter}/notices/new"):
            assert rosa.go(path) == 403, path
        rosa.reads_not("RFE", "29 Aug")


def opens_the_matter(diana: Hand, code: str) -> str:
    """The supervisor opens it for the advocate; its address."""
    assert diana.go(f"/people/{code}/matters") == 200
    diana.sound("matters-of-hers")
    diana.press("Open a matter")
    diana.sound("matter-new")
    diana.fill(type="t_visa", opened_on="2026-08-03", scope="T visa for her alone")
    diana.page.locator("main [name=lead]").select_option(label="Advocate")
    diana.press("Open this matter")
    diana.sound("matter-opened")
    diana.hides()
    address = diana.page.url.removeprefix(diana.house.url)
    assert address.startswith(f"/people/{code}/matters/")
    return address


def an_empty_day(ruth: Hand) -> None:
    ruth.menu("Today")
    ruth.reads("No dates yet. They appear here when a notice is entered in a matter, or a date is set by its rule.")
    ruth.sound("day-empty")


def files(ruth: Hand, matter: str) -> None:
    ruth.go(matter)
    ruth.press("Add a filing")
    ruth.sound("filing-new")
    ruth.fill(
        forms="I-914", sent_on="2026-08-10", how="courier", fee="exempt", fee_ground="8 CFR 106.3(b)", incomplete="1"
    )
    ruth.press("Save this filing")
    expect(ruth.main).to_contain_text("I-914")
    ruth.press("Add a notice")
    ruth.sound("notice-new")
    ruth.fill(type="receipt", trigger_date="2026-08-14", receipt_number="EAC2690012345", came="mail")
    ruth.press("Save this notice")
    expect(ruth.main).to_contain_text("EAC2690012345")


def an_rfe_came(ruth: Hand, matter: str) -> None:
    """Saved without the printed date it is refused; with it, the deadline shows its working."""
    ruth.press("Add a notice")
    ruth.fill(type="rfe", trigger_date="2026-08-29", received_on="2026-09-02", came="mail")
    ruth.press("Save this notice")
    expect(ruth.page.locator("#error-summary")).to_contain_text(
        ruth.say("Enter the date printed on the notice. It cannot be computed.")
    )
    ruth.sound("notice-refused")
    ruth.fill(printed_date="2026-11-24")
    ruth.press("Save this notice")
    assert ruth.page.url.endswith(matter)
    expect(ruth.main).to_contain_text(WORKING[ruth.view.language])
    ruth.main.locator("details summary", has_text="87 =").first.click()
    ruth.sound("matter")
    ruth.hides()
    ruth.menu("Today")
    row = ruth.main.locator(".due li", has_text="87 =")
    expect(row).to_have_count(1)
    expect(row.locator("time")).to_have_attribute("datetime", "2026-11-24")
    expect(row).to_contain_text("Legal_Supervisor")
    ruth.sound("day")


def counsel_answers(ruth: Hand, code: str) -> None:
    ruth.menu("Papers")
    ruth.sound("papers-waiting")
    ruth.main.locator(f'a[href^="/people/{code}/papers/"]').first.click()
    ruth.press("Answer")
    ruth.sound("answer")
    ruth.page.locator("main [name=answer]").first.check()
    ruth.press("Save this answer")
    ruth.sound("paper-answered")


def second_look(diana: Hand) -> None:
    diana.menu("Today")
    diana.sound("day-to-look-at")
    diana.press("Give the second look")
    expect(diana.main).to_contain_text(WORKING[diana.view.language])
    diana.sound("second-look")
    diana.press("I have read the paper and the day is right")
    expect(diana.main.get_by_role("link", name=diana.say("Give the second look"))).to_have_count(0)
    diana.sound("matter-confirmed")


def the_gate_is_open(rosa: Hand, code: str, passport: str) -> None:
    rosa.menu("Papers")
    rosa.go(f"/people/{code}/papers/{passport}")
    expect(rosa.main.get_by_role("link", name=rosa.say("Done or left out")).first).to_be_visible()
    rosa.sound("gate-open")
