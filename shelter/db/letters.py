"""What somebody leaves for the holders of a compartment of which she holds no key, or for one colleague: signed.

It is sealed to the public half of the compartment, or to the colleague's bound key. The ledgers' inboxes are of the
same kind, in batches.
"""

from dataclasses import dataclass
from typing import TypeVar

import msgspec

from shelter.crypto.context import Context
from shelter.crypto.errors import TooLong, Unopenable
from shelter.crypto.hpke import seal_signed_to, unseal_signed
from shelter.crypto.labels import Label
from shelter.crypto.plaintext import padded, unpadded
from shelter.db.errors import Spoiled
from shelter.db.keyring import keyring_of
from shelter.db.roll import current_roll, signers_keys
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind

__all__ = ["Letter", "TooLong", "opened_for_one", "opened_letter", "sealed_for_one", "sealed_letter"]
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


def sealed_for_one(actor: Actor, table: str, row: bytes, section: str, reader: bytes, value: msgspec.Struct) -> bytes:
    """Raises `Unopenable` for a reader who does not belong, `TooLong` beyond what a message holds."""
    keyring = keyring_of(actor)
    return seal_signed_to(
        current_roll().exchange_public(reader),
        reader,
        _for_one(keyring.agency, table, row, section, reader),
        padded(msgspec.msgpack.encode(msgspec.to_builtins(value, builtin_types=(bytes,)))),
        maker=keyring.user_id,
        signing_private=keyring.signing_private,
    )


def opened_for_one(
    actor: Actor, table: str, row: bytes, section: str, sealed: bytes, struct: type[T]
) -> tuple[T, bytes]:
    """What was sealed to this actor's own key, and who signed it. Raises `Spoiled` where either does not hold."""
    keyring = keyring_of(actor)
    context = _for_one(keyring.agency, table, row, section, keyring.user_id)
    try:
        signed = unseal_signed(keyring.exchange_private, keyring.user_id, context, sealed)
        signed.verify_any(signers_keys(current_roll(), signed.maker))
        return msgspec.convert(msgspec.msgpack.decode(unpadded(signed.payload)), struct, strict=False), signed.maker
    except (Unopenable, msgspec.MsgspecError):
        raise Spoiled from None


def _for_one(agency: bytes, table: str, row: bytes, section: str, reader: bytes) -> Context:
    return Context(
        label=Label.COPY,
        agency=agency,
        table=table,
        row=row,
        section=section,
        subject_kind="user",
        subject=reader,
    )
