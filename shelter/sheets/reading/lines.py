"""Which of the two formats was sent, judged by content and never by name, and its rows within what may be."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from shelter.rules.broken import Broken
from shelter.sheets.reading import limits, plain, workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOKED_AT = 1 << 16


class Line(NamedTuple):
    """A row with something in it: which sheet, its name, the number of the row as a person counts, its cells."""

    sheet: int
    name: str
    number: int
    cells: list[str]


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """All rows of all visible sheets, in order, without empty ones.

    Raises Broken with the sentence of what is wrong with the file as a whole; closes it.
    """
    with file:
        file.seek(0)
        head = file.read(_LOOKED_AT)
        file.seek(0)
        yield from _within_limits(_rows(file, head))


def _rows(file: BinaryIO, head: bytes) -> Iterator[Line]:
    if not head.strip():
        raise Broken("sheets.empty", field="file")
    if head.startswith(b"PK"):
        return (Line(*row) for row in workbook.rows(file))
    if head.startswith(_OLE):
        raise Broken("sheets.old_or_locked", field="file")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Broken("sheets.utf16", field="file")
    if b"\0" in head or head.startswith((b"%PDF-", b"{\\rtf", b"<")):
        raise Broken("sheets.no_spreadsheet", field="file")
    return (Line(0, "", number, cells) for number, cells in plain.rows(file))


def _within_limits(rows: Iterator[Line]) -> Iterator[Line]:
    count, letters = 0, 0
    for line in rows:
        while line.cells and not line.cells[-1]:
            line.cells.pop()
        if not line.cells:
            continue
        length = sum(map(len, line.cells))
        count, letters = count + 1, letters + length
        if count > limits.MOST_ROWS + 1:
            raise Broken("sheets.too_many_rows", field="file", values={"most": limits.MOST_ROWS})
        if letters > limits.MOST_TEXT:
            raise Broken("sheets.too_much_text", field="file", values={"most": limits.MOST_TEXT // 1_000_000})
        if len(line.cells) > limits.MOST_COLUMNS:
            found = {"most": limits.MOST_COLUMNS, "row": line.number}
            raise Broken("sheets.too_many_columns", field="file", values=found)
        if max(map(len, line.cells)) > limits.MOST_LETTERS:
            found = {"most": limits.MOST_LETTERS, "row": line.number}
            raise Broken("sheets.huge_cell", field="file", values=found)
        if length > limits.MOST_IN_A_ROW:
            found = {"most": limits.MOST_IN_A_ROW, "row": line.number}
            raise Broken("sheets.huge_row", field="file", values=found)
        yield line
    if not count:
        raise Broken("sheets.empty", field="file")
