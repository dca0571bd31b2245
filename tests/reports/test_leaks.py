"""No byte that leaves holds a hidden number: every rendering of adversarial tables is read and searched for them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from shelter.reports import queries
from shelter.reports.catalogue import PEOPLE_SERVED
from shelter.reports.ways import WAYS
from shelter.rules.broken import Broken
from shelter.rules.disclosure.table import HIDDEN
from tests.factories.agency import World
from tests.factories.reports import Q3, crowd, publish, tell
from tests.reports.conftest import Browser
from tests.support.pdftext import said_of, words_of

STRANGE = {
    **{(3, "north"): 137, (3, "south"): 10, (3, "east"): 149, (9, "north"): 163, (9, "south"): 167, (9, "east"): 173},
    **{(15, "north"): 9, (15, "south"): 181, (15, "east"): 191, (21, "north"): 193, (21, "south"): 197},
    **{
        (21, "east"): 199,
        (29, "north"): 211,
        (29, "south"): 223,
        (29, "east"): 10,
        (39, "south"): 227,
        (60, "north"): 9,
        (70, "south"): 10,
    },
}
"""Numbers that stand nowhere else on a page; small groups among them drag larger ones into hiding."""

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SVG = "{http://www.w3.org/2000/svg}"
HOW_MANY = re.compile(r"\d+ (?:of \d+ numbers hidden|de \d+ números ocultos)")
NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.]|-\d)")


class Page(HTMLParser):
    """Everything in a page that can be read: words, and every attribute but the shapes of drawings."""

    SHAPES = frozenset({"d", "transform", "width", "height", "viewbox", "x2", "y2", "font-size"}) | {
        "stroke-width",
        "stroke-miterlimit",
    }

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if value and name not in self.SHAPES and name != "value"]


def numbers(*texts: str) -> set[int]:
    """Every number said, but for how many are hidden."""
    return {int(found) for text in texts for found in NUMBER.findall(HOW_MANY.sub("", text))}


def xlsx_words(body: bytes) -> list[str]:
    """Every text and value of every part of the file, and the names of the parts."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            root = ElementTree.fromstring(archive.read(name))  # noqa: S314 - made by this test
            for cell in root.iter(f"{MAIN}c"):
                if cell.get("t") == "s":  # the place of a shared text, which is read by itself
                    cell.clear()
            found += [name, *(text for text in root.itertext())]
            found += [value for one in root.iter() for key, value in one.attrib.items() if key in {"name", "title"}]
    return found


@pytest.fixture
def told(world: World) -> tuple[dict[int, set[int]], set[int]]:
    """Of each release the true numbers that it hides; and all of them that no release prints."""
    tell(world, *crowd(STRANGE))
    table, _ = queries.counted(world.actor("director"), PEOPLE_SERVED, Q3)
    hidden: dict[int, set[int]] = {}
    printed: set[int] = set()
    for way, coarser in WAYS.items():
        try:
            number = publish(world, way)
        except Broken:
            continue
        truth = coarser(table)
        found = queries.published(world.actor("director"), PEOPLE_SERVED, Q3, number)
        assert found is not None
        hidden[number] = {truth[key] for key, cell in found.table.rows() if cell is HIDDEN}
        printed |= {cell for cell in found.table.cells if isinstance(cell, int)}
    assert hidden[1] & set(STRANGE.values())
    return hidden, set().union(*hidden.values()) - printed


Told = tuple[dict[int, set[int]], set[int]]


def artefacts(director: Browser, number: int) -> Iterator[tuple[str, list[str]]]:
    """What a director can get of one release, as texts, in both languages."""
    home = f"/reports/people-served/2026-Q3/{number}"
    for language in ("en", "es"):
        director.client.set_cookie("__Host-lang", language, domain="localhost", secure=True)
        headers = {"Accept-Language": language}
        page = director.get(home, headers=headers)
        yield f"page {language}", Page(page.text).found
        for kind, read in READERS.items():
            answer = director.get(f"{home}.{kind}", headers=headers)
            assert answer.status_code == 200
            yield f"{kind} {language}", [*read(answer.data), answer.headers["Content-Disposition"]]


