"""Rows of a table that still say what each cell is when a telephone stacks them, without any script."""

from collections.abc import Iterable

from flask import Flask
from markupsafe import Markup


def labelled(cells: Markup, headings: Iterable[object]) -> Markup:
    """The cells of one row, each <td> that holds something naming its heading in `data-label`.

    The first cell says who or what the row is about and needs no name.
    """
    before, *cells_after = cells.split("<td")
    labels = list(headings)[before.count("<th") :]
    labels += [""] * (len(cells_after) - len(labels))
    if "<th" not in before and labels:
        labels[0] = ""
    parts = [before]
    for label, cell in zip(labels, cells_after, strict=False):
        named = label and cell.partition(">")[2].partition("</td>")[0].strip()
        parts.append(Markup('<td data-label="{}"').format(label) if named else Markup("<td"))
        parts.append(cell)
    return Markup("").join(parts)


def init(app: Flask) -> None:
    app.jinja_env.filters["labelled"] = labelled
