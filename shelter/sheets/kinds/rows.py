"""Rows of a sheet read as what they say, with everything that is wrong and everything that looks like a repetition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shelter.rules.broken import Broken
from shelter.sheets.kinds.columns import Column, Reading

MOST_LISTED = 1_000
_REMEMBERED = 20_000
"""Cells of a column that were read and come again: codes, days and values of lists do."""


@dataclass(slots=True)
class Row:
    """One row: its number in the file, what its cells say by column name, and whom and what of ours it is about."""

    number: int
    values: dict[str, Any]
    client: bytes = b""
    code: str = ""
    more: Any = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot come in: the column (its name, "" for the whole row), and a sentence with its values."""

    row: int
    column: str
    key: str
    values: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Twin:
    """A row that looks like something that is here, or like an earlier row; `code` of a person whom the reader may
    see.
    """

    row: int
    key: str
    code: str = ""
    other_row: int = 0


@dataclass(slots=True)
class Checked:
    """All rows with what was found; `wrong` are the numbers of rows that cannot come in."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    twins: dict[int, Twin] = field(default_factory=dict)
    wrong: set[int] = field(default_factory=set)

    def refuse(self, row: int, column: str, broken: Broken) -> None:
        self.wrong.add(row)
        if len(self.problems) < MOST_LISTED:
            self.problems.append(Problem(row, column, broken.message_key, broken.values))

    def doubt(self, twin: Twin) -> None:
        self.twins.setdefault(twin.row, twin)

    @property
    def sound(self) -> list[Row]:
        return [row for row in self.rows if row.number not in self.wrong]


def read_rows(
    lines: Iterable[tuple[int, list[str]]], targets: Sequence[str], columns: Sequence[Column], reading: Reading
) -> Checked:
    """Every row read cell by cell; an empty cell says nothing."""
    by_name = {one.name: one for one in columns}
    places = [(place, by_name[name], dict[str, Any]()) for place, name in enumerate(targets) if name in by_name]
    checked = Checked()
    for number, cells in lines:
        row = Row(number, {})
        for place, column, known in places:
            cell = cells[place] if place < len(cells) else ""
            if not cell:
                if column.needed:
                    checked.refuse(number, column.name, Broken("sheets.needed"))
                continue
            try:
                row.values[column.name] = known[cell] if cell in known else column.read(cell, reading)
            except Broken as broken:
                checked.refuse(number, column.name, broken)
                continue
            if len(known) < _REMEMBERED:
                known[cell] = row.values[column.name]
        if row.values or number in checked.wrong:
            checked.rows.append(row)
    checked.problems.sort(key=lambda one: one.row)
    return checked
