"""A reader with a solver and everything that was released: one linear program of her own over all tables of a period.

It shares no code with the engine's attacker; it knows that whoever is in another population is among those served, and
that of several answers each by itself is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import highspy

from shelter.reports.catalogue import NIGHTS, SERVED, SITE, TURNED_AWAY
from shelter.rules.disclosure.release import Release
from shelter.rules.disclosure.spec import TOTAL, Key, TableSpec
from shelter.rules.disclosure.table import HIDDEN

MOST = 100_000


class Reader:
    """Columns are the finest cells of each release."""

    def __init__(self, releases: Sequence[Release]) -> None:
        self.releases = list(releases)
        self._solver: Any = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._columns: dict[tuple[int, Key], int] = {}
        for number, release in enumerate(self.releases):
            for key in product(*(dimension.categories for dimension in release.spec.dimensions)):
                self._columns[number, key] = len(self._columns)
                self._solver.addVar(0, MOST)
        for number, release in enumerate(self.releases):
            self._believe(number, release)
        self._tie()

    def ranges(self) -> Iterator[tuple[str, Key, float, float]]:
        """(report, cell, least, most) of every hidden number."""
        for number, release in enumerate(self.releases):
            for key, cell in release.protected.rows():
                if cell is HIDDEN:
                    columns = self._behind(number, key)
                    yield release.spec.title, key, self._reach(columns, 1), self._reach(columns, -1)

    def _believe(self, number: int, release: Release) -> None:
        for key, cell in release.protected.rows():
            low, high = (cell, cell) if isinstance(cell, int) else (1, MOST)
            self._row(low, high, dict.fromkeys(self._behind(number, key), 1.0))

    def _tie(self) -> None:
        """Tables of people served have the same people at each site; other people are among them."""
        served = [number for number, one in enumerate(self.releases) if one.spec.population == SERVED]
        for number, one in enumerate(self.releases):
            if one.spec.population in (NIGHTS, TURNED_AWAY):
                continue
            for other in served:
                if other != number:
                    for part, whole in _shared(one.spec, self.releases[other].spec):
                        form = dict.fromkeys(self._behind(other, whole), 1.0)
                        form |= dict.fromkeys(self._behind(number, part), -1.0)
                        self._row(0, 0 if one.spec.population == SERVED else MOST, form)

        for number, one in enumerate(self.releases):
            for other, whole in enumerate(self.releases):
                if (one.spec.title, whole.spec.title) == ("matters-outcomes", "outcomes"):
                    self._tie_ways(number, other)

    def _tie_ways(self, number: int, other: int) -> None:
        """How matters ended, by kind or not, is of the same people: a way apart by kind adds up to the way."""
        parts, (ways, *sites) = self.releases[number].spec.dimensions[0], self.releases[other].spec.dimensions
        places = [*sites[0].categories, TOTAL] if sites else [TOTAL]
        for way, place in product(ways.categories, places):
            mine = [part for part in parts.categories if part == way or part.startswith(f"{way}.")]
            if mine:
                key = (way, place) if sites else (way,)
                form = dict.fromkeys(self._behind(other, key), 1.0)
                for part in mine:
                    form |= dict.fromkeys(self._behind(number, (part, place) if sites else (part,)), -1.0)
                self._row(0, 0, form)

    def _behind(self, number: int, key: Key) -> list[int]:
        dimensions = self.releases[number].spec.dimensions
        chosen = [
            [one for one in d.categories if node in (TOTAL, one)] for d, node in zip(dimensions, key, strict=True)
        ]
        return [self._columns[number, inner] for inner in product(*chosen)]

    def _row(self, low: float, high: float, form: dict[int, float]) -> None:
        self._solver.addRow(low, high, len(form), list(form), list(form.values()))

    def _reach(self, columns: list[int], sign: int) -> float:
        for column in range(self._solver.getNumCol()):
            self._solver.changeColCost(column, float(sign) if column in columns else 0.0)
        self._solver.run()
        assert self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return float(self._solver.getObjectiveValue()) * sign


def _shared(left: TableSpec, right: TableSpec) -> Iterator[tuple[Key, Key]]:
    """Sums over the same site, or everywhere; of several answers each by itself."""
    sites = [d for d in left.dimensions if d.code == SITE]
    for site in (*sites[0].categories, TOTAL) if sites and any(d.code == SITE for d in right.dimensions) else (TOTAL,):
        mine = [d.categories if d.several else (site if d.code == SITE else TOTAL,) for d in left.dimensions]
        whole = tuple(site if d.code == SITE else TOTAL for d in right.dimensions)
        for part in product(*mine):
            yield part, whole
