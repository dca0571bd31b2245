"""Key pairs and Ed25519 signatures over typed fields: a signature for one purpose says nothing in another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shelter.crypto.context import prefixed, prefixed_list, prefixed_number, prefixed_text
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label

Field: TypeAlias = bytes | int | str | Sequence[bytes]

PUBLIC_LENGTH = 32
SIGNATURE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A raw private half of 32 bytes, never printed, and its raw public half of 32 bytes."""

    private: bytes = field(repr=False)
    public: bytes


def exchange_pair(private: bytes) -> KeyPair:
    """The X25519 pair of a known private half."""
    return KeyPair(private, X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw())


def signing_pair(private: bytes) -> KeyPair:
    """The Ed25519 pair of a known private half."""
    return KeyPair(private, Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw())


def new_exchange_pair() -> KeyPair:
    """A new X25519 pair: others seal to its public half."""
    return exchange_pair(X25519PrivateKey.generate().private_bytes_raw())


def new_signing_pair() -> KeyPair:
    """A new Ed25519 pair."""
    return signing_pair(Ed25519PrivateKey.generate().private_bytes_raw())


def _encoded(value: Field) -> bytes:
    match value:
        case bytes():
            return prefixed(value)
        case str():
            return prefixed_text(value)
        case bool():
            raise TypeError("sign 0 or 1 instead of a truth value")
        case int():
            return prefixed_number(value)
        case list() | tuple() if all(isinstance(item, bytes) for item in value):
            return prefixed_list(value)
        case _:
            raise TypeError("a type that has no place in signed bytes")


def signed_bytes(label: Label, agency: bytes, fields: Sequence[Field]) -> bytes:
    """What a signature covers: label, agency id, the fields in their stated order, lists sorted by raw id.

    Raises TypeError for an unknown type; ValueError for text not ASCII, a number not u64, an id twice.
    """
    return b"".join((label.prefixed, prefixed(agency), *map(_encoded, fields)))


def sign(private: bytes, label: Label, agency: bytes, fields: Sequence[Field]) -> bytes:
    """An Ed25519 signature of 64 bytes. Raises TypeError and ValueError as `signed_bytes` does."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(signed_bytes(label, agency, fields))


def verify(public: bytes, signature: bytes, label: Label, agency: bytes, fields: Sequence[Field]) -> None:
    """Returns only if the holder of `public` signed exactly this. Raises Unopenable and nothing else."""
    try:
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(signature, signed_bytes(label, agency, fields))
    except (InvalidSignature, ValueError, TypeError):
        raise Unopenable from None
