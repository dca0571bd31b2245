"""What a worker makes of segments to search them: the same content in pieces, sealed in its memory, opened one by one.

Neither a row nor plaintext: pieces lie under the data key of their segments, so that only who opens those opens them.
Each stands for some segments at their versions and is made anew when one of them changes.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.message import Key
from shelter.crypto.pieces import OpenPieces, Pieces, seal_pieces
from shelter.crypto.plaintext import padded_size
from shelter.db.keyring import Keyring, chunks, keyring_of
from shelter.db.packed import Segment
from shelter.db.segments import Kept, Shelf, State, key_of, place_of, scanning, states
from shelter.policy.actor import Actor

TOGETHER = 16
"""Segments whose entries lie in one set of pieces."""
MOST_KEPT = 256 << 20

TakeApart = Callable[[Iterable[memoryview]], list[bytes]]
"""From contents, each gone when the next is asked for, to pieces; zeros are put behind them."""

_kept: Kept[Pieces] = Kept(MOST_KEPT)


@dataclass(slots=True)
class Apart:
    """The pieces of one shelf; `broken` are the ids of segments whose seal did not hold."""

    pieces: list[OpenPieces] = field(default_factory=list)
    broken: list[bytes] = field(default_factory=list)


def taken_apart(actor: Actor, shelf: Shelf, take_apart: TakeApart) -> Apart:
    """All segments of a shelf in pieces. What does not open is left out and named in `broken`, for the caller to
    write down. Raises `NoKey`.
    """
    keyring, found, known = keyring_of(actor), Apart(), dict[bytes, Key]()
    for some in chunks(states(shelf), TOGETHER):
        opened = _known(keyring, shelf, some, known) or _made(actor, shelf, some, take_apart, found.broken)
        found.pieces += [opened] if opened else []
    return found


def _known(keyring: Keyring, shelf: Shelf, some: Sequence[State], known: dict[bytes, Key]) -> OpenPieces | None:
    name = _name(shelf, some)
    pieces = _kept.get(some[0][0], name)
    if pieces is None:
        return None
    try:
        return OpenPieces(key_of(keyring, shelf, pieces.head, known), _context(keyring, shelf, name), pieces)
    except Unopenable:
        return None


def _made(
    actor: Actor, shelf: Shelf, some: Sequence[State], take_apart: TakeApart, broken: list[bytes]
) -> OpenPieces | None:
    """Pieces of segments, kept for the next search unless one of them did not open."""
    keyring, name = keyring_of(actor), _name(shelf, some)
    with scanning(actor, shelf, Segment.id.in_([segment for segment, *_ in some])) as contents:
        plain = take_apart(content for _, content in contents)
        key = contents.key
    broken += contents.broken
    if key is None:
        return None
    pieces = seal_pieces(key, _context(keyring, shelf, name), map(_padded, plain))
    if not contents.broken:
        _kept.put(some[0][0], name, pieces, pieces.size)
    return OpenPieces(key, _context(keyring, shelf, name), pieces)


def _padded(piece: bytes) -> bytes:
    return piece.ljust(padded_size(len(piece)), b"\0")


def _name(shelf: Shelf, some: Sequence[State]) -> bytes:
    """Which segments in which states."""
    return hashlib.sha256(msgspec.msgpack.encode((shelf.store, shelf.scope, some))).digest()[:16]


def _context(keyring: Keyring, shelf: Shelf, name: bytes) -> Context:
    return place_of(keyring, shelf, name, 1, "apart")
