"""An import while it is being sealed: short transactions whose rows nobody sees, shown together or deleted together.

Holds no key: `tick` deletes what was abandoned.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError

from shelter.clients.models import Client
from shelter.db import Base, db
from shelter.db.agency import Site
from shelter.db.aside import StagedImport, StagedRow
from shelter.db.bulk import insert_many
from shelter.db.keystore import KeyDek
from shelter.exchange.models import Enrollment, ImportedFile, ImportedRows, Project
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import serialise

ALIVE = timedelta(minutes=10)
"""How long a stage may be silent before it counts as abandoned; a portion takes about a second."""
AT_ONCE = 2_000
_PORTION = 500
_KINDS: dict[str, type[Base]] = {
    "client": Client,
    "imported_rows": ImportedRows,
    "imported_file": ImportedFile,
    "project": Project,
    "site": Site,
}
"""What is staged by itself, in the order in which it can be deleted; the rest goes with its client."""


def begin(staff_id: bytes, total: int) -> bytes:
    """A new stage, in the caller's transaction; its id. Raises Broken while another import is running."""
    serialise()
    if db.session.scalar(select(StagedImport.id).where(StagedImport.alive_until > now()).limit(1)) is not None:
        raise Broken("import.running")
    stage = StagedImport(staff_id=staff_id, total=total, alive_until=now() + ALIVE)
    db.session.add(stage)
    db.session.flush()
    return stage.id


def go_on(stage_id: bytes, done: int = 0) -> None:
    """The stage is still ours, in the caller's transaction. Raises Broken where it was taken for abandoned."""
    result = db.session.execute(
        update(StagedImport)
        .where(StagedImport.id == stage_id)
        .values(done=StagedImport.done + done, alive_until=now() + ALIVE)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise Broken("import.abandoned")


def mark(stage_id: bytes, what: str, ids: Iterable[bytes]) -> None:
    """These rows belong to the stage; `what` is their table."""
    insert_many("staged_row", ("row_id", "stage_id", "what"), [(one, stage_id, what) for one in ids])


def staged(stage_id: bytes, what: str) -> list[bytes]:
    """The rows of one table that a stage has written."""
    return list(db.session.scalars(select(StagedRow.row_id).where(*_of(stage_id, what))))


def show(stage_id: bytes) -> None:
    """Everything staged is there from this commit on."""
    db.session.execute(delete(StagedRow).where(StagedRow.stage_id == stage_id))
    db.session.execute(delete(StagedImport).where(StagedImport.id == stage_id))


def abandoned(at: datetime) -> Sequence[bytes]:
    """Stages that fell silent; those that somebody deletes now are left to her."""
    query = select(StagedImport.id).where(StagedImport.alive_until <= at)
    return db.session.scalars(query.with_for_update(skip_locked=True)).all()


def discard(stage_id: bytes, most: int = AT_ONCE) -> bool:
    """Deletes up to `most` staged rows with their data keys, in the caller's transaction; True when none is left."""
    for what, model in _KINDS.items():
        while ids := list(db.session.scalars(select(StagedRow.row_id).where(*_of(stage_id, what)).limit(_PORTION))):
            _delete(what, model, ids)
            most -= len(ids)
            if most <= 0:
                return False
    db.session.execute(delete(StagedImport).where(StagedImport.id == stage_id))
    return True


def _of(stage_id: bytes, what: str) -> tuple[ColumnElement[bool], ...]:
    return StagedRow.stage_id == stage_id, StagedRow.what == what


def _delete(what: str, model: type[Base], ids: list[bytes]) -> None:
    if what == "client":
        for part in (ImportedRows, Enrollment):
            db.session.execute(delete(part).where(part.client_id.in_(ids)))
    if what != "site":  # an imported site has nothing sealed, unless somebody has put it to use
        db.session.execute(delete(KeyDek).where(KeyDek.subject_id.in_(ids)))
    table = model.__table__
    try:
        with db.session.begin_nested():
            db.session.execute(delete(model).where(table.c.id.in_(ids)))
    except IntegrityError:
        if what != "site":
            raise
        _delete_sites_nobody_uses(ids)
    db.session.execute(delete(StagedRow).where(StagedRow.row_id.in_(ids)))


def _delete_sites_nobody_uses(ids: list[bytes]) -> None:
    """A site that somebody has put to use meanwhile stays, closed as it is."""
    for one in ids:
        try:
            with db.session.begin_nested():
                db.session.execute(delete(Site).where(Site.id == one))
        except IntegrityError:
            continue
