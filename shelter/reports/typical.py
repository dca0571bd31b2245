"""What is typical of a table of spans of time: the half and the average, from printed numbers alone.

A hidden band, or too few people, and there is neither; the longest band has no middle, so with people in it no average.
"""

from dataclasses import dataclass
from typing import Final

from shelter.reports.dimensions import RECOVERY, STAY
from shelter.rules.coarse import UNKNOWN
from shelter.rules.disclosure.spec import TOTAL
from shelter.rules.disclosure.table import ProtectedTable

MIDDLES: Final = {
    STAY.code: {"7": 4, "30": 19, "90": 60, "180": 135, "365": 272, "more": None},
    RECOVERY.code: {"month": 15, "quarter": 61, "half-year": 137, "year": 274, "more": None},
}
"""The day in the middle of each band."""


@dataclass(frozen=True, slots=True)
class Typical:
    """`half` is the band up to which half of the people stand; `average` in days, from the middles of the bands."""

    half: str
    average: int | None


def typical(table: ProtectedTable) -> Typical | None:
    """Of the first dimension, everybody taken together."""
    first, *others = table.spec.dimensions
    middles = MIDDLES.get(first.code)
    if middles is None or not set(first.categories) <= {*middles, UNKNOWN}:
        return None
    counts: dict[str, int] = {}
    for band in first.categories:
        cell = table[(band, *(TOTAL for _ in others))]
        if not isinstance(cell, int):
            return None
        counts[band] = cell
    known = sum(counts[band] for band in middles)
    if known < table.k:
        return None
    return Typical(_half(counts, list(middles), known), _average(counts, middles, known))


def _half(counts: dict[str, int], bands: list[str], known: int) -> str:
    passed = 0
    for band in bands:
        passed += counts[band]
        if 2 * passed >= known:
            return band
    return bands[-1]


def _average(counts: dict[str, int], middles: dict[str, int | None], known: int) -> int | None:
    days = 0
    for band, middle in middles.items():
        if middle is None and counts[band]:
            return None
        days += (middle or 0) * counts[band]
    return round(days / known)
