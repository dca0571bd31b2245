"""Tables of the trail; nothing here is ever updated, and only details may be purged."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db import Base, Id


class Trail(Base):
    """One link: who, which act, when, and the hash over everything that belongs to it."""

    __tablename__ = "trail"
    __table_args__ = (Index("ix_trail_at", "at"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    prev: Mapped[bytes]
    hash: Mapped[bytes]
    at: Mapped[datetime]
    actor_id: Mapped[bytes | None] = mapped_column(Id)
    act: Mapped[str] = mapped_column(String(60))
    clause: Mapped[str] = mapped_column(String(80), default="")
    detail_hash: Mapped[bytes | None] = mapped_column()


class TrailSubject(Base):
    """Whose record it was; one row a client."""

    __tablename__ = "trail_subject"
    __table_args__ = (Index("ix_trail_subject_client", "client_id", "seq"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    client_id: Mapped[bytes] = mapped_column(Id, primary_key=True)


class TrailWrite(Base):
    """Which ciphertext was written where: lets anyone without a key find a row that was put back."""

    __tablename__ = "trail_write"
    __table_args__ = (Index("ix_trail_write_row", "row_id", "section", "version"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[bytes] = mapped_column(Id)
    section: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    digest: Mapped[bytes]


class TrailDetail(Base):
    """The sealed detail of an act, for the auditor; may be purged apart from the chain."""

    __tablename__ = "trail_detail"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ck_version: Mapped[int]
    sealed: Mapped[bytes]


class TrailSignature(Base):
    """A person's signature over (seq, hash) at sign-in, step-up and sign-out."""

    __tablename__ = "trail_signature"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    signature: Mapped[bytes]
