"""The key tables. Everything in them is public, sealed, or a hash; none has a foreign key into data.

They are backed up apart from the data and kept for less long, so that deleting a person's rows here
reaches the backups too.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db.base import Base, Id, own_id


class KeyUser(Base):
    """What one member of staff needs to become herself: see the key design, "From a passphrase to a field"."""

    __tablename__ = "key_user"

    user_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    kdf: Mapped[str] = mapped_column(String(60))
    salt: Mapped[bytes]
    verifier: Mapped[bytes]
    uk_id: Mapped[bytes] = mapped_column(Id)
    uk_sealed: Mapped[bytes]
    exchange_public: Mapped[bytes]
    signing_public: Mapped[bytes]
    exchange_sealed: Mapped[bytes]
    signing_sealed: Mapped[bytes]
    factors_sealed: Mapped[bytes]
    pin_sealed: Mapped[bytes | None] = mapped_column()
    totp_step: Mapped[int] = mapped_column(default=0)


class KeyStatement(Base):
    """One link of the signed list of who belongs."""

    __tablename__ = "key_statement"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    prev: Mapped[bytes]
    body: Mapped[bytes]
    signer: Mapped[bytes] = mapped_column(Id)
    signatures: Mapped[bytes]


class Compartment(Base):
    """A kind of content with a key of its own; `client_id` is set for a restricted client."""

    __tablename__ = "compartment"
    __table_args__ = (UniqueConstraint("kind", "client_id", "site_id"),)

    id: Mapped[bytes] = own_id()
    kind: Mapped[str] = mapped_column(String(20))
    client_id: Mapped[bytes | None] = mapped_column(Id)
    site_id: Mapped[bytes | None] = mapped_column(Id)


class KeyVersion(Base):
    """A version of a compartment's key: its public half, and the private halves sealed under the key."""

    __tablename__ = "key_version"

    compartment_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_id: Mapped[bytes] = mapped_column(Id)
    public: Mapped[bytes]
    private_sealed: Mapped[bytes]
    retired: Mapped[bool] = mapped_column(default=False)


class KeyGrant(Base):
    """A compartment key for one member: by HPKE to her bound key, later under her user key."""

    __tablename__ = "key_grant"
    __table_args__ = (
        UniqueConstraint("compartment_id", "version", "member_kind", "member_id"),
        CheckConstraint("member_kind in ('user', 'kit')", name="member_kind"),
        CheckConstraint("wrap in ('hpke', 'uk')", name="wrap"),
        Index("ix_key_grant_member", "member_id"),
    )

    id: Mapped[bytes] = own_id()
    compartment_id: Mapped[bytes] = mapped_column(Id)
    version: Mapped[int]
    member_kind: Mapped[str] = mapped_column(String(4), default="user")
    member_id: Mapped[bytes] = mapped_column(Id)
    wrap: Mapped[str] = mapped_column(String(4))
    sealed: Mapped[bytes]


class KeyDek(Base):
    """A data key of one subject in one compartment, wrapped by the compartment's key or to its public half."""

    __tablename__ = "key_dek"
    __table_args__ = (
        Index("ix_key_dek_subject", "subject_id", "compartment_id"),
        Index("ix_key_dek_version", "compartment_id", "ck_version"),
        CheckConstraint("wrap in ('ck', 'public')", name="wrap"),
    )

    id: Mapped[bytes] = own_id()
    subject_kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[bytes] = mapped_column(Id)
    compartment_id: Mapped[bytes] = mapped_column(Id)
    epoch: Mapped[int]
    wrap: Mapped[str] = mapped_column(String(6))
    ck_version: Mapped[int]
    sealed: Mapped[bytes]


class KeyTombstone(Base):
    """A subject whose keys were destroyed; replayed when a backup is restored."""

    __tablename__ = "key_tombstone"

    subject_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
