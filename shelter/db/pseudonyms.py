"""The key that makes pseudonyms: 32 bytes in one sealed section, held by those who write facts, never by readers."""

import hashlib
import os
from typing import Any, ClassVar

import msgspec
from sqlalchemy.orm import Mapped

from shelter.db.base import Base, db, own_id
from shelter.db.deks import Subject
from shelter.db.errors import NoKey
from shelter.db.sections import Sealed, Section, declare, fill, open_section, sealed_column, version_column
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind


class PseudonymSecret(msgspec.Struct, kw_only=True):
    """A rotation of the compartment wraps this again and never changes it."""

    key: bytes
    generation: int = 1


PSEUDONYM_SECRET = declare("pseudonym_key", "secret", PseudonymSecret, Kind.PSEUDONYM, retention="agency")


class PseudonymKey(Sealed, Base):
    __tablename__ = "pseudonym_key"
    sections: ClassVar[dict[str, Section[Any]]] = {"secret": PSEUDONYM_SECRET}

    id: Mapped[bytes] = own_id()
    secret: Mapped[bytes | None] = sealed_column()
    secret_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


def _fixed_id(agency: bytes) -> bytes:
    """One row an agency, whoever is first: a second one cannot be written beside it."""
    return hashlib.sha256(b"shelter pseudonym key" + agency).digest()[:16]


def secret(actor: Actor) -> PseudonymSecret:
    """The key, made by the first writer of a fact, in her transaction. Raises `NoKey` for anybody else."""
    row = db.session.get(PseudonymKey, _fixed_id(actor.agency))
    opened = open_section(actor, row, PSEUDONYM_SECRET) if row else None
    return opened if opened is not None else _make(actor)


def _make(actor: Actor) -> PseudonymSecret:
    if not actor.keyring.holds(Kind.PSEUDONYM):
        raise NoKey(Kind.PSEUDONYM)
    value = PseudonymSecret(key=os.urandom(32))
    row = PseudonymKey(id=_fixed_id(actor.agency))
    fill(actor, row, PSEUDONYM_SECRET, value)
    db.session.add(row)
    db.session.flush()
    return value
