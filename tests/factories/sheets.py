"""Spreadsheets as people send them, and brought in as the pages do it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import xlsxwriter

from shelter.policy.actor import Actor
from shelter.rules.deadlines import shipped_rules
from shelter.rules.matters import matter_types
from shelter.rules.papers import papers
from shelter.rules.papers.countries import countries
from shelter.rules.picklists import picklists
from shelter.rules.services import service_book
from shelter.sheets import actions, queries
from shelter.sheets.actions import BringIn, Match
from shelter.sheets.kinds import KINDS
from shelter.sheets.kinds.columns import folded
from shelter.sheets.kinds.rows import Checked

Cells = Sequence[Sequence[str]]


@cache
def _values(name: str) -> dict[str, str]:
    if name == "sheets.yes_no":
        return {"yes": "yes", "no": "no"}
    books: dict[str, Iterable[tuple[str, str]]] = {
        "services": ((one.code, one.label) for one in service_book().services.values()),
        "funds": ((one.code, one.label) for one in service_book().funds.values()),
        "papers": ((one.code, one.label) for one in papers().kinds.values()),
        "paper_states": ((one.code, one.label) for one in papers().states.values()),
        "countries": ((code, one.label) for code, one in countries().items()),
        "matters": ((code, one.label) for code, one in matter_types().items()),
        "rules": ((one, shipped_rules().versions(one)[-1].label) for one in shipped_rules().ids),
    }
    listed = list(books[name]) if name in books else [(one.code, one.label) for one in picklists()[name].choices]
    return {folded(label): code for code, label in listed} | {folded(code): code for code, _ in listed}


class English(Mapping[str, Mapping[str, str]]):
    """The values of lists as they are shipped."""

    def __getitem__(self, name: str) -> dict[str, str]:
        return _values(name)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(picklists())

    def __len__(self) -> int:
        return len(picklists())

    def get(self, key, default=None):  # type: ignore[no-untyped-def]
        return self[key]


def as_csv(rows: Cells, separator: str = ",", encoding: str = "utf-8") -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def as_xlsx(**sheets: Cells) -> io.BytesIO:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for place, cells in enumerate(rows):
            page.write_row(place, 0, cells)
    book.close()
    out.seek(0)
    return out


def sent(actor: Actor, what: str, rows: Cells, site: bytes = b"", targets: Sequence[str] = (), **more: bool) -> bytes:
    """A sheet sent and matched by its headings, or as `targets` says; the id of the import."""
    coming = actions.take_in(actor, what, as_csv(rows))
    one = queries.waiting(actor, coming)
    guessed = targets or queries.guessed(KINDS[what], one.table.headings, {})
    home = site or min(actor.sites)
    actions.match(actor, Match(coming, tuple(guessed), site=home, **more))
    return coming


def looked_at(actor: Actor, coming: bytes) -> Checked:
    return queries.checked(actor, coming, English())[1]


def brought(actor: Actor, what: str, rows: Cells, *, twins: str = "leave", **more: bytes) -> bytes:
    """A sheet brought in as a whole; the id of the import."""
    coming = sent(actor, what, rows, **more)  # type: ignore[arg-type]
    actions.bring_in(actor, BringIn(coming, English(), twins))
    return coming
