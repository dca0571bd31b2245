"""Bars drawn on the server from a released table: SVG without script or style, and without a hidden number.

A hidden bar is a striped stub of one length for all, drawn from no value at all.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from textwrap import wrap
from typing import Any, Final

import vl_convert

from shelter.reports.shown import Bars, Cell

STUB: Final = 26
"""Length of every hidden bar, in pixels."""
_ROW, _BAR, _WIDTH, _LABELS = 30, 16, 176, 148
_LINE, _LETTERS, _BREAK = 17, 19, "|"
"""How high a further line of a label is, how many letters stand in one, and what parts them on the way."""
FONT: Final = "sans-serif"
"""Stands in every text of a drawing; where it is drawn, another may take its place."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Of words, of bars, of hidden bars; on a page the theme says them."""

    ink: str = "currentColor"
    bar: str = "currentColor"
    stub: str = "currentColor"


def draw(bars: Bars, hidden: str, colours: Colours = Colours()) -> str:
    """One chart as SVG; `hidden` are the words for readers of the screen."""
    return _drawn(json.dumps(_spec(bars, hidden, colours), sort_keys=True))


@lru_cache(maxsize=64)
def _drawn(spec: str) -> str:
    """The same release is drawn the same, and once in a process; nothing is fetched."""
    return str(vl_convert.vegalite_to_svg(json.loads(spec), allowed_base_urls=[]))


def _spec(bars: Bars, hidden: str, colours: Colours) -> dict[str, Any]:
    lines = {label: _in_lines(label) for label, _ in bars.bars}
    named = [({"name": lines[label], "of": label}, cell.number) for label, cell in bars.bars]
    known = [{**name, "n": number} for name, number in named if number is not None]
    unknown = [{**name, "said": hidden} for name, number in named if number is None]
    high = 1 + max((name.count(_BREAK) for name in lines.values()), default=0)
    most = max([1, *(_number(cell) for _, cell in bars.bars)])
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": _WIDTH,
        "height": {"step": _ROW + _LINE * (high - 1)},
        "padding": {"left": 0, "right": 36, "top": 0, "bottom": 0},
        "autosize": "pad",
        "background": None,
        "config": {"view": {"stroke": None}, "font": FONT, "text": {"fontSize": 15, "fill": colours.ink}},
        "encoding": {"y": _names(list(lines.values()), colours.ink)},
        "layer": [
            {"data": {"values": known}, **_bar(most, colours.bar)},
            {"data": {"values": known}, **_figure(most)},
            {"data": {"values": unknown}, **_stub(colours.stub)},
            {"data": {"values": unknown}, **_mark()},
        ],
    }


def _in_lines(label: str) -> str:
    """A long label goes on beneath; nothing of it is cut off."""
    return _BREAK.join(wrap(label, _LETTERS)) or label


def _number(cell: Cell) -> int:
    return cell.number or 0


def _names(order: list[str], ink: str) -> Mapping[str, object]:
    axis = {
        "title": None,
        "aria": False,
        "domain": False,
        "ticks": False,
        "labelExpr": f"split(datum.value, '{_BREAK}')",
        "labelLineHeight": _LINE,
        "labelPadding": 10,
        "labelFontSize": 15,
        "labelColor": ink,
        "labelLimit": _LABELS - 10,
        "minExtent": _LABELS,
        "maxExtent": _LABELS,
    }
    return {"field": "name", "type": "nominal", "sort": order, "scale": {"domain": order}, "axis": axis}


def _along(most: int) -> Mapping[str, object]:
    return {"field": "n", "type": "quantitative", "axis": None, "scale": {"domain": [0, most]}}


def _bar(most: int, colour: str) -> Mapping[str, object]:
    said = {"expr": "datum.of + ': ' + datum.n"}
    return {
        "mark": {"type": "bar", "height": _BAR, "fill": colour, "description": said},
        "encoding": {"x": _along(most)},
    }


def _figure(most: int) -> Mapping[str, object]:
    text = {"field": "n", "type": "quantitative", "format": "d"}
    return {
        "mark": {"type": "text", "align": "left", "dx": 7, "aria": False},
        "encoding": {"x": _along(most), "text": text},
    }


def _stub(colour: str) -> Mapping[str, object]:
    said = {"expr": "datum.of + ': ' + datum.said"}
    stripes = {"strokeWidth": _BAR, "strokeDash": [2, 4], "stroke": colour}
    return {
        "mark": {"type": "rule", "description": said, **stripes},
        "encoding": {"x": {"value": 0}, "x2": {"value": STUB}},
    }


def _mark() -> Mapping[str, object]:
    return {
        "mark": {"type": "text", "align": "left", "dx": STUB + 7, "aria": False, "text": "†"},
        "encoding": {"x": {"value": 0}},
    }
