"""Forgetting a client: which rows of the schema are hers, and what it takes that nobody opens them. Needs no key.

Every table with a column for her is found in the schema itself, so that none which comes later is left out.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, or_, select, update

from shelter.db import fence
from shelter.db.aside import Message
from shelter.db.base import Base, db
from shelter.db.keyring import chunks
from shelter.db.keystore import Compartment, KeyDek, KeyGrant, KeyTombstone, KeyVersion
from shelter.db.packed import Segment
from shelter.db.sections import INVENTORY

HERS = ("client_id", "gone_id", "kept_id")
"""The names of columns that say whose a row is."""
CODE_AND_DAYS = frozenset({"client", "stay"})
"""What keeps its plain columns, so that nights stay counted: a code, a site, the days of a bed. Its sections go."""
PACKED_IN = "packed_in"
"""The column in which a row names the segment that holds something of it once more."""
NOT_CONTENT = frozenset({"erasure", "owed", "trail_subject"})
"""Ids alone: that something was hers, for the trail and for the erasing itself."""


@dataclass(slots=True)
class Forgotten:
    """What went: rows by table (their ids), and how many data keys."""

    rows: dict[str, list[bytes]] = field(default_factory=dict)
    keys: int = 0


def forget(clients: Collection[bytes], at: datetime) -> Forgotten:
    """Takes out rows, sections and keys in the caller's transaction, and leaves a tombstone for each key's owner."""
    db.session.flush()
    with fence.everybody():
        return _forget(clients, at)


def _forget(clients: Collection[bytes], at: datetime) -> Forgotten:
    gone = Forgotten()
    own = list(db.session.scalars(select(Compartment.id).where(Compartment.client_id.in_(clients))))
    for table in reversed(Base.metadata.sorted_tables):
        if (whose := hers(table, clients)) is not None and table.name not in NOT_CONTENT | CODE_AND_DAYS:
            _delete(table, whose, gone)
    for name in sorted(CODE_AND_DAYS):
        _empty(name, clients)
    unpack(clients)
    rows = [one for ids in gone.rows.values() for one in ids]
    for keyed in (Segment, KeyGrant, KeyVersion):
        _run(delete(keyed).where(keyed.compartment_id.in_(own)))
    _run(delete(Message).where(Message.client_id.in_(clients)))
    gone.keys = destroy_keys([*clients, *rows, *own], at)
    entomb(clients, "client", at)
    db.session.expire_all()
    return gone


def destroy_keys(subjects: Iterable[bytes], at: datetime) -> int:
    """Deletes every data key of these subjects, with a tombstone for each that had one; how many went."""
    count = 0
    for part in chunks(subjects):
        found = db.session.execute(
            delete(KeyDek)
            .where(KeyDek.subject_id.in_(part))
            .returning(KeyDek.subject_id, KeyDek.subject_kind)
            .execution_options(synchronize_session=False)
        ).all()
        count += len(found)
        for subject, kind in {(row.subject_id, row.subject_kind) for row in found}:
            entomb([subject], kind, at)
    return count


def destroy_these(deks: Collection[bytes], at: datetime) -> None:
    """Deletes single data keys, by their ids; others of the same subject stay."""
    _run(delete(KeyDek).where(KeyDek.id.in_(deks)))
    entomb(deks, "dek", at)


def entomb(ids: Collection[bytes], kind: str, at: datetime) -> None:
    """A tombstone for each: replayed by whoever restores an older backup."""
    known = set(db.session.scalars(select(KeyTombstone.subject_id).where(KeyTombstone.subject_id.in_(ids))))
    db.session.add_all(KeyTombstone(subject_id=one, subject_kind=kind, at=at) for one in ids if one not in known)
    db.session.flush()


def unpack(clients: Collection[bytes]) -> None:
    """Segments that hold something of theirs once more go whole, in the caller's transaction; it takes no key.

    What else lay in one is packed again by whoever holds the key and is here next.
    """
    for table in Base.metadata.sorted_tables:
        if PACKED_IN in table.c and (whose := hers(table, clients)) is not None:
            named = select(table.c[PACKED_IN]).where(whose, table.c[PACKED_IN].is_not(None)).distinct()
            dissolve(table, db.session.scalars(named).all())


def dissolve(table: Table, packed: Sequence[bytes]) -> None:
    """These segments go, and the rows that lay in them lie in none."""
    for part in chunks(packed):
        _run(update(table).where(table.c[PACKED_IN].in_(part)).values({PACKED_IN: None}))
        _run(delete(Segment).where(Segment.id.in_(part)))


def delete_rows(rows: Collection[bytes]) -> None:
    """Deletes rows of sealed tables by their ids, whatever table they are in; an id that is none is passed over."""
    named = {table for table, _ in INVENTORY} - CODE_AND_DAYS - NOT_CONTENT
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in named:
            for part in chunks(rows):
                _run(delete(table).where(table.c.id.in_(part)))


def hers(table: Table, clients: Collection[bytes]) -> ColumnElement[bool] | None:
    """Which rows of a table are about these clients; None for a table that names none."""
    columns = [table.c[name] for name in HERS if name in table.c]
    return or_(*(column.in_(clients) for column in columns)) if columns else None


def _delete(table: Table, whose: ColumnElement[bool], gone: Forgotten) -> None:
    if "id" in table.c:
        ids = list(db.session.scalars(select(table.c.id).where(whose)))
        if ids:
            gone.rows[str(table.name)] = ids
    _run(delete(table).where(whose))


def _empty(name: str, clients: Collection[bytes]) -> None:
    """The sections of a row that stays; its versions stay too, so that nothing can be put back unseen."""
    table = Base.metadata.tables[name]
    whose = table.c.id if name == "client" else table.c.client_id
    sections: dict[str, Any] = dict.fromkeys(_sections(name))
    _run(update(table).where(whose.in_(clients)).values(sections))


def _sections(name: str) -> Iterator[str]:
    return (section for table, section in INVENTORY if table == name)


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
