"""Which sums of two tables count the same people, and which count people who are among the other's.

The attacker's half of the engine: it reads specs only, by the categories that each code covers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from shelter.rules.disclosure.spec import TOTAL, Dimension, TableSpec

Region = tuple[frozenset[str], ...]
"""For each dimension of a table the categories summed over: any set of people that the table can count."""

Assignment = tuple[tuple[str, str], ...]
Choice = tuple[str | None, frozenset[str] | None, frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class Shared:
    """One sum that both tables can form, and the categories that name it."""

    left: Region
    right: Region
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class Link:
    """The left table's people are the right one's ("same") or among them ("within"), sum by sum."""

    relation: Literal["same", "within"]
    sums: tuple[Shared, ...]


@lru_cache(maxsize=8192)
def link(left: TableSpec, right: TableSpec) -> Link | None:
    """How two tables hang together; None when the left people need not be among the right ones."""
    relation = _relation(left, right)
    if relation is None or any(d.several and _find(left, d.code) is None for d in right.dimensions):
        return None
    choices = []
    for code in sorted(_codes(left) | _codes(right)):
        shared = list(_choices(code, left, right))
        if not shared:
            return None
        choices.append([(code, *choice) for choice in shared])
    return Link(relation, tuple(_shared(left, right, chosen) for chosen in product(*choices)))


def _relation(left: TableSpec, right: TableSpec) -> Literal["same", "within"] | None:
    if left.unit != right.unit or not left.period.within(right.period):
        return None
    if left.population != right.population and right.population not in left.part_of:
        return None
    narrower = {code for code, _ in left.where} - _codes(right)
    same = left.population == right.population and left.period == right.period and not narrower
    return "same" if same else "within"


def _codes(spec: TableSpec) -> set[str]:
    return {dimension.code for dimension in spec.dimensions} | {code for code, _ in spec.where}


def _find(spec: TableSpec, code: str) -> Dimension | None:
    return next((dimension for dimension in spec.dimensions if dimension.code == code), None)


def _choices(code: str, left: TableSpec, right: TableSpec) -> Iterator[Choice]:
    """(category, what it covers on the left, on the right) for each category that both can form.

    None stands for a side that the dimension does not divide: all its people, or those of its fixed category.
    """
    fine, wide = _find(left, code), _find(right, code)
    fixed_left, fixed_right = dict(left.where).get(code), dict(right.where).get(code)
    if fine and wide:
        yield from _common(fine, wide)
    elif fixed_left and fixed_right:
        if fixed_left == fixed_right:
            yield fixed_left, None, None
    elif fixed_left:
        covers = wide.coverage() if wide else {}
        if not wide or fixed_left in covers:
            yield fixed_left, None, covers.get(fixed_left)
    elif fixed_right:
        if fine and fixed_right in fine.coverage():
            yield fixed_right, fine.coverage()[fixed_right], None
    elif fine and fine.several:
        for category in fine.categories:
            yield category, frozenset([category]), None
    else:
        every = [frozenset(side.categories) if side else None for side in (fine, wide)]
        yield None, every[0], every[1]


def _common(left: Dimension, right: Dimension) -> Iterator[Choice]:
    covers, others = left.coverage(), right.coverage()
    seen = set[frozenset[str]]()
    for node in sorted(covers.keys() & others.keys()):
        if covers[node] not in seen:
            seen.add(covers[node])
            yield node, covers[node], others[node]


def _shared(
    left: TableSpec,
    right: TableSpec,
    chosen: tuple[tuple[str, str | None, frozenset[str] | None, frozenset[str] | None], ...],
) -> Shared:
    on_left = {code: covered for code, _, covered, _ in chosen if covered is not None}
    on_right = {code: covered for code, _, _, covered in chosen if covered is not None}
    assignment = tuple((code, node) for code, node, *_ in chosen if node is not None and node != TOTAL)
    return Shared(
        tuple(on_left[dimension.code] for dimension in left.dimensions),
        tuple(on_right[dimension.code] for dimension in right.dimensions),
        assignment,
    )
