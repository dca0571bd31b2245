"""A year beside its quarters: whoever subtracts what was published from what was published finds no small group.

New people add up over quarters, so the year less three of them is the fourth; every order of publishing is tried, and
every version that is let through is published, so that quarters stand there in other bands than each other.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import Any

import highspy
import pytest

from shelter.reports import actions, queries
from shelter.reports.catalogue import REPORTS, Quarter
from shelter.reports.ways import ways_of
from shelter.rules.broken import Broken
from shelter.rules.disclosure.primary import DEFAULT_K
from shelter.rules.disclosure.release import Release
from shelter.rules.disclosure.table import HIDDEN
from tests.factories.agency import World
from tests.factories.reports import mixed, tell

DATABASES = ("sqlite",)
NEW = "people-new"
YEAR = Quarter(2025, 0)
QUARTERS = [Quarter(2025, number) for number in (1, 2, 3, 4)]
MOST = 10_000.0


def publish_all(world: World, period: Quarter) -> None:
    """Every version that is let through."""
    for way in ways_of(REPORTS[NEW], by_site=bool(period.number)):
        with suppress(Broken):
            actions.publish(world.actor("director"), actions.Publish(NEW, period, way))


class Subtracting:
    """Columns are people of one quarter, age and site; each printed number of a quarter or of the year is a row."""

    def __init__(self, released: list[Release], ages: list[str], sites: list[str]) -> None:
        self.released, self._ages, self._sites = released, ages, sites
        self._solver: Any = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        places = product(range(4), ages, sites)
        self._columns = {place: number for number, place in enumerate(places)}
        for _ in self._columns:
            self._solver.addVar(0, MOST)
        for one in released:
            for key, cell in one.protected.rows():
                behind = self.behind(one, key)
                low, high = (cell, cell) if isinstance(cell, int) else (1, MOST)
                self._solver.addRow(low, high, len(behind), behind, [1.0] * len(behind))

    def behind(self, one: Release, key: tuple[str, ...]) -> list[int]:
        covered = {
            dimension.code: dimension.coverage()[node] for dimension, node in zip(one.spec.dimensions, key, strict=True)
        }
        mine = [number for number, quarter in enumerate(QUARTERS) if quarter.period.within(one.spec.period)]
        ages = [age for age in self._ages if age in _fine(covered.get("age"), self._ages)]
        sites = [site for site in self._sites if "site" not in covered or site in covered["site"]]
        return [self._columns[place] for place in product(mine, ages, sites)]

    def widths(self) -> list[float]:
        return [
            self._reach(behind, highspy.ObjSense.kMaximize) - self._reach(behind, highspy.ObjSense.kMinimize)
            for one in self.released
            for key, cell in one.protected.rows()
            if cell is HIDDEN
            for behind in [self.behind(one, key)]
        ]

    def _reach(self, behind: list[int], sense: Any) -> float:
        for column in range(self._solver.getNumCol()):
            self._solver.changeColCost(column, float(column in behind))
        self._solver.changeObjectiveSense(sense)
        self._solver.run()
        assert self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return float(self._solver.getObjectiveValue())


def _fine(covered: frozenset[str] | None, ages: list[str]) -> frozenset[str]:
    """Bands of a wider version are named for their first and last age."""
    if covered is None:
        return frozenset(ages)
    rows = REPORTS[NEW].rows
    assert rows is not None
    known = rows.coverage()
    return frozenset(one for node in covered for one in known[node])


@pytest.mark.parametrize("year_at", [0, 3, 4], ids=["year-first", "before-the-last-quarter", "year-last"])
@pytest.mark.parametrize("seed", [3, 8])
def test_the_year_less_its_quarters_narrows_no_hidden_number(world: World, seed: int, year_at: int) -> None:
    for quarter in QUARTERS:
        tell(world, *mixed(34 + 11 * quarter.number, quarter, seed + quarter.number))
    order = [*QUARTERS]
    order.insert(year_at, YEAR)
    for period in order:
        publish_all(world, period)
    released = [one for _, one in queries.earlier_releases(world.actor("director"))]
    assert {one.spec.period.months for one in released} == {3, 12}, "nothing was there to subtract"
    table, _ = queries.counted(world.actor("director"), NEW, QUARTERS[0])
    ages, sites = (list(dimension.categories) for dimension in table.spec.dimensions)
    widths = Subtracting(released, ages, sites).widths()
    assert widths
    assert min(widths) >= DEFAULT_K - 1 - 1e-6
