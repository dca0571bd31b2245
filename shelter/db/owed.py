"""Work that needs a key its maker lacked: the next person who holds the key does it, in her own transaction."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db.base import Base, Id, db, own_id


class Owing(StrEnum):
    """What is owed: door alerts that follow a stay, entries of erased people, and a database to be written anew."""

    ALERTS = "alerts"
    FACTS = "facts"
    NAMES = "names"
    RECEIPTS = "receipts"
    VACUUM = "vacuum"


class Owed(Base):
    """One thing to do; `client_id` says for whom, where it is for somebody."""

    __tablename__ = "owed"
    __table_args__ = (Index("ix_owed_what", "what"),)

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes | None] = mapped_column(Id)
    what: Mapped[str] = mapped_column(String(10))


def owe(what: Owing, clients: Iterable[bytes | None] = (None,)) -> None:
    """In the caller's transaction; what is owed already is not owed twice."""
    known = set(db.session.scalars(select(Owed.client_id).where(Owed.what == what)))
    db.session.add_all(Owed(client_id=client, what=what) for client in clients if client not in known)


def owed(what: Owing) -> list[bytes]:
    """For whom this is still to be done."""
    rows = db.session.scalars(select(Owed.client_id).where(Owed.what == what).order_by(Owed.id))
    return [client for client in rows if client is not None]


def is_owed(*what: Owing) -> bool:
    """Whether any of this is to be done for anybody."""
    return db.session.scalar(select(Owed.id).where(Owed.what.in_(what)).limit(1)) is not None


def settle(what: Owing, clients: Iterable[bytes | None] = (None,)) -> None:
    """Done, in the caller's transaction."""
    for client in clients:
        db.session.execute(
            delete(Owed)
            .where(Owed.what == what, Owed.client_id.is_(None) if client is None else Owed.client_id == client)
            .execution_options(synchronize_session=False)
        )
