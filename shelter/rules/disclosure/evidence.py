"""What a reader with a calculator knows: all that one or several tables print, as rows over inner cells.

The attacker's half: built from what is printed alone, and over inner cells where the protector uses margins.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import product
from operator import getitem
from typing import Final

from shelter.rules.disclosure.links import Assignment, Link, Region, Shared, link
from shelter.rules.disclosure.solver import Limits, Program, Row
from shelter.rules.disclosure.spec import Key, TableSpec
from shelter.rules.disclosure.table import HIDDEN, ProtectedTable

MOST_PEOPLE: Final = 1_000_000
LIMITS: Final = Limits(seconds=5.0)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of people as a sum over hidden inner cells plus what is printed."""

    form: Mapping[int, int]
    printed: int

    def minus(self, other: "Amount") -> "Amount":
        form = dict(self.form)
        for column, weight in other.form.items():
            form[column] = form.get(column, 0) - weight
        return Amount({c: weight for c, weight in form.items() if weight}, self.printed - other.printed)

    def at(self, point: Sequence[int]) -> int:
        """What it is where each hidden cell counts as a point says."""
        return self.printed + sum(weight * point[column] for column, weight in self.form.items())

    def minus_columns(self, columns: Mapping[int, int]) -> "Amount":
        return self.minus(Amount(columns, 0))

    def row(self, low: int | None, high: int | None) -> Row:
        """`low` <= the amount <= `high`."""
        return Row(
            self.form,
            None if low is None else low - self.printed,
            None if high is None else high - self.printed,
        )


@dataclass(frozen=True, slots=True)
class Nested:
    """Two tables, by number, and the sums that they share."""

    left: int
    right: int
    link: Link


class Evidence:
    """One system over all tables. Columns are hidden inner cells, at least 1 each: zeros are printed."""

    def __init__(self, tables: Sequence[ProtectedTable]) -> None:
        self.tables = tuple(tables)
        self.rows: list[Row] = []
        self.editions: list[Nested] = []
        """Pairs that contradict each other about the same people: something was changed in between."""
        self.nested: list[Nested] = []
        """Pairs in which the left people are among the right ones."""
        self.rests: list[tuple[Nested, list[Amount]]] = []
        """What quarters published so far leave over of their year."""
        self._columns: dict[tuple[int, Key], int] = {}
        self._unprinted = 0
        self._places = [table.spec.positions() for table in self.tables]
        self._coverage = [[dimension.coverage() for dimension in table.spec.dimensions] for table in self.tables]
        self._regions: dict[tuple[int, Region], Amount] = {}
        self._differences: dict[tuple[int, int], list[Amount]] = {}
        for number in range(len(self.tables)):
            self._read(number)

    def _read(self, number: int) -> None:
        table = self.tables[number]
        inner = set(table.spec.inner_keys())
        for key, cell in table.rows():
            if key in inner and cell is HIDDEN:
                self._columns[(number, key)] = len(self._columns)
        for key, cell in table.rows():
            if key not in inner and isinstance(cell, int):
                self.require(self.amount(number, key).row(cell, cell))

    def require(self, row: Row) -> None:
        if row.form or not row.holds(()):
            self.rows.append(row)

    def amount(self, number: int, key: Key) -> Amount:
        return self.region(number, tuple(map(getitem, self._coverage[number], key)))

    def region(self, number: int, region: Region) -> Amount:
        known = self._regions.get((number, region))
        if known is None:
            known = self._regions[(number, region)] = self._summed(number, region)
        return known

    def _summed(self, number: int, region: Region) -> Amount:
        table, places = self.tables[number], self._places[number]
        chosen = [
            [category for category in dimension.categories if category in part]
            for dimension, part in zip(table.spec.dimensions, region, strict=True)
        ]
        form: dict[int, int] = {}
        printed = 0
        for key in product(*chosen):
            cell = table.cells[places[key]]
            if isinstance(cell, int):
                printed += cell
            else:
                form[self._columns[(number, key)]] = 1
        return Amount(form, printed)

    def program(self, more: Iterable[Row] = ()) -> Program:
        lower = [1] * len(self._columns) + [0] * self._unprinted
        rows = [row for row in (*self.rows, *more) if row.form]
        return Program(lower, [MOST_PEOPLE] * len(lower), rows, LIMITS)

    def unprinted(self, count: int) -> range:
        """Columns for so many numbers that no table prints, and that may be 0."""
        first = len(self._columns) + self._unprinted
        self._unprinted += count
        return range(first, first + count)

    def is_possible(self, more: Iterable[Row] = ()) -> bool:
        """Whether any counts fit. Raises Undecided."""
        rows = list(more)
        if not all(row.form or row.holds(()) for row in (*self.rows, *rows)):
            return False
        return self.program(rows).reach({}, largest=False) is not None

    def differences(self, left: int, right: int, shared: Link) -> list[Amount]:
        """For each sum that two tables share: the right one's people less the left one's."""
        known = self._differences.get((left, right))
        if known is None:
            known = [self.region(right, s.right).minus(self.region(left, s.left)) for s in shared.sums]
            self._differences[left, right] = known
        return known

    def apart(self) -> "Evidence":
        """The same evidence, to add to: what is added to one is not in the other."""
        other = copy(self)
        other.rows, other.editions = list(self.rows), list(self.editions)
        other.nested, other.rests = list(self.nested), list(self.rests)
        return other


