"""What three and more tables say together that no two of them say: the full cross-classification behind them.

Age by site, age by sex and site by sex are margins of one table that nobody printed. The attacker asks what they allow
of it, as a linear program: a bound that she can compute, though not always one that whole numbers reach.
"""

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Final

from shelter.rules.disclosure.evidence import Evidence
from shelter.rules.disclosure.links import Region, link
from shelter.rules.disclosure.spec import CellId, Dimension, TableSpec

LARGEST: Final = 3_000
"""Inner cells of a cross-classification that is still asked about."""


def add_latent(evidence: Evidence) -> bool:
    """Add the tables behind the printed ones to the evidence; False when there is none that tells anything more."""
    added = False
    edited = {number for pair in evidence.editions for number in (pair.left, pair.right)}
    families: dict[CellId, list[int]] = {}  # by their grand total: the same people, however split
    for number, table in enumerate(evidence.tables):
        if number not in edited:
            families.setdefault(table.spec.cell_id(table.spec.grand_total()), []).append(number)
    for numbers in families.values():
        dimensions = _finest([evidence.tables[number].spec for number in numbers])
        size = prod(len(dimension.categories) for dimension in dimensions)
        circle = _is_circle([{d.code for d in evidence.tables[number].spec.dimensions} for number in numbers])
        if circle and size <= LARGEST:
            _add(evidence, numbers, dimensions)
            added = True
    return added


def _finest(specs: Sequence[TableSpec]) -> tuple[Dimension, ...]:
    finest: dict[str, Dimension] = {}
    for spec in specs:
        for dimension in spec.dimensions:
            known = finest.get(dimension.code)
            if known is None or len(dimension.categories) > len(known.categories):
                finest[dimension.code] = dimension
    return tuple(finest[code] for code in sorted(finest))


def _is_circle(tables: Sequence[set[str]]) -> bool:
    """Whether tables hang together in a circle; otherwise their shared margins already say all (Graham's reduction)."""
    edges = [set(codes) for codes in tables]
    changed = True
    while changed:
        before = [set(edge) for edge in edges]
        for edge in edges:
            others = set().union(*(other for other in edges if other is not edge))
            edge &= others  # a dimension of one table only ties nothing
        edges = [
            edge
            for number, edge in enumerate(edges)
            if edge and not any(edge < other or (edge == other and number > at) for at, other in enumerate(edges))
        ]
        changed = edges != before
    return bool(edges)


def _add(evidence: Evidence, numbers: Sequence[int], dimensions: tuple[Dimension, ...]) -> None:
    first = evidence.tables[numbers[0]].spec
    behind = TableSpec("latent", dimensions, first.population, first.period, first.unit, where=first.where)
    inner = behind.inner_keys()
    columns = dict(zip(inner, evidence.unprinted(len(inner)), strict=True))

    def people(region: Region) -> dict[int, int]:
        chosen = ([c for c in d.categories if c in part] for d, part in zip(dimensions, region, strict=True))
        return {columns[key]: 1 for key in product(*chosen)}

    for number in numbers:
        found = link(behind, evidence.tables[number].spec)
        for shared in found.sums if found else ():
            printed = evidence.region(number, shared.right)
            row = printed.minus_columns(people(shared.left)).row(0, 0)
            evidence.require(row)
