"""One segment of the name directory as plain bytes: ids, signatures, normalised names, keys, lane by lane.

The room that seals segments pads and encrypts what is made here; no key and no typed spelling enters.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shelter.rules.names import Name, read_name
from shelter.rules.names_keys import KEY_RULES_VERSION, name_keys
from shelter.rules.names_signature import SIGNATURE_RULES_VERSION, key_bits, name_bits

MOST_ENTRIES = 4096
ID_BYTES = 16
WORDS = 3  # two of name bits, one of key bits
RULES_VERSION = KEY_RULES_VERSION * 256 + SIGNATURE_RULES_VERSION

Buffer = bytes | bytearray | memoryview
Words = npt.NDArray[np.uint64]
Starts = npt.NDArray[np.uint32]

_HEADER = struct.Struct("<4sHHII16x")  # magic, rules version, entries, bytes of names, bytes of keys
_MAGIC = b"SDIR"
_WORD_MASK = (1 << 64) - 1


class SegmentFull(Exception):
    """The segment holds MOST_ENTRIES entries already."""


class NotInSegment(LookupError):
    """No entry of the segment has this id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A client as others give her in: 16 bytes of id, names as typed (legal name first, then aliases), her code."""

    client_id: bytes
    names: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it is stored: normalised names (the code is the last of them) and keys."""

    client_id: bytes
    names: tuple[str, ...]
    keys: tuple[str, ...]


class Batch:
    """Work saved over many entries of one import. It holds parts of names: drop it when the batch ends."""

    def __init__(self) -> None:
        self.keys: dict[str, tuple[str, ...]] = {}
        self.bits: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Lanes:
    """A segment taken apart without copying: `words` is WORDS x n, `*_starts` have n + 1 offsets into their lane.

    Lanes are views of the buffer they were read from: use them before it is overwritten.
    """

    words: Words
    name_starts: Starts
    key_starts: Starts
    ids: memoryview
    names: memoryview
    keys: memoryview

    @property
    def count(self) -> int:
        return len(self.name_starts) - 1

    def id_at(self, place: int) -> bytes:
        return bytes(self.ids[place * ID_BYTES : (place + 1) * ID_BYTES])

    def names_at(self, place: int) -> str:
        return str(self.names[self.name_starts[place] : self.name_starts[place + 1]], "ascii")

    def keys_at(self, place: int) -> str:
        return str(self.keys[self.key_starts[place] : self.key_starts[place + 1]], "ascii")

    def place_of(self, client_id: bytes) -> int:
        """Where the id stands. Raises NotInSegment."""
        ids = bytes(self.ids)
        found = ids.find(client_id)
        while found % ID_BYTES and found != -1:
            found = ids.find(client_id, found + 1)
        if found == -1:
            raise NotInSegment
        return found // ID_BYTES


def pack(entries: Iterable[Entry], batch: Batch | None = None) -> bytes:
    """A segment with these entries in this order. Raises SegmentFull above MOST_ENTRIES, ValueError for a bad id."""
    saved = batch or Batch()
    return _assemble([_encode(entry, saved) for entry in entries])


def unpack(segment: Buffer) -> list[Row]:
    """All entries of a segment. Raises ValueError when the bytes are no segment."""
    lanes = read_lanes(segment)
    return [
        Row(lanes.id_at(place), split_names(lanes.names_at(place)), tuple(lanes.keys_at(place).split()))
        for place in range(lanes.count)
    ]


def append(segment: Buffer, entry: Entry) -> bytes:
    """The segment with one entry more. Raises SegmentFull; ValueError when the id is there already."""
    lanes = read_lanes(segment)
    if contains(segment, entry.client_id):
        raise ValueError("the segment has an entry with this id")
    return _spliced(lanes, lanes.count, lanes.count, [_encode(entry, Batch())])


def replace(segment: Buffer, entry: Entry) -> bytes:
    """The segment with the entry of this id exchanged, in its place. Raises NotInSegment."""
    lanes = read_lanes(segment)
    place = lanes.place_of(entry.client_id)
    return _spliced(lanes, place, place + 1, [_encode(entry, Batch())])


def remove(segment: Buffer, client_id: bytes) -> bytes:
    """The segment without the entry of this id. Raises NotInSegment."""
    lanes = read_lanes(segment)
    place = lanes.place_of(client_id)
    return _spliced(lanes, place, place + 1, [])


def contains(segment: Buffer, client_id: bytes) -> bool:
    """Whether the segment has an entry with this id."""
    try:
        read_lanes(segment).place_of(client_id)
    except NotInSegment:
        return False
    return True


def count(segment: Buffer) -> int:
    """How many entries the segment has."""
    return read_lanes(segment).count


