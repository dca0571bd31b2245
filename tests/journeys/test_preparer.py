"""A preparer seals a funder's file, a director agrees, and it is handed over once; no page shows a number of it."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from shelter.db import db as database
from tests.factories.stays import make_beds, resident
from tests.journeys.hand import DESK_ES, PHONE_EN, House, View

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
