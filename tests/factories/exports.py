"""HMIS exports brought into a world of a test, and what can be seen of the database from outside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select

from shelter.clients.models import IDENTITY as IDENTITY_SECTION
from shelter.clients.models import Client, Identity
from shelter.db import Base, db
from shelter.db.sections import open_section
from shelter.exchange.actions import Imported, import_plan
from shelter.exchange.hmis import build_plan, open_export
from shelter.exchange.job import Tell
from shelter.exchange.models import (
    ENROLLED,
    FILE_CONTENT,
    HISTORY_ROWS,
    PERSON_ROWS,
    Enrolled,
    Enrollment,
    HistoryRows,
    ImportedFile,
    ImportedRows,
    KeptCells,
    PersonRows,
)
from tests.exchange.hmis.sample import Tables, as_zip, members
from tests.factories.agency import World

TODAY = date(2026, 2, 1)
WRITTEN_ALONG = frozenset({"trail", "trail_subject", "trail_write", "trail_detail", "trail_signature"})
"""What any act leaves behind, even one that changes nothing."""


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


def bring_in(world: World, path: Path, who: str = "supervisor", tell: Tell = quiet) -> Imported:
    """An export imported by somebody of the cast."""
    with open_export(path) as export:
        return import_plan(world.actor(who), build_plan(export, today=TODAY), tell)


def bring_in_tables(world: World, folder: Path, of: Tables, who: str = "supervisor", tell: Tell = quiet) -> Imported:
    path = folder / f"export-{len(list(folder.glob('export-*')))}.zip"
    return bring_in(world, as_zip(path, members(of)), who, tell)


def everything(*, but: Iterable[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, as anybody who can read the database sees them."""
    db.session.rollback()
    left_out = set(but)
    return {
        table.name: sorted((tuple(row) for row in db.session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
        if table.name not in left_out
    }


def identities(world: World, who: str = "supervisor") -> dict[str, tuple[Client, Identity]]:
    """Records by PersonalID."""
    actor = world.actor(who)
    opened = ((row, open_section(actor, row, IDENTITY_SECTION)) for row in db.session.scalars(select(Client)))
    return {identity.hmis_personal_id: (row, identity) for row, identity in opened if identity is not None}


def enrollments(world: World, client: Client) -> dict[str, tuple[Enrollment, Enrolled]]:
    """Her enrollments by EnrollmentID."""
    rows = db.session.scalars(select(Enrollment).where(Enrollment.client_id == client.id))
    opened = ((row, open_section(world.actor("supervisor"), row, ENROLLED)) for row in rows)
    return {value.enrollment_id: (row, value) for row, value in opened if value is not None}


def kept_rows(world: World) -> dict[str, list[dict[str, str]]]:
    """Every row that was kept, by file, with every column as it was written; of one key the last part counts."""
    actor = world.actor("supervisor")
    columns, found = {}, dict[tuple[str, str, bool, bytes | None], dict[str, str]]()

    def keep(columns: list[str], file: str, owner: bytes | None, rows: list[KeptCells]) -> None:
        for row in rows:
            cells = msgspec.msgpack.decode(row.cells, type=list[str])
            found[file, row.key, row.aside, owner] = dict(zip(columns, cells, strict=True))

    for file in db.session.scalars(select(ImportedFile)):
        content = open_section(actor, file, FILE_CONTENT)
        assert content is not None
        columns[file.id] = content.columns
        keep(content.columns, content.file, None, content.rows)
    for part in db.session.scalars(select(ImportedRows).order_by(ImportedRows.part)):
        person = open_section(actor, part, PERSON_ROWS) or PersonRows()
        history = open_section(actor, part, HISTORY_ROWS) or HistoryRows()
        for rows in (*person.files, *history.files):
            keep(columns[rows.source], rows.file, part.client_id or part.id, rows.rows)
    by_file: dict[str, list[dict[str, str]]] = {}
    for (file, *_), row in found.items():
        by_file.setdefault(file, []).append(row)
    return by_file
