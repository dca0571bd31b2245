"""Scans and other files: 64 KiB chunks under a key of their own, opened in any part, refused when cut.

`magic 2 | version 1 | suite 1 | key id 8 | salt 24 | commitment 32`, then chunks of ciphertext and tag. The
nonce is `7 zero bytes | u32 counter | last flag`: a chunk opens only in its place, the last only as the last.
"""

import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.message import COMMITMENT_LENGTH, HEADER_LENGTH, SALT_LENGTH, SUITE, TAG_LENGTH, header

CHUNK = 64 * 1024
SEALED_CHUNK = CHUNK + TAG_LENGTH
_SALT_END = HEADER_LENGTH + SALT_LENGTH
FILE_HEADER_LENGTH = _SALT_END + COMMITMENT_LENGTH


class _Chunks:
    """The cipher of one file."""

    def __init__(self, dek: bytes, dek_id: bytes, context: Context, salt: bytes) -> None:
        start = header(SUITE, dek_id)
        keys = HKDF(SHA256(), 64, salt, context.aad(start, dek_id)).derive(dek)
        self._cipher = AESGCM(keys[:32])
        self.head = start + salt + keys[32:]

    @staticmethod
    def _nonce(counter: int, is_last: bool) -> bytes:
        return bytes(7) + counter.to_bytes(4, "big") + bytes((is_last,))

    def seal(self, counter: int, chunk: bytes | memoryview, *, is_last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(counter, is_last), chunk, None)

    def unseal(self, counter: int, sealed: bytes | memoryview, *, is_last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(counter, is_last), sealed, None)
        except (InvalidTag, ValueError):
            raise Unopenable from None


def _reader(dek: bytes, dek_id: bytes, context: Context, head: bytes) -> _Chunks:
    try:
        chunks = _Chunks(dek, dek_id, context, head[HEADER_LENGTH:_SALT_END])
    except ValueError:
        raise Unopenable from None
    if not hmac.compare_digest(chunks.head, head):
        raise Unopenable
    return chunks


def _pieces(parts: Iterable[bytes], size: int) -> Iterator[tuple[bytes | memoryview, bool]]:
    """The same bytes in pieces of `size`, and whether each is the last; of nothing, one empty piece."""
    cut = _cut(parts, size)
    piece = next(cut, b"")
    for following in cut:
        yield piece, False
        piece = following
    yield piece, True


def _cut(parts: Iterable[bytes | bytearray], size: int) -> Iterator[bytes | memoryview]:
    """What lies whole in a part is not copied."""
    rest = bytearray()
    for part in parts:
        view = memoryview(part if isinstance(part, bytes) else bytes(part))
        if rest:
            missing = size - len(rest)
            rest += view[:missing]
            view = view[missing:]
            if len(rest) < size:
                continue
            yield bytes(rest)
            rest = bytearray()
        while len(view) >= size:
            yield view[:size]
            view = view[size:]
        rest += view
    if rest:
        yield bytes(rest)


def sealed_size(size: int) -> int:
    """Bytes that a file of `size` bytes takes when sealed."""
    chunks = max(1, -(-size // CHUNK))
    return FILE_HEADER_LENGTH + size + chunks * TAG_LENGTH


def encrypt(dek: bytes, dek_id: bytes, context: Context, parts: Iterable[bytes]) -> Iterator[bytes]:
    """The sealed file, its header first, piece by piece; parts may have any size.

    Raises OverflowError beyond 2^32 chunks (256 TiB).
    """
    chunks = _Chunks(dek, dek_id, context, os.urandom(SALT_LENGTH))
    yield chunks.head
    for counter, (piece, is_last) in enumerate(_pieces(parts, CHUNK)):
        yield chunks.seal(counter, piece, is_last=is_last)


def decrypt(dek: bytes, dek_id: bytes, context: Context, parts: Iterable[bytes]) -> Iterator[bytes]:
    """The file, chunk by chunk. Raises Unopenable, at the latest at the end: keep nothing before it."""
    rest = iter(parts)
    held = b""
    while len(held) < FILE_HEADER_LENGTH:
        part = next(rest, None)
        if part is None:
            raise Unopenable
        held += part
    chunks = _reader(dek, dek_id, context, held[:FILE_HEADER_LENGTH])
    sealed = _chain(held[FILE_HEADER_LENGTH:], rest)
    for counter, (piece, is_last) in enumerate(_pieces(sealed, SEALED_CHUNK)):
        yield _opened(chunks, counter, piece, is_last)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _opened(chunks: _Chunks, counter: int, sealed: bytes | memoryview, is_last: bool) -> bytes:
    chunk = chunks.unseal(counter, sealed, is_last=is_last)
    if not chunk and counter:
        raise Unopenable  # an empty last chunk belongs to an empty file alone
    return chunk


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A sealed file in a store that answers byte ranges: `read(start, end)` of the stored object."""

    dek: bytes
    dek_id: bytes
    context: Context
    stored_size: int
    read: Callable[[int, int], bytes]

    @property
    def size(self) -> int:
        """Bytes of the file itself, as the stored size has it. Raises Unopenable for a size no file has."""
        body = self.stored_size - FILE_HEADER_LENGTH
        count = -(-body // SEALED_CHUNK)
        size = body - count * TAG_LENGTH
        if size < 0 or sealed_size(size) != self.stored_size:
            raise Unopenable
        return size

    def part(self, start: int, end: int) -> bytes:
        """Bytes `start` to `end` (left out) of the file. Raises Unopenable, also when cut after this part.

        The last chunk is always opened: it alone proves that nothing behind it was cut off.
        """
        size = self.size
        start, end = max(0, start), min(end, size)
        chunks = _reader(self.dek, self.dek_id, self.context, self.read(0, FILE_HEADER_LENGTH))
        last = max(0, -(-size // CHUNK) - 1)
        tail = self._chunk(chunks, last, last)
        if start >= end:
            return b""
        wanted = range(start // CHUNK, (end - 1) // CHUNK + 1)
        opened = (tail if counter == last else self._chunk(chunks, counter, last) for counter in wanted)
        first = wanted.start * CHUNK
        return b"".join(opened)[start - first : end - first]

    def _chunk(self, chunks: _Chunks, counter: int, last: int) -> bytes:
        start = FILE_HEADER_LENGTH + counter * SEALED_CHUNK
        sealed = self.read(start, min(start + SEALED_CHUNK, self.stored_size))
        return _opened(chunks, counter, sealed, counter == last)
