"""The hash of one link, over all its fields, subjects and writes in canonical order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from shelter.db.sections import Write

GENESIS = bytes(32)
_PREFIX = b"shelter/1/trail"
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Link:
    """Everything a link's hash covers; `writes` in the order of their numbers."""

    seq: int
    prev: bytes
    at: datetime
    actor: bytes | None
    act: str
    clause: str
    detail_hash: bytes | None
    subjects: Sequence[bytes]
    writes: Sequence[Write]

    def hash(self) -> bytes:
        canonical = [
            self.seq,
            self.prev,
            (self.at if self.at.tzinfo is UTC else self.at.astimezone(UTC)).isoformat(timespec="microseconds"),
            self.actor or b"",
            self.act,
            self.clause,
            self.detail_hash or b"",
            sorted(self.subjects) if len(self.subjects) > 1 else list(self.subjects),
            [[w.table, w.row_id, w.section, w.version, w.digest] for w in self.writes],
        ]
        return hashlib.sha256(_PREFIX + _encode(canonical)).digest()
