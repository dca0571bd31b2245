"""Many pieces under one single-use key, each opened by itself: what a worker keeps sealed in its memory.

The head is that of a message: `magic 2 | version 1 | suite 1 | key id 8 | salt 24 | commitment 32`. The nonce of a
piece is its number, so that it opens in its place alone. Nothing tells how many there were: no format for a disk.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.message import SALT_LENGTH, SUITE, SYMMETRIC_SUITES, TAG_LENGTH, Key, header


@dataclass(frozen=True, slots=True)
class Pieces:
    """Sealed pieces by their numbers."""

    head: bytes
    sealed: tuple[bytes, ...]

    def __len__(self) -> int:
        return len(self.sealed)

    @property
    def size(self) -> int:
        """Bytes of all together."""
        return len(self.head) + sum(map(len, self.sealed))


def seal_pieces(key: Key, context: Context, pieces: Iterable[bytes]) -> Pieces:
    """Pieces of any sizes, numbered from 0. Raises ValueError for a context that cannot be encoded."""
    start, salt = header(SUITE, key.key_id), os.urandom(SALT_LENGTH)
    secret, commitment = key.single_use(context.label, salt)
    aad, seal = context.aad(start, key.key_id), SYMMETRIC_SUITES[SUITE](secret).encrypt
    sealed = tuple(seal(_nonce(number), piece, aad) for number, piece in enumerate(pieces))
    return Pieces(b"".join((start, salt, commitment)), sealed)


class OpenPieces:
    """Pieces whose key is at hand. Raises Unopenable where the key or the context is another's."""

    __slots__ = ("_aad", "_open", "_sealed")

    def __init__(self, key: Key, context: Context, pieces: Pieces) -> None:
        try:
            cipher, self._aad = key.opener(context, pieces.head)
        except (ValueError, KeyError):
            raise Unopenable from None
        self._open, self._sealed = cipher.decrypt_into, pieces.sealed

    def size(self, number: int) -> int:
        """Bytes of one piece."""
        return len(self._sealed[number]) - TAG_LENGTH

    def into(self, number: int, room: memoryview) -> None:
        """Opens one piece into room of exactly its size. Raises Unopenable."""
        try:
            self._open(_nonce(number), self._sealed[number], self._aad, room)
        except (InvalidTag, ValueError):
            room[:] = bytes(len(room))  # deciphered before the tag was found wrong
            raise Unopenable from None


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")  # a key seals one set of pieces, and a number stands in it once
