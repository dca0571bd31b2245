"""A file's first line matched with the columns that its year knows: any order, extra columns kept, spelling
forgiven."""

from collections.abc import Sequence

from shelter.exchange.hmis.layout import Column, FileLayout
from shelter.exchange.hmis.problems import Note
from shelter.exchange.hmis.rows import Header
from shelter.rules.broken import Broken


def match_header(layout: FileLayout, cells: list[str], limit: int, notes: list[Note]) -> Header:
    """The header of one file. Raises Broken for a missing or doubled key column and for too many columns."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > limit:
        raise Broken("import.too_many_columns", values={"file": layout.name, "limit": limit})
    names = [_clean(cell) for cell in cells]
    known = _known(layout, names, notes)
    _refuse_without_keys(layout, known)
    _note_columns(layout, names, known, notes)
    return Header(_unique(layout, names, notes), known)


def _note(kind: str, layout: FileLayout, count: int, columns: Sequence[str] = ()) -> Note:
    values: dict[str, str | int] = {"file": layout.name, "count": count}
    if columns:
        values["columns"] = ", ".join(columns)
    return Note(f"import.note.{kind}", layout.name, values)


def _clean(cell: str) -> str:
    return cell.replace("\0", "").strip()


def _known(layout: FileLayout, names: list[str], notes: list[Note]) -> dict[int, Column]:
    """Known columns by position: spelled right first, then those that differ in capitals only."""
    known: dict[int, Column] = {}
    taken: set[str] = set()
    for at, name in enumerate(names):
        column = layout.columns.get(name)
        if column is not None and column.name not in taken:
            known[at] = column
            taken.add(column.name)
    folded = {name.casefold(): column for name, column in layout.columns.items()}
    respelled = []
    for at, name in enumerate(names):
        column = folded.get(name.casefold())
        if at not in known and column is not None and column.name not in taken:
            known[at] = column
            taken.add(column.name)
            respelled.append(column.name)
    if respelled:
        notes.append(_note("column_spelled", layout, len(respelled), respelled))
    twice = [name for at, name in enumerate(names) if at not in known and name in taken]
    for key in (layout.key, *layout.parents):
        if key in twice:
            raise Broken("import.key_column_twice", values={"file": layout.name, "column": key})
    return known


def _refuse_without_keys(layout: FileLayout, known: dict[int, Column]) -> None:
    present = {column.name for column in known.values()}
    for key in (layout.key, *layout.parents):
        if key not in present:
            raise Broken("import.missing_key_column", values={"file": layout.name, "column": key})


def _note_columns(layout: FileLayout, names: list[str], known: dict[int, Column], notes: list[Note]) -> None:
    present = {column.name for column in known.values()}
    missing = [name for name in layout.columns if name not in present]
    if missing:
        notes.append(_note("missing_columns", layout, len(missing), missing))
    if len(names) > len(known):
        notes.append(_note("extra_columns", layout, len(names) - len(known)))


def _unique(layout: FileLayout, names: list[str], notes: list[Note]) -> tuple[str, ...]:
    """The names under which cells are kept: the first of a doubled name as it is, the later ones with a
    number."""
    unique: list[str] = []
    taken = set(names)
    used: set[str] = set()
    doubled = 0
    for at, name in enumerate(names, start=1):
        kept = name or f"column {at}"
        if kept in used or (not name and kept in taken):
            doubled += bool(name)
            number = 2
            while f"{kept} ({number})" in used or f"{kept} ({number})" in taken:
                number += 1
            kept = f"{kept} ({number})"
        used.add(kept)
        unique.append(kept)
    if doubled:
        notes.append(_note("column_twice", layout, doubled))
    return tuple(unique)
