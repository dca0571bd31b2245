"""An export's files by their HMIS names, each checked whole before a row is read: sizes, checksums, encoding.

Sizes are counted while inflating; what the archive states about them decides nothing.
"""

import codecs
import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from shelter.exchange.hmis.containers import (
    Container,
    Entry,
    FolderContainer,
    ZipContainer,
    refusing_broken_zip,
)
from shelter.exchange.hmis.problems import Note
from shelter.exchange.hmis.progress import Meter, Phase
from shelter.rules.broken import Broken

_CHUNK = 1 << 16
_UNDEFINED_IN_CP1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
_CLUTTER = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})


class Limits(msgspec.Struct, frozen=True):
    """How much an export may be, in bytes and characters; that of a large continuum stays far below.

    `ratio` is the unpacked size against the true size of the archive, looked at from `ratio_from` bytes on;
    ordinary exports have about 10.
    """

    members: int = 200
    archive_bytes: int = 512 << 20
    inflated_bytes: int = 2 << 30
    ratio: int = 150
    ratio_from: int = 16 << 20
    columns: int = 1_000
    line: int = 1 << 20
    problems: int = 200_000


class Member(msgspec.Struct, frozen=True):
    """One CSV file that was read through once: its name as given, true size in bytes, CRC-32 and encoding."""

    name: str
    size: int
    crc: int
    encoding: str
    entry: Entry


class Archive:
    """The CSV files of one ZIP or folder by their names without ".csv"."""

    def __init__(self, container: Container, members: dict[str, Member], notes: list[Note], meter: Meter) -> None:
        self._container = container
        self.members = members
        self.notes = notes
        self.meter = meter

    @property
    def size(self) -> int:
        """All bytes of all members, unpacked."""
        return sum(member.size for member in self.members.values())

    def text(self, name: str) -> io.TextIOWrapper:
        """The file as text, line ends as written. Reading raises Broken where it is not what was checked."""
        member = self.members[name]
        metered = _Metered(member, self.meter)
        buffered = io.BufferedReader(metered, _CHUNK)
        return io.TextIOWrapper(buffered, encoding=member.encoding, errors="strict", newline="")

    def close(self) -> None:
        self._container.close()


def open_archive(path: Path, limits: Limits, meter: Meter) -> Archive:
    """Check a ZIP or folder and read every CSV file in it once. Raises Broken if it is unfit."""
    container = _container(path, limits)
    try:
        notes: list[Note] = []
        entries = _flat(container.entries(limits.members), notes)
        meter.begin(Phase.CHECKING, sum(entry.claimed_size for entry in entries.values()))
        budget = Budget(limits, container.stored)
        members = {name: _scan(name, entry, budget, meter) for name, entry in entries.items()}
        return Archive(container, members, notes, meter)
    except BaseException:
        container.close()
        raise


def _container(path: Path, limits: Limits) -> Container:
    try:
        if path.is_dir():
            return FolderContainer(path)
        if not path.exists():
            raise Broken("import.not_found")
        if not path.is_file():
            raise Broken("import.not_a_file")
        return ZipContainer(path.open("rb"), limits.archive_bytes)
    except (OSError, ValueError) as fault:
        raise Broken("import.not_found") from fault


def _flat(entries: list[Entry], notes: list[Note]) -> dict[str, Entry]:
    """CSV files by name, out of at most one folder. Raises Broken for several folders and for a file given
    twice."""
    _refuse_twice(entries)
    wanted = [entry for entry in entries if not _is_clutter(entry.parts)]
    tables = [entry for entry in wanted if entry.parts[-1].lower().endswith(".csv")]
    if len({entry.parts[:-1] for entry in tables}) > 1 or any(len(entry.parts) > 2 for entry in tables):
        raise Broken("import.not_flat")
    if tables and len(tables[0].parts) == 2:
        notes.append(Note("import.note.folder"))
    if len(tables) < len(entries):
        notes.append(Note("import.note.ignored", values={"count": len(entries) - len(tables)}))
    return {entry.parts[-1][: -len(".csv")]: entry for entry in tables}


