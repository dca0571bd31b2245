"""A portal's form, filled: a sheet as CSV and XLSX, and pages to type from, in the funder's own words and language."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shelter.funders.filing.packing import Filing, packed
from shelter.funders.models import Told
from shelter.reports.sheets import Value, csv_rows, harmless, workbook
from shelter.rules.performance import (
    Answer,
    FilledSheet,
    Form,
    History,
    Named,
    Version,
    Warning_,
    Window,
    count,
    sheets_of,
    unasked,
    warnings_of,
)
from shelter.web.typesetting import pdf_of

_TEMPLATE = Path(__file__).with_name("portal.typ")
_HEADINGS = ("Question", "Row", "Line", "Measure", "Number", "Records counted", "Certainty", "Rule")
_CERTAINTY = {
    "V": "read in the source",
    "T": "read in a third party's text",
    "K": "to be confirmed",
    "C": "to be confirmed: it changed lately or sources disagree",
}


ROWS = "rows"
"""The column of a sheet's number: how many rows it has."""


@dataclass(frozen=True, slots=True)
class _Page:
    """One sheet of the workbook."""

    name: str
    lines: Sequence[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Filled:
    filing: Filing
    told: list[Told]
    warnings: list[Warning_]
    unasked: int


def filled(form: Form, version: Version, history: History, window: Window, named: Named) -> Filled:
    """The form over a closed window; `named` gives the numbers of clients in its sheets."""
    answers = count(version, history, window)
    warnings = warnings_of(version, answers, window)
    sheets = sheets_of(version, history, window, named)
    told = [_told(one) for one in answers] + [_told_rows(version, one) for one in sheets]
    title = f"{form.title}, {window.first.isoformat()} to {window.last.isoformat()}"
    lines = _lines(title, version, told)
    pages = [_Page(form.code, lines), *(_page(version, one) for one in sheets)]
    files = {_name(form.code, page.name, "csv"): csv_rows(page.lines) for page in pages}
    content = packed(
        {
            **files,
            f"{form.code}.xlsx": _xlsx(title, pages, window.last),
            f"{form.code}.pdf": pdf_of(_TEMPLATE.read_bytes(), _pages(title, version, told, warnings), window.last),
        }
    )
    filing = Filing(content, len(version.section) + len(sheets), len(warnings))
    return Filled(filing, told, warnings, unasked(version, history, window))


def _name(form: str, page: str, ending: str) -> str:
    return f"{form}.{ending}" if page == form else f"{form}-{page}.{ending}"


def _page(version: Version, sheet: FilledSheet) -> _Page:
    fields = next(one.fields for one in version.sheet if one.code == sheet.code)
    return _Page(sheet.code, [[field.line for field in fields], *([*row] for row in sheet.rows)])


def _told_rows(version: Version, sheet: FilledSheet) -> Told:
    heading = next(one.heading for one in version.sheet if one.code == sheet.code)
    return Told(
        section=sheet.code, row="", line=heading, column=ROWS, number=len(sheet.rows), records=len(sheet.sources)
    )


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


def _xlsx(title: str, pages: Sequence[_Page], day: date) -> bytes:
    buffer = io.BytesIO()
    book = workbook(buffer, title, day)
    strong = book.add_format({"bold": True})
    for each in pages:
        page = book.add_worksheet(each.name)
        for row, values in enumerate(each.lines):
            heads = row == 0 or (each is pages[0] and len(values) == len(_HEADINGS))
            for column, value in enumerate(values):
                if isinstance(value, int):
                    page.write_number(row, column, value)
                else:
                    page.write_string(row, column, harmless(value), strong if heads else None)
        page.set_column(0, len(_HEADINGS), 18)
        page.set_column(2, 2, 60)
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
                    "columns": [one.replace("_", " ").capitalize() for one in section.columns]
                    if section.events
                    else [],
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
        "warnings": [f"{one.section} {one.row}: {one.advice} ({one.left} {one.sign} {one.right}?)" for one in warnings],
    }


def _cell(one: Told) -> str:
    return "" if one.number is None else str(one.number)
