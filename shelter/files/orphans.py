"""What lies in the store and belongs to nothing, and what the records name and the store has not. No key is needed."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from shelter.db import db
from shelter.files import store
from shelter.files.models import FileRow
from shelter.rules.clock import now

YOUNG = timedelta(hours=24)
"""A file is stored before its record is committed: what is younger than this may belong to work that goes on."""


@dataclass(frozen=True, slots=True)
class Found:
    """`orphans` are old enough to be cleaned; `missing` counts records whose file is gone."""

    stored: int
    missing: int
    orphans: list[str] = field(default_factory=list)
    begun: list[Path] = field(default_factory=list)


def look() -> Found:
    """Compares store and records. Raises `store.Away`."""
    tables = FileRow.__subclasses__()  # whatever feature keeps files: its own are nobody's orphans
    known = {store.name_of(one) for table in tables for one in db.session.scalars(select(table.id))}
    before, seen, orphans = now() - YOUNG, set(), []
    for name, since in store.names():
        seen.add(name)
        if name not in known and since < before:
            orphans.append(name)
    old = [path for path in store.begun() if path.stat().st_mtime < before.timestamp()]
    return Found(len(seen), len(known - seen), sorted(orphans), old)


def clean(found: Found) -> None:
    """Takes away what belongs to nothing; a record without its file stays, as a backup may bring the file back."""
    for name in found.orphans:
        store.discard(name)
    for path in found.begun:
        path.unlink(missing_ok=True)
