"""Backups: two outputs of one snapshot, sealed to the recovery kit. Making one opens nothing and needs nobody.

The records may be kept for years; the key store, without which they open for nobody, for a month at most: so a
person whose keys were destroyed is gone from every backup when the last key store from before that day is.
"""

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from shelter.crypto.backup import Outside, Part, open_output, seal_output
from shelter.crypto.errors import Unopenable
from shelter.crypto.kit import Kit
from shelter.db import new_id
from shelter.db.roll import current_roll
from shelter.db.snapshot import Rows, Snapshot, snapshot
from shelter.trail.proof import Head

FORMAT = 1
NAMES = {Part.RECORDS: "records", Part.KEYS: "keys"}
KEEP_KEYS = timedelta(days=30)
TOMBSTONES = "tombstones.txt"
_BEGUN, _LONGEST = ".part", timedelta(hours=12)
_LONGEST_PAUSE = 0.1
"""Seconds, whatever a portion took: a moment of the database is not kept open for longer than that needs."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What both outputs begin with; `settings` (pepper and fingerprint with it) lie with the keys alone."""

    format: int
    backup: bytes
    part: int
    at: datetime
    agency: bytes
    fingerprint: bytes
    revision: str
    seq: int
    hash: bytes
    settings: dict[str, str] = {}

    @property
    def head(self) -> Head:
        """The newest link of the trail at that moment."""
        return Head(self.seq, self.hash)


class End(msgspec.Struct, frozen=True):
    """What each output ends with: how many rows of each table it holds."""

    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Made:
    """The two files of one backup."""

    records: Path
    keys: Path
    head: Head
    rows: int


def make(folder: Path, at: datetime, settings: dict[str, str]) -> Made:
    """Writes both outputs of one moment; each file is there whole or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    backup, roll = new_id(), current_roll()
    stamp = f"{at:%Y-%m-%dT%H%M%SZ}-{backup[:4].hex()}"
    paths, rows = {part: folder / f"{stamp}.{NAMES[part]}" for part in Part}, 0
    with snapshot() as moment:
        seq, digest = moment.head()
        for part in Part:
            header = Header(
                format=FORMAT,
                backup=backup,
                part=part,
                at=at,
                agency=roll.agency,
                fingerprint=roll.fingerprint,
                revision=moment.revision(),
                seq=seq,
                hash=digest,
                settings=settings if part is Part.KEYS else {},
            )
            counts: dict[str, int] = {}
            outside = Outside(roll.kit.number, roll.agency, backup, part)
            content = _frames(header, moment, counts)
            _write(paths[part], seal_output(outside, roll.kit.backup, roll.kit_id, content))
            rows += sum(counts.values())
    return Made(paths[Part.RECORDS], paths[Part.KEYS], Head(seq, digest), rows)


def _frames(header: Header, moment: Snapshot, counts: dict[str, int]) -> Iterator[bytes]:
    yield _frame(header)
    for portion in _leaving_room(moment.rows(Part(header.part))):
        counts[portion.table] = counts.get(portion.table, 0) + len(portion.rows)
        yield _frame(portion)
    yield _frame(End(counts))


def _leaving_room(portions: Iterator[Rows]) -> Iterator[Rows]:
    """Works half of the time, so that those at work have the machine for the other half; a backup is in no hurry."""
    began = time.monotonic()
    for portion in portions:
        yield portion
        time.sleep(min(time.monotonic() - began, _LONGEST_PAUSE))
        began = time.monotonic()


def _frame(value: object) -> bytes:
    raw = msgspec.msgpack.encode(value)
    return len(raw).to_bytes(4, "big") + raw


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    beside = path.with_suffix(path.suffix + _BEGUN)
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def sweep(folder: Path, at: datetime) -> None:
    """Takes away what a backup left that was killed in the middle; one that may still go on is let be."""
    for path in folder.glob(f"*{_BEGUN}"):
        if at.timestamp() - path.stat().st_mtime > _LONGEST.total_seconds():
            path.unlink(missing_ok=True)


# -- what is kept --------------------------------------------------------------


def forget_old_keys(folder: Path, at: datetime, keep: timedelta = KEEP_KEYS) -> int:
    """Deletes key stores made before `keep`, never the newest one; returns how many."""
    found = sorted(folder.glob(f"*.{NAMES[Part.KEYS]}"))
    old = [path for path in found[:-1] if (made := made_at(path)) is not None and at - made > keep]
    for path in old:
        path.unlink()
    return len(old)


def made_at(path: Path) -> datetime | None:
    """When an output was made, from its name; None for a file that is none of ours."""
    try:
        return datetime.strptime(path.name[:18], "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


# -- reading -------------------------------------------------------------------


@dataclass(slots=True)
class Output:
    """One opened output: its header at once, its rows as they are read, its counts once all were."""

    header: Header
    _frames: Iterator[bytes]
    counts: dict[str, int] | None = None

    def rows(self) -> Iterator[Rows]:
        """Every row. Raises Unopenable where the output was cut or changed."""
        for raw in self._frames:
            try:
                yield msgspec.msgpack.decode(raw, type=Rows)
            except msgspec.ValidationError:
                self.counts = _decoded(raw, End).counts
        if self.counts is None:
            raise Unopenable


def read(stream: BinaryIO, kit: Kit) -> Output:
    """Opens an output with the kit. Raises Unopenable."""
    frames = _unframed(open_output(kit, stream))
    header = _decoded(next(frames, b""), Header)
    if header.format != FORMAT:
        raise Unopenable
    return Output(header, frames)


def _decoded(raw: bytes, kind: Any) -> Any:
    try:
        return msgspec.msgpack.decode(raw, type=kind)
    except (msgspec.MsgspecError, ValueError):
        raise Unopenable from None


def _unframed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= 4 and len(held) >= 4 + (length := int.from_bytes(held[:4], "big")):
            yield bytes(held[4 : 4 + length])
            del held[: 4 + length]
    if held:
        raise Unopenable
