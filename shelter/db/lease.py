"""A lease: one of several hosts does a job, the others see that it is being done."""

from datetime import datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db.base import Base, db

AHEAD = timedelta(days=1)
"""How far ahead of ours another host's clock is believed: what is written later than that is nobody's word."""


class Lease(Base):
    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(40), default="")
    until: Mapped[datetime]
    last_done: Mapped[datetime | None] = mapped_column()


def take(name: str, holder: str, at: datetime, lasts: timedelta) -> bool:
    """Whether `holder` has the job from now on, in the caller's write transaction."""
    lease = db.session.scalars(select(Lease).where(Lease.name == name).with_for_update()).first()
    if lease is None:
        db.session.add(Lease(name=name, holder=holder, until=at + lasts))
        return True
    if at < lease.until <= at + lasts + AHEAD and lease.holder != holder:
        return False
    lease.holder, lease.until = holder, at + lasts
    return True


def done(name: str, holder: str, at: datetime) -> None:
    """Gives the job back and remembers when it was last done."""
    lease = db.session.get(Lease, name)
    if lease is not None and lease.holder == holder:
        lease.until, lease.last_done = at, at


def last_done(name: str) -> datetime | None:
    return db.session.scalar(select(Lease.last_done).where(Lease.name == name))
