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
from shelter.trail.proof import head

OK = "ok"


def readiness() -> dict[str, str]:
    """Each part in a word; ready where all of them say ok. A schema that is newer is one that was expanded: ok."""
    return {"database": _tried(_database), "schema": _tried(_schema), "store": _tried(_store)}


def metrics(given: str) -> list[str] | None:
    """The counts, for whoever gives the token; None without one, or where none is set."""
    return table().lines() if _is_operators(given) else None


def trail_head(given: str) -> str | None:
    """The newest link of the trail, in whose place nothing else can be put later; None as `metrics`, or before any."""
    return str(head() or "") if _is_operators(given) else None


def _is_operators(given: str) -> bool:
    token = settings().metrics_token
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


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
