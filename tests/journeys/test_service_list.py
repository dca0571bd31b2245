"""An administrator words, maps and retires the services and funds of the house; a caseworker enters what she added."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shelter.db import db as database
from tests.factories.clients import begin
from tests.journeys.hand import DESK_EN, DESK_ES, PHONE_EN, PHONE_ES, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
NAME = {"en": "Art on Thursdays", "es": "Arte los jueves"}
FUND = {"en": "Bus money", "es": "Dinero del autobús"}


@pytest.mark.parametrize("view", [PHONE_EN, PHONE_ES, DESK_EN, DESK_ES], ids=str)
def test_a_service_and_a_fund_of_the_house_are_added_entered_and_retired(house: House, view: View) -> None:
    code = begin(house.world, called="Lucero")
    database.session.remove()
    with house.hand("administrator", view) as ada:
        ada.go("/settings/services")
        ada.sound("list")
        a_service(ada)
        a_fund(ada)
    with house.hand("caseworker", view) as rosa:
        rosa.menu("Services")
        rosa.fill(who=code)
        rosa.page.locator("main [name=what]").select_option(label=NAME[view.language])
        rosa.fill(minutes="60")
        rosa.press("Enter this service")
        rosa.reads_not("error-summary")
    with house.hand("administrator", view) as ada:
        retires(ada)
    with house.hand("caseworker", view) as rosa:
        rosa.menu("Services")
        offered = rosa.page.locator("main [name=what] option", has_text=NAME[view.language])
        expect(offered).to_have_count(0)
        rosa.go(f"/people/{code}/services")
        expect(rosa.main).to_contain_text(NAME[view.language])


def a_service(ada: Hand) -> None:
    ada.press("Add a service")
    ada.sound("new-service")
    ada.press("Save this service")
    ada.sound("new-service-wrong")
    ada.fill(label_en=NAME["en"], label_es=NAME["es"], group="1", line_ovc_pmt="C5")
    ada.page.locator("main [name=area]").first.check()
    ada.press("Save this service")
    expect(ada.main).to_contain_text(NAME[ada.view.language])
    ada.sound("list-with-ours")


def a_fund(ada: Hand) -> None:
    ada.press("Add a fund")
    ada.sound("new-fund")
    ada.fill(label_en=FUND["en"], label_es=FUND["es"], a_year="100", approval_over="20")
    ada.page.locator("main [name=needs]").first.check()
    ada.press("Save this fund")
    expect(ada.main).to_contain_text(FUND[ada.view.language])
    ada.press(FUND[ada.view.language])
    ada.sound("fund")


def retires(ada: Hand) -> None:
    ada.go("/settings/services")
    ada.press(NAME[ada.view.language])
    ada.sound("service")
    ada.fill(retired="1")
    ada.press("Save this service")
    expect(ada.main).to_contain_text(ada.say("no more on offer"))
    ada.sound("list-retired")
