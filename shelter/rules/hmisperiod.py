"""What belongs to the period of an HMIS export: HUD's HMIS CSV format, ExportPeriodType 3 (reporting period).

Enrollments that were open on a day of the period, with their whole history up to its last day: what was there before
the first day comes along, what happened after the last day is not known yet.
"""

from dataclasses import dataclass
from datetime import date

from shelter.rules.broken import Broken

FROM_THE_BEGINNING = date(1990, 1, 1)
"""The first day of an export for which nobody asked for one: before any system of this kind."""


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
