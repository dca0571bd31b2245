"""One backup as the clock asks for it: written, named in the trail, and old key stores let go."""

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from shelter.db import db
from shelter.db.keystore import KeyTombstone
from shelter.db.lease import done, take
from shelter.db.transaction import write_transaction
from shelter.stewards import backups
from shelter.stewards.backups import TOMBSTONES, Made
from shelter.trail.record import recorded

LEASE = "backup"
_LASTS = timedelta(hours=1)


def back_up(folder: Path, at: datetime, settings: dict[str, str], keep_keys: timedelta) -> Made:
    """Both outputs, the list of who was erased beside them, and no key store older than `keep_keys`."""
    holder = f"{socket.gethostname()[:28]}-{os.getpid()}"
    with write_transaction():
        take(LEASE, holder, at, _LASTS)
    if folder.is_dir():
        backups.sweep(folder, at)
    made = backups.make(folder, at, settings)
    _add_tombstones(folder)
    gone = backups.forget_old_keys(folder, at, keep_keys)
    with recorded(None, "backup-made") as unit:
        unit.detail["link"], unit.detail["key_stores_let_go"] = made.head.seq, gone
        done(LEASE, holder, at)
    return made


def _add_tombstones(folder: Path) -> None:
    """Ids of who was erased, one a line: a restore reads them, whichever key store it is given."""
    known = tombstones_beside(folder)
    fresh = sorted(set(db.session.scalars(select(KeyTombstone.subject_id))) - known)
    with (folder / TOMBSTONES).open("a") as file:
        file.writelines(f"{subject.hex()}\n" for subject in fresh)
        file.flush()
        os.fsync(file.fileno())


def tombstones_beside(folder: Path) -> frozenset[bytes]:
    """Everybody who was erased, as far as the backups of this folder know."""
    path = folder / TOMBSTONES
    lines = path.read_text().split() if path.exists() else []
    return frozenset(bytes.fromhex(line) for line in lines)
