"""The recovery kit: 32 bytes on paper that stand for a member of every roster, and the printed sheet.

The sheet has two blocks of Crockford's base32 in groups of four, each with a check that finds a typing error.
The key block, 16 groups, is what a person types; the agency block, 21, only where no backup says whose it is.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shelter.crypto.bodies import KitKeys, kit_id
from shelter.crypto.labels import Label
from shelter.crypto.message import ID_LENGTH
from shelter.crypto.signing import KeyPair, exchange_pair, signing_pair

SEED_LENGTH = 32
FORMAT = 1
KEY_GROUPS = 16
AGENCY_GROUPS = 21
GROUP = 4
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_NUMBER_LENGTH = 3
_CHECK_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Kit:
    """All that the seed of one kit gives: the member's two pairs and the one that backups are sealed to."""

    id: bytes
    number: int
    exchange: KeyPair
    signing: KeyPair
    backup: KeyPair

    def public_keys(self) -> KitKeys:
        """What the signed list holds of it."""
        return KitKeys(self.number, self.exchange.public, self.signing.public, self.backup.public)


def new_seed() -> bytes:
    """The 32 bytes of a new kit. They are printed and then forgotten."""
    return os.urandom(SEED_LENGTH)


def kit_from_seed(seed: bytes, *, agency: bytes, number: int) -> Kit:
    """The kit's keys, the same each time. Raises ValueError when the seed has not 32 bytes."""
    if len(seed) != SEED_LENGTH:
        raise ValueError("a seed has 32 bytes")

    def private(label: Label) -> bytes:
        return HKDF(SHA256(), 32, agency, label.raw).derive(seed)

    return Kit(
        id=kit_id(agency),
        number=number,
        exchange=exchange_pair(private(Label.KIT_X25519)),
        signing=signing_pair(private(Label.KIT_ED25519)),
        backup=exchange_pair(private(Label.KIT_BACKUP)),
    )


class MistypedSheet(ValueError):
    """What was typed is not a sheet. `group` counts from 1; None when no single group explains it."""

    def __init__(self, group: int | None) -> None:
        super().__init__("a recovery kit was typed wrongly")
        self.group = group


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says. Agency and fingerprint are empty when only the key block was typed."""

    number: int
    seed: bytes = field(repr=False)
    agency: bytes = b""
    fingerprint: bytes = b""
    format: int = FORMAT


def kit_sheet(seed: bytes, *, number: int, agency: bytes, fingerprint: bytes) -> tuple[list[str], list[str]]:
    """The groups of the key block and of the agency block, as printed.

    Raises ValueError for a seed or fingerprint that has not 32 bytes, an agency id not 16.
    """
    if (len(seed), len(agency), len(fingerprint)) != (SEED_LENGTH, ID_LENGTH, 32):
        raise ValueError("a seed and a fingerprint have 32 bytes, an agency id 16")
    key = bytes((FORMAT,)) + number.to_bytes(_NUMBER_LENGTH, "big") + seed
    return _groups(key, KEY_GROUPS), _groups(agency + fingerprint, AGENCY_GROUPS)


def parse_sheet(text: str) -> Sheet:
    """Reads a typed key block, or both blocks one after the other.

    Small letters, O for 0, I or L for 1, and any spaces, dashes or line breaks are taken as meant. Raises
    MistypedSheet, which names the wrong group where it can be told.
    """
    groups = _typed_groups(text)
    if len(groups) not in (KEY_GROUPS, KEY_GROUPS + AGENCY_GROUPS):
        raise MistypedSheet(None)
    key = _payload(groups[:KEY_GROUPS], 0)
    number = int.from_bytes(key[1 : 1 + _NUMBER_LENGTH], "big")
    if key[0] != FORMAT:
        raise MistypedSheet(1)
    seed = key[1 + _NUMBER_LENGTH :]
    if len(groups) == KEY_GROUPS:
        return Sheet(number, seed)
    agency = _payload(groups[KEY_GROUPS:], KEY_GROUPS)
    return Sheet(number, seed, agency[:ID_LENGTH], agency[ID_LENGTH:])


def _check(payload: bytes) -> bytes:
    return hashlib.sha256(Label.KIT_SHEET.raw + payload).digest()[:_CHECK_LENGTH]


def _groups(payload: bytes, count: int) -> list[str]:
    checked = payload + _check(payload)
    number = int.from_bytes(checked, "big") << (count * GROUP * 5 - len(checked) * 8)
    symbols = [ALPHABET[number >> shift & 31] for shift in range(count * GROUP * 5 - 5, -1, -5)]
    return ["".join(symbols[at : at + GROUP]) for at in range(0, len(symbols), GROUP)]


def _typed_groups(text: str) -> list[str]:
    """Groups of four symbols. Where she kept the gaps, they say which group is short, long or strange."""
    plain = text.upper().translate(_LOOKALIKES)
    words = "".join(each if each.isalnum() else " " for each in plain).split()
    symbols = "".join(words)
    groups = [symbols[at : at + GROUP] for at in range(0, len(symbols), GROUP)]
    has_gaps = len(words) in (KEY_GROUPS, KEY_GROUPS + AGENCY_GROUPS)
    for place, group in enumerate(words if has_gaps else groups, start=1):
        if (has_gaps and len(group) != GROUP) or not set(group) <= set(ALPHABET):
            raise MistypedSheet(place)
    if groups and len(groups[-1]) != GROUP:
        raise MistypedSheet(None)
    return groups


def _payload(groups: Sequence[str], before: int) -> bytes:
    symbols = "".join(groups)
    payload = _checked(symbols)
    if payload is None:
        wrong = _wrong_symbol(symbols)
        raise MistypedSheet(None if wrong is None else before + wrong // GROUP + 1)
    return payload


def _checked(symbols: str) -> bytes | None:
    """The payload, if its check holds and the bits left over are zero."""
    number = 0
    for symbol in symbols:
        number = number << 5 | ALPHABET.index(symbol)
    length, left_over = divmod(len(symbols) * 5, 8)
    if number & ((1 << left_over) - 1):
        return None
    checked = (number >> left_over).to_bytes(length, "big")
    payload = checked[:-_CHECK_LENGTH]
    return payload if _check(payload) == checked[-_CHECK_LENGTH:] else None


def _wrong_symbol(symbols: str) -> int | None:
    """The place of the one symbol, or of two swapped neighbours, that would make the check hold.

    Only the place is told, never the correction: she reads her paper again. By chance a wrong place is named
    once in about two million times.
    """
    for place, typed in enumerate(symbols):
        for symbol in ALPHABET:
            if symbol != typed and _checked(symbols[:place] + symbol + symbols[place + 1 :]) is not None:
                return place
        swapped = symbols[:place] + symbols[place + 1 : place + 2] + typed + symbols[place + 2 :]
        if _checked(swapped) is not None:
            return place
    return None
