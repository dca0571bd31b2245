"""What a portal would say: sums that must agree, and numbers that cannot be larger than others. Nothing is blocked."""

import operator
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from shelter.rules.performance.book import Check, Version
from shelter.rules.performance.counting import Answer
from shelter.rules.performance.windows import Window

_HOLDS = {"=": operator.eq, "<=": operator.le, ">=": operator.ge}


class Warning_(msgspec.Struct, frozen=True, kw_only=True):  # noqa: N801 - Python has a Warning of its own
    """`row` is empty where it is about a sum."""

    section: str
    row: str
    left: int
    sign: str
    right: int
    advice: str


def warnings_of(version: Version, answers: Iterable[Answer], window: Window) -> list[Warning_]:
    """The checks that do not hold."""
    by_place: dict[tuple[str, str], dict[str, int]] = {}
    for one in answers:
        if one.number is not None:
            by_place.setdefault((one.section, one.column), {})[one.row] = one.number
    found: list[Warning_] = []
    for check in version.check:
        if window.quarter in check.quarters:
            found += _failing(version, check, by_place)
    return found


def _failing(
    version: Version, check: Check, by_place: Mapping[tuple[str, str], Mapping[str, int]]
) -> Iterator[Warning_]:
    left, rights = by_place.get(_place(version, check.left)), check.right.split(" + ")
    parts = [by_place.get(_place(version, one)) for one in rights]
    if left is None or None in parts:
        return
    right = parts[0] or {}
    if len(parts) > 1:
        right = {"": sum(sum((one or {}).values()) for one in parts)}
    whole = sum(right.values())
    pairs = [(row, number, right.get(row, whole)) for row, number in left.items()]
    for row, mine, other in pairs if check.each else [("", sum(left.values()), whole)]:
        if not _HOLDS[check.sign](mine, other):
            section = check.left.partition("|")[0]
            yield Warning_(section=section, row=row, left=mine, sign=check.sign, right=other, advice=check.advice)


def _place(version: Version, side: str) -> tuple[str, str]:
    section, _, column = side.partition("|")
    return section, column or version.at(section).columns[0]
