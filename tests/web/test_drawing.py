"""Only shapes and words get into a page: an SVG with anything else is refused, whoever drew it."""

import pytest

from shelter.reports.chart import draw
from shelter.reports.shown import Bars, Cell
from shelter.web.drawing import UnsafeDrawing, drawing

WRAP = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<path d="M0" onclick="alert(1)"/>',
        '<path d="M0" style="color:red"/>',
        "<style>*{}</style>",
        '<a href="/">x</a>',
        '<image xlink:href="http://elsewhere/"/>',
        '<path fill="url(#x)"/>',
        '<path fill="URL(http://elsewhere/)"/>',
        "<foreignObject/>",
        '<g id="main"/>',
        '<html xmlns="http://www.w3.org/1999/xhtml"/>',
        "<!-- a remark -->",
    ],
)
def test_nothing_else_is_vouched_for(inside: str) -> None:
    with pytest.raises(UnsafeDrawing):
        drawing(WRAP.format(inside), "words")


def test_an_entity_is_refused_before_anything_is_read() -> None:
    with pytest.raises(UnsafeDrawing):
        drawing('<!DOCTYPE svg [<!ENTITY a "b">]>' + WRAP.format("&a;"), "words")


def test_words_and_names_stay_text() -> None:
    bars = Bars("x", (("<script>House & Co", Cell(4)), ('"><img', Cell(None))))
    made = drawing(draw(bars, "hidden"), '"><b>')
    assert "<script" not in made
    assert "<img" not in made
    assert "<b>" not in made
    assert 'role="graphics-document"' in made
    assert "aria-roledescription" not in made


def test_a_drawing_is_the_same_whenever_it_is_drawn() -> None:
    bars = Bars("x", (("a", Cell(4)), ("b", Cell(None)), ("c", Cell(0))))
    draw.__globals__["_drawn"].cache_clear()
    once = draw(bars, "hidden")
    draw.__globals__["_drawn"].cache_clear()
    assert draw(bars, "hidden") == once
