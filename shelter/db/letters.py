"""What somebody leaves for the holders of a compartment of which she holds no key: sealed to its public half, signed.

The ledgers' inboxes are of the same kind, in batches.
"""

from dataclasses import dataclass
from typing import TypeVar

import msgspec

from shelter.crypto.context import Context
from shelter.crypto.errors import TooLong, Unopenable
from shelter.crypto.hpke import seal_signed_to, unseal_signed
from shelter.crypto.labels import Label
from shelter.crypto.plaintext import padded, unpadded
from shelter.db.keyring import keyring_of
from shelter.db.roll import current_roll, signers_keys
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind

__all__ = ["Letter", "TooLong", "opened_letter", "sealed_letter"]
T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Letter:
    """Where it lies, and the version of the compartment's key it is sealed to."""

    table: str
    row: bytes
    kind: Kind
    version: int
    sealed: bytes


def sealed_letter(actor: Actor, table: str, row: bytes, kind: Kind, value: msgspec.Struct) -> Letter:
    """Raises `TooLong` beyond what a message holds."""
    keyring = keyring_of(actor)
    compartment = keyring.compartment(kind)
    newest = current_roll().newest_version(compartment)
    sealed = seal_signed_to(
        newest.public,
        newest.id,
        _context(keyring.agency, table, row, compartment, newest.version),
        padded(msgspec.msgpack.encode(value)),
        maker=keyring.user_id,
        signing_private=keyring.signing_private,
    )
    return Letter(table, row, kind, newest.version, sealed)


def opened_letter(actor: Actor, letter: Letter, struct: type[T]) -> tuple[T, bytes] | None:
    """What it says and who signed it; None where seal or signature do not hold. Raises `NoKey`."""
    keyring = keyring_of(actor)
    compartment = keyring.compartment(letter.kind)
    context = _context(keyring.agency, letter.table, letter.row, compartment, letter.version)
    try:
        private = keyring.private_half(compartment, letter.version)
        signed = unseal_signed(private, keyring.key_id(compartment, letter.version), context, letter.sealed)
        signed.verify_any(signers_keys(current_roll(), signed.maker))
        return msgspec.msgpack.decode(unpadded(signed.payload), type=struct), signed.maker
    except (Unopenable, msgspec.MsgspecError):
        return None


def _context(agency: bytes, table: str, row: bytes, compartment: bytes, version: int) -> Context:
    return Context(label=Label.INBOX, agency=agency, table=table, row=row, compartment=compartment, ck_version=version)
