"""An administrator makes the agency's settings her own: on a telephone in one language, at a desk in the other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shelter.db import db as database
from tests.factories.clients import begin
from tests.journeys.hand import DESK_ES, PHONE_EN, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
CALLED = "Zephyrine"
LIST, VALUE = "languages", "spa"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_every_setting_is_made_taken_out_and_taken_in(house: House, db: Any, view: View) -> None:
    code, site = begin(house.world, called=CALLED), house.world.sites["south"].hex()
    database.session.remove()
    with house.hand("administrator", view, CALLED) as ana:
        ana.menu("Settings")
        ana.sound("settings")
        before = taken_out(ana)
        a_place(ana, site)
        words_and_purpose(ana)
        a_list(ana)
        limits(ana)
        services_and_funds(ana)
        after = taken_out(ana)
        assert after["asked"]["ssn"] == "hidden"
        assert after["limits"] == {"idle_minutes": 25, "safe_contact_days": 45}
        both = {one["language"] for one in after["questions"]}
        assert both == {view.language}, "words are of the language they were written in"
        take_in(ana, before, after)
        assert ana.go(f"/people/{code}") == 403
    with house.hand("caseworker", view, CALLED) as mia:
        assert mia.go("/sessions") == 200
        assert 'data-idle-seconds="1500"' in mia.page.content()


def taken_out(ana: Hand) -> dict[str, Any]:
    with ana.page.expect_download() as kept:
        ana.page.evaluate("location.href = '/settings/file'")
    found: dict[str, Any] = json.loads(kept.value.path().read_text())
    return found


def a_place(ana: Hand, site: str) -> None:
    ana.go("/settings/sites/new")
    ana.sound("new-site")
    ana.fill(code_name="Lark House", zone="America/Chicago", night_begins="15", address="1 Hidden Lane")
    ana.page.locator("main .btn-primary").first.click()
    ana.page.wait_for_url("**/settings/")
    ana.reads("Lark House")
    ana.reads_not("Hidden Lane")
    ana.go(f"/settings/sites/{site}")
    ana.sound("site")
    for path in ("/places/", f"/places/{site}/rules"):
        assert ana.go(path) == 200
        ana.sound(path.replace(site, "site").strip("/").replace("/", "-"))


def words_and_purpose(ana: Hand) -> None:
    ana.go("/settings/fields/ssn")
    ana.sound("field")
    ana.fill(question="Zahl?", why_we_ask="For a benefit.", how="hidden")
    ana.page.locator("main .btn-primary").first.click()
    ana.page.wait_for_url("**/settings/")
    ana.reads("Zahl?", "For a benefit.")


def a_list(ana: Hand) -> None:
    ana.go(f"/settings/lists/{LIST}")
    ana.sound("list")
    ana.go(f"/settings/lists/{LIST}/{VALUE}")
    ana.sound("value")
    ana.fill(label="Castellano")
    ana.page.locator("main .btn-primary").first.click()
    ana.page.wait_for_load_state()
    ana.reads("Castellano")


def limits(ana: Hand) -> None:
    for name, value in (("safe_contact_days", "45"), ("idle_minutes", "25")):
        ana.go(f"/settings/limits/{name}")
        ana.fill(value="100000")
        ana.page.locator("main .btn-primary").first.click()
        ana.page.wait_for_selector("#error-summary")
        ana.sound("limit-refused")
        ana.fill(value=value)
        ana.page.locator("main .btn-primary").first.click()
        ana.page.wait_for_url("**/settings/")


def services_and_funds(ana: Hand) -> None:
    for path in ("/settings/services", "/settings/services/transport", "/settings/services/new", "/settings/funds/new"):
        assert ana.go(path) == 200
        ana.sound(path.removeprefix("/settings/").replace("/", "-"))
    ana.go("/settings/services/transport")
    ana.fill(label_en="A ride", label_es="Un viaje")
    ana.page.locator("main .btn-primary").first.click()
    ana.page.wait_for_url("**/settings/services")
    ana.reads("A ride" if ana.view.language == "en" else "Un viaje")


def take_in(ana: Hand, before: dict[str, Any], after: dict[str, Any]) -> None:
    """A file that is changed: first what would change, then the change; a bad one changes nothing."""
    ana.go("/settings/file/in")
    ana.sound("take-in")
    ana.page.set_input_files("main [type=file]", {"name": "bad.json", "mimeType": "application/json", "buffer": b"{]"})
    ana.page.locator("main .btn-primary").first.click()
    ana.page.wait_for_selector("#error-summary")
    ana.sound("take-in-refused")
    changed = {**after, "limits": {**after["limits"], "safe_contact_days": 60}}
    sent = {"name": "s.json", "mimeType": "application/json", "buffer": json.dumps(changed).encode()}
    ana.page.set_input_files("main [type=file]", sent)
    ana.page.locator("main .btn-primary").first.click()
    ana.page.wait_for_load_state()
    ana.reads("What would change", "60")
    ana.sound("differences")
    ana.press("Take these over")
    assert taken_out(ana) == changed
    assert before["limits"] == {}
