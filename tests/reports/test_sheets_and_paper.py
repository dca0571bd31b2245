"""What a director hands on, opened by other libraries: a workbook without formulas, a paper for a screen reader."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from shelter.reports import chart, paper, sheets
from shelter.reports.catalogue import PEOPLE_SERVED, REPORTS, spec_of
from shelter.reports.queries import Published
from shelter.reports.shown import Sheet, sheet_of
from shelter.reports.ways import WAYS, ways_of
from shelter.reports.words import ways_words
from shelter.rules.disclosure.release import Release, protect_and_audit
from shelter.rules.disclosure.table import CountTable
from tests.factories.reports import Q3
from tests.support.pdftext import said_of, tags, words_of

ON = date(2026, 10, 20)
FIRST, SECOND = "a" * 32, "b" * 32
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(autouse=True)
def _asked(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def a_release(way: str = "as-asked", **sites: str) -> Published:
    counts = {("18-24", FIRST): 4, ("18-24", SECOND): 60, ("25-34", FIRST): 75, ("25-34", SECOND): 130}
    table = WAYS[way](CountTable.from_counts(spec_of(REPORTS[PEOPLE_SERVED], Q3, [FIRST, SECOND]), counts))
    release = protect_and_audit(table)
    assert isinstance(release, Release)
    names = {FIRST: sites.get("first", "North House"), SECOND: sites.get("second", "South House")}
    return Published(PEOPLE_SERVED, Q3, 4, release.numbered(4).protected, names, "Ana", ON, ())


def rows_of(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(f"xl/{name}.xml"))  # noqa: S314 - made by this test


def workbook(body: bytes) -> tuple[dict[str, str], list[str], str]:
    """Cells by address, formulas and links, the name of the one sheet."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        shared = ["".join(one.itertext()) for one in part(archive, "sharedStrings")]
        page, book = part(archive, "worksheets/sheet1"), part(archive, "workbook")
    cells = {}
    for cell in page.iter(f"{MAIN}c"):
        value = cell.findtext(f"{MAIN}v") or ""
        cells[cell.attrib["r"]] = shared[int(value)] if cell.get("t") == "s" else value
    runs = [one.tag for one in page.iter() if one.tag in {f"{MAIN}f", f"{MAIN}hyperlink"}]
    return cells, runs, next(book.iter(f"{MAIN}sheet")).attrib["name"]


def grid(sheet: Sheet) -> list[list[str]]:
    return [[sheet.heading, *sheet.columns], *([line.label, *(c.text for c in line.cells)] for line in sheet.lines)]


@pytest.mark.parametrize("way", WAYS)
def test_page_and_sheets_hold_the_same_table_and_the_same_words_below(way: str) -> None:
    sheet = sheet_of(a_release(way))
    rows = rows_of(sheets.csv_of(sheet))
    assert rows[0] == [sheet.title]
    assert rows[2 : 3 + len(sheet.lines)] == grid(sheet)
    assert [row[0] for row in rows[-len(sheet.footer) :]] == list(sheet.footer)
    cells, runs, _ = workbook(sheets.xlsx_of(sheet, ON))
    across = "ABCDEFG"
    written = [[cells[f"{across[x]}{y + 3}"] for x in range(len(line))] for y, line in enumerate(grid(sheet))]
    assert written == grid(sheet)
    assert runs == []
    assert set(sheet.footer) | {sheet.note} <= set(cells.values())


def test_another_library_reads_the_sheet_as_it_is_shown() -> None:
    sheet = sheet_of(a_release())
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheets.xlsx_of(sheet, ON)))
    (name,) = book.sheet_names
    read = [
        [str(int(c)) if isinstance(c, float) else str(c) for c in row]
        for row in book.get_sheet_by_name(name).to_python()
    ]
    shown = grid(sheet)
    at = next(place for place, row in enumerate(read) if row[0] == sheet.heading)
    assert [row[: len(shown[0])] for row in read[at : at + len(shown)]] == shown


def test_what_stands_below_says_period_population_method_and_number() -> None:
    sheet = sheet_of(a_release())
    assert sheet.footer[0] == "Period: July to September 2026"
    assert "slept in one of our beds" in sheet.footer[1]
    assert "fewer than 11" in sheet.footer[2]
    assert sheet.footer[3] == "Release 4, published on 20 October 2026. It does not change."
    assert sheet.file_stem == "people-served-2026-Q3-no-4"


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_a_site_named_like_a_formula_is_a_text(name: str) -> None:
    sheet = sheet_of(a_release(first=name))
    for row in rows_of(sheets.csv_of(sheet)):
        assert not [cell for cell in row if cell[:1] in set("=+-@\t\r")]
    cells, runs, _ = workbook(sheets.xlsx_of(sheet, ON))
    assert runs == []
    assert not [cell for cell in cells.values() if cell[:1] in set("=+-@\t\r")]
    assert f"'{name}" in cells.values()


