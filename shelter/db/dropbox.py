"""What somebody leaves who has no key: sealed as it arrives to the public half of a compartment, all of one size.

Nobody who is not signed in can sign, so what comes out is shown as unsigned; the public half itself is believed
only up to the agency's fingerprint. The token of the address where it is left is kept as a hash.
"""

import hashlib
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from sqlalchemy import select

from shelter.crypto.context import Context
from shelter.crypto.errors import TooLong, Unopenable
from shelter.crypto.hpke import seal_unsigned_to, unseal_signed
from shelter.crypto.labels import Label
from shelter.crypto.tokens import new_token, read_token, stored_token, token_text
from shelter.db.base import db
from shelter.db.deployment import deployment
from shelter.db.keyring import keyring_of
from shelter.db.keystore import Compartment
from shelter.db.roll import current_roll
from shelter.db.sections import note_write
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind

T = TypeVar("T", bound=msgspec.Struct)
SIZE = 32 * 1024
_LENGTH = 4


def seal_dropped(table: str, row: bytes, kind: Kind, value: msgspec.Struct) -> tuple[int, bytes]:
    """(version of the compartment's key, sealed message) of something left by nobody we know. Raises `TooLong`."""
    compartment = db.session.scalar(
        select(Compartment.id).where(Compartment.kind == kind.value, Compartment.client_id.is_(None))
    )
    if compartment is None:
        raise Unopenable
    newest = current_roll().newest_version(compartment)
    context = _context(deployment().agency, table, row, compartment, newest.version)
    sealed = seal_unsigned_to(newest.public, newest.id, context, _of_one_size(msgspec.msgpack.encode(value)))
    note_write(table, row, "dropped", 1, sealed)
    return newest.version, sealed


@dataclass(frozen=True, slots=True)
class Lying:
    """Where something lies that was left, and what it is sealed under."""

    table: str
    row: bytes
    kind: Kind
    version: int
    sealed: bytes


def open_dropped(actor: Actor, lying: Lying, struct: type[T]) -> T | None:
    """What was left, for a holder of the compartment; None where the seal does not hold. Raises `NoKey`."""
    keyring = keyring_of(actor)
    compartment = keyring.compartment(lying.kind)
    context = _context(keyring.agency, lying.table, lying.row, compartment, lying.version)
    try:
        private = keyring.private_half(compartment, lying.version)
        recipient = current_roll().key_version(compartment, lying.version).id
        plaintext = unseal_signed(private, recipient, context, lying.sealed).payload
        length = int.from_bytes(plaintext[:_LENGTH], "big")
        return msgspec.msgpack.decode(plaintext[_LENGTH : _LENGTH + length], type=struct)
    except (Unopenable, msgspec.MsgspecError):
        return None


def _context(agency: bytes, table: str, row: bytes, compartment: bytes, version: int) -> Context:
    return Context(
        label=Label.DROP,
        agency=agency,
        table=table,
        row=row,
        section="dropped",
        subject_kind="item",
        subject=row,
        compartment=compartment,
        ck_version=version,
    )


def _of_one_size(raw: bytes) -> bytes:
    if len(raw) > SIZE - _LENGTH:
        raise TooLong
    return len(raw).to_bytes(_LENGTH, "big") + raw + bytes(SIZE - _LENGTH - len(raw))


def new_address() -> tuple[str, bytes]:
    """A token as it stands in an address, and what is kept of it."""
    token = new_token()
    return token_text(token), stored_token(token)


def kept_of(text: str) -> bytes:
    """What is kept of the token in an address; a text that is no token gives what nothing was ever kept as."""
    try:
        return stored_token(read_token(text))
    except Unopenable:
        return hashlib.sha256(b"").digest()
