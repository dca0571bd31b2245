"""What stands in the way of taking a sheet back: rows of other tables about what it made."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.sql.schema import Table

from shelter.db import Base, db
from shelter.db.keyring import chunks


def referred(to: str, ids: Iterable[bytes], *, but: frozenset[str] = frozenset()) -> set[bytes]:
    """Those of these rows of table `to` that a row of any other table is about, `but` some that go with them."""
    wanted, found = set(ids), set[bytes]()
    for table, column in _about(to):
        if table.name in but:
            continue
        for part in chunks(wanted):
            found.update(db.session.scalars(select(table.c[column]).where(table.c[column].in_(part))))
    return found


def _about(to: str) -> list[tuple[Table, str]]:
    return [
        (table, key.parent.name)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == to
    ]
