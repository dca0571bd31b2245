"""Comparing what is stored with what the trail says was written last; needs no key.

Finds a sealed section that was put back, swapped, deleted or slipped in behind the application's back.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Table, select

from shelter.db import Base, db
from shelter.db.sections import INVENTORY
from shelter.trail.models import TrailWrite


@dataclass(frozen=True, slots=True)
class Wrong:
    """A section whose ciphertext is not the one last written: `why` is put-back, changed or unwritten."""

    table: str
    row_id: bytes
    section: str
    why: str


def wrong_rows() -> list[Wrong]:
    """Every sealed section in the database that disagrees with the trail."""
    newest = _newest_writes()
    found: list[Wrong] = []
    for table_name, section in sorted(INVENTORY):
        table = Base.metadata.tables[table_name]
        found += _wrong_in(table, section, newest)
    return found


def _newest_writes() -> dict[tuple[bytes, str], tuple[int, bytes]]:
    query = select(TrailWrite.row_id, TrailWrite.section, TrailWrite.version, TrailWrite.digest)
    newest: dict[tuple[bytes, str], tuple[int, bytes]] = {}
    for row_id, section, version, digest in db.session.execute(query.order_by(TrailWrite.seq, TrailWrite.no)):
        newest[row_id, section] = (version, digest)
    return newest


def _wrong_in(table: Table, section: str, newest: dict[tuple[bytes, str], tuple[int, bytes]]) -> list[Wrong]:
    sealed, version = table.c[section], table.c[f"{section}_version"]
    found = []
    for row_id, ciphertext, number in db.session.execute(
        select(table.c.id, sealed, version).where(sealed.is_not(None))
    ):
        known = newest.get((row_id, section))
        if known is None:
            found.append(Wrong(table.name, row_id, section, "unwritten"))
        elif known[0] > number:
            found.append(Wrong(table.name, row_id, section, "put-back"))
        elif known != (number, hashlib.sha256(ciphertext).digest()):
            found.append(Wrong(table.name, row_id, section, "changed"))
    return found
