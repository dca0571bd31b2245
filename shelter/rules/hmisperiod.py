"""What belongs to the period of an HMIS export: HUD's HMIS CSV format, ExportPeriodType 3 (reporting period).

Enrollments that were open on a day of the period, with their whole history up to its last day: what was there before
the first day comes along, what happened after the last day is not known yet. Which day of a row counts is data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.rulefile import Sourced, read

FROM_THE_BEGINNING = date(1990, 1, 1)
"""The first day of an export for which nobody asked for one: before any system of this kind."""


class LaterCells(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"along": "with"}):
    """Cells of a row that are about another `day` than the row, and go with it."""

    file: str
    day: str
    along: tuple[str, ...] = ()


class PeriodRules(Sourced, frozen=True, kw_only=True):
    """By file: the column of its day, of the row it is a part of, of the day on which something of a project begins."""

    day: Mapping[str, str]
    part_of: Mapping[str, str]
    begins: Mapping[str, str]
    cells: tuple[LaterCells, ...]


@cache
def period_rules() -> PeriodRules:
    """The shipped rules. Raises BadRuleFile."""
    return read(Path(__file__).with_name("hmisperiod.toml"), PeriodRules)


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it; not `bounded` where nobody asked for one and everything goes out."""

    first: date
    last: date
    bounded: bool = True

    def holds(self, entry: date, left: date | None) -> bool:
        """Whether an enrollment of these days belongs to the period; the day of leaving counts (HMIS CSV)."""
        return entry <= self.last and (left is None or left >= self.first)


def period_of(first: date | None, last: date | None, today: date) -> Period:
    """The period that was asked for; open ends are the beginning and today.

    Raises Broken, beside the day that cannot be meant.
    """
    if last is not None and last > today:
        raise Broken("exchange.period_to_come", "last")
    if first is not None and first > (last or today):
        raise Broken("exchange.period_ends_before", "last" if last else "first")
    if first is not None and first < FROM_THE_BEGINNING:
        raise Broken("exchange.period_too_early", "first", {"year": FROM_THE_BEGINNING.year})
    asked = first is not None or last is not None
    return Period(first or FROM_THE_BEGINNING, last or today, bounded=asked)
