"""A ZIP archive under a passphrase, which tools for such archives open: AES-256 as WinZip's AE-2 has it, not packed.

Written in one go from streams, so that nothing of it has to be in memory or in clear anywhere. It stays under 4 GiB:
the format of before ZIP64 is what every tool knows.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

SALT, CHECK, CODE, KEY, BLOCK = 16, 2, 10, 32, 16
ROUNDS = 1000
"""What AE-2 fixes. It is few: the passphrase has to carry the strength."""
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _ENCRYPTED, _UTF8, _SIZES_AFTER, _METHOD, _DAY = 51, 0x1, 0x800, 0x8, 99, 0x21
_MOST = 2**32 - 1
_EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)


class TooLarge(Exception):
    """The archive would not fit the format."""


class SealedZip:
    """Members are added one after the other; `finish` writes the list of them."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        self._out, self._passphrase, self._place = out, passphrase.encode(), 0
        self._entries: list[bytes] = []

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        """Raises `TooLarge`."""
        start, flags, raw = self._place, _ENCRYPTED | _UTF8 | _SIZES_AFTER, name.encode()
        head = struct.pack("<HHHHHIII", _VERSION, flags, _METHOD, 0, _DAY, 0, 0, 0)
        self._write(_LOCAL + head + struct.pack("<HH", len(raw), len(_EXTRA)) + raw + _EXTRA)
        size = 0
        salt = os.urandom(SALT)
        keys = hashlib.pbkdf2_hmac("sha1", self._passphrase, salt, ROUNDS, 2 * KEY + CHECK)
        code = hmac.new(keys[KEY : 2 * KEY], digestmod="sha1")
        self._write(salt + keys[2 * KEY :])
        for part in _sealed(keys[:KEY], parts):
            size += len(part)
            code.update(part)
            self._write(part)
        self._write(code.digest()[:CODE])
        packed = size + SALT + CHECK + CODE
        if self._place > _MOST:
            raise TooLarge
        self._write(b"PK\x07\x08" + struct.pack("<III", 0, packed, size))
        entry = struct.pack("<HHHHHHIII", _VERSION, _VERSION, flags, _METHOD, 0, _DAY, 0, packed, size)
        tail = struct.pack("<HHHHHII", len(raw), len(_EXTRA), 0, 0, 0, 0, start)
        self._entries.append(_CENTRAL + entry + tail + raw + _EXTRA)

    def finish(self) -> None:
        start, listed = self._place, b"".join(self._entries)
        count = len(self._entries)
        self._write(listed + _END + struct.pack("<HHHHIIH", 0, 0, count, count, len(listed), start, 0))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._place += len(data)


def _sealed(key: bytes, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Counter mode with the counter from 1 on, its lowest byte first: the library's own counts the other way round."""
    cipher, counter, held = Cipher(AES256(key), ECB()).encryptor(), 1, bytearray()  # noqa: S305 - counter mode
    for part in parts:
        held += part
        whole = len(held) // BLOCK * BLOCK
        if whole:
            yield _over(cipher.update(_counters(counter, whole // BLOCK)), bytes(held[:whole]))
            counter += whole // BLOCK
            del held[:whole]
    if held:
        yield _over(cipher.update(_counters(counter, 1)), bytes(held))


def _counters(first: int, count: int) -> bytes:
    return b"".join(number.to_bytes(BLOCK, "little") for number in range(first, first + count))


def _over(stream: bytes, text: bytes) -> bytes:
    size = len(text)
    return (int.from_bytes(stream[:size], "big") ^ int.from_bytes(text, "big")).to_bytes(size, "big")
