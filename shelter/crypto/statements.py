"""The signed list: a chain of statements about who belongs, each signed by somebody who may say it.

A reader trusts nothing but the fingerprint of the first statement. A signature names the place at which it
was given, so that of two stewards one may sign earlier than the other, but never twice with one signature.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from shelter.crypto import roll as rolls
from shelter.crypto.bodies import AnyBody, Binding, Genesis, decode_body
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.message import ID_LENGTH
from shelter.crypto.roll import Roll, require
from shelter.crypto.signing import SIGNATURE_LENGTH, Field, sign, signed_bytes, verify
from shelter.crypto.words import spoken_words

HASH_LENGTH = 32
NO_STATEMENT = bytes(HASH_LENGTH)


class Signature(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Who signed a body, and the place in the list (seq, hash of the one before) where she signed it."""

    signer: bytes
    seq: int
    prev: bytes
    value: bytes


_signatures_decoder = msgspec.msgpack.Decoder(tuple[Signature, ...])


@dataclass(frozen=True, slots=True)
class Statement:
    """One row of the list. `body` is the stored msgpack map; signatures are sorted by their signer's id."""

    seq: int
    prev: bytes
    body: bytes
    signatures: tuple[Signature, ...]

    @property
    def signer(self) -> bytes:
        """The first signer, for the column that indexes by her."""
        return self.signatures[0].signer

    @property
    def hash(self) -> bytes:
        """SHA-256 over everything in the statement, signatures included."""
        parts: list[Field] = [self.seq, self.prev, self.body]
        for each in self.signatures:
            parts += [each.signer, each.seq, each.prev, each.value]
        return hashlib.sha256(signed_bytes(Label.STATEMENT, b"", parts)).digest()

    def encoded_signatures(self) -> bytes:
        """All signatures for the signature column."""
        return msgspec.msgpack.encode(self.signatures)

    @classmethod
    def from_row(cls, seq: int, prev: bytes, body: bytes, signatures: bytes) -> "Statement":
        """A statement as stored, not yet verified. Raises Unopenable."""
        try:
            decoded = _signatures_decoder.decode(signatures)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise Unopenable from None
        require(bool(decoded))
        return cls(seq, prev, body, decoded)


def endorse(body: AnyBody, *, agency: bytes, seq: int, prev: bytes, signer: bytes, private: bytes) -> Signature:
    """One person's signature under a body at a place of the list.

    Where two are needed, the first may sign at the head of her day: hers holds until the stewards or the kit
    change. The last must sign at the statement's own place.
    """
    fields = [seq, prev, *body.signed_fields()]
    return Signature(signer, seq, prev, sign(private, body.label, agency, fields))


def make_statement(seq: int, prev: bytes, body: AnyBody, signatures: Iterable[Signature]) -> Statement:
    """A statement from its parts; nothing is verified."""
    return Statement(seq, prev, body.encode(), tuple(sorted(signatures, key=lambda each: each.signer)))


def first_statement(genesis: Genesis, signers: Sequence[tuple[bytes, bytes]]) -> Statement:
    """The first statement, signed with (id, Ed25519 private half) of each founder, the kit beside one."""
    return _signed_here(genesis, genesis.agency, 1, NO_STATEMENT, signers)


def next_statement(roll: Roll, body: AnyBody, signers: Sequence[tuple[bytes, bytes]]) -> Statement:
    """The statement after the roll's head, all signatures given at its own place."""
    return _signed_here(body, roll.agency, roll.head.seq + 1, roll.head.hash, signers)


def _signed_here(
    body: AnyBody, agency: bytes, seq: int, prev: bytes, signers: Sequence[tuple[bytes, bytes]]
) -> Statement:
    signatures = [
        endorse(body, agency=agency, seq=seq, prev=prev, signer=signer, private=private) for signer, private in signers
    ]
    return make_statement(seq, prev, body, signatures)


def fingerprint(genesis: Statement) -> bytes:
    """The AGENCY_FINGERPRINT: SHA-256 of the first statement, 32 bytes, for ever the same."""
    return genesis.hash


def confirmation_words(binding: Binding, fingerprint: bytes) -> list[str]:
    """The six words that a colleague reads aloud and a steward compares before she signs the binding."""
    return spoken_words(hashlib.sha256(binding.encode() + fingerprint).digest())


def verify_chain(statements: Iterable[Statement], fingerprint: bytes | None) -> Roll:
    """The roll after all statements, each signer's right judged at her place. Raises Unopenable only.

    `fingerprint` is None during setup alone, before there is one to compare with.
    """
    rest = iter(statements)
    roll = _begin(next(rest, None), fingerprint)
    for statement in rest:
        _append(roll, statement)
    return roll


def extend(roll: Roll, statement: Statement) -> Roll:
    """A new roll, one statement further. Raises Unopenable only; `roll` stays as it was."""
    longer = roll.copied()
    _append(longer, statement)
    return longer


def _begin(statement: Statement | None, fingerprint: bytes | None) -> Roll:
    if statement is None:
        raise Unopenable
    genesis = decode_body(statement.body)
    if not isinstance(genesis, Genesis):
        raise Unopenable
    require(statement.seq == 1 and statement.prev == NO_STATEMENT)
    signers = _signers_in_order(statement)
    require(all(_is_given_here(each, statement) for each in statement.signatures))
    require(fingerprint is None or fingerprint == statement.hash)
    roll = rolls.found(genesis, signers, statement.hash)
    for signature in statement.signatures:
        _verify(roll, genesis, signature)
    roll.hashes.append(roll.fingerprint)
    return roll


def _append(roll: Roll, statement: Statement) -> None:
    head = roll.head
    require(statement.seq == head.seq + 1 and statement.prev == head.hash)
    body = decode_body(statement.body)
    signers = _signers_in_order(statement)
    _require_places(roll, body, statement)
    for signature in statement.signatures:
        _verify(roll, body, signature)
    rolls.apply(roll, body, signers)
    roll.hashes.append(statement.hash)


def _signers_in_order(statement: Statement) -> frozenset[bytes]:
    signers = [signature.signer for signature in statement.signatures]
    require(signers == sorted(set(signers)))
    require(all(len(each.signer) == ID_LENGTH for each in statement.signatures))
    require(all(len(each.value) == SIGNATURE_LENGTH for each in statement.signatures))
    return frozenset(signers)


def _is_given_here(signature: Signature, statement: Statement) -> bool:
    return signature.seq == statement.seq and signature.prev == statement.prev


def _require_places(roll: Roll, body: AnyBody, statement: Statement) -> None:
    elsewhere = [each for each in statement.signatures if not _is_given_here(each, statement)]
    require(len(elsewhere) < len(statement.signatures))
    require(not elsewhere or rolls.needs_two(roll, body))
    for signature in elsewhere:
        # Later than the last change of offices: no used signature serves again, nor a dismissed steward's.
        require(signature.seq > roll.offices_changed_at)
        roll.require_place(signature.seq - 1, signature.prev)


def _verify(roll: Roll, body: AnyBody, signature: Signature) -> None:
    public = roll.signing_public(signature.signer)
    fields = [signature.seq, signature.prev, *body.signed_fields()]
    verify(public, signature.value, body.label, roll.agency, fields)
