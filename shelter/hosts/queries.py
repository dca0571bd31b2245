"""Whether this host can serve: its database, the schema, the store of files; and what it has counted."""

import hmac
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shelter.db import db, migrated
from shelter.db.deployment import settings
from shelter.db.migrated import Schema
from shelter.files import store
from shelter.hosts.metrics import table

OK = "ok"


def readiness() -> dict[str, str]:
    """Each part in a word; ready where all of them say ok. A schema that is newer is one that was expanded: ok."""
    return {"database": _tried(_database), "schema": _tried(_schema), "store": _tried(_store)}


def metrics(given: str) -> list[str] | None:
    """The counts, for whoever gives the token; None without one, or where none is set."""
    token = settings().metrics_token
    if not token or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return None
    return table().lines()


def _tried(part: Callable[[], str]) -> str:
    try:
        return part()
    except (SQLAlchemyError, store.Away, OSError):
        return "away"


def _database() -> str:
    with db.engine.connect() as connection:
        connection.execute(text("select 1"))
    return OK


def _schema() -> str:
    found = migrated.schema()
    return OK if found in (Schema.CURRENT, Schema.NEWER) else str(found)


def _store() -> str:
    store.reach()
    return OK
