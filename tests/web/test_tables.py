"""A row that a telephone stacks says what each of its cells is, and nothing of a row becomes markup."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from shelter.web.tables import labelled

HEADINGS = ["Person", "Age", "Safe contact"]


def row(*cells: object, first: str = "td") -> Markup:
    head, *rest = cells
    opened = Markup("\n<th scope=row>{}</th>\n") if first == "th" else Markup("\n<td>{}</td>\n")
    return opened.format(head) + Markup("").join(Markup("  <td class=x>{}</td>\n").format(one) for one in rest)


def labels(cells: Markup) -> list[str | None]:
    return [label or None for label in re.findall(r'<td(?: data-label="([^"]*)")?', cells)]


def test_each_cell_but_the_first_names_its_heading() -> None:
    assert labels(labelled(row("Ada", "47", "text"), HEADINGS)) == [None, "Age", "Safe contact"]


def test_a_row_heading_is_not_counted_twice() -> None:
    assert labels(labelled(row("Ada", "47", "text", first="th"), HEADINGS)) == ["Age", "Safe contact"]


def test_an_empty_cell_has_no_name_over_nothing() -> None:
    assert labels(labelled(row("Ada", " \n", "text"), HEADINGS)) == [None, None, "Safe contact"]


@given(st.lists(st.text(), min_size=1, max_size=6), st.lists(st.text(min_size=1), max_size=6))
def test_words_stay_words(cells: list[str], headings: list[str]) -> None:
    before = row(*cells)
    after = labelled(before, headings)
    assert after.count("<td") == len(cells)
    for heading in headings:
        assert "<" not in escape(heading)
    stripped = after
    for heading in headings:
        stripped = stripped.replace(Markup(' data-label="{}"').format(heading), "")
    assert stripped == before
