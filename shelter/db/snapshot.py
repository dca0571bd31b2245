"""Every row as one moment saw it, in two parts: records, and the key store without which they open for nobody.

Written table by table while people work; the same rows are laid down again in an empty database of either kind.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, Date, Table, column, insert, select, table, text, update

from shelter.crypto.backup import Part
from shelter.db.base import Base, db

KEY_STORE = frozenset(
    {
        "calendar_entry", "calendar_feed", "compartment", "draft", "inbox", "key_dek", "key_grant", "key_statement",
        "key_tombstone", "key_user", "key_version", "message", "segment", "trail_detail",
    }
)  # fmt: skip
"""What a person's keys, or the keys of somebody erased, would still open; kept for less long than the records."""
LEFT_OUT = frozenset({"invitation", "lease", "running", "section_copy", "session", "throttle", "used_challenge"})
"""What means something on the machine that runs now, and nowhere else; copies too, that none which ended comes back."""
_ROWS, _BIG_ROWS = 400, 8
_BIG = frozenset({"segment", "imported_rows", "imported_file"})


class Rows(msgspec.Struct, frozen=True, array_like=True):
    """Some rows of one table."""

    table: str
    columns: tuple[str, ...]
    rows: list[list[Any]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of the database."""

    connection: Connection

    def head(self) -> tuple[int, bytes]:
        """The newest link of the trail; (0, b"") where there is none."""
        trail = Base.metadata.tables["trail"]
        last = self.connection.execute(select(trail.c.seq, trail.c.hash).order_by(trail.c.seq.desc()).limit(1)).first()
        return (last.seq, last.hash) if last else (0, b"")

    def revision(self) -> str:
        """The migration that the schema stands at."""
        return str(self.connection.execute(text("select version_num from alembic_version")).scalar_one())

    def rows(self, part: Part) -> Iterator[Rows]:
        """Every row of one part, in an order in which it can be laid down again."""
        for one in tables(part):
            yield from self._rows(one)

    def _rows(self, one: Table) -> Iterator[Rows]:
        at_once = _BIG_ROWS if one.name in _BIG else _ROWS
        columns = tuple(str(each.name) for each in one.columns)  # SQLAlchemy's own kind of text otherwise
        found = self.connection.execute(select(one).execution_options(yield_per=at_once))
        for portion in found.partitions():
            yield Rows(str(one.name), columns, [list(row) for row in portion])


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """One read transaction on a connection of its own; nobody who writes waits for it."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield Snapshot(connection)


def tables(part: Part) -> list[Table]:
    """The tables of one part, those that others point to first."""
    kept = [one for one in Base.metadata.sorted_tables if one.name not in LEFT_OUT]
    return [one for one in kept if (one.name in KEY_STORE) == (part is Part.KEYS)]


def is_empty() -> bool:
    """Whether no table has a row: the only place in which rows are laid down."""
    return not any(db.session.execute(select(one).limit(1)).first() for one in Base.metadata.sorted_tables)


def lay_down(portions: Iterable[Rows]) -> dict[str, int]:
    """Inserts rows in the caller's transaction; returns how many came of each table.

    Columns that point to the same table are set at the end: a row may point to one that comes later.
    """
    counted: dict[str, int] = {}
    pointing: list[tuple[str, str, bytes, bytes]] = []
    for portion in portions:
        pointing += _insert(portion)
        counted[portion.table] = counted.get(portion.table, 0) + len(portion.rows)
    for name, own, row_id, points_to in pointing:
        place = table(name, column("id"), column(own))
        db.session.execute(update(place).where(place.c.id == row_id).values({own: points_to}))
    return counted


def _insert(portion: Rows) -> list[tuple[str, str, bytes, bytes]]:
    """Returns (table, column, row, what it points to) for what is still to be set."""
    known = Base.metadata.tables.get(portion.table)
    types = {each.name: each.type for each in known.columns} if known is not None else {}
    own = {fk.parent.name for fk in known.foreign_keys if fk.column.table is known} if known is not None else set()
    dates = {name for name in portion.columns if isinstance(types.get(name), Date)}
    rows, pointing = [], []
    for values in portion.rows:
        row = dict(zip(portion.columns, values, strict=True))
        row |= {name: date.fromisoformat(row[name]) for name in dates if row[name] is not None}
        pointing += [(portion.table, name, row["id"], row[name]) for name in own if row[name] is not None]
        rows.append(row | dict.fromkeys(own))
    place = table(portion.table, *(column(name, types.get(name)) for name in portion.columns))
    if rows:
        db.session.execute(insert(place), rows)
    return pointing
