"""Sheets that go out, made in memory: templates to fill in, and rows to be put right. No cell is a formula."""

import io
from collections.abc import Iterable

import xlsxwriter
from flask_babel import gettext as _

from shelter.sheets.kinds import SheetKind
from shelter.sheets.kinds.rows import Checked
from shelter.sheets.queries import Waiting
from shelter.sheets.words import sheet_column, sheet_column_hint, sheet_kind, sheet_problem, sheet_twin

_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MOST_ROWS = 5_000


def template(kind: SheetKind) -> bytes:
    """Headings in the reader's language, and a second sheet that says what each may hold."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _PLAIN)
    strong, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(sheet_kind(kind)[:31])
    notes = book.add_worksheet(_("What each column may hold")[:31])
    notes.write_row(0, 0, [_("Column"), _("What it may hold")], strong)
    for place, one in enumerate(kind.columns):
        page.write_string(0, place, sheet_column(one.name), strong)
        notes.write_string(place + 1, 0, sheet_column(one.name), wrap)
        needed = _("must be there") if one.needed else ""
        notes.write_string(
            place + 1, 1, "; ".join(part for part in (needed, sheet_column_hint(one.name)) if part), wrap
        )
    page.set_column(0, len(kind.columns), 18)
    page.freeze_panes(1, 0)
    notes.set_column(0, 0, 24)
    notes.set_column(1, 1, 70)
    book.close()
    return buffer.getvalue()


def wrong_rows(one: Waiting, found: Checked, rows: Iterable[tuple[int, list[str]]]) -> bytes:
    """The rows as they came, with their number in front and the reason behind, ready to be put right and sent again."""
    why: dict[int, list[str]] = {}
    for problem in found.problems:
        why.setdefault(problem.row, []).append(f"{sheet_column(problem.column)}: {sheet_problem(problem)}")
    for number, twin in found.twins.items():
        why.setdefault(number, []).append(sheet_twin(twin))
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _PLAIN)
    strong, mark = book.add_format({"bold": True}), book.add_format({"bg_color": "#fff2cc", "text_wrap": True})
    page = book.add_worksheet()
    width = len(one.table.headings)
    for place, heading in enumerate([*one.table.headings, _("Row"), _("Why")]):
        page.write_string(0, place, heading, strong)
    for line, (number, cells) in enumerate(rows, start=1):
        if line > MOST_ROWS:
            break
        for place, cell in enumerate(cells[:width]):
            page.write_string(line, place, cell)
        page.write_number(line, width, number)
        page.write_string(line, width + 1, "\n".join(why.get(number, [])), mark)
    page.set_column(0, width, 16)
    page.set_column(width + 1, width + 1, 60)
    page.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()
