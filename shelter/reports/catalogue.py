"""The fixed catalogue: which tables there are, how each spreads people, and over which closed periods.

Nobody composes a table of her own; a free builder is how one number is subtracted from another.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from shelter.reports.bands import AGE
from shelter.rules.broken import Broken
from shelter.rules.disclosure.spec import Dimension, Period, TableSpec

PEOPLE_SERVED = "people-served"
SITE = "site"
NO_SITE = "no-site"
"""Served by legal staff alone, and at none of the sites."""
REPORTS = (PEOPLE_SERVED,)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A calendar quarter, written `2026-Q3`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Raises Broken for anything that is not a quarter."""
        year, _, number = text.partition("-Q")
        if not (year.isdigit() and len(year) == 4 and number in ("1", "2", "3", "4")):
            raise Broken("reports.no-such-period")
        return cls(int(year), int(number))

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month - 1) // 3 + 1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        after = date(self.year + self.number // 4, (3 * self.number) % 12 + 1, 1)
        return after - timedelta(days=1)

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)

    def before(self) -> "Quarter":
        return Quarter.of(self.first - timedelta(days=1))


def recent(today: date, how_many: int = 13) -> list[Quarter]:
    """The running quarter and those before it, newest first."""
    found = [Quarter.of(today)]
    while len(found) < how_many:
        found.append(found[-1].before())
    return found


def people_served(quarter: Quarter, sites: list[str]) -> TableSpec:
    """People served, by the age they reach in the quarter's year and by the site where they were last in it."""
    site = Dimension(SITE, (*sites, NO_SITE))
    return TableSpec(
        title=PEOPLE_SERVED, dimensions=(AGE, site), population="served", period=quarter.period, unit="clients"
    )
