"""What a table counts: dimensions in fixed hierarchies, a population, a period, a unit. Never a count."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Literal

from shelter.rules.broken import Broken

TOTAL = "*"
"""Stands in a key where a dimension is summed over."""

Key = tuple[str, ...]
"""One cell of a table: a category, subtotal or TOTAL for each dimension, in the order of the dimensions."""

Unit = Literal["clients", "households", "services", "requests", "nights"]
Measure = Literal["flow", "stock"]
"""A flow (new clients) adds up over quarters to its year; in a stock (served) somebody may be in several."""


def require_unique(codes: tuple[str, ...], message_key: str) -> None:
    """Raises Broken with the key when a code appears twice, is empty or stands for the total."""
    if len(set(codes)) != len(codes) or TOTAL in codes or "" in codes:
        raise Broken(message_key)


@dataclass(frozen=True, slots=True)
class Group:
    """A wider category: the sum of finer ones, which must not overlap with another group beside it."""

    code: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coarsening:
    """A fixed wider version: a partition of the categories. A group of one keeps its member's code."""

    code: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way of sorting people, each into exactly one category; a code means the same in every table.

    `subtotals` are printed beside the categories. `coarser` holds the versions from fine to coarse, each
    wider than the one before. It harms when all of a row are known to be in one `sensitive` category.
    Where `several` may hold of one person she stands in each: such categories have no total and no wider version,
    for sums of them would count her twice.
    """

    code: str
    categories: tuple[str, ...]
    subtotals: tuple[Group, ...] = ()
    coarser: tuple[Coarsening, ...] = ()
    sensitive: tuple[str, ...] = ()
    several: bool = False

    def __post_init__(self) -> None:
        require_unique(self.categories, "disclosure.spec.categories")
        require_unique(tuple(node for node in self.nodes if node != TOTAL), "disclosure.spec.categories")
        if self.several and (self.subtotals or self.coarser or self.sensitive):
            raise Broken("disclosure.spec.dimensions")
        known = set(self.categories)
        members = [member for group in self.subtotals for member in group.members]
        if len(set(members)) != len(members) or not known.issuperset((*members, *self.sensitive)):
            raise Broken("disclosure.spec.subtotals")
        within = known
        for version in self.coarser:
            _require_partition(version, known)
            _require_wider(version, self, within)
            within = {group.code for group in version.groups}

    @property
    def nodes(self) -> tuple[str, ...]:
        """Everything a key may say for this dimension: categories, subtotals, the total where there is one."""
        total = () if self.several else (TOTAL,)
        return (*self.categories, *(group.code for group in self.subtotals), *total)

    def coverage(self) -> dict[str, frozenset[str]]:
        """Each code of this dimension, coarser versions included, with the categories that it sums."""
        groups = [group for version in self.coarser for group in version.groups]
        covered = {group.code: frozenset(group.members) for group in (*groups, *self.subtotals)}
        covered |= {category: frozenset([category]) for category in self.categories}
        if not self.several:
            covered[TOTAL] = frozenset(self.categories)
        return covered

    def sums(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """(whole, parts) of the dimension's own additions: each subtotal, and the total of the outermost."""
        if self.several:
            return
        inside = {member for group in self.subtotals for member in group.members}
        for group in self.subtotals:
            yield group.code, group.members
        outermost = tuple(category for category in self.categories if category not in inside)
        yield TOTAL, tuple(group.code for group in self.subtotals) + outermost

    def coarsened(self, code: str) -> "Dimension":
        """The dimension in one of its coarser versions. Raises Broken for a version that it does not have."""
        position = next((i for i, version in enumerate(self.coarser) if version.code == code), None)
        if position is None:
            raise Broken("disclosure.spec.no_such_version")
        groups = self.coarser[position].groups
        new_code = {member: group.code for group in groups for member in group.members}
        kept = tuple(
            Group(subtotal.code, merged)
            for subtotal in self.subtotals
            if len(merged := _merged(subtotal.members, groups)) > 1 and subtotal.code not in new_code.values()
        )
        wider = tuple(
            Coarsening(version.code, tuple(Group(g.code, _merged(g.members, groups)) for g in version.groups))
            for version in self.coarser[position + 1 :]
        )
        sensitive = tuple(group.code for group in groups if set(group.members) <= set(self.sensitive))
        return Dimension(self.code, tuple(group.code for group in groups), kept, wider, sensitive)


def _merged(members: tuple[str, ...], groups: tuple[Group, ...]) -> tuple[str, ...]:
    """The groups that together are exactly these members, or nothing when a group reaches beyond them."""
    inside = [group for group in groups if set(group.members) <= set(members)]
    covered = sum(len(group.members) for group in inside)
    return tuple(group.code for group in inside) if covered == len(members) else ()


def _require_partition(version: Coarsening, known: set[str]) -> None:
    members = [member for group in version.groups for member in group.members]
    codes = tuple(group.code for group in version.groups)
    require_unique(codes, "disclosure.spec.coarser")
    if len(members) != len(set(members)) or set(members) != known:
        raise Broken("disclosure.spec.coarser")


