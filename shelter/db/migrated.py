"""Whether the database stands where this code expects it: an old and a new version may work side by side."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from sqlalchemy import inspect, text

from shelter.db.base import db

_VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


class Schema(StrEnum):
    """`NEWER` is a schema that somebody expanded already: what this code needs is still there, so it goes on."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@cache
def newest() -> str:
    """The migration that this code expects."""
    return max(path.stem[:4] for path in _VERSIONS.glob("[0-9]*.py"))


def schema() -> Schema:
    """Where the database stands."""
    if not inspect(db.engine).has_table("alembic_version"):
        return Schema.EMPTY
    with db.engine.connect() as connection:
        found = connection.execute(text("select version_num from alembic_version")).scalar()
    if found is None:
        return Schema.EMPTY
    if found == newest():
        return Schema.CURRENT
    return Schema.OLDER if found < newest() else Schema.NEWER
