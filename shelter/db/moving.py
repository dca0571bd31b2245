"""Taking what is a client's from one compartment into another: sealed again under a new data key, section by section.

Nothing is read on the way: what was sealed is opened, sealed for its new place at the next version, and let go.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult

from shelter.crypto.errors import Unopenable
from shelter.crypto.message import seal, unseal
from shelter.db import deks, fence
from shelter.db.base import Base, db
from shelter.db.deks import Subject
from shelter.db.errors import Conflict
from shelter.db.forgetting import hers
from shelter.db.keyring import Keyring
from shelter.db.keystore import KeyDek
from shelter.db.sections import (
    Sealed,
    SealedRow,
    Section,
    context_of,
    note_refusal,
    note_write,
    row_of,
)
from shelter.policy.kinds import Kind


def move(keyring: Keyring, subject: Subject, kind: Kind, here: bytes, there: bytes) -> tuple[int, int]:
    """Every section of this kind that is sealed for the subject, in the caller's transaction; (moved, not opened).

    What does not open here opened nowhere: it is written down and stays as unreadable as it was. Raises NoKey, or
    Conflict where somebody saved meanwhile.
    """
    deks.load(keyring, (subject,), here)
    moved = broken = 0
    for row, section in sealed_rows(subject, kind):
        if _move(keyring, row_of(row, section), section, here, there):
            moved += 1
        else:
            broken += 1
    db.session.expire_all()
    return moved, broken


def require_all(subject: Subject, kind: Kind, seen: int) -> None:
    """Before keys go: that a move has seen every section there is, whoever did it. Raises Conflict."""
    with fence.everybody():
        there = sum(1 for _ in sealed_rows(subject, kind))
    if there != seen:
        raise Conflict("key_dek", "compartment")


def sealed_rows(subject: Subject, kind: Kind) -> Iterator[tuple[Sealed, Section[Any]]]:
    """Every row about a client with a section of this kind; found in the schema, so that no later table is left out."""
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__):
        model, table = mapper.class_, Base.metadata.tables[mapper.class_.__tablename__]
        if not issubclass(model, Sealed) or not any(one.kind is kind for one in model.sections.values()):
            continue
        whose = table.c.id == subject.id if table.name == "client" else hers(table, (subject.id,))
        if whose is None:
            continue
        for row in db.session.scalars(select(model).where(whose).execution_options(populate_existing=True)).all():
            for section in model.sections.values():
                if section.kind is kind and getattr(row, section.name) is not None and row.subject() == subject:
                    yield row, section


def _move(keyring: Keyring, old: SealedRow, section: Section[Any], here: bytes, there: bytes) -> bool:
    sealed = old.sealed or b""
    try:
        dek = deks.loaded(keyring, old.subject, here, sealed)
        plaintext = unseal(dek.key, dek.id, context_of(keyring, section, old, here), sealed)
    except Unopenable:
        note_refusal(section, old)
        return False
    new = SealedRow(old.row_id, old.subject, old.version + 1, None)
    to = deks.to_seal(keyring, old.subject, there)
    again = seal(to.key, to.id, context_of(keyring, section, new, there), plaintext)
    table = Base.metadata.tables[section.table]
    version = table.c[f"{section.name}_version"]
    done = db.session.execute(
        update(table)
        .where(table.c.id == old.row_id, version == old.version)
        .values({section.name: again, version.name: new.version})
    )
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        raise Conflict(section.table, section.name)
    note_write(section.table, old.row_id, section.name, new.version, again)
    return True


def forget_keys(subject: bytes, here: bytes, but: Collection[bytes] = ()) -> int:
    """Deletes the data keys of a subject in a compartment; returns how many stay, for which `but` has the first bytes.

    No tombstone: what they sealed lives on elsewhere, and a backup from before opens only with its own key store.
    """
    known = _keys(subject, here)
    gone = [one for one in known if one[:8] not in but]
    db.session.execute(delete(KeyDek).where(KeyDek.id.in_(gone)).execution_options(synchronize_session=False))
    return len(known) - len(gone)


def _keys(subject: bytes, here: bytes) -> list[bytes]:
    mine = (KeyDek.subject_id == subject) & (KeyDek.compartment_id == here)
    return list(db.session.scalars(select(KeyDek.id).where(mine)))
