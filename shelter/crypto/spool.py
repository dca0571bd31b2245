"""What somebody sends, until it is judged: sealed chunk by chunk under a key that is written nowhere.

A little stays in memory; the rest lies in a file without a name, which ends with the process. Writing is at
the end only, reading anywhere.
"""

import io
import os
from collections.abc import Callable
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shelter.crypto.files import CHUNK, SEALED_CHUNK

IN_MEMORY = 16
"""Whole chunks that are kept in memory before a file is opened."""


class SealedSpool(io.RawIOBase):
    """A file-like object; `open_file` gives the nameless file once more than a megabyte has come."""

    def __init__(self, open_file: Callable[[], IO[bytes]]) -> None:
        super().__init__()
        self._open_file = open_file
        self._cipher = AESGCM(os.urandom(32))
        self._file: IO[bytes] | None = None
        self._sealed: list[bytes] = []
        self._chunks = 0
        self._tail = bytearray()
        self._place = 0
        self._last = (-1, b"")

    @property
    def size(self) -> int:
        return self._chunks * CHUNK + len(self._tail)

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self.size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]  # buffers of bytes
        if self._place != self.size:
            raise io.UnsupportedOperation("a spool is written at its end")
        piece = memoryview(data).cast("B")
        taken = 0
        while taken < len(piece):
            room = CHUNK - len(self._tail)
            self._tail += piece[taken : taken + room]
            taken += room
            if len(self._tail) == CHUNK:
                self._put_away()
        self._place = self.size
        return len(piece)

    def _put_away(self) -> None:
        sealed = self._cipher.encrypt(self._nonce(self._chunks), bytes(self._tail), None)
        if self._file is None and self._chunks >= IN_MEMORY:
            self._file = self._open_file()
            self._file.write(b"".join(self._sealed))
            self._sealed.clear()
        if self._file is None:
            self._sealed.append(sealed)
        else:
            self._file.seek(self._chunks * SEALED_CHUNK)
            self._file.write(sealed)
        self._chunks += 1
        self._tail.clear()

    @staticmethod
    def _nonce(number: int) -> bytes:
        return number.to_bytes(12, "big")  # a chunk is sealed once, and the key is this spool's alone

    def _chunk(self, number: int) -> bytes:
        if number == self._chunks:
            return bytes(self._tail)
        if self._last[0] != number:
            if self._file is None:
                sealed = self._sealed[number]
            else:
                self._file.seek(number * SEALED_CHUNK)
                sealed = self._file.read(SEALED_CHUNK)
            self._last = (number, self._cipher.decrypt(self._nonce(number), sealed, None))
        return self._last[1]

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the same
        room = memoryview(buffer).cast("B")
        if self._place >= self.size:
            return 0
        number, within = divmod(self._place, CHUNK)
        piece = self._chunk(number)[within : within + len(room)]
        room[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def read(self, size: int | None = -1) -> bytes:
        """As much as is asked for and there is: more than one chunk where need be."""
        left = self.size - self._place if size is None or size < 0 else size
        pieces = []
        while left > 0:
            number, within = divmod(self._place, CHUNK)
            if number > self._chunks or not (piece := self._chunk(number)[within : within + left]):
                break
            pieces.append(piece)
            self._place += len(piece)
            left -= len(piece)
        return b"".join(pieces)

    def close(self) -> None:
        if not self.closed:
            self._tail[:] = bytes(len(self._tail))
            self._last = (-1, b"")
            self._sealed.clear()
            if self._file is not None:
                self._file.close()
        super().close()
