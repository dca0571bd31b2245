"""The key that makes pseudonyms: 32 bytes in one sealed section, held by those who write facts, never by readers."""

import hashlib
import os
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped

from shelter.crypto.pseudonym import grant_number, pseudonym
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


_LOCK = 0x50534B59

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
    known = _known(actor)
    if known is None and _wait_for_others():
        known = _known(actor)
    return known or _make(actor)


def known_by(actor: Actor, clients: Iterable[bytes]) -> dict[bytes, bytes]:
    """Clients by the pseudonym that facts know them by, for those who make pseudonyms. Raises `NoKey`."""
    held = secret(actor)
    return {pseudonym(held.key, held.generation, client): client for client in clients}


def numbers_of(grant_key: bytes) -> Callable[[str], str]:
    """From a pseudonym, in hex, to the number that stands for it in the files of one grant."""

    def number(person: str) -> str:
        raw = grant_number(grant_key, bytes.fromhex(person)).hex().upper()
        return "-".join(raw[start : start + 5] for start in range(0, len(raw), 5))

    return number


def new_grant_key() -> bytes:
    return os.urandom(32)


def _known(actor: Actor) -> PseudonymSecret | None:
    row = db.session.get(PseudonymKey, _fixed_id(actor.agency))
    return open_section(actor, row, PSEUDONYM_SECRET) if row else None


def _wait_for_others() -> bool:
    """Two people may write the very first fact at once: one makes the key, the other waits and then finds it.

    SQLite lets one writer in at a time anyway.
    """
    if db.session.get_bind().dialect.name != "postgresql":
        return False
    db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    return True


def _make(actor: Actor) -> PseudonymSecret:
    if not actor.keyring.holds(Kind.PSEUDONYM):
        raise NoKey(Kind.PSEUDONYM)
    value = PseudonymSecret(key=os.urandom(32))
    row = PseudonymKey(id=_fixed_id(actor.agency))
    fill(actor, row, PSEUDONYM_SECRET, value)
    db.session.add(row)
    db.session.flush()
    return value
