"""The measure of pages finds what axe lets pass, and nothing on a sound page."""

import pytest
from playwright.sync_api import Browser

from tests.support.pages import anatomy_faults, axe_findings

pytestmark = pytest.mark.journey

SOUND = """<!doctype html><html lang="en"><head><title>Error: Beds</title></head><body><main><h1>Beds</h1>
<div role="alert"><h2>Look again</h2><a href="#bed">Choose a bed</a></div>
<form method="post"><input type="hidden" name="csrf_token">
<label for="bed">Bed</label><p id="why">Choose a bed</p>
<input id="bed" name="bed" aria-invalid="true" aria-describedby="why">
<fieldset><legend>Meals</legend><label><input type="radio" name="m"> Yes</label>
<label><input type="radio" name="m"> No</label></fieldset><button><br>Save this bed</button></form>
</main></body></html>"""

BROKEN = {
    "without fieldset and legend": ("<fieldset><legend>Meals</legend>", "<fieldset>"),
    "not tied to its field": (' aria-describedby="why"', ""),
    "points nowhere": ('aria-describedby="why"', 'aria-describedby="gone"'),
    "without a summary": ('role="alert"', 'role="note"'),
    "does not link to": ('href="#bed"', 'href="#top"'),
    "title does not begin": ("Error: Beds", "Beds"),
    "without its token": ('<input type="hidden" name="csrf_token">', ""),
    "without a label": ('<label for="bed">Bed</label>', ""),
    "exactly one h1": ("<h1>Beds</h1>", ""),
    "inline handler": ("<button>", '<button onclick="leave()">'),
    "inline style": ("<button>", '<button style="color: red">'),
    "wider than the window": ("<h1>Beds</h1>", f"<h1>{'B' * 400}</h1>"),
    "under 24 px": ("<button><br>", "<button>"),
}


def faults(chromium: Browser, content: str) -> list[str]:
    with chromium.new_page() as page:
        page.set_content(content)
        return anatomy_faults(page)


def test_a_sound_page_has_no_faults(chromium: Browser) -> None:
    assert faults(chromium, SOUND) == []


@pytest.mark.parametrize("what", BROKEN)
def test_a_page_broken_in_one_place_has_a_fault(chromium: Browser, what: str) -> None:
    assert BROKEN[what][0] in SOUND
    found = faults(chromium, SOUND.replace(*BROKEN[what]))
    assert [fault for fault in found if what in fault]


def test_axe_runs_and_finds_a_field_without_a_name(chromium: Browser) -> None:
    with chromium.new_page() as page:
        page.set_content(SOUND.replace(*BROKEN["without a label"]))
        assert any(finding.startswith("label:") for finding in axe_findings(page))
