"""A calendar address: the one key outside a person, which opens its own few entries and nothing else."""

import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shelter.crypto.labels import Label
from shelter.crypto.signing import KeyPair, exchange_pair
from shelter.crypto.tokens import TOKEN_LENGTH, stored_token


@dataclass(frozen=True, slots=True)
class CalendarKeys:
    """`lookup_hash` finds the feed (32 bytes, stored); entries are sealed to the pair's public half."""

    lookup_hash: bytes
    exchange: KeyPair


def new_address() -> bytes:
    """The 32 bytes of a new address. Only its owner's calendar keeps them."""
    return os.urandom(TOKEN_LENGTH)


def calendar_keys(address: bytes, agency: bytes) -> CalendarKeys:
    """What an address gives, the same each time. Raises ValueError when it has not 32 bytes."""
    if len(address) != TOKEN_LENGTH:
        raise ValueError("a calendar address has 32 bytes")

    def derived(label: Label) -> bytes:
        return HKDF(SHA256(), 32, agency, label.raw).derive(address)

    return CalendarKeys(
        lookup_hash=stored_token(derived(Label.CALENDAR_LOOKUP)),
        exchange=exchange_pair(derived(Label.CALENDAR_X25519)),
    )
