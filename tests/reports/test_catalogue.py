"""The whole catalogue: populations lie inside those served, flows add up to years, and every table holds its secrets
beside all the others.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from shelter.db import new_id
from shelter.db.inbox import Coded, Fact, emit
from shelter.policy.kinds import Kind
from shelter.reports import queries
from shelter.reports.actions import Publish, publish
from shelter.reports.catalogue import REPORTS, SITE, Quarter, spec_of
from shelter.reports.counting import rows_of
from shelter.reports.ways import AS_ASKED, ways_of
from shelter.rules.broken import Broken
from shelter.rules.disclosure.primary import DEFAULT_K
from shelter.rules.disclosure.release import Release
from shelter.rules.disclosure.spec import TOTAL
from shelter.rules.disclosure.table import HIDDEN
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.reports import Q3, mixed, tell
from tests.reports.conftest import Browser
from tests.reports.reader import Reader

At = Callable[[str], Browser]
SITES = ("aa", "bb")
YEAR = [Quarter(2025, number) for number in (1, 2, 3, 4)]
DRAWN = {
    "demographics": {"race": ("White", "Asian", "unknown"), "sex": ("female", "male"), "violence": ("survivor", "no")},
    "leaving": {"place": ("permanent", "temporary")},
    "matter": {"matter": ("t-visa", "asylum"), "outcome": ("granted", "denied", "ended", "")},
    "stay": {"stay": ("7", "90")},
    "happened": {"control": ("debt_bondage substances", "debt_bondage", ""), "exploitation": ("sexual", "begging")},
    "herself": {"country": ("HND", "PHL", "")},
    "service": {"service": ("case_management", "crisis", "transport")},
    "goal": {"area": ("housing", "legal", "")},
    "paper": {"how": ("recovered", "replaced"), "time": ("month", "year")},
}


def any_fact(draw: Random, person: int, what: str) -> Fact:
    begins = draw.randrange(12)
    ends = min(11, begins + draw.randrange(4))
    until = f"2025-{ends + 1:02d}" if what == "leaving" or draw.random() < 0.8 else ""
    values: dict[str, str | int] = {word: draw.choice(choices) for word, choices in DRAWN[what].items()}
    if what == "paper" and until:
        values["back"] = until
    values |= {"site": draw.choice((*SITES, "")), "from": f"2025-{begins + 1:02d}", "until": until}
    return Fact(
        source=draw.randbytes(32), origin="shelter", version=1, generation=1, person=bytes([person]) * 16,
        what=what, values=values,
    )  # fmt: skip


def any_facts(seed: int) -> list[Fact]:
    draw = Random(seed)
    return [
        any_fact(draw, person, draw.choice(list(DRAWN))) for person in range(60) for _ in range(draw.randrange(1, 5))
    ]


@pytest.mark.parametrize("seed", range(8))
def test_every_population_lies_inside_those_served_site_by_site(world: World, seed: int) -> None:
    facts = any_facts(seed)
    for quarter in YEAR:
        served = Counter(site for _, site in rows_of(REPORTS["people-served"], facts, quarter, SITES))
        for report in REPORTS.values():
            if report.rows is None:
                continue
            rows = rows_of(report, facts, quarter, SITES)
            for line in report.rows.categories if report.rows.several else [""]:
                assert Counter(site for category, site in rows if not line or category == line) <= served, report.code
            assert {category for category, _ in rows} <= set(report.rows.categories)
            if report.population == "served":
                assert Counter(site for _, site in rows) == served


@pytest.mark.parametrize("seed", range(8))
def test_new_people_of_four_quarters_are_those_of_the_year(seed: int) -> None:
    facts, report = any_facts(seed), REPORTS["people-new"]
    quarters = Counter(row[0] for quarter in YEAR for row in rows_of(report, facts, quarter, SITES))
    assert quarters == Counter(row[0] for row in rows_of(report, facts, Quarter(2025, 0), SITES))


def test_a_year_knows_no_sites_and_only_what_stays_the_same_in_it() -> None:
    assert [one.code for one in spec_of(REPORTS["race"], Quarter(2025, 0), ["aa"]).dimensions] == ["race"]
    by_newest = {"stay-length", "destinations", "matters", "outcomes", "matters-outcomes", "recovery-time"}
    assert {one.code for one in REPORTS.values() if not one.is_yearly} == by_newest
    assert [one.code for one in spec_of(REPORTS["nights"], Quarter(2025, 0), ["aa"]).dimensions] == ["site"]
    assert set(ways_of(REPORTS["race"], by_site=False)) == {AS_ASKED, "race-few"}


def _said(client: bytes, what: str, values: dict[str, str | int]) -> Coded:
    row = {"client": client, "table": what, "row": new_id(), "section": "said"}
    return Coded(**row, origin=Kind.ADVOCACY, version=1, what=what, values=values)  # type: ignore[arg-type]


def told(world: World, how_many: int = 140) -> None:
    """People and what is said of each, uneven on purpose."""
    draw = Random(7)
    people = mixed(how_many)
    tell(world, *people)
    supervisor, site = world.actor("supervisor"), world.sites["north"].hex()
    coded = []
    for one in people:
        for what, words in DRAWN.items():
            if what in ("stay", "paper") or draw.random() < 0.5:
                continue
            said: dict[str, str | int] = {word: draw.choice((*some, some[0])) for word, some in words.items()}
            coded.append(_said(one.id, what, said | {"site": site, "from": "2026-08", "until": "2026-08"}))
    with recorded(supervisor, "told"):
        emit(supervisor, coded)


def test_no_hidden_number_of_any_table_stands_in_another(world: World, at: At) -> None:
    told(world)
    director, browser = world.actor("director"), at("director")
    published = 0
    for report in REPORTS.values():
        truth, _ = queries.counted(director, report.code, Q3)
        for way, make in ways_of(report).items():
            try:
                given = publish(director, Publish(report.code, Q3, way))
            except Broken:
                continue
            true, found = make(truth), queries.published(director, report.code, Q3, given.number)
            assert found is not None
            for key, cell in found.table.rows():
                assert cell is HIDDEN or cell == true[key]
            _agrees(browser, report.code, given.number, [cell for _, cell in found.table.rows()])
            published += 1
            break
    assert published >= 12
    _finds_nothing([release for _, release in queries.earlier_releases(director)])
    assert len(queries.wall(director)) == published
    for path in ("/reports/wall", "/reports/trends", "/reports/"):
        assert browser.get(path).status_code == 200


def _finds_nothing(releases: list[Release]) -> None:
    """Neither subtraction of what is printed nor a linear program over all of it finds a small group."""
    wide = {(title, key): most - least for title, key, least, most in Reader(releases).ranges()}
    assert wide
    assert min(wide.values()) >= DEFAULT_K - 1 - 1e-6
    served = next(one.protected for one in releases if one.spec.population == "served")
    for one in releases:
        several = [d.code for d in one.spec.dimensions if d.several]
        for key, cell in one.protected.rows():
            alone = all(
                node == TOTAL or d.code in (SITE, *several) for d, node in zip(one.spec.dimensions, key, strict=True)
            )
            if one.spec.unit != "clients" or not alone or not isinstance(cell, int) or len(key) < 2:
                continue
            whole = served[(TOTAL, key[1])] if len(served.spec.dimensions) > 1 else HIDDEN
            assert not isinstance(whole, int) or not 0 < whole - cell < DEFAULT_K, (one.spec.title, key)


def _agrees(browser: Browser, report: str, number: int, cells: list[object]) -> None:
    """The sheet holds the printed numbers and the mark for every other, no more of them."""
    body = browser.get(f"/reports/{report}/2026-Q3/{number}.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))[3:]
    table = rows[: next(at for at, row in enumerate(rows) if not row)]
    said = Counter(cell for row in table for cell in row[1:])
    assert said == Counter("†" if cell is HIDDEN else str(cell) for cell in cells)