def _refuse_twice(entries: list[Entry]) -> None:
    seen: set[tuple[str, ...]] = set()
    for entry in entries:
        folded = tuple(part.casefold() for part in entry.parts)
        if folded in seen:
            raise Broken("import.member_twice")
        seen.add(folded)


def _is_clutter(parts: tuple[str, ...]) -> bool:
    return any(part.casefold() in _CLUTTER or part.startswith("._") for part in parts)


class Budget:
    """What may still be unpacked, over all members together."""

    def __init__(self, limits: Limits, stored: int | None) -> None:
        self._limits = limits
        self._stored = stored
        self._spent = 0

    def spend(self, size: int) -> None:
        self._spent += size
        if self._spent > self._limits.inflated_bytes:
            raise Broken("import.too_large", values={"limit": self._limits.inflated_bytes >> 20})
        if self._stored is None or self._spent <= self._limits.ratio_from:
            return
        if self._spent > self._stored * self._limits.ratio:
            raise Broken("import.bomb", values={"limit": self._limits.ratio})


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while True:
        with refusing_broken_zip():
            chunk = source.read(_CHUNK)
        if not chunk:
            return
        yield chunk


def _scan(name: str, entry: Entry, budget: Budget, meter: Meter) -> Member:
    size, crc = 0, 0
    detector = EncodingDetector(name)
    with entry.open() as source:
        for chunk in _chunks(source):
            budget.spend(len(chunk))
            detector.feed(chunk)
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
            meter.advance(name, len(chunk))
    return Member(name, size, crc, detector.encoding(), entry)


class EncodingDetector:
    """UTF-8 where all bytes are, else Windows-1252 where all bytes mean something in it, else Latin-1."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._utf8 = codecs.getincrementaldecoder("utf-8")("strict")
        self._is_first = True
        self._is_utf8 = True
        self._is_cp1252 = True

    def feed(self, chunk: bytes) -> None:
        if self._is_first and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Broken("import.utf16", values={"file": shown_name(self._name)})
        self._is_first = False
        self._decode(chunk, final=False)
        self._is_cp1252 = self._is_cp1252 and len(chunk.translate(None, _UNDEFINED_IN_CP1252)) == len(chunk)

    def _decode(self, chunk: bytes, *, final: bool) -> None:
        if self._is_utf8:
            try:
                self._utf8.decode(chunk, final)
            except UnicodeDecodeError:
                self._is_utf8 = False

    def encoding(self) -> str:
        self._decode(b"", final=True)
        if self._is_utf8:
            return "utf-8-sig"
        return "cp1252" if self._is_cp1252 else "latin-1"


def shown_name(name: str) -> str:
    """A member's name where it is one that an HMIS export could have, so that no other text reaches a
    message."""
    return name if name.isascii() and name.isalnum() and len(name) <= 40 else "?"


class _Metered(io.RawIOBase):
    """Raw bytes of a member, compared at their end with what was checked before, and counted for the
    progress."""

    def __init__(self, member: Member, meter: Meter) -> None:
        self._source = member.entry.open()
        self._member = member
        self._meter = meter
        self._size = self._crc = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed: WriteableBuffer is private
        with refusing_broken_zip():
            chunk = self._source.read(len(buffer))
        self._size += len(chunk)
        self._crc = zlib.crc32(chunk, self._crc)
        checked = (self._member.size, self._member.crc)
        if self._size > self._member.size or (not chunk and (self._size, self._crc) != checked):
            raise Broken("import.changed")
        buffer[: len(chunk)] = chunk
        self._meter.advance(self._member.name, len(chunk))
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


def as_path(path: str | os.PathLike[str]) -> Path:
    """A path as given by a person on a command line, with "~" and nothing else resolved."""
    try:
        return Path(path).expanduser()
    except RuntimeError as fault:
        raise Broken("import.not_found") from fault
