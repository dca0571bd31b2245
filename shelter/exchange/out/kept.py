"""What imports kept: the agency's rows, and those of a few people at a time, each with the columns it came with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, select

from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Spoiled
from shelter.db.sections import open_rows, row_of
from shelter.exchange.models import (
    FILE_CONTENT,
    HISTORY_ROWS,
    PERSON_ROWS,
    FileContent,
    ImportedFile,
    ImportedRows,
    RowsOfFile,
)
from shelter.policy.actor import Actor

_AT_ONCE, _FEW = 64, 8
_decode = msgspec.msgpack.Decoder(list[str]).decode


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row came from: its file's year and columns."""

    file: str
    year: str
    columns: tuple[str, ...]


@dataclass(slots=True)
class KeptFiles:
    """Sources by id, and the agency's own rows by file and key; of one key the row updated last counts."""

    sources: dict[bytes, Source] = field(default_factory=dict)
    rows: dict[str, dict[str, tuple[bytes, list[str]]]] = field(default_factory=dict)


def files(actor: Actor, *, whole: bool = False) -> KeptFiles:
    """Everything that imports kept about the agency. These are few rows: projects and what belongs to them.

    With `whole` one that does not open raises Spoiled; else it is left out.
    """
    found, ids = KeptFiles(), list(db.session.scalars(select(ImportedFile.id)))
    for start in range(0, len(ids), _AT_ONCE):
        part = list(db.session.scalars(select(ImportedFile).where(ImportedFile.id.in_(ids[start : start + _AT_ONCE]))))
        contents = open_rows(actor, [row_of(row, FILE_CONTENT) for row in part], FILE_CONTENT)
        for row, content in zip(part, contents, strict=True):
            if content is not None:
                _take(found, row.id, content)
            elif whole and row.content is not None:
                raise Spoiled
        db.session.expunge_all()
    return found


def _take(found: KeptFiles, source: bytes, content: FileContent) -> None:
    found.sources[source] = Source(content.file, content.year, tuple(content.columns))
    rows = found.rows.setdefault(content.file, {})
    for kept in content.rows:
        cells = _decode(kept.cells)
        before = rows.get(kept.key)
        if before is None or _updated(found, before) <= _updated(found, (source, cells)):
            rows[kept.key] = (source, cells)


def _updated(found: KeptFiles, row: tuple[bytes, list[str]]) -> str:
    columns = found.sources[row[0]].columns
    return row[1][columns.index("DateUpdated")] if "DateUpdated" in columns else ""


Rows = dict[str, dict[str, tuple[bytes, list[str]]]]
"""Rows by file and key: the source and the cells."""


def rows_of(actor: Actor, clients: Sequence[bytes], *, whole: bool = False) -> dict[bytes, Rows]:
    """The rows about some clients; of one key the later part counts. `whole` as in `files`."""
    wanted = frozenset(clients)
    query = select(ImportedRows).where(among(ImportedRows.client_id, clients)).order_by(ImportedRows.part)
    return _opened(actor, [row for row in db.session.scalars(query) if row.client_id in wanted], whole)


def among(column: Any, ids: Sequence[bytes]) -> ColumnElement[bool]:
    """A page of ids in their order, as a range: one statement for every page. Others in between are the caller's.

    The few records of one person may lie far apart, and are named.
    """
    found: ColumnElement[bool] = column.between(ids[0], ids[-1]) if len(ids) > _FEW else column.in_(ids)
    return found


def rows_of_nobody(actor: Actor) -> Iterator[Rows]:
    """Rows about people whom the other system had deleted."""
    ids = list(db.session.scalars(select(ImportedRows.id).where(ImportedRows.client_id.is_(None))))
    for start in range(0, len(ids), _AT_ONCE):
        query = select(ImportedRows).where(ImportedRows.id.in_(ids[start : start + _AT_ONCE]))
        for row in db.session.scalars(query):
            yield from _opened(actor, [row]).values()


def _opened(actor: Actor, found: list[ImportedRows], whole: bool = False) -> dict[bytes, Rows]:
    rows: dict[bytes, Rows] = {}
    people = open_each(actor, [row_of(row, PERSON_ROWS) for row in found], PERSON_ROWS)
    histories = open_each(actor, [row_of(row, HISTORY_ROWS) for row in found], HISTORY_ROWS)
    if whole and (people.broken or histories.broken):
        raise Spoiled
    for row, person, history in zip(found, people.values, histories.values, strict=True):
        mine = rows.setdefault(row.client_id or row.id, {})
        for part in (person, history):
            for of_file in part.files if part else ():
                _add(mine, of_file)
    return rows


def _add(mine: Rows, of_file: RowsOfFile) -> None:
    into: dict[str, Any] = mine.setdefault(of_file.file, {})
    for kept in of_file.rows:
        into[kept.key] = (of_file.source, _decode(kept.cells))
