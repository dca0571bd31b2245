"""A released table as CSV and XLSX, in memory. A cell is a number or a text, never a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Final

import xlsxwriter

from shelter.reports.shown import Sheet
from shelter.reports.words import HIDDEN_MARK

Value = str | int
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(sheet: Sheet) -> bytes:
    return csv_rows(_rows(sheet))


def csv_rows(rows: Iterable[Iterable[Value]]) -> bytes:
    """UTF-8 with a mark that spreadsheet programs need to see that it is."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(value) if isinstance(value, str) else value for value in row])
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(sheet: Sheet, published: date) -> bytes:
    """One worksheet; the same release is the same bytes at any time."""
    buffer = io.BytesIO()
    book = workbook(buffer, sheet.title, published)
    _fill(book, sheet)
    book.close()
    return buffer.getvalue()


def workbook(buffer: io.BytesIO, title: str, day: date) -> xlsxwriter.Workbook:
    """An empty book in which no text becomes a formula, an address or a number; it bears this day and no other."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": title, "created": datetime(day.year, day.month, day.day, tzinfo=UTC)})
    return book


def _fill(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.file_stem[:31])
    plain, strong = book.add_format({"text_wrap": False}), book.add_format({"bold": True})
    middle = book.add_format({"align": "right"})
    heading, totals = 2, {2 + len(sheet.lines)}
    for row, values in enumerate(_rows(sheet)):
        whole = strong if row in {0, heading} | totals else plain
        for column, value in enumerate(values):
            if isinstance(value, int):
                page.write_number(row, column, value, whole)
            else:
                page.write_string(row, column, harmless(value), middle if value == HIDDEN_MARK else whole)
    page.set_column(0, 0, 28)
    page.set_column(1, len(sheet.columns), 16)
    page.freeze_panes(heading + 1, 1)


def _rows(sheet: Sheet) -> Iterator[list[Value]]:
    """Title, headings, lines, then all that stands under the table."""
    yield [sheet.title]
    yield []
    yield [sheet.heading, *sheet.columns]
    for line in sheet.lines:
        yield [line.label, *(cell.text if cell.number is None else cell.number for cell in line.cells)]
    yield []
    if sheet.any_hidden:
        yield [f"{HIDDEN_MARK} {sheet.hidden}"]
    if sheet.typical:
        yield [sheet.typical]
    yield [sheet.note]
    for words in sheet.footer:
        yield [words]


def harmless(value: str) -> str:
    """A text that a spreadsheet would run begins with an apostrophe, which it does not show."""
    return f"'{value}" if value.startswith(_RUNS) else value
