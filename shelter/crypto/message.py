"""Suite 1: one message sealed under a key somebody holds.

`magic 2 | version 1 | suite 1 | key id 8 | salt 24 | commitment 32 | ciphertext | tag 16`. Each message has
its own AES-256-GCM key, so its nonce is zero and no counter can repeat; the commitment lets it open under
one key only.
"""

import hmac
import os
from collections.abc import Callable, Iterable
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label

MAGIC = b"\xd5\x48"
FORMAT_VERSION = 1
KEY_LENGTH = 32
ID_LENGTH = 16
HINT_LENGTH = 8
SALT_LENGTH = 24
COMMITMENT_LENGTH = 32
TAG_LENGTH = 16
HEADER_LENGTH = 4 + HINT_LENGTH
_SALT_END = HEADER_LENGTH + SALT_LENGTH
_BODY = _SALT_END + COMMITMENT_LENGTH
OVERHEAD = _BODY + TAG_LENGTH

_BEGINS = MAGIC + bytes((FORMAT_VERSION,))
_ZERO_NONCE = bytes(12)
_SHA256 = SHA256()


class Cipher(Protocol):
    """An AEAD with a 12-byte nonce and a 16-byte tag."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...
    def decrypt_into(
        self, nonce: bytes, data: bytes | memoryview, associated_data: bytes, buf: memoryview, /
    ) -> int: ...


SUITE = 1
# By suite byte. The suites of public keys (128 and above) are in `hpke`; nothing here opens one of those.
SYMMETRIC_SUITES: dict[int, Callable[[bytes], Cipher]] = {SUITE: AESGCM}


def header(suite: int, key_id: bytes) -> bytes:
    """The first 12 bytes of a message. Raises ValueError when the id is not 16 bytes."""
    if len(key_id) != ID_LENGTH:
        raise ValueError("a key id has 16 bytes")
    return MAGIC + bytes((FORMAT_VERSION, suite)) + key_id[:HINT_LENGTH]


def key_hint(message: bytes) -> bytes:
    """The first 8 bytes of the id of the key that sealed it: a hint where to look, never a proof.

    Raises Unopenable when this is no message of ours.
    """
    if len(message) < HEADER_LENGTH or message[:2] != MAGIC or message[2] != FORMAT_VERSION:
        raise Unopenable
    return message[4:HEADER_LENGTH]


class Key:
    """A key of 32 bytes with its full id of 16, ready for many messages; keep it no longer than a request."""

    __slots__ = ("_hint", "_mac", "key_id")

    def __init__(self, secret: bytes, key_id: bytes) -> None:
        if len(secret) != KEY_LENGTH or len(key_id) != ID_LENGTH:
            raise ValueError("a key has 32 bytes and its id 16")
        self._mac = HMAC(secret, _SHA256)
        self._hint = key_id[:HINT_LENGTH]
        self.key_id = key_id

    def single_use(self, label: Label, salt: bytes) -> tuple[bytes, bytes]:
        """HKDF-SHA-256-Expand(key, label || salt, 64) written out in two blocks: message key, commitment."""
        info = label.raw + salt
        block = self._mac.copy()
        block.update(info + b"\x01")
        first = block.finalize()
        block = self._mac.copy()
        block.update(first + info + b"\x02")
        return first, block.finalize()

    def seal(self, context: Context, plaintext: bytes, *, suite: int = SUITE) -> bytes:
        """A new message. Raises ValueError for a context that cannot be encoded."""
        start = header(suite, self.key_id)
        salt = os.urandom(SALT_LENGTH)
        message_key, commitment = self.single_use(context.label, salt)
        aad = context.aad(start, self.key_id)
        sealed = SYMMETRIC_SUITES[suite](message_key).encrypt(_ZERO_NONCE, plaintext, aad)
        return b"".join((start, salt, commitment, sealed))

    def unseal(self, context: Context, message: bytes) -> bytes:
        """The plaintext, only if this key sealed it for this context. Raises Unopenable and nothing else."""
        try:
            cipher, aad = self.opener(context, message)
            return cipher.decrypt(_ZERO_NONCE, message[_BODY:], aad)
        except (InvalidTag, ValueError, KeyError):
            raise Unopenable from None

    def unseal_into(self, context: Context, message: bytes, buffer: bytearray) -> memoryview:
        """The same into the start of a buffer that its owner overwrites after use; the buffer grows as needed.

        Raises Unopenable and nothing else.
        """
        size = max(len(message) - OVERHEAD, 0)
        if len(buffer) < size:
            buffer.extend(bytes(size - len(buffer)))
        plaintext = memoryview(buffer)[:size]
        try:
            cipher, aad = self.opener(context, message)
            cipher.decrypt_into(_ZERO_NONCE, memoryview(message)[_BODY:], aad, plaintext)
            return plaintext
        except (InvalidTag, ValueError, KeyError):
            plaintext[:] = bytes(size)  # deciphered before the tag was found wrong
            raise Unopenable from None

    def opener(self, context: Context, message: bytes) -> tuple[Cipher, bytes]:
        """The single-use cipher of a message, or of pieces by their head, and what it authenticates.

        Raises Unopenable unless key and commitment fit; ValueError or KeyError for a context or suite that is none.
        """
        start = message[:HEADER_LENGTH]
        if len(message) < _BODY or start[:3] != _BEGINS or start[4:] != self._hint:
            raise Unopenable
        message_key, commitment = self.single_use(context.label, message[HEADER_LENGTH:_SALT_END])
        if not hmac.compare_digest(commitment, message[_SALT_END:_BODY]):
            raise Unopenable
        return SYMMETRIC_SUITES[message[3]](message_key), context.aad(start, self.key_id)


def seal(key: bytes, key_id: bytes, context: Context, plaintext: bytes) -> bytes:
    """One message under a 32-byte key whose full id is `key_id`. Raises ValueError for another size."""
    return Key(key, key_id).seal(context, plaintext)


def unseal(key: bytes, key_id: bytes, context: Context, message: bytes) -> bytes:
    """The plaintext of one message. Raises Unopenable and nothing else."""
    try:
        opener = Key(key, key_id)
    except ValueError:
        raise Unopenable from None
    return opener.unseal(context, message)


def unseal_many(key: bytes, key_id: bytes, messages: Iterable[tuple[Context, bytes]]) -> list[bytes | Unopenable]:
    """Many messages under one key, in order; one that does not open leaves its error, its neighbours open."""
    opener = Key(key, key_id)
    opened: list[bytes | Unopenable] = []
    for context, message in messages:
        try:
            opened.append(opener.unseal(context, message))
        except Unopenable as refusal:
            opened.append(refusal)
    return opened
