"""A director releases the closed quarter: she confirms, sees the table, keeps it as files, and meets no client."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from shelter.db import db as database
from tests.factories.clients import begin
from tests.factories.reports import mixed, tell
from tests.factories.stays import make_beds, resident
from tests.journeys.hand import DESK_EN, PHONE_ES, Hand, House, View
from tests.support.pdftext import words_of

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
CODE = re.compile(r"\b[0-9A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]\b")
HOME = "/reports/people-served/2026-Q3"


@pytest.mark.parametrize("view", [DESK_EN, PHONE_ES], ids=str)
def test_a_closed_quarter_becomes_a_table_in_which_nobody_is_found(house: House, view: View, tmp_path: Path) -> None:
    beds = make_beds(house.world)
    codes = (resident(house.world, beds["A"], called="Lucero"), begin(house.world, called="Noor"))
    tell(house.world, *mixed(150))
    database.session.remove()
    with house.hand("director", view, "Lucero", "Noor") as grace:
        grace.sound("gallery")
        grace.press("Take in what is new")
        takes_her_time(grace, codes)
        publishes(grace)
        table_with_hidden_cells(grace)
        files_hold_the_same(grace, tmp_path, codes)
        how_we_check(grace)
        no_way_to_a_client(grace, codes)


def takes_her_time(grace: Hand, codes: tuple[str, ...]) -> None:
    grace.follow(f"{HOME}/")
    grace.sound("prepare")
    grace.reads_not(*codes)
    assert grace.main.locator("table").count() == 0


def publishes(grace: Hand) -> None:
    """After ten minutes her passphrase is asked again; what she chose goes along."""
    grace.fill(way="as-asked")
    grace.house.hours.later(timedelta(minutes=11))
    grace.press("Publish this table")
    grace.sound("confirm")
    grace.fill(passphrase=grace.member.passphrase)
    grace.press("Confirm")
    grace.sound("repeat")
    grace.page.locator("main .btn-primary").first.click()
    grace.page.wait_for_url(f"**{HOME}/1")


def table_with_hidden_cells(grace: Hand) -> None:
    hidden = grace.main.locator("td.is-hidden")
    assert hidden.count() >= 2
    said = hidden.first.locator(".visually-hidden").inner_text()
    assert said
    assert not re.search(r"\d", said)
    charts = grace.main.locator(".chart svg")
    assert charts.count() >= 1
    grace.sound("table")
    grace.hides()
    assert CODE.findall(grace.main.inner_text()) == []


def files_hold_the_same(grace: Hand, folder: Path, codes: tuple[str, ...]) -> None:
    texts = {kind: kept(grace, folder, kind) for kind in ("CSV", "XLSX", "PDF")}
    rows = list(csv.reader(io.StringIO(texts["CSV"].decode("utf-8-sig"))))
    shown = [cell.inner_text().strip() for cell in grace.main.locator("tbody td:not(.is-hidden)").all()]
    in_file = [cell for row in rows for cell in row[1:]]
    assert [number for number in shown if number not in in_file] == []
    with ZipFile(io.BytesIO(texts["XLSX"])) as book:
        sheets = b"".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))
    for text in (texts["CSV"], sheets, words_of(texts["PDF"]).encode()):
        assert not any(code.encode() in text for code in codes)


def kept(grace: Hand, folder: Path, kind: str) -> bytes:
    with grace.page.expect_download() as download:
        grace.main.get_by_role("link", name=kind, exact=True).click()
    path = folder / kind
    download.value.save_as(path)
    assert re.fullmatch(r"[a-z0-9-]+\." + kind.lower(), download.value.suggested_filename.lower())
    return path.read_bytes()


def how_we_check(grace: Hand) -> None:
    grace.press("How we check")
    grace.reads("How we check that nobody can be recognised")
    grace.sound("how")
    grace.hides()


def no_way_to_a_client(grace: Hand, codes: tuple[str, ...]) -> None:
    inside = ("", "/plan/", "/stay", "/papers", "/matters", "/intake", "/looked")
    for path in ("/people", "/people/find", "/beds", "/today", *(f"/people/{codes[0]}{end}" for end in inside)):
        assert grace.go(path) == 403, path
    grace.sound("refused")
    for path in ("/reports/", f"{HOME}/1", "/beds/counts"):
        assert grace.go(path) == 200
        grace.hides()
        assert CODE.findall(grace.main.inner_text()) == []
    grace.sound("counts")
