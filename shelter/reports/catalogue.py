"""The fixed catalogue: which tables there are, how each spreads people, and over which closed periods.

Nobody composes a table of her own; a free builder is how one number is subtracted from another.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from shelter.reports.bands import AGE
from shelter.reports.dimensions import (
    CONTROL,
    EXPLOITATION,
    GOAL,
    LANGUAGE,
    MATTER,
    OUTCOME,
    OUTCOME_BY_MATTER,
    PAPER,
    PLACE,
    PROGRAMME,
    RACE,
    REASON,
    RECOVERY,
    REGION,
    SERVICE,
    SEX,
    STAY,
    VIOLENCE,
)
from shelter.rules.broken import Broken
from shelter.rules.disclosure.primary import DEFAULT_K
from shelter.rules.disclosure.spec import Dimension, Measure, Period, TableSpec, Unit

PEOPLE_SERVED = "people-served"
SITE = "site"
NO_SITE = "no-site"
"""Served by legal staff alone, and at none of the sites."""
SERVED, NEW, LEGAL, LEFT, ENDED = "served", "new", "legal", "left", "ended"
CONCLUDED, RECOVERED = "concluded", "recovered"
CONTROLLED, PROGRAMMED, HELPED, REACHED, PAPERED = "controlled", "programmed", "helped", "reached", "papered"
TURNED_AWAY, NIGHTS = "turned-away", "nights"
_BY_NEWEST = frozenset({LEGAL, LEFT, ENDED, CONCLUDED, RECOVERED})


@dataclass(frozen=True, slots=True)
class Report:
    """A table of the catalogue: whom it counts, and how it sorts them beside the site where each was last.

    All populations of people are part of those served, so that each table is judged together with the others. Whoever
    is sorted by the newest thing that happened has no yearly table: a year's newest may be another than a quarter's,
    and the two could not be judged together. What is no person (requests, nights) stays at its site; without `rows` it
    is told by site alone.
    """

    code: str
    population: str
    rows: Dimension | None
    measure: Measure = "stock"
    unit: Unit = "clients"

    @property
    def is_yearly(self) -> bool:
        return self.population not in _BY_NEWEST

    @property
    def first(self) -> str:
        """The code of the dimension whose categories are the lines of the table."""
        return self.rows.code if self.rows else SITE

    def knows_sites(self, quarter: "Quarter") -> bool:
        """A year of people knows none: somebody who moved between quarters would stand under another in each."""
        return bool(quarter.number) or self.rows is None

    def threshold(self, quarter: "Quarter") -> int:
        """Fewer than this are hidden. Of nights more than ten people could have slept in the period."""
        days = (quarter.last - quarter.first).days + 1
        return (DEFAULT_K - 1) * days + 1 if self.unit == "nights" else DEFAULT_K


REPORTS = {
    one.code: one
    for one in (
        Report(PEOPLE_SERVED, SERVED, AGE),
        Report("people-new", NEW, AGE, "flow"),
        Report("programmes", PROGRAMMED, PROGRAMME),
        Report("sex", SERVED, SEX),
        Report("race", SERVED, RACE),
        Report("language", SERVED, LANGUAGE),
        Report("region", SERVED, REGION),
        Report("violence", SERVED, VIOLENCE),
        Report("exploitation", SERVED, EXPLOITATION),
        Report("control", CONTROLLED, CONTROL),
        Report("services", HELPED, SERVICE),
        Report("nights", NIGHTS, None, "flow", "nights"),
        Report("stay-length", ENDED, STAY),
        Report("destinations", LEFT, PLACE),
        Report("turned-away", TURNED_AWAY, REASON, "flow", "requests"),
        Report("matters", LEGAL, MATTER),
        Report("outcomes", CONCLUDED, OUTCOME),
        Report("matters-outcomes", CONCLUDED, OUTCOME_BY_MATTER),
        Report("papers", PAPERED, PAPER),
        Report("recovery-time", RECOVERED, RECOVERY),
        Report("goals", REACHED, GOAL),
    )
}


@dataclass(frozen=True, slots=True)
class Quarter:
    """A calendar quarter, written `2026-Q3`, or a whole year (number 0), written `2026`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Raises Broken for anything that is not a quarter."""
        year, quarter, number = text.partition("-Q")
        if not quarter and year.isdigit() and len(year) == 4:
            return cls(int(year), 0)
        if not (year.isdigit() and len(year) == 4 and number in ("1", "2", "3", "4")):
            raise Broken("reports.no-such-period")
        return cls(int(year), int(number))

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month - 1) // 3 + 1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}" if self.number else str(self.year)

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2 if self.number else 1, 1)

    @property
    def last(self) -> date:
        if not self.number:
            return date(self.year, 12, 31)
        after = date(self.year + self.number // 4, (3 * self.number) % 12 + 1, 1)
        return after - timedelta(days=1)

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)

    @property
    def whole_year(self) -> "Quarter":
        return Quarter(self.year, 0)

    def before(self) -> "Quarter":
        return Quarter.of(self.first - timedelta(days=1))


def recent(today: date, how_many: int = 13) -> list[Quarter]:
    """The running quarter and those before it, newest first, then the years that are over among them."""
    found = [Quarter.of(today)]
    while len(found) < how_many:
        found.append(found[-1].before())
    years = {one.year for one in found if Quarter(one.year, 0).last < today and Quarter(one.year, 1) in found}
    return found + [Quarter(year, 0) for year in sorted(years, reverse=True)]


def spec_of(report: Report, quarter: Quarter, sites: list[str]) -> TableSpec:
    """A table of the catalogue over one closed period; a quarter's by the sites where people were last in it."""
    site = Dimension(SITE, (*sites, NO_SITE))
    by_site = (site,) if report.knows_sites(quarter) else ()
    return TableSpec(
        title=report.code,
        dimensions=((report.rows,) if report.rows else ()) + by_site,
        population=report.population,
        period=quarter.period,
        unit=report.unit,
        measure=report.measure,
        part_of=() if report.population == SERVED or report.unit != "clients" else (SERVED,),
    )