def _require_wider(version: Coarsening, dimension: Dimension, finer_codes: set[str]) -> None:
    """A code means the same categories everywhere, and a version only merges groups of the one before."""
    meaning: dict[str, tuple[str, ...]] = {category: (category,) for category in dimension.categories}
    meaning |= {group.code: group.members for group in dimension.subtotals}
    for earlier in dimension.coarser[: dimension.coarser.index(version)]:
        meaning |= {group.code: group.members for group in earlier.groups}
    for group in version.groups:
        if set(meaning.get(group.code, group.members)) != set(group.members):
            raise Broken("disclosure.spec.coarser")
        for code in finer_codes:
            shared = set(meaning[code]) & set(group.members)
            if shared and shared != set(meaning[code]):
                raise Broken("disclosure.spec.coarser")


@dataclass(frozen=True, slots=True)
class Period:
    """A whole fiscal quarter or year, both days included. Raises Broken for any other span."""

    first: date
    last: date

    def __post_init__(self) -> None:
        ends_month = self.last.day == calendar.monthrange(self.last.year, self.last.month)[1]
        if self.first.day != 1 or not ends_month or self.months not in (3, 12):
            raise Broken("disclosure.spec.period")

    @property
    def months(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def is_closed(self, today: date) -> bool:
        """Only a period that is over may be counted; a running one would be published again as it grows."""
        return self.last < today

    def within(self, other: "Period") -> bool:
        return other.first <= self.first and self.last <= other.last


@dataclass(frozen=True, slots=True)
class CellId:
    """What a number counts, whatever table it stands in: one cell of two tables has one identity."""

    population: str
    unit: Unit
    period: Period
    assignment: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table of the catalogue. `title`, `population` and all codes are message keys, not words about people.

    `where` narrows the population to categories of dimensions that the table does not spread (one site).
    `part_of` names larger populations: new clients are part of clients served. Margins are always present.
    """

    title: str
    dimensions: tuple[Dimension, ...]
    population: str
    period: Period
    unit: Unit
    measure: Measure = "stock"
    where: tuple[tuple[str, str], ...] = ()
    part_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        codes = tuple(dimension.code for dimension in self.dimensions) + tuple(code for code, _ in self.where)
        require_unique(codes, "disclosure.spec.dimensions")
        if not self.dimensions:
            raise Broken("disclosure.spec.dimensions")

    def dimension(self, code: str) -> Dimension:
        """Raises Broken for a dimension that the table does not have."""
        for dimension in self.dimensions:
            if dimension.code == code:
                return dimension
        raise Broken("disclosure.spec.dimensions")

    def all_keys(self) -> tuple[Key, ...]:
        """Every cell, margins included, in the one fixed order in which cells are stored and printed."""
        return _keys_of(self.dimensions)

    def positions(self) -> dict[Key, int]:
        """Where each cell stands in that order. Not to be changed."""
        return _positions_of(self.dimensions)

    def inner_keys(self) -> tuple[Key, ...]:
        """The cells that are not sums of others."""
        return tuple(product(*(dimension.categories for dimension in self.dimensions)))

    def grand_total(self) -> Key:
        """The key of everybody; a cell of the table unless a dimension has no total."""
        return (TOTAL,) * len(self.dimensions)

    def sums(self) -> Iterator[tuple[Key, tuple[Key, ...]]]:
        """(whole, parts) of every addition that holds in the table."""
        for place, dimension in enumerate(self.dimensions):
            before = [other.nodes for other in self.dimensions[:place]]
            after = [other.nodes for other in self.dimensions[place + 1 :]]
            for left in product(*before):
                for right in product(*after):
                    for whole, parts in dimension.sums():
                        yield (*left, whole, *right), tuple((*left, part, *right) for part in parts)

    def cell_id(self, key: Key) -> CellId:
        pairs = [(d.code, node) for d, node in zip(self.dimensions, key, strict=True) if node != TOTAL]
        return CellId(self.population, self.unit, self.period, tuple(sorted([*pairs, *self.where])))

    def with_dimension(self, changed: Dimension) -> "TableSpec":
        kept = tuple(changed if d.code == changed.code else d for d in self.dimensions)
        return replace(self, dimensions=kept)

    def without_dimension(self, code: str) -> "TableSpec":
        """The table summed over one dimension. Raises Broken when it has no other, or where that has no total."""
        if self.dimension(code).several:
            raise Broken("disclosure.spec.dimensions")
        return replace(self, dimensions=tuple(d for d in self.dimensions if d.code != code))


@lru_cache(maxsize=256)
def _keys_of(dimensions: tuple[Dimension, ...]) -> tuple[Key, ...]:
    return tuple(product(*(dimension.nodes for dimension in dimensions)))


@lru_cache(maxsize=256)
def _positions_of(dimensions: tuple[Dimension, ...]) -> dict[Key, int]:
    return {key: place for place, key in enumerate(_keys_of(dimensions))}
