"""Whether a report's tables add up: what can be known of its truth without any other source."""

from dataclasses import dataclass

from shelter.rules.apr.book import RuleSet
from shelter.rules.apr.report import Cell, Table

_SPREAD = ("household", "leaving", "conditions")
"""Columns of which everybody stands under exactly one, so that the first is the sum of the rest."""


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A sum that does not hold, by table and row. It holds no number: the report is as exact as a case file."""

    table: str
    row: str


def imbalances(tables: list[Table], book: RuleSet) -> list[Imbalance]:
    """Every sum that does not hold; a report without one is balanced."""
    by_name = {table.name: table for table in tables}
    found = [
        Imbalance(one.whole.split("|")[0], one.whole.split("|")[1])
        for one in book.sums
        if (whole := _at(by_name, one.whole)) is not None
        and all(_at(by_name, part) is not None for part in one.parts)
        and whole != sum(_at(by_name, part) or 0 for part in one.parts)
    ]
    for table in tables:
        found += _across(table, book)
    return found


def _at(tables: dict[str, Table], place: str) -> int | None:
    """The number at "table|row|column"; None where this report has no such table."""
    name, label, column = place.split("|")
    table = tables.get(name)
    if table is None:
        return None
    cells = next(cells for row, cells in table.rows if row == label)
    return _number(cells[int(column)])


def _number(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _across(table: Table, book: RuleSet) -> list[Imbalance]:
    spec = book.tables[table.name]
    columns = book.columns.get(spec.columns)
    if columns is None or columns.by not in _SPREAD or columns.keys[0] != "total":
        return []
    rows = zip(book.rows(table.name), table.rows, strict=True)
    return [
        Imbalance(table.name, label)
        for row, (label, cells) in rows
        if not (row.average or row.median or row.share)
        and _number(cells[0]) != sum(_number(cell) for cell in cells[1:])
    ]