READERS: dict[str, Callable[[bytes], list[str]]] = {
    "csv": lambda body: [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row],
    "xlsx": xlsx_words,
    "pdf": lambda body: [words_of(body), *said_of(body)],
}


def test_no_rendering_holds_a_number_that_its_table_hides(
    world: World, told: Told, at: Callable[[str], Browser]
) -> None:
    hidden, _ = told
    director = at("director")
    for number, true in hidden.items():
        found = queries.published(world.actor("director"), PEOPLE_SERVED, Q3, number)
        assert found is not None
        printed = {cell for cell in found.table.cells if isinstance(cell, int)}
        for name, texts in artefacts(director, number):
            leaked = numbers(*texts) & (true - printed)
            assert not leaked, (number, name, [text for text in texts if numbers(text) & leaked])
            assert printed - {0} <= numbers(*texts), f"release {number}, {name} lacks a number"


def test_no_other_page_of_reports_holds_a_number_of_anybody(
    world: World, told: Told, at: Callable[[str], Browser]
) -> None:
    director = at("director")
    for path in (
        "/reports/",
        "/reports/how",
        "/reports/people-served/2026-Q3/prepare",
        "/reports/people-served/2026-Q4/",
    ):
        answer = director.get(path)
        assert answer.status_code == 200
        texts = [*Page(answer.text).found, *answer.headers.values()]
        assert not numbers(*texts) & (set(STRANGE.values()) - {9, 10}), path


def test_a_hidden_bar_has_the_one_length_and_says_so(told: Told, at: Callable[[str], Browser]) -> None:
    page = at("director").get("/reports/people-served/2026-Q3/1").text
    stubs, bars = [], []
    for drawing in re.findall(r"<svg .*?</svg>", page, re.S):
        root = ElementTree.fromstring(drawing)  # noqa: S314 - made by this test
        stubs += [one.attrib for one in root.iter(f"{SVG}line") if "aria-label" in one.attrib]
        bars += [one.attrib["aria-label"] for one in root.iter(f"{SVG}path") if "aria-label" in one.attrib]
    assert stubs
    assert {(one["x2"], one["stroke-width"], one["stroke-dasharray"]) for one in stubs} == {("26", "16", "2,4")}
    assert all(one["aria-label"].endswith(": Hidden to protect a small group, or another group") for one in stubs)
    assert all(re.search(r": \d+$", one) for one in bars)


def test_a_drawing_obeys_the_pages_own_policy(told: Told, at: Callable[[str], Browser]) -> None:
    page = at("director").get("/reports/people-served/2026-Q3/1").text
    drawings = re.findall(r"<svg .*?</svg>", page, re.S)
    assert len(drawings) == 2
    for drawing in drawings:
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=|href|url\(|\sid=", drawing, re.I)


def test_every_hidden_cell_of_the_table_has_the_same_mark_and_words(
    world: World, told: Told, at: Callable[[str], Browser]
) -> None:
    page = at("director").get("/reports/people-served/2026-Q3/1").text
    cells = re.findall(r"<td class=\"number is-hidden\".*?</td>", page, re.S)
    found = queries.published(world.actor("director"), PEOPLE_SERVED, Q3, 1)
    assert found is not None
    assert len(cells) == found.table.hidden_count
    assert len({re.sub(r"\s+", " ", cell) for cell in cells}) == 1
    assert f"{found.table.hidden_count} of {found.table.cell_count} numbers hidden" in page


def test_a_release_asked_for_again_is_the_same_bytes(told: Told, at: Callable[[str], Browser], world: World) -> None:
    director = at("director")
    once = {kind: director.get(f"/reports/people-served/2026-Q3/1.{kind}").data for kind in READERS}
    tell(world, *crowd({(50, "north"): 30}))
    assert {kind: director.get(f"/reports/people-served/2026-Q3/1.{kind}").data for kind in READERS} == once
