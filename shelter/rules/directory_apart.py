"""Segments of the name directory taken apart for searching: signatures bit by bit, then texts of a few entries each.

A search reads the planes of the bits that it asks for, an eighth of all, and the texts of those who come near. It is
made anew from segments and never stored: who keeps it pads and seals every piece; zeros behind one mean nothing.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from shelter.rules.directory import ID_BYTES, WORDS, Buffer, Lanes, Starts, read_lanes
from shelter.rules.names_rank import Candidate

PLANES = 64 * WORDS
"""The first pieces; the n-th has one bit an entry, the n-th of her signature (letters first, then keys)."""
TEXTS = 16
"""Entries of one later piece: where their names and keys begin, ids, names, keys."""

Bits = npt.NDArray[np.uint8]
_STARTS = struct.Struct(f"<{2 * (TEXTS + 1)}I")
_BITS = np.left_shift(1, np.arange(8)).astype(np.uint8)
_IDS_END = _STARTS.size + TEXTS * ID_BYTES


class Pieces(Protocol):
    """What was taken apart, sealed again, for one search."""

    def size(self, number: int) -> int:
        """Bytes of one piece, with its padding."""

    def into(self, number: int, room: memoryview) -> None:
        """One piece, into room of its size."""


def take_apart(segments: Iterable[Buffer]) -> list[bytes]:
    """Pieces of these segments together; none for no segment. Raises ValueError for what is no segment."""
    planes: list[Bits] = []
    texts: list[bytes] = []
    for segment in segments:
        lanes = read_lanes(segment)
        planes.append(_planes(lanes))
        texts += _texts(lanes)
    return [*(row.tobytes() for row in np.concatenate(planes, axis=1)), *texts] if planes else []


def _planes(lanes: Lanes) -> Bits:
    """PLANES rows of one bit an entry, filled up with nobody to whole pieces of text."""
    octets = lanes.words.view(np.uint8).reshape(WORDS, lanes.count, 8).transpose(0, 2, 1)
    filled = np.pad(octets.reshape(PLANES // 8, lanes.count), ((0, 0), (0, -lanes.count % TEXTS)))
    each = filled[:, np.newaxis, :] & _BITS[np.newaxis, :, np.newaxis]
    return np.packbits(each.reshape(PLANES, filled.shape[1]), axis=1, bitorder="little")


def _texts(lanes: Lanes) -> Iterator[bytes]:
    view, ids, spoken, keys = lanes.view, lanes.ids_start, lanes.names_start, lanes.keys_start
    name_starts, key_starts = _by_piece(lanes.name_starts), _by_piece(lanes.key_starts)
    bounds = np.stack([name_starts[:, 0], name_starts[:, -1], key_starts[:, 0], key_starts[:, -1]], axis=1).tolist()
    name_starts -= name_starts[:, :1]
    key_starts += name_starts[:, -1:] - key_starts[:, :1]
    starts = np.concatenate([name_starts, key_starts], axis=1).astype("<u4")
    for piece, (name, name_end, key, key_end) in enumerate(bounds):
        at = ids + piece * TEXTS * ID_BYTES
        yield b"".join(
            [
                starts[piece].tobytes(),
                bytes(view[at : min(at + TEXTS * ID_BYTES, spoken)]).ljust(TEXTS * ID_BYTES, b"\0"),
                view[spoken + name : spoken + name_end],
                view[keys + key : keys + key_end],
            ]
        )


def _by_piece(starts: Starts) -> Starts:
    """A row a piece: where its entries begin in the lane, and where the last ends; who is not there has no text."""
    entries = len(starts) - 1
    filled = np.pad(starts, (0, -entries % TEXTS), mode="edge")
    rows: Starts = filled[np.arange(0, entries, TEXTS)[:, np.newaxis] + np.arange(TEXTS + 1)]
    return rows


def open_planes(pieces: Pieces, numbers: Sequence[int]) -> Bits:
    """These planes as rows, for the caller to overwrite after use."""
    rows = np.zeros((len(numbers), pieces.size(0)), dtype=np.uint8)
    for row, number in zip(rows, numbers, strict=True):
        pieces.into(number, row.data)
    return rows


def open_texts(pieces: Pieces, places: Sequence[int]) -> list[Candidate]:
    """The entries at these places, copied out, in the order asked for."""
    sizes = [pieces.size(PLANES + place // TEXTS) for place in places]
    room = bytearray(max(sizes, default=0))
    view = memoryview(room)
    try:
        return [_entry(pieces, place, view[:size]) for place, size in zip(places, sizes, strict=True)]
    finally:
        view[:] = bytes(len(view))


def _entry(pieces: Pieces, place: int, room: memoryview) -> Candidate:
    pieces.into(PLANES + place // TEXTS, room)
    entry = place % TEXTS
    starts = _STARTS.unpack_from(room)
    name, name_end = starts[entry : entry + 2]
    key, key_end = starts[TEXTS + 1 + entry : TEXTS + 3 + entry]
    at, texts = _STARTS.size + entry * ID_BYTES, room[_IDS_END:]
    return bytes(room[at : at + ID_BYTES]), str(texts[name:name_end], "ascii"), str(texts[key:key_end], "ascii")