def gather(tables: Sequence[ProtectedTable]) -> Evidence:
    """All that the tables say together, oldest first: shared sums, people among people, quarters of a year.

    Raises Undecided.
    """
    evidence = Evidence(tables)
    for left, right in product(range(len(tables)), repeat=2):
        if left != right and (found := link(tables[left].spec, tables[right].spec)) is not None:
            _join(evidence, left, right, found)
    for year in range(len(tables)):
        _add_up_quarters(evidence, year)
    return evidence


def _join(evidence: Evidence, left: int, right: int, found: Link) -> None:
    """Tie two tables, unless that contradicts their print: then one was changed after the other."""
    if found.relation == "same" and left > right:
        return
    high = 0 if found.relation == "same" else None
    fits = _fits(evidence.tables[left], evidence.tables[right])
    if fits:
        for difference in evidence.differences(left, right, found):
            evidence.require(difference.row(0, high))
    if found.relation == "within":
        evidence.nested.append(Nested(left, right, found))
    elif not fits:
        evidence.editions.append(Nested(left, right, found))


@lru_cache(maxsize=8192)
def _fits(left: ProtectedTable, right: ProtectedTable) -> bool:
    """Whether what two tables print of the same people, or of people among others, can be true of both."""
    found = link(left.spec, right.spec)
    if found is None:
        return True
    pair = Evidence([left, right])
    high = 0 if found.relation == "same" else None
    return pair.is_possible(difference.row(0, high) for difference in pair.differences(0, 1, found))


def _add_up_quarters(evidence: Evidence, year: int) -> None:
    """Flows of the quarters sum to their year's; people served in a year were served in one of its quarters.

    A quarter may have been published in other versions than the next: whatever sums all of them can form are added
    up. Where that contradicts the print, since one was changed after the other, versions are added up each by itself.
    """
    whole = evidence.tables[year].spec
    parts = [nested for nested in evidence.nested if nested.right == year and _adds_up(evidence, nested.left, whole)]
    rows, rests = _sums(evidence, year, parts)
    if evidence.is_possible(rows):
        _require(evidence, rows, rests)
        return
    versions: dict[TableSpec, list[Nested]] = {}
    for nested in parts:
        part = evidence.tables[nested.left].spec
        versions.setdefault(replace(part, period=whole.period), []).append(nested)
    for version in versions.values():
        rows, rests = _sums(evidence, year, version)
        _require(evidence, rows if evidence.is_possible(rows) else [], rests)


def _require(evidence: Evidence, rows: Iterable[Row], rests: Iterable[tuple[Nested, list[Amount]]]) -> None:
    for row in rows:
        evidence.require(row)
    evidence.rests += rests


def _adds_up(evidence: Evidence, left: int, whole: TableSpec) -> bool:
    """Whether a table is of a quarter of these people. Several answers of one person are no sum of people."""
    part = evidence.tables[left].spec
    known = {dimension.code for dimension in whole.dimensions}
    apart = any(dimension.several and dimension.code not in known for dimension in part.dimensions)
    return part.population == whole.population and part.period != whole.period and not apart


def _sums(
    evidence: Evidence, year: int, parts: Sequence[Nested]
) -> tuple[list[Row], list[tuple[Nested, list[Amount]]]]:
    """What ties a year to its quarters, of each quarter by the newest table that forms a sum; and what they leave
    over of it where they are not all there.
    """
    whole = evidence.tables[year].spec
    known = {dimension.code for dimension in whole.dimensions} | {code for code, _ in whole.where}
    sums: dict[tuple[Region, Assignment], dict[date, tuple[Nested, Shared]]] = {}
    for nested in parts:
        part = evidence.tables[nested.left].spec
        fewer = tuple(one for one in part.where if one[0] not in known)  # else the sum says whose it is
        for shared in nested.link.sums:
            sums.setdefault((shared.right, fewer), {})[part.period.first] = nested, shared
    rows, rests = list[Row](), list[tuple[Nested, list[Amount]]]()
    for (region, fewer), quarters in sums.items():
        rest = evidence.region(year, region)
        for nested, shared in quarters.values():
            rest = rest.minus(evidence.region(nested.left, shared.left))
        months = sum(evidence.tables[nested.left].spec.period.months for nested, _ in quarters.values())
        complete = months == whole.period.months and not fewer
        if whole.measure == "flow":
            rows.append(rest.row(0, 0 if complete else None))
        elif complete:
            rows.append(rest.row(None, 0))
        if whole.measure == "flow" and not complete:
            nested, shared = list(quarters.values())[-1]
            rests.append((Nested(nested.left, year, Link("within", (shared,))), [rest]))
    return rows, rests
