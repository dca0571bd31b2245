"""How connections behave: SQLite durable and strict, PostgreSQL with timeouts, parameters never printed."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, event

from shelter.db import fence

PATIENCE = "-c statement_timeout=60000 -c lock_timeout=20000 -c idle_in_transaction_session_timeout=300000"
"""Milliseconds until PostgreSQL gives up a statement, the wait for a lock, a transaction that says nothing."""
WRITE = "shelter_write"
"""Execution option of a connection whose next transaction takes SQLite's write lock at once."""


def engine_options(url: str) -> dict[str, Any]:
    """Options for `create_engine`; exceptions carry no bound parameters."""
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("postgresql"):
        options["connect_args"] = {"options": PATIENCE}
        options["pool_pre_ping"] = True
    else:
        options["connect_args"] = {"timeout": 20}
    return options


def prepare(engine: Engine) -> None:
    """Attaches what every connection needs: settings on SQLite, on PostgreSQL who works in each transaction."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "begin", fence.begin)
        return
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _open_sqlite(connection: sqlite3.Connection, record: object) -> None:
    # The driver's own implicit transactions start too late to serialise writers; _begin_sqlite starts ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "busy_timeout=20000",
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
