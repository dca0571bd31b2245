"""Every promise that a page makes names the test that keeps it, and that test is there."""

import re

import pytest

from tests.support.sources import ROOT

PAGES = {"docs/threat-model.md": 35, "docs/asvs.md": 70}
NAMED = re.compile(r"`(tests/[^`]*)`")


def rows(page: str) -> list[list[str]]:
    """The rows of every table whose last column is called "test"."""
    found, inside = [], False
    for line in (ROOT / page).read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[-1] == "test":
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and set(cells[-1]) != {"-"}:
            found.append(cells)
    return found


def is_there(named: str) -> bool:
    path, _, name = named.partition("::")
    place = ROOT / path
    if not name:
        return place.exists()
    return place.is_file() and re.search(rf"def {re.escape(name)}\b", place.read_text()) is not None


@pytest.mark.parametrize("page", PAGES)
def test_every_promise_names_its_test(page: str) -> None:
    found = rows(page)
    assert len(found) >= PAGES[page]
    bare = [cells[0] for cells in found if not NAMED.search(cells[-1])]
    assert bare == []


@pytest.mark.parametrize("page", PAGES)
def test_every_named_test_is_there(page: str) -> None:
    named = {one for cells in rows(page) for one in NAMED.findall(cells[-1])}
    assert {one for one in named if not is_there(one)} == set()
