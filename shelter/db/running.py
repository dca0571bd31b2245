"""Which processes run which version of this code: while an older one is alive, some things are better left.

A process says so about itself, by machine and number, when it starts and each time its `tick` comes round; nothing is
about a person. A version from before this table says nothing, but its `tick` takes the lease under a name not in it.
"""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db.base import Base, db
from shelter.db.lease import AHEAD, Lease
from shelter.db.migrated import newest

ALIVE = timedelta(minutes=5)
"""How long a process counts as running after it was seen: `tick` comes round every minute."""
UNKNOWN = "0000"
TICK = "tick"


class Running(Base):
    """One process: `version` is the newest migration that its code knows."""

    __tablename__ = "running"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[str] = mapped_column(String(8))
    seen: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Seen:
    name: str
    version: str
    seen: datetime


def name_of(process: int) -> str:
    """A process of this machine, as leases name their holder too."""
    return f"{socket.gethostname()[:28]}-{process}"


def is_here(at: datetime, process: int | None = None) -> None:
    """This process (or one that it began) runs this version; in the caller's write transaction."""
    name = name_of(process or os.getpid())
    row = db.session.get(Running, name)
    if row is None:
        db.session.add(Running(name=name, version=newest(), seen=at))
    else:
        row.version, row.seen = newest(), at
    db.session.execute(delete(Running).where(~Running.seen.between(at - ALIVE, at + AHEAD)))


def is_gone(*processes: int) -> None:
    """These have ended in good order; in the caller's write transaction."""
    db.session.execute(delete(Running).where(Running.name.in_([name_of(one) for one in processes])))


def running(at: datetime) -> list[Seen]:
    """Whatever was seen lately, by name; `UNKNOWN` for a tick of a version that says nothing of itself."""
    known = {one.name: Seen(one.name, one.version, one.seen) for one in db.session.scalars(select(Running))}
    found = {one.name: one for one in known.values() if _is_lately(one.seen, at)}
    tick = db.session.get(Lease, TICK)
    last = max(tick.last_done or tick.until, tick.until) if tick is not None else None
    if tick is not None and last is not None and _is_lately(last, at):  # its row is old while it makes a long backup
        version = known[tick.holder].version if tick.holder in known else UNKNOWN
        found.setdefault(tick.holder, Seen(tick.holder, version, last))
    return [found[name] for name in sorted(found)]


def _is_lately(seen: datetime, at: datetime) -> bool:
    """What a clock gone wrong wrote years ahead would count for years."""
    return at - ALIVE <= seen <= at + AHEAD


def is_older_here(at: datetime) -> bool:
    """Whether a version older than this one is alive: it may write what this one has just moved away."""
    return any(one.version < newest() for one in running(at))
