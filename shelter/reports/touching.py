"""Which facts a report can need at all: the others of a large ledger are left as columns and never become facts."""

from dataclasses import replace

from shelter.reports.catalogue import NEW, Quarter, Report
from shelter.reports.columns import Word
from shelter.reports.dimensions import PROGRAMMES
from shelter.reports.sorting import OPEN, is_in, month_of
from shelter.reports.standing import Standing, Table


def touching(report: Report, standing: Standing, quarter: Quarter) -> Standing:
    """Without stays, matters and services outside the period; whoever counts as new is known by her very first."""
    if report.population == NEW:
        return standing
    tables = {what: _within(table, quarter) if what in PROGRAMMES else table for what, table in standing.tables.items()}
    return replace(standing, tables=tables)


def _within(table: Table, quarter: Quarter) -> Table:
    first, last = (month_of(day.year, day.month) for day in (quarter.first, quarter.last))

    def had_begun(word: Word) -> bool:
        return is_in(str(word or ""), last, quarter)

    def had_not_ended(word: Word) -> bool:
        return is_in(first, str(word or "") or OPEN, quarter)

    return table.where("from", had_begun).where("until", had_not_ended)