def is_current(segment: Buffer) -> bool:
    """Whether today's rules made it; when not, pack it again from the records."""
    return bool(_HEADER.unpack_from(segment)[1] == RULES_VERSION)


def split_names(lane_text: str) -> tuple[str, ...]:
    """The names of one entry out of its part of the names lane."""
    return tuple(name.strip() for name in lane_text.split(";") if not name.isspace())


def read_lanes(segment: Buffer) -> Lanes:
    """Take a segment apart; bytes behind it (padding) are left alone. Raises ValueError when it is none."""
    view = memoryview(segment)
    if len(view) < _HEADER.size:
        raise ValueError("not a directory segment")
    magic, _, entries, name_bytes, key_bytes = _HEADER.unpack_from(view)
    sizes = (WORDS * 8 * entries, 4 * (entries + 1), 4 * (entries + 1), ID_BYTES * entries, name_bytes, key_bytes)
    if magic != _MAGIC or _HEADER.size + sum(sizes) > len(view):
        raise ValueError("not a directory segment")
    parts: list[memoryview] = []
    offset = _HEADER.size
    for size in sizes:
        parts.append(view[offset : offset + size])
        offset += size
    words = np.frombuffer(parts[0], dtype="<u8").reshape(WORDS, entries)
    starts = [np.frombuffer(part, dtype="<u4") for part in parts[1:3]]
    return Lanes(words, starts[0], starts[1], parts[3], parts[4], parts[5])


@dataclass(frozen=True, slots=True)
class _Encoded:
    client_id: bytes
    words: tuple[int, int, int]
    names: bytes
    keys: bytes


def _encode(entry: Entry, batch: Batch) -> _Encoded:
    if len(entry.client_id) != ID_BYTES:
        raise ValueError("an id has 16 bytes")
    names = [name for name in map(read_name, entry.names) if name.tokens]
    if entry.code:
        names.append(Name((code_token(entry.code),)))
    keys = dict.fromkeys(key for name in names for key in name_keys(name, batch.keys))
    bits = name_bits((token for name in names for token in name.tokens), batch.bits)
    lane = ";".join(f" {' '.join(name.tokens)} " for name in names) + "\n"
    return _Encoded(
        entry.client_id,
        (bits & _WORD_MASK, bits >> 64, key_bits(keys)),
        lane.encode("ascii"),
        f" {' '.join(keys)} \n".encode("ascii"),
    )


def code_token(code: str) -> str:
    """A client code as one token of the names lane."""
    return code.replace("-", "").lower()


def _assemble(rows: Sequence[_Encoded]) -> bytes:
    empty = np.zeros(1, dtype="<u4")
    nothing = Lanes(np.zeros((WORDS, 0), dtype="<u8"), empty, empty, *(memoryview(b""),) * 3)
    return _spliced(nothing, 0, 0, rows)


def _spliced(lanes: Lanes, start: int, end: int, rows: Sequence[_Encoded]) -> bytes:
    """The segment with entries start..end exchanged for `rows`."""
    entries = lanes.count - (end - start) + len(rows)
    if entries > MOST_ENTRIES:
        raise SegmentFull
    fresh = np.array([row.words for row in rows], dtype="<u8").reshape(len(rows), WORDS).T
    words = np.concatenate([lanes.words[:, :start], fresh, lanes.words[:, end:]], axis=1)
    ids = _exchanged(lanes.ids, start * ID_BYTES, end * ID_BYTES, [row.client_id for row in rows])
    names, name_starts = _exchanged_text(lanes.names, lanes.name_starts, start, end, [row.names for row in rows])
    keys, key_starts = _exchanged_text(lanes.keys, lanes.key_starts, start, end, [row.keys for row in rows])
    header = _HEADER.pack(_MAGIC, RULES_VERSION, entries, len(names), len(keys))
    return b"".join([header, words.astype("<u8").tobytes(), name_starts, key_starts, ids, names, keys])


def _exchanged(lane: memoryview, start: int, end: int, fresh: Sequence[bytes]) -> bytes:
    return b"".join([lane[:start], *fresh, lane[end:]])


def _exchanged_text(
    lane: memoryview, starts: Starts, start: int, end: int, fresh: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """The lane with some entries exchanged, and the bytes of its new starts."""
    lengths = np.diff(starts.astype(np.int64))
    fresh_lengths = np.array([len(text) for text in fresh], dtype=np.int64)
    lengths = np.concatenate([lengths[:start], fresh_lengths, lengths[end:]])
    new_starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    text = _exchanged(lane, int(starts[start]), int(starts[end]), fresh)
    return text, new_starts.astype("<u4").tobytes()
