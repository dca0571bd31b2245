"""Our tables against somebody else's, cell by cell: blank is 0, `%` and `$` fall away, two decimals count."""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from shelter.rules.apr.report import Table

_BY_PROJECT = "Project ID"
MISPRINT, NO_TABLE = "misprint", "no table"
MISPRINTS = {("Q4a", "Organization ID")}
"""Cells in which published kits contradict their own input."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`row` is counted from 1 below the header; `reason` is empty where it is not known."""

    table: str
    row: int
    label: str
    column: str
    ours: str
    theirs: str
    reason: str = ""


@dataclass(slots=True)
class Comparison:
    cells: int = 0
    tables: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def agree(self) -> int:
        return self.cells - len(self.differences)


def compare(ours: list[Table], theirs: dict[str, str]) -> Comparison:
    """`theirs` are the texts of their CSV files by table. A table that only they have differs in every cell."""
    found = Comparison()
    by_name = {table.name.casefold(): table for table in ours}
    for name in sorted(theirs, key=lambda name: (len(name), name)):
        rows = [row for row in csv.reader(io.StringIO(theirs[name])) if row]
        table = by_name.get(name.casefold())
        found.tables += 1
        if table is None:
            _missing(found, name, rows)
        else:
            _table(found, table, rows)
    return found


def _missing(found: Comparison, name: str, rows: list[list[str]]) -> None:
    for at, row in enumerate(rows[1:], start=1):
        for column, cell in enumerate(row[1:], start=1):
            found.cells += 1
            heading = rows[0][column] if column < len(rows[0]) else ""
            found.differences.append(Difference(name, at, row[0], heading, "", cell, NO_TABLE))


def _table(found: Comparison, table: Table, rows: list[list[str]]) -> None:
    headings = table.header
    if headings and rows and not _has_no_header(rows, table):
        headings, rows = tuple(rows[0]), rows[1:]
    elif rows and len(rows) == len(table.rows) + 1 and not any(_is_number(cell) for cell in rows[0][1:]):
        rows = rows[1:]  # a header where the year has none
    mine = [[label, *("" if cell is None else str(cell) for cell in cells)] for label, cells in table.rows]
    for at, (our_row, their_row) in enumerate(_pairs(mine, rows, headings), start=1):
        first = 0 if table.name == "Q4a" else 1
        for column in range(first, max(len(their_row), 0)):
            found.cells += 1
            ours, theirs = our_row[column] if column < len(our_row) else "", their_row[column]
            if normal(ours) != normal(theirs):
                heading = headings[column] if column < len(headings) else ""
                reason = MISPRINT if (table.name, heading) in MISPRINTS else ""
                found.differences.append(
                    Difference(table.name, at, their_row[0], heading, ours.strip(), theirs.strip(), reason)
                )


def _has_no_header(rows: list[list[str]], table: Table) -> bool:
    """A first line that is already one of our rows."""
    return bool(table.rows) and _folded(rows[0][0]) == _folded(table.rows[0][0]) and _is_number(rows[0][-1])


def _is_number(text: str) -> bool:
    return text.strip().isdigit()


def _pairs(
    mine: list[list[str]], theirs: list[list[str]], headings: tuple[str, ...]
) -> list[tuple[list[str], list[str]]]:
    """Their rows each with ours: by project, by label where labels are unique, else by place."""
    key = headings.index(_BY_PROJECT) if _BY_PROJECT in headings else 0
    ours = defaultdict(list)
    for row in mine:
        ours[_folded(row[key]) if key < len(row) else ""].append(row)
    pairs = []
    for at, row in enumerate(theirs):
        same = ours.get(_folded(row[key]) if key < len(row) else "", [])
        by_place = mine[at] if at < len(mine) else []
        pairs.append((same[0] if len(same) == 1 else by_place, row))
    return pairs


def _folded(label: str) -> str:
    return "".join(character for character in label.casefold() if character.isalnum())


def normal(cell: str) -> str:
    """A cell as it is compared."""
    text = cell.strip().replace("$", "").replace("%", "").replace(",", "").strip()
    if not text:
        return "0.00"
    try:
        value = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        return " ".join(cell.split()).casefold()
    return str(value or abs(value))  # "-0.00" is no other number
