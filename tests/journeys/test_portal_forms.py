"""Each of the newer forms from the records to the portal: FVPSA, OVC's trafficking grants, OTIP's two workbooks; and a
record of one person under her own release.
"""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pytest
from python_calamine import CalamineWorkbook

from shelter.clients.actions import SaveHappened, SaveHerself, save_happened, save_herself
from shelter.db import db as database
from shelter.rules.performance import form_of
from tests.factories.clients import begin
from tests.factories.releases import live
from tests.factories.services import enter
from tests.factories.stays import make_beds, resident
from tests.journeys.hand import DESK_EN, DESK_ES, PHONE_EN, PHONE_ES, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
HOME = "/funder-files/"
OVER = date(2026, 9, 30)
FORMS = {
    "fvpsa_ppr": (PHONE_EN, "citizen"),
    "tims": (DESK_ES, "none"),
    "tvap": (DESK_EN, "none"),
    "dvht": (PHONE_ES, "citizen"),
}


def somebody(house: House, immigration: str) -> str:
    """She came in the quarter, was asked, and was driven; trafficked, and hurt at home."""
    world = house.world
    code = resident(world, make_beds(world)["A"], called="Lucero", since=date(2026, 9, 3))
    asked = {"trafficking_status": "actual", "trafficking_kind": "labor"}
    harm = ("domestic_violence", "trafficking_labor")
    save_happened(world.actor("caseworker"), SaveHappened(code, 0, victimisations=harm, **asked))
    save_herself(world.actor("caseworker"), SaveHerself(code, 0, immigration_at_intake=immigration, sex_asked="female"))
    enter(world, code, what="transport", on=date(2026, 9, 4))
    database.session.remove()
    return code


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_filled_looked_into_agreed_and_handed_over_once(house: House, form: str, tmp_path: Path) -> None:
    view, immigration = FORMS[form]
    code = somebody(house, immigration)
    version = form_of(form).on(OVER)
    assert version is not None
    with house.hand("preparer", view, "Lucero", code) as wei:
        if version.sheet:
            wei.go(f"{HOME}grants")
            wei.fill(name="90ZV0001", form=form)
            wei.page.locator("main .btn-primary").first.click()
            wei.reads("90ZV0001")
        wei.go(f"{HOME}portal")
        grant = wei.main.locator("[name=grant] option:not([value=''])")
        chosen = {"grant": str(grant.first.get_attribute("value"))} if version.sheet else {}
        wei.fill(form=form, period="2026-4", purpose="For the state", **chosen)
        wei.page.locator("main .btn-primary").first.click()
        wei.sound(f"counted-{form}")
        counted_says(wei, form)
        wei.hides()
    with house.hand("director", DESK_EN, "Lucero", code) as grace:
        grace.go(HOME)
        grace.press("Agree to hand it over")
        grace.hides()
    with house.hand("preparer", view, "Lucero", code) as wei:
        wei.go(HOME)
        with wei.page.expect_download() as waiting:
            wei.page.locator("main .btn-primary", has_text=re.compile("once|una sola vez")).click()
        waiting.value.save_as(tmp_path / "form.zip")
        wei.go(HOME)
        assert wei.main.get_by_role("button", name=re.compile("once|una sola vez")).count() == 0
    files_open_elsewhere(tmp_path / "form.zip", form, code)


def counted_says(wei: Hand, form: str) -> None:
    """The words of the form itself, which are the funder's and stay in English."""
    version = form_of(form).on(OVER)
    assert version is not None
    said = wei.main.inner_text()
    always = [one.heading for one in version.section if one.events and one.rows_of != "found" and not one.last_only]
    assert [heading for heading in always if heading not in said] == []


def files_open_elsewhere(path: Path, form: str, code: str) -> None:
    """Sheets and pages by libraries that did not make them; in none stands who she is."""
    with ZipFile(path) as archive:
        names = set(archive.namelist())
        sheet = archive.read(f"{form}.xlsx")
        document = pikepdf.open(io.BytesIO(archive.read(f"{form}.pdf")))
        raw = b"".join(archive.read(one) for one in names)
    assert {f"{form}.csv", f"{form}.xlsx", f"{form}.pdf"} <= names
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheet))
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert 1 in cells, "she stands in it, as a number"
    with ZipFile(io.BytesIO(sheet)) as parts:
        assert [one for one in parts.namelist() if one.startswith("xl/worksheets/") and b"<f>" in parts.read(one)] == []
    with document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang)
        assert document.open_metadata()["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    told = " ".join(map(str, cells))
    assert not [word for word in ("Lucero", code) if word in told or word.encode() in raw]


@pytest.mark.parametrize("view", [PHONE_ES, DESK_EN], ids=str)
def test_a_record_of_one_person_leaves_under_her_own_release(house: House, view: View, tmp_path: Path) -> None:
    code = begin(house.world, called="Lucero")
    said = SaveHappened(code, 0, trafficking_status="actual", control=("debt_bondage",))
    save_happened(house.world.actor("caseworker"), said)
    release = live(house.world, code, items=("happened", "served"))
    database.session.remove()
    with house.hand("caseworker", view) as rosa:
        rosa.go(f"/people/{code}/releases/{release.hex()}")
        rosa.follow("/case-record")
        rosa.sound("case-record")
        rosa.fill(items="happened", method="phone")
        with rosa.page.expect_download() as waiting:
            rosa.page.locator("main .btn-primary").first.click()
        assert code not in waiting.value.suggested_filename
        waiting.value.save_as(tmp_path / "record.json")
        told = json.loads((tmp_path / "record.json").read_text())
        assert told["methodsOfControl"] == ["Debt bondage"]
        assert not [word for word in (code, "Lucero") if word in repr(told)]
        rosa.go(f"/people/{code}/releases/{release.hex()}")
        rosa.sound("release-after-a-record")
    with house.hand("preparer", DESK_EN, "Lucero") as wei:
        assert wei.go(f"/people/{code}/releases/{release.hex()}/case-record") == 403
