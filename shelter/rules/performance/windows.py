"""The periods of a form: quarters and years of a fiscal year that begins in October."""

from datetime import date, timedelta

import msgspec

from shelter.rules.broken import Broken

BEGINS = 10
"""The month in which the federal fiscal year begins."""
_MONTHS = 3


class Window(msgspec.Struct, frozen=True):
    """A closed period. `year` is the fiscal year, named by the calendar year in which it ends; `quarter` 1 to 4,
    0 for the whole year."""

    year: int
    quarter: int

    @property
    def first(self) -> date:
        return _first_of(self.year, max(self.quarter, 1))

    @property
    def last(self) -> date:
        return _first_of(self.year, (self.quarter or 4) + 1) - timedelta(days=1)

    @property
    def year_first(self) -> date:
        return _first_of(self.year, 1)

    @property
    def ends_the_year(self) -> bool:
        return self.quarter in (0, 4)

    @property
    def whole_year(self) -> "Window":
        return Window(self.year, 0)

    def __str__(self) -> str:
        return f"{self.year}-{self.quarter}"


def window_of(text: str) -> Window:
    """From "2026-3" (the quarter of April to June 2026) or "2026-0". Raises Broken."""
    year, _, quarter = text.partition("-")
    if not (year.isdigit() and len(year) == 4 and quarter in ("0", "1", "2", "3", "4")):
        raise Broken("funders.no-such-period", "period")
    return Window(int(year), int(quarter))


def window_between(first: date, last: date) -> Window:
    """The window that has these days. Raises Broken for days that make none."""
    year = last.year + (last.month >= BEGINS)
    found = next(
        (one for one in (Window(year, quarter) for quarter in range(5)) if (one.first, one.last) == (first, last)), None
    )
    if found is None:
        raise Broken("funders.no-such-period", "period")
    return found


def windows(today: date, quarters: int = 8) -> list[Window]:
    """The quarters that are over, newest first, then the fiscal years that are."""
    year = today.year + (today.month >= BEGINS)
    every = [Window(one, quarter) for one in range(year, year - 4, -1) for quarter in (4, 3, 2, 1)]
    years = [Window(one, 0) for one in range(year, year - 4, -1)]
    return [one for one in every if one.last < today][:quarters] + [one for one in years if one.last < today]


def _first_of(year: int, quarter: int) -> date:
    months = (BEGINS - 1) + _MONTHS * (quarter - 1)
    return date(year - 1 + months // 12, months % 12 + 1, 1)
