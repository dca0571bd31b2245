"""A preparer seals a funder's file or fills a portal's form, a director agrees, and it is handed over once.

No list shows a number of it; how a form was counted is shown to its preparer alone, and names nobody.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from shelter.db import db as database
from tests.factories.services import enter
from tests.factories.stays import make_beds, resident
from tests.journeys.hand import DESK_EN, DESK_ES, PHONE_EN, PHONE_ES, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
HOME = "/funder-files/"


@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_two_people_hand_a_sealed_file_over_once(house: House, view: View, tmp_path: Path) -> None:
    resident(house.world, make_beds(house.world)["A"], called="Lucero")
    database.session.remove()
    with house.hand("preparer", view, "Lucero") as wei:
        wei.go(f"{HOME}prepare")
        wei.sound("prepare")
        wei.fill(report="caper", rules="fy2026", first="2025-01-01", last="2025-12-31", purpose="For the county")
        wei.press("Compute and seal")
        wei.sound("sealed")
        wei.reads_not("Agree to hand it over", "Q5a")
        assert wei.page.locator("main table").count() == 0
    with house.hand("director", view, "Lucero") as grace:
        grace.go(HOME)
        grace.press("Agree to hand it over")
        grace.sound("agreed")
    with house.hand("preparer", view, "Lucero") as wei:
        wei.go(HOME)
        with wei.page.expect_download() as waiting:
            wei.page.locator("main .btn-primary", has_text=re.compile("once|una sola vez")).click()
        waiting.value.save_as(tmp_path / "file.zip")
        assert "Q5a.csv" in ZipFile(tmp_path / "file.zip").namelist()
        wei.go(HOME)
        wei.reads("Handed over")


def test_a_quarter_for_the_portal_with_a_question_and_a_second_person(house: House, tmp_path: Path) -> None:
    code = resident(house.world, make_beds(house.world)["A"], called="Lucero", since=date(2026, 9, 3))
    enter(house.world, code, what="transport", on=date(2026, 9, 8))
    database.session.remove()
    with house.hand("preparer", PHONE_EN, "Lucero", code) as wei:
        wei.go(f"{HOME}portal")
        wei.sound("portal")
        wei.fill(form="ovc_pmt", period="2026-4", purpose="VOCA, for the state")
        wei.press("Count and seal")
        wei.sound("counted")
        wei.reads("Transportation assistance", "What the portal would ask about")
        wei.hides()
        wei.press("Ask about a number")
        wei.fill(number="8|B9", words="Was this our van?")
        wei.sound("ask")
        wei.press("Ask")
        wei.hides()
        wei.go(f"{HOME}grants")
        wei.sound("grants")
    with house.hand("caseworker", PHONE_ES) as rosa:
        rosa.go("/services")
        rosa.press("Numbers asked about")
        rosa.sound("asked-about")
        rosa.reads("Was this our van?", "Lucero")
    with house.hand("director", DESK_ES, "Lucero", code) as grace:
        grace.go(HOME)
        grace.reads_not("Transportation assistance")
        grace.press("Agree to hand it over")
    with house.hand("preparer", DESK_EN, "Lucero", code) as wei:
        wei.go(HOME)
        with wei.page.expect_download() as waiting:
            wei.press("Hand it over, once")
        waiting.value.save_as(tmp_path / "pmt.zip")
        assert {"ovc_pmt.csv", "ovc_pmt.xlsx", "ovc_pmt.pdf"} == set(ZipFile(tmp_path / "pmt.zip").namelist())
    with house.hand("caseworker", PHONE_EN) as rosa:
        assert rosa.go("/numbers-asked-about") == 200
        rosa.reads("Nothing is asked.")
