"""A released table as a PDF for a board: set by typst from a template of ours and data of the released table.

Nothing is written to the disk and nothing is fetched; the folder that typst may read is an empty one.
"""

from datetime import date
from functools import cache
from pathlib import Path

from flask_babel import gettext as _

from shelter.reports import chart
from shelter.reports.shown import Bars, Sheet
from shelter.reports.words import HIDDEN_MARK
from shelter.web import typesetting

_TEMPLATE = Path(__file__).with_name("paper.typ")
_FONT, _COLOURS = "Libertinus Serif", chart.Colours("#22302f", "#1f5f6b", "#75807e")


def pdf_of(sheet: Sheet, published: date) -> bytes:
    """PDF/UA-1; the same release is the same bytes at any time."""
    return typesetting.pdf_of(_template(), _data(sheet), published)


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


def _data(sheet: Sheet) -> dict[str, object]:
    """Words and protected numbers, as texts: the template computes nothing."""
    return {
        "title": sheet.title,
        "says": sheet.says,
        "lang": sheet.language,
        "total": "" if sheet.total is None or sheet.total.number is None else sheet.total.text,
        "people": sheet.counted,
        "typical": sheet.typical,
        "charts": [_chart(bars, sheet) for bars in sheet.charts],
        "table": _("The same in numbers"),
        "heading": sheet.heading,
        "columns": sheet.columns,
        "lines": [
            {"label": line.label, "cells": [cell.text for cell in line.cells], "total": line.total}
            for line in sheet.lines
        ],
        "hidden": f"{HIDDEN_MARK} {sheet.hidden}" if sheet.any_hidden else "",
        "note": sheet.note,
        "footer": sheet.footer,
        "foot": sheet.title,
    }


def _chart(bars: Bars, sheet: Sheet) -> dict[str, str]:
    svg = chart.draw(bars, sheet.hidden, _COLOURS)
    said = "; ".join(f"{label}: {sheet.hidden if cell.number is None else cell.text}" for label, cell in bars.bars)
    return {"title": bars.title, "svg": svg.replace(f'"{chart.FONT}"', f'"{_FONT}"'), "said": said}
