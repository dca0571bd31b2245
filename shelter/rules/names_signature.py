"""Signatures: which pairs of letters a name has, and which keys, as bits that one pass of arithmetic can compare.

A signature only says "perhaps"; the text beside it decides. It is as secret as the name and sealed with it.
"""

from collections.abc import Iterable
from zlib import crc32

# Raise when the bits of the same name change, so that stored directories are found out of date.
SIGNATURE_RULES_VERSION = 1
NAME_BITS = 192
KEY_BITS = 64
_WORD = (1 << 64) - 1
_EDGE = "."
_LETTERS = _EDGE + "abcdefghijklmnopqrstuvwxyz0123456789"

Memo = dict[str, int]


def _spread(pair: str) -> int:
    return 1 << (crc32(pair.encode()) * 0x9E3779B1 >> 16) % NAME_BITS


# Computed once: every pair of letters that a token can hold, its edges included.
_PAIRS = {first + second: _spread(first + second) for first in _LETTERS for second in _LETTERS}


def token_bits(token: str) -> int:
    """Bits of a token (a-z, 0-9): one for each pair of neighbouring letters, its edges counted as letters."""
    edged = _EDGE + token + _EDGE
    bits = 0
    for place in range(len(edged) - 1):
        bits |= _PAIRS[edged[place : place + 2]]
    return bits


def name_bits(tokens: Iterable[str], memo: Memo | None = None) -> int:
    """NAME_BITS bits of all tokens together; order leaves no mark. `memo` holds parts of names: drop it soon."""
    known: Memo = {} if memo is None else memo
    bits = 0
    for token in tokens:
        found = known.get(token)
        if found is None:
            found = known[token] = token_bits(token)
        bits |= found
    return bits


def in_words(bits: int) -> tuple[int, ...]:
    """Name bits as words of 64."""
    return tuple(bits >> shift & _WORD for shift in range(0, NAME_BITS, 64))


def key_bits(keys: Iterable[str], memo: Memo | None = None) -> int:
    """KEY_BITS bits of keys as `names_keys` makes them, two bits each."""
    known: Memo = {} if memo is None else memo
    bits = 0
    for key in keys:
        found = known.get(key)
        if found is None:
            mixed = crc32(key.encode())
            found = known[key] = 1 << mixed % KEY_BITS | 1 << mixed // KEY_BITS % KEY_BITS
        bits |= found
    return bits
