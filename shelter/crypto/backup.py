"""One output of a backup: sealed to the kit's backup key, by a machine that cannot open it again.

`magic 8 | kit number u32 | agency 16 | backup id 16 | part 1 | HPKE message u16-length-prefixed | sealed file`. The
HPKE message carries the key of the file; both name the part, so that neither output passes for the other.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

from shelter.crypto import files
from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.hpke import seal_to, unseal_from
from shelter.crypto.kit import Kit
from shelter.crypto.labels import Label
from shelter.crypto.message import ID_LENGTH, KEY_LENGTH

MAGIC = b"SHLTRBK1"
_HEAD = struct.Struct(f">8sI{ID_LENGTH}s{ID_LENGTH}sBH")
_READ = 256 * 1024


class Part(IntEnum):
    """`RECORDS` may be kept for long; `KEYS`, without which they open for nobody, for a month at most."""

    RECORDS = 1
    KEYS = 2


@dataclass(frozen=True, slots=True)
class Outside:
    """What the outside of an output says: whose it is, which kit opens it, which snapshot and part."""

    kit_number: int
    agency: bytes
    backup: bytes
    part: Part


def seal_output(outside: Outside, public: bytes, kit_id: bytes, parts: Iterable[bytes]) -> Iterator[bytes]:
    """The output, piece by piece. Raises Unopenable where `public` is no key."""
    key = os.urandom(KEY_LENGTH)
    message = seal_to(public, kit_id, _context(outside, "key"), key)
    yield _HEAD.pack(MAGIC, outside.kit_number, outside.agency, outside.backup, outside.part, len(message)) + message
    yield from files.encrypt(key, outside.backup, _context(outside, "content"), parts)


def read_outside(stream: BinaryIO) -> tuple[Outside, bytes]:
    """The outside of an output and the message to the kit. Raises Unopenable for anything else."""
    raw = stream.read(_HEAD.size)
    if len(raw) != _HEAD.size:
        raise Unopenable
    magic, number, agency, backup, part, length = _HEAD.unpack(raw)
    if magic != MAGIC or part not in set(Part):
        raise Unopenable
    return Outside(number, agency, backup, Part(part)), stream.read(length)


def open_output(kit: Kit, stream: BinaryIO) -> Iterator[bytes]:
    """What was sealed, chunk by chunk. Raises Unopenable, at the latest at the end: believe nothing before it."""
    outside, message = read_outside(stream)
    key = unseal_from(kit.backup.private, kit.id, _context(outside, "key"), message)
    yield from files.decrypt(key, outside.backup, _context(outside, "content"), iter(lambda: stream.read(_READ), b""))


def _context(outside: Outside, section: str) -> Context:
    return Context(Label.BACKUP, outside.agency, "backup", outside.backup, section, outside.part.name.lower())