def test_neither_a_file_nor_a_sheet_nor_a_property_is_named_for_a_site_or_a_person() -> None:
    sheet = sheet_of(a_release(first="Quellmann House"))
    body = sheets.xlsx_of(sheet, ON)
    _, _, name = workbook(body)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        properties = archive.read("docProps/core.xml") + archive.read("docProps/app.xml")
    for said in (name, sheet.file_stem, properties.decode()):
        assert "Quellmann" not in said
        assert "Ana" not in said


def test_the_paper_says_what_the_sheet_says() -> None:
    sheet = sheet_of(a_release())
    words = " ".join(words_of(paper.pdf_of(sheet, ON)).split())
    for said in (
        sheet.title,
        sheet.says,
        sheet.note,
        *sheet.footer,
        *sheet.columns,
        *(line.label for line in sheet.lines),
    ):
        assert " ".join(said.split()) in words


def test_the_paper_is_tagged_for_a_screen_reader() -> None:
    sheet = sheet_of(a_release())
    body = paper.pdf_of(sheet, ON)
    with pikepdf.open(io.BytesIO(body)) as document:
        kinds = Counter(str(element.get("/S")) for element in tags(document))
        assert document.Root.Lang == "en"
        assert document.Root.MarkInfo.Marked
        assert document.docinfo["/Title"] == sheet.title
        assert "/Author" not in document.docinfo
        assert document.open_metadata()["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    assert kinds["/H1"] == 1
    assert kinds["/Table"] == 1
    assert kinds["/TH"] == 1 + len(sheet.columns)
    assert kinds["/Figure"] == len(sheet.charts) == len(said_of(body))
    assert "18 to 24: " in said_of(body)[0]


@pytest.mark.parametrize("name", ["Casa Ñandú", "Дом Север", "#set page()", '"; panic("x") //', "希望之家", "بيت"])
def test_a_site_of_any_name_is_set_as_it_is_called(name: str) -> None:
    body = paper.pdf_of(sheet_of(a_release(first=name)), ON)
    with pikepdf.open(io.BytesIO(body)) as document:
        assert len(document.pages) == 1
    if name.isascii():
        assert name in words_of(body)


def test_setting_a_paper_leaves_nothing_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(empty))
    paper.pdf_of(sheet_of(a_release()), ON)
    assert list(empty.iterdir()) == []


def test_the_same_release_is_the_same_bytes_and_another_is_not() -> None:
    sheet = sheet_of(a_release())
    other = replace(sheet, note="Another note.")
    for made in (
        sheets.csv_of,
        lambda one: sheets.xlsx_of(one, ON),
        lambda one: paper.pdf_of(one, ON),
    ):
        assert made(sheet) == made(sheet) != made(other)


def test_sites_stand_in_the_order_of_their_names_with_no_site_after_them() -> None:
    sheet = sheet_of(a_release(first="Zeta", second="Alpha"))
    assert sheet.columns == ("Alpha", "Zeta", "No site", "All sites")
    assert [line.total for line in sheet.lines] == [False] * (len(sheet.lines) - 1) + [True]


def of_report(code: str, way: str = "as-asked") -> Published:
    """A release of any table of the catalogue, many in every fourth cell and two in another."""
    report = REPORTS[code]
    spec = spec_of(report, Q3, [FIRST, SECOND])
    few = 0 if report.rows is None else 2
    much = 4 * report.threshold(Q3)
    counts = {key: much if place % 4 == 0 else few * (place % 4 == 1) for place, key in enumerate(spec.inner_keys())}
    release = protect_and_audit(ways_of(report)[way](CountTable.from_counts(spec, counts)), report.threshold(Q3))
    assert isinstance(release, Release)
    return Published(code, Q3, 4, release.numbered(4).protected, {FIRST: "North", SECOND: "South"}, "Ana", ON, ())


def test_every_version_of_every_report_has_words_for_all_that_it_tells_apart() -> None:
    for code, report in REPORTS.items():
        named = ways_words(code)
        for way in ways_of(report):
            sheet = sheet_of(of_report(code, way))
            labels = [line.label for line in sheet.lines]
            assert named[way]
            assert len(set(labels)) == len(labels)
            assert sheet.total is None or sheet.lines[-1].total


def test_the_paper_of_a_later_table_is_tagged_too_and_cuts_no_label_off() -> None:
    for code, said in (("control", "Food, rest or care withheld"), ("nights", "North"), ("race", "American Indian,")):
        found = sheet_of(of_report(code))
        with pikepdf.open(io.BytesIO(paper.pdf_of(found, ON))) as document:
            kinds = Counter(str(element.get("/S")) for element in tags(document))
            assert document.open_metadata()["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert (kinds["/H1"], kinds["/Table"], kinds["/Figure"]) == (1, 1, len(found.charts))
        svg = chart.draw(found.charts[0], found.hidden)
        drawn = " ".join(" ".join(ElementTree.fromstring(svg).itertext()).split())  # noqa: S314 - made by this test
        assert "\u2026" not in svg
        assert said in drawn
