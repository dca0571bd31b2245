"""One segment of the name directory as plain bytes: ids, signatures, normalised names, keys, lane by lane.

The room that seals segments pads and encrypts what is made here; no key and no typed spelling enters.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shelter.rules import names, names_keys, names_signature

MOST_ENTRIES = 4096
ID_BYTES = 16
WORDS = names_signature.NAME_BITS // 64 + 1  # the last of them has the key bits
RULES_VERSION = names_keys.KEY_RULES_VERSION * 256 + names_signature.SIGNATURE_RULES_VERSION

Buffer = bytes | bytearray | memoryview
Words = npt.NDArray[np.uint64]
Starts = npt.NDArray[np.uint32]

_HEADER = struct.Struct("<4sHHII16x")  # magic, rules version, entries, bytes of names, bytes of keys
_MAGIC = b"SDIR"


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
        self.words: names.Memo = {}
        self.tokens: names_keys.Memo = {}
        self.name_bits: names_signature.Memo = {}
        self.key_bits: names_signature.Memo = {}


@dataclass(frozen=True, slots=True)
class Lanes:
    """A segment taken apart without copying: `words` is WORDS x n, `*_starts` have n + 1 places in `view`.

    Lanes are views of the buffer they were read from: use them before it is overwritten.
    """

    count: int
    view: memoryview
    words: Words
    name_starts: Starts
    key_starts: Starts
    ids_start: int
    names_start: int
    keys_start: int
    end: int

    @property
    def ids(self) -> memoryview:
        return self.view[self.ids_start : self.names_start]

    @property
    def names(self) -> memoryview:
        return self.view[self.names_start : self.keys_start]

    @property
    def keys(self) -> memoryview:
        return self.view[self.keys_start : self.end]

    def texts_at(self, places: npt.NDArray[np.intp]) -> list[tuple[bytes, str, str]]:
        """Id, part of the names lane and part of the keys lane of each of these entries, copied out."""
        view, ids = self.view, self.ids_start
        bounds = zip(
            (ids + places * ID_BYTES).tolist(),
            (self.names_start + self.name_starts[places]).tolist(),
            (self.names_start + self.name_starts[places + 1]).tolist(),
            (self.keys_start + self.key_starts[places]).tolist(),
            (self.keys_start + self.key_starts[places + 1]).tolist(),
            strict=True,
        )
        return [
            (bytes(view[at : at + ID_BYTES]), str(view[name:name_end], "ascii"), str(view[key:key_end], "ascii"))
            for at, name, name_end, key, key_end in bounds
        ]

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
    texts = lanes.texts_at(np.arange(lanes.count, dtype=np.intp))
    return [Row(client_id, split_names(spoken), tuple(keys.split())) for client_id, spoken, keys in texts]


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
    starts = _HEADER.size + WORDS * 8 * entries
    ids = starts + 8 * (entries + 1)
    spoken = ids + ID_BYTES * entries
    end = spoken + name_bytes + key_bytes
    if magic != _MAGIC or end > len(view):
        raise ValueError("not a directory segment")
    words = np.frombuffer(view, "<u8", WORDS * entries, _HEADER.size).reshape(WORDS, entries)
    both = np.frombuffer(view, "<u4", 2 * (entries + 1), starts).reshape(2, entries + 1)
    return Lanes(entries, view, words, both[0], both[1], ids, spoken, spoken + name_bytes, end)


@dataclass(frozen=True, slots=True)
class _Encoded:
    client_id: bytes
    words: tuple[int, ...]
    names: bytes
    keys: bytes


def _encode(entry: Entry, batch: Batch) -> _Encoded:
    if len(entry.client_id) != ID_BYTES:
        raise ValueError("an id has 16 bytes")
    read = [name for name in (names.read_name(typed, batch.words) for typed in entry.names) if name.tokens]
    keys = dict.fromkeys(key for name in read for key in names_keys.name_keys(name, batch.tokens))
    spoken = [name.tokens for name in read]
    if entry.code:
        spoken.append((code_token(entry.code),))
    bits = names_signature.name_bits((token for tokens in spoken for token in tokens), batch.name_bits)
    lane = ";".join([f" {' '.join(tokens)} " for tokens in spoken]) + "\n"
    return _Encoded(
        entry.client_id,
        (*names_signature.in_words(bits), names_signature.key_bits(keys, batch.key_bits)),
        lane.encode("ascii"),
        f" {' '.join(keys)} \n".encode("ascii"),
    )


def code_token(code: str) -> str:
    """A client code as one token of the names lane."""
    return code.replace("-", "").lower()


def _assemble(rows: Sequence[_Encoded]) -> bytes:
    empty = np.zeros(1, dtype="<u4")
    nothing = Lanes(0, memoryview(b""), np.zeros((WORDS, 0), dtype="<u8"), empty, empty, 0, 0, 0, 0)
    return _spliced(nothing, 0, 0, rows)


def _spliced(lanes: Lanes, start: int, end: int, rows: Sequence[_Encoded]) -> bytes:
    """The segment with entries start..end exchanged for `rows`."""
    entries = lanes.count - (end - start) + len(rows)
    if entries > MOST_ENTRIES:
        raise SegmentFull
    fresh = np.array([row.words for row in rows], dtype="<u8").reshape(len(rows), WORDS).T
    words = np.concatenate([lanes.words[:, :start], fresh, lanes.words[:, end:]], axis=1)
    ids = _exchanged(lanes.ids, start * ID_BYTES, end * ID_BYTES, [row.client_id for row in rows])
    spoken, name_starts = _exchanged_text(lanes.names, lanes.name_starts, start, end, [row.names for row in rows])
    keys, key_starts = _exchanged_text(lanes.keys, lanes.key_starts, start, end, [row.keys for row in rows])
    header = _HEADER.pack(_MAGIC, RULES_VERSION, entries, len(spoken), len(keys))
    return b"".join([header, words.astype("<u8").tobytes(), name_starts, key_starts, ids, spoken, keys])


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
