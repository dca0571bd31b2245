"""Many new rows at once: their sections sealed in one pass, then inserted by the thousand.

Of subjects of which nothing is sealed yet, the data keys are made here without looking for others.
"""

import gc
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar, cast

import msgspec
from psycopg import Connection, sql
from sqlalchemy import Connection as AnyConnection
from sqlalchemy import Table, column, insert, table

from shelter.crypto.compartments import dek_context, new_dek
from shelter.crypto.message import Key
from shelter.crypto.plaintext import frame
from shelter.db.base import Base, db, new_id
from shelter.db.deks import Subject, require_living, standing
from shelter.db.errors import Conflict
from shelter.db.keyring import Keyring
from shelter.db.sections import SealedRow, Section, Write, context_of, note_writes
from shelter.db.transaction import abandon
from shelter.policy.kinds import Kind

T = TypeVar("T", bound=msgspec.Struct)
Cell = bytes | str | int | None
Row = tuple[Cell, ...]

_ROOMY = ("PRAGMA cache_size=-131072", "PRAGMA wal_autocheckpoint=16384")
_USUAL = ("PRAGMA cache_size=-2000", "PRAGMA wal_autocheckpoint=1000", "PRAGMA wal_checkpoint(TRUNCATE)")
_encode = msgspec.msgpack.Encoder().encode
_DEK_COLUMNS = ("id", "subject_kind", "subject_id", "compartment_id", "epoch", "wrap", "ck_version", "sealed")


class Sealing:
    """Seals new rows for one signed-in person: of new subjects, or of those that it was made to `know`.

    But for that it touches no database, so that a child process may do it.
    What it gathers goes to `deliver`, in the transaction that inserts the rows themselves.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._wrappers: dict[bytes, tuple[Key, int]] = {}
        self._keys: dict[tuple[bytes, bytes], Key] = {}
        self.deks: list[Row] = []
        self.writes: list[Write] = []

    def seal(self, section: Section[T], row_id: bytes, subject: Subject, value: T) -> bytes:
        """The first version of one section. Raises `NoKey`, or `TooLong` beyond 1 MiB."""
        compartment = self._keyring.compartment(section.kind, subject.client)
        key = self._keys.get((subject.id, compartment)) or self._new_key(subject, compartment)
        context = context_of(self._keyring, section, SealedRow(row_id, subject, 1, None), compartment)
        sealed = key.seal(context, frame(section.schema, _encode(value)))
        self.writes.append(Write(section.table, row_id, section.name, 1, hashlib.sha256(sealed).digest()))
        return sealed

    def know(self, subjects: Sequence[Subject], kind: Kind) -> None:
        """Of these something is sealed already: it goes on under the data keys they have. Asks the database."""
        places: dict[bytes, list[Subject]] = {}
        for one in subjects:
            places.setdefault(self._keyring.compartment(kind, one.client), []).append(one)
        for compartment, here in places.items():
            for subject, dek in standing(self._keyring, here, compartment).items():
                self._keys[subject, compartment] = Key(dek.key, dek.id)

    def _new_key(self, subject: Subject, compartment: bytes) -> Key:
        wrapper, version = self._wrapper(compartment)
        dek_id, dek = new_id(), new_dek()
        context = dek_context(
            self._keyring.agency, subject.kind, subject.id, compartment, dek_id, version, public=False
        )
        wrapped = wrapper.seal(context, dek)
        self.deks.append((dek_id, subject.kind, subject.id, compartment, version, "ck", version, wrapped))
        key = self._keys[subject.id, compartment] = Key(dek, dek_id)
        return key

    def _wrapper(self, compartment: bytes) -> tuple[Key, int]:
        if compartment not in self._wrappers:
            version = self._keyring.newest_version(compartment)
            secret = self._keyring.secret(compartment, version)
            self._wrappers[compartment] = (Key(secret, self._keyring.key_id(compartment, version)), version)
        return self._wrappers[compartment]


def deliver(deks: Sequence[Row], writes: Sequence[Write]) -> None:
    """Stores the data keys of sealed rows and tells the trail of the writes, in the caller's transaction.

    Raises `Conflict` where the key that wraps them was renewed, and the old one retired, while they were sealed.
    """
    for compartment, version in {(dek[3], dek[6]) for dek in deks}:
        if not require_living(cast(bytes, compartment), cast(int, version)):
            raise Conflict("key_dek", "retired")
    insert_many("key_dek", _DEK_COLUMNS, deks)
    note_writes(writes)


@contextmanager
def roomy() -> Iterator[None]:
    """Much is written now: SQLite keeps more pages and copies its log back less often, on this connection, until then.

    No transaction may be open. PostgreSQL has settings of its own for this.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    _say(_ROOMY)
    try:
        yield
    finally:
        _say(_USUAL)


@contextmanager
def uncollected() -> Iterator[None]:
    """Much is held at once and makes no circles: the collector would walk through all of it, again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _say(settings: Sequence[str]) -> None:
    abandon()
    driver = db.session.connection().connection.driver_connection
    abandon()
    if isinstance(driver, sqlite3.Connection):
        for setting in settings:
            driver.execute(setting).close()


def insert_many(name: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Inserts rows given as tuples in the order of `columns`, in the caller's transaction; defaults are not applied.

    PostgreSQL takes them by COPY. Raises what the database raises.
    """
    if not rows:
        return
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        _copy(connection, Base.metadata.tables[name], columns, rows)
        return
    statement = insert(table(name, *(column(one) for one in columns))).compile(dialect=connection.dialect)
    connection.exec_driver_sql(str(statement), list(rows))


def _copy(connection: AnyConnection, target: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    driver = connection.connection.driver_connection
    if not isinstance(driver, Connection):
        raise TypeError("PostgreSQL is spoken to through psycopg")
    types = [target.c[one].type.compile(connection.dialect).partition("(")[0].lower() for one in columns]
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(target.name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
