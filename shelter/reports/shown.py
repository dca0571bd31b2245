"""A released table in words: the one view that page, chart, sheet and paper are made from.

It is made from a protected table alone, so what is hidden there is in none of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from shelter.reports import labels, words
from shelter.reports.catalogue import NO_SITE, SITE, Quarter
from shelter.reports.queries import Published
from shelter.reports.typical import typical
from shelter.rules.disclosure.spec import TOTAL, Dimension, Key
from shelter.rules.disclosure.table import Printed
from shelter.web.i18n import page_lang
from shelter.web.sentences import sentence


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that everybody may know, or None for a hidden one."""

    number: int | None

    @property
    def text(self) -> str:
        return words.HIDDEN_MARK if self.number is None else str(self.number)


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    cells: tuple[Cell, ...]
    total: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """One chart: a category and its cell for each bar."""

    title: str
    bars: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that is said about a released table, in the reader's language; `total` is None where it has none."""

    title: str
    says: str
    heading: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    charts: tuple[Bars, ...]
    total: Cell | None
    counted: str
    typical: str
    note: str
    hidden: str
    any_hidden: bool
    footer: tuple[str, ...]
    file_stem: str
    language: str


def sheet_of(published: Published) -> Sheet:
    spec = published.table.spec
    rows, columns = (spec.dimensions[0], spec.dimensions[1] if len(spec.dimensions) > 1 else None)
    total = _total(published)
    return Sheet(
        title=words.title_words(published.report, published.quarter),
        says=str(labels.SAYS[published.report]),
        heading=str(labels.DIMENSIONS[rows.code]),
        columns=_headings(columns, published),
        lines=tuple(_lines(published, rows, columns)),
        charts=tuple(_charts(published)),
        total=total,
        counted=words.unit_words(spec.unit, total.number or 0 if total else 0),
        typical=_typical(published),
        note=_note(published),
        hidden=sentence("disclosure.hidden"),
        any_hidden=published.table.hidden_count > 0,
        footer=_footer(published),
        file_stem=f"{published.report}-{published.quarter}-no-{published.number}",
        language=page_lang(),
    )


def trend_of(report: str, points: tuple[tuple[Quarter, Printed], ...]) -> Bars:
    """One bar for each published quarter."""
    return Bars(
        words.report_words(report), tuple((f"{one.year} Q{one.number}", _cell(printed)) for one, printed in points)
    )


def _total(published: Published) -> Cell | None:
    key = published.table.spec.grand_total()
    return _cell(published.table[key]) if key in published.table.spec.positions() else None


def _typical(published: Published) -> str:
    found = typical(published.table)
    if found is None:
        return ""
    band = words.category_words(published.table.spec.dimensions[0].code, found.half, published.sites).lower()
    if found.average is None:
        return _("Half of them: %(band)s.", band=band)
    return _("Half of them: %(band)s. On average about %(days)s days.", band=band, days=found.average)


def _cell(printed: Printed) -> Cell:
    return Cell(printed if isinstance(printed, int) else None)


def _ordered(dimension: Dimension, published: Published) -> tuple[str, ...]:
    """Everything that a dimension tells apart, its total last; sites by their names, people of no site after them."""
    if dimension.code != SITE:
        return dimension.nodes
    named = {code: words.category_words(SITE, code, published.sites) for code in dimension.categories}
    return (*sorted(named, key=lambda code: (code == NO_SITE, named[code], code)), TOTAL)


def _headings(columns: Dimension | None, published: Published) -> tuple[str, ...]:
    if columns is None:
        return (words.unit_words(published.table.spec.unit, 2).capitalize(),)
    return tuple(words.category_words(columns.code, node, published.sites) for node in _ordered(columns, published))


def _lines(published: Published, rows: Dimension, columns: Dimension | None) -> Iterator[Line]:
    for node in _ordered(rows, published):
        keys: list[Key] = [(node, other) for other in _ordered(columns, published)] if columns else [(node,)]
        cells = tuple(_cell(published.table[key]) for key in keys)
        yield Line(words.category_words(rows.code, node, published.sites), cells, node == TOTAL)


def _charts(published: Published) -> Iterator[Bars]:
    """For each dimension its categories, everything else taken together, where the table prints that."""
    spec = published.table.spec
    for place, dimension in enumerate(spec.dimensions):
        if any(other.several for other in spec.dimensions if other is not dimension):
            continue
        bars = []
        for category in _ordered(dimension, published):
            if category == TOTAL:
                continue
            key = tuple(category if here == place else TOTAL for here in range(len(spec.dimensions)))
            label = words.category_words(dimension.code, category, published.sites)
            bars.append((label, _cell(published.table[key])))
        yield Bars(words.chart_words(dimension.code), tuple(bars))


def _note(published: Published) -> str:
    table = published.table
    if not table.hidden_count:
        return sentence("disclosure.note_none")
    values = {"hidden": table.hidden_count, "cells": table.cell_count, "values": table.possible_values}
    return sentence("disclosure.note", values)


def _footer(published: Published) -> tuple[str, ...]:
    return (
        _("Period: %(period)s", period=words.period_words(published.quarter)),
        _("Counted: %(population)s", population=str(labels.POPULATIONS[published.table.population])),
        _("Method: %(method)s", method=sentence(published.table.method, {"k": published.table.k})),
        _(
            "Release %(number)s, published on %(day)s. It does not change.",
            number=published.number,
            day=words.day_words(published.on),
        ),
    )
