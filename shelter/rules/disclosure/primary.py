"""Which cells must be hidden for their own sake, before anyone thinks of sums."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from shelter.rules.broken import Broken
from shelter.rules.disclosure.spec import TOTAL, Dimension, Key
from shelter.rules.disclosure.table import CountTable

DEFAULT_K: Final = 11
"""Smallest group that may be shown, unless the agency sets another."""
LOWEST_K: Final = 5


def require_threshold(k: int) -> None:
    """Raises Broken for a k under 5: no agency may choose to show a group of four."""
    if k < LOWEST_K:
        raise Broken("disclosure.k_too_low", field="k", values={"lowest": LOWEST_K})


def primary_cells(table: CountTable, k: int) -> frozenset[Key]:
    """Cells and margins of 1 to k - 1 people, and the only filled cell of a row when what it says is
    sensitive.

    Zeros are never among them: a zero is printed as 0.
    """
    require_threshold(k)
    small = {key for key, count in table.counts.items() if 0 < count < k}
    return frozenset(small.union(_lone_sensitive_cells(table)))


def _lone_sensitive_cells(table: CountTable) -> Iterator[Key]:
    """Everybody in such a row is in one sensitive category, so who knows one of them knows it of her."""
    for place, dimension in enumerate(table.spec.dimensions):
        if not dimension.sensitive:
            continue
        others = [d.nodes for i, d in enumerate(table.spec.dimensions) if i != place]
        for rest in product(*others):
            yield from _lone_in_row(table, dimension, place, rest)


def _lone_in_row(table: CountTable, dimension: Dimension, place: int, rest: Key) -> Iterator[Key]:
    row = {node: (*rest[:place], node, *rest[place:]) for node in dimension.nodes}
    filled = [category for category in dimension.categories if table[row[category]] > 0]
    if len(filled) == 1 and filled[0] in dimension.sensitive:
        yield row[filled[0]]
        for group in dimension.subtotals:
            if filled[0] in group.members:
                yield row[group.code]
        yield row[TOTAL]
