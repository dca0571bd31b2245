"""Every kind of spreadsheet: what is wrong is shown by row, column and reason, what somebody put into a cell to do harm
is nowhere on a page and harmless in the file that goes back; the right one comes in and is taken back.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from shelter.clients.queries import agency_today
from shelter.db import db as database
from tests.factories.clients import begin
from tests.factories.sheets import as_csv, brought
from tests.factories.stays import make_beds
from tests.journeys.hand import DESK_ES, PHONE_EN, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
SCRIPT, FORMULA, TURNED = "<img src=x onerror=alert(1)>", '=HYPERLINK("http://evil.example","x")', "\u202eevil\u0007"
HOSTILE = (SCRIPT, FORMULA, TURNED)
KINDS = {
    ("clients", "households"): "supervisor",
    ("stays", "services", "papers"): "supervisor",
    ("matters", "deadlines"): "legal_supervisor",
}
"""Which go together, and who brings them in."""
Sheet = tuple[list[str], list[str]]


def sheets(code: str) -> dict[str, Sheet]:
    """Headings, and a row that is right, by kind."""
    day = (agency_today() - timedelta(days=30)).isoformat()
    return {
        "clients": (["Client ID", "Legal name", "DOB"], ["A-1", "Berengaria Folkvang", "1990-02-03"]),
        "households": (["Code", "Family", "Head"], [code, "f1", "yes"]),
        "stays": (["Code", "Arrived", "Left"], [code, day, (agency_today() - timedelta(days=20)).isoformat()]),
        "services": (["Code", "Service", "Date", "Why"], [code, "transport", day, "before she came"]),
        "papers": (["Code", "Paper", "Country"], [code, "foreign_passport", "HND"]),
        "matters": (["Code", "Matter", "Opened"], [code, "t_visa", day]),
        "deadlines": (["Code", "Rule", "Counted from", "By mail"], [code, "address.dhs", day, ""]),
    }


@pytest.mark.parametrize("kinds", KINDS, ids=" ".join)
@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_every_kind_is_looked_at_refused_with_reasons_brought_in_and_taken_back(
    house: House, view: View, kinds: tuple[str, ...], tmp_path: Path
) -> None:
    make_beds(house.world)
    code = begin(house.world, called="Lucero")
    matter = [["Code", "Matter", "Opened"], [code, "asylum", "2026-02-03"]]
    brought(house.world.actor("legal_supervisor"), "matters", matter)
    database.session.remove()
    with house.hand(KINDS[kinds], view) as one:
        one.page.on("dialog", lambda dialog: pytest.fail(f"a cell ran: {dialog.message}"))
        for kind in kinds:
            headings, right = sheets(code)[kind]
            refuses_what_is_hostile(one, tmp_path, kind, [headings, right, *hostile(right)])
            brings_in_and_takes_back(one, tmp_path, kind, [headings, right])


def hostile(right: list[str]) -> list[list[str]]:
    """The row again with one cell after the other put to harm."""
    return [[*right[:at], HOSTILE[at % len(HOSTILE)], *right[at + 1 :]] for at in range(len(right))]


def send(one: Hand, path: Path, kind: str, rows: list[list[str]]) -> None:
    path.write_bytes(as_csv(rows).getvalue())
    one.go("/sheets/")
    one.press("Send a spreadsheet")
    one.fill(what=kind)
    one.page.locator("main [name=file]").set_input_files(path)
    one.press("Send it")
    one.sound(f"{kind}-columns")
    one.press("Look at what would come in")


def refuses_what_is_hostile(one: Hand, folder: Path, kind: str, rows: list[list[str]]) -> None:
    send(one, folder / f"{kind}.csv", kind, rows)
    one.sound(f"{kind}-wrong")
    expect(one.main.locator("table").first).to_be_visible()
    shown = one.page.content()
    assert not [words for words in ("onerror", "HYPERLINK", "evil") if words in shown], kind
    expect(one.main.get_by_role("link", name=one.say("Go on to bring them in"))).to_have_count(0)
    with one.page.expect_download() as waiting:
        one.press("Take these rows with the reasons (XLSX)")
    path = folder / f"{kind}-reasons.xlsx"
    waiting.value.save_as(path)
    cells = [
        str(cell) for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python() for cell in row
    ]
    kept = [words for words in rows[2] + rows[3] if words in HOSTILE[:2]]
    assert all(words in cells for words in kept), "as text, or it would run where it is opened"
    one.press("Throw this file away")


def brings_in_and_takes_back(one: Hand, folder: Path, kind: str, rows: list[list[str]]) -> None:
    send(one, folder / f"{kind}-right.csv", kind, rows)
    one.sound(f"{kind}-right")
    one.press("Go on to bring them in")
    one.sound(f"{kind}-bring")
    one.fill(sure="1")
    one.press("Bring it in")
    one.reads("All of it is in.")
    one.sound(f"{kind}-in")
    one.press("Take back")
    one.fill(sure="1")
    one.press("Take it back")
    one.reads("The whole sheet was taken back.")
