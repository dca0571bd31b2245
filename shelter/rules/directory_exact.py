"""One segment of an exact directory as plain bytes: phone, A-number or receipt number, and whose it is.

Every kind has segments of its own under its own compartment. Values arrive normalised by `rules.numbers`.
"""

import struct
from collections.abc import Iterable

from shelter.rules.directory import ID_BYTES, MOST_ENTRIES, Buffer, SegmentFull

_HEADER = struct.Struct("<4sIIxxxx")  # magic, entries, bytes of values
_MAGIC = b"SEXA"

Owned = tuple[bytes, str]  # client id, normalised value


def pack_exact(entries: Iterable[Owned]) -> bytes:
    """A segment with these numbers. Raises SegmentFull above MOST_ENTRIES, ValueError for a bad id or value."""
    rows = list(entries)
    if len(rows) > MOST_ENTRIES:
        raise SegmentFull
    if any(len(client_id) != ID_BYTES for client_id, _ in rows):
        raise ValueError("an id has 16 bytes")
    if any(not value or "\n" in value for _, value in rows):
        raise ValueError("a value is one line that is not empty")
    values = "\n".join(["", *(value for _, value in rows), ""]).encode("ascii")
    ids = b"".join(client_id for client_id, _ in rows)
    return _HEADER.pack(_MAGIC, len(rows), len(values)) + ids + values


def unpack_exact(segment: Buffer) -> list[Owned]:
    """All numbers of a segment, in order. Raises ValueError when the bytes are no such segment."""
    ids, values = _lanes(segment)
    owners = (bytes(ids[start : start + ID_BYTES]) for start in range(0, len(ids), ID_BYTES))
    return list(zip(owners, str(values, "ascii").split("\n")[1:-1], strict=True))


def find_exact(segment: Buffer, value: str) -> list[bytes]:
    """Ids of the clients who have this number, in order. Raises ValueError when the bytes are no such segment."""
    ids, lane = _lanes(segment)
    values, needle = bytes(lane), f"\n{value}\n".encode()
    found: list[bytes] = []
    offset = values.find(needle) if value else -1
    while offset != -1:
        start = values.count(b"\n", 0, offset) * ID_BYTES
        found.append(bytes(ids[start : start + ID_BYTES]))
        offset = values.find(needle, offset + 1)
    return found


def replace_exact(segment: Buffer, client_id: bytes, values: Iterable[str]) -> bytes:
    """The segment with exactly these numbers for the client; none takes the client out. Raises SegmentFull."""
    others = [owned for owned in unpack_exact(segment) if owned[0] != client_id]
    return pack_exact([*others, *((client_id, value) for value in dict.fromkeys(values))])


def _lanes(segment: Buffer) -> tuple[memoryview, memoryview]:
    view = memoryview(segment)
    if len(view) < _HEADER.size:
        raise ValueError("not an exact segment")
    magic, entries, value_bytes = _HEADER.unpack_from(view)
    values = _HEADER.size + entries * ID_BYTES
    if magic != _MAGIC or values + value_bytes > len(view):
        raise ValueError("not an exact segment")
    return view[_HEADER.size : values], view[values : values + value_bytes]
