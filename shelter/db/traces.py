"""What a deleted row leaves in the files of the database, and how far that can be taken away.

SQLite overwrites what is deleted (`secure_delete`); its journal is emptied after an erasing, and the whole file is
written anew soon after. PostgreSQL writes the table of data keys anew, as the role that owns it; its journal and disk
blocks are the operator's.
"""

import sqlite3
from typing import cast

from sqlalchemy import create_engine, text

from shelter.db.base import db
from shelter.db.owed import Owing, is_owed, settle
from shelter.db.transaction import abandon, write_transaction


def empty_journal() -> bool:
    """After a commit: whether nothing stands in SQLite's journal any more. A reader at work defers it to `tick`."""
    if db.engine.dialect.name != "sqlite":
        return True
    abandon()  # a read of this very session would hold the journal open
    raw = db.engine.raw_connection()
    try:
        cursor = cast(sqlite3.Connection, raw.driver_connection).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(cursor.fetchone()[0]) == 0
    finally:
        raw.close()


def may_write_anew() -> bool:
    """Whether this role may: PostgreSQL passes over the tables of another with a mere warning."""
    if db.engine.dialect.name == "sqlite":
        return True
    owner = "select pg_has_role(current_user, relowner, 'usage') from pg_class where oid = 'key_dek'::regclass"
    return bool(db.session.scalar(text(owner)))


def write_anew(owner_url: str | None = None) -> bool:
    """What an erasing left to be done: writes the file (SQLite) or the key table (PostgreSQL) anew; whether it did.

    Stays owed where neither this role nor the one of `owner_url` owns the table.
    """
    if not is_owed(Owing.VACUUM) or not (owner_url or may_write_anew()):
        abandon()
        return False
    abandon()
    if db.engine.dialect.name == "sqlite":
        raw = db.engine.raw_connection()
        try:
            cast(sqlite3.Connection, raw.driver_connection).execute("VACUUM")
        finally:
            raw.close()
    else:
        engine = create_engine(owner_url, hide_parameters=True) if owner_url else db.engine
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (FULL) key_dek")
            connection.exec_driver_sql("VACUUM")
        if owner_url:
            engine.dispose()
    with write_transaction():
        settle(Owing.VACUUM)
    return empty_journal()
