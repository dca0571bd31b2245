"""What size allows: how finely a number of people may be split, as data with its source in sizes.toml."""

from functools import cache
from pathlib import Path

import msgspec

from shelter.rules.disclosure.spec import TableSpec
from shelter.rules.disclosure.table import CountTable, ProtectedTable
from shelter.rules.rulefile import Sourced, read


class SizeRule(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What may be asked of `fewest` people up to but not including `below` (None: any number).

    `two_way_tables` is how many two-way tables one report may hold (None: as the catalogue has), `total_bands` the
    (first, last) numbers of people between which a total is given in words when nothing finer may be said.
    """

    fewest: int
    below: int | None = None
    most_dimensions: int
    two_way_tables: int | None = None
    merged_bands: bool
    total_bands: tuple[tuple[int, int], ...]
    says: str


class _Sizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    most_hidden_percent: int
    rule: tuple[SizeRule, ...]


@cache
def _sizes() -> _Sizes:
    return read(Path(__file__).with_name("sizes.toml"), _Sizes)


def size_rules() -> tuple[SizeRule, ...]:
    return _sizes().rule


def size_rule(people: int) -> SizeRule:
    """The rule for a number of distinct people in a period."""
    return next(rule for rule in size_rules() if rule.below is None or people < rule.below)


def allows(rule: SizeRule, spec: TableSpec) -> bool:
    """Whether a table is coarse enough: few dimensions and, where bands must be merged, none left to merge first."""
    merged = all(len(dimension.coarser) == 0 for dimension in spec.dimensions)
    return len(spec.dimensions) <= rule.most_dimensions and (merged or not rule.merged_bands)


def fitted(table: CountTable) -> CountTable | None:
    """The table in the finest version that its size allows; None where its dimensions are too many.

    Where bands must be merged, each dimension goes to its first coarser version.
    """
    rule = size_rule(table[table.spec.grand_total()])
    if len(table.spec.dimensions) > rule.most_dimensions:
        return None
    if rule.merged_bands:
        for dimension in table.spec.dimensions:
            if dimension.coarser:
                table = table.coarsened(dimension.code, dimension.coarser[0].code)
    return table


def hides_too_much(protected: ProtectedTable) -> bool:
    """Whether coarser versions should be offered."""
    return 100 * protected.hidden_count > _sizes().most_hidden_percent * protected.cell_count
