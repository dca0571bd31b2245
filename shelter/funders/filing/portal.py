"""A portal's form, filled: a sheet as CSV and XLSX, and pages to type from, in the funder's own words and language."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shelter.funders.filing.packing import Filing, packed
from shelter.funders.models import Told
from shelter.reports.sheets import Value, csv_rows, harmless, workbook
from shelter.rules.performance import Answer, Form, History, Version, Warning_, Window, count, warnings_of
from shelter.web.typesetting import pdf_of

_TEMPLATE = Path(__file__).with_name("portal.typ")
_HEADINGS = ("Question", "Row", "Line", "Measure", "Number", "Records counted", "Certainty", "Rule")
_CERTAINTY = {
    "V": "read in the source",
    "T": "read in a third party's text",
    "K": "to be confirmed",
    "C": "to be confirmed: it changed lately or sources disagree",
}


@dataclass(frozen=True, slots=True)
class Filled:
    filing: Filing
    told: list[Told]
    warnings: list[Warning_]


def filled(form: Form, version: Version, history: History, window: Window) -> Filled:
    """The form over a closed window."""
    answers = count(version, history, window)
    warnings = warnings_of(version, answers, window)
    told = [_told(one) for one in answers]
    title = f"{form.title}, {window.first.isoformat()} to {window.last.isoformat()}"
    lines = _lines(title, version, told)
    content = packed(
        {
            f"{form.code}.csv": csv_rows(lines),
            f"{form.code}.xlsx": _xlsx(title, form.code, lines, window.last),
            f"{form.code}.pdf": pdf_of(_TEMPLATE.read_bytes(), _pages(title, version, told, warnings), window.last),
        }
    )
    return Filled(Filing(content, len(version.section), len(warnings)), told, warnings)


def _told(one: Answer) -> Told:
    return Told(
        section=one.section,
        row=one.row,
        line=one.line,
        column=one.column,
        number=one.number,
        records=len(one.sources),
    )


def _lines(title: str, version: Version, told: Sequence[Told]) -> list[list[Value]]:
    lines: list[list[Value]] = [[title], [f"Rules: {version.source}"], [*_HEADINGS]]
    for section in version.section:
        mine = [one for one in told if one.section == section.code]
        if mine:
            lines.append([section.code, "", section.heading, "", "", "", _CERTAINTY[section.certainty], section.hint])
        for one in mine:
            number: Value = "" if one.number is None else one.number
            lines.append([one.section, one.row, one.line, one.column, number, one.records])
    return lines


def _xlsx(title: str, sheet: str, lines: Sequence[Sequence[Value]], day: date) -> bytes:
    buffer = io.BytesIO()
    book = workbook(buffer, title, day)
    page, strong = book.add_worksheet(sheet), book.add_format({"bold": True})
    for row, values in enumerate(lines):
        heads = row < 2 or len(values) == len(_HEADINGS)
        for column, value in enumerate(values):
            if isinstance(value, int):
                page.write_number(row, column, value)
            else:
                page.write_string(row, column, harmless(value), strong if heads else None)
    page.set_column(2, 2, 60)
    page.set_column(7, 7, 80)
    page.freeze_panes(3, 0)
    book.close()
    return buffer.getvalue()


def _pages(title: str, version: Version, told: Sequence[Told], warnings: Sequence[Warning_]) -> dict[str, object]:
    sections = []
    for section in version.section:
        mine = [one for one in told if one.section == section.code]
        by_row: dict[str, list[Told]] = {}
        for one in mine:
            by_row.setdefault(one.row, []).append(one)
        if mine:
            sections.append(
                {
                    "code": section.code,
                    "heading": section.heading,
                    "hint": section.hint,
                    "certainty": "" if section.certainty in "VT" else _CERTAINTY[section.certainty],
                    "columns": list(section.columns) if section.events else [],
                    "rows": [
                        {"code": row, "line": ones[0].line, "cells": [_cell(one) for one in ones if section.events]}
                        for row, ones in by_row.items()
                    ],
                }
            )
    return {
        "title": title,
        "source": version.source,
        "sections": sections,
        "warnings": [f"{one.section} {one.row}: {one.left} {one.sign} {one.right}? {one.advice}" for one in warnings],
    }


def _cell(one: Told) -> str:
    return "" if one.number is None else str(one.number)
