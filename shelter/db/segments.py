"""Packed stores: segments sealed under the data key of their scope, rewritten whole, opened one at a time.

Ciphertext is kept by each worker as long as its version stands; plaintext only in one buffer of a scan,
which is overwritten when the scan ends.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import BoundedSemaphore, Lock
from typing import Generic, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.message import Key, key_hint
from shelter.crypto.plaintext import SEGMENT_LIMIT, frame
from shelter.db import deks
from shelter.db.base import db, new_id
from shelter.db.deks import Subject
from shelter.db.errors import Conflict
from shelter.db.keyring import Keyring, chunks, keyring_of
from shelter.db.packed import Segment
from shelter.db.sections import note_write, writes_so_far
from shelter.policy.actor import Actor

SCHEMA = 1
TRIES = 50
MOST_KEPT = 256 << 20
_ALIGNED = bytes(2)
_HEAD = 8  # u32 length, u16 schema, two zeros, so that what follows can be read as 64-bit words
_scans = BoundedSemaphore(2)

T = TypeVar("T")
_NUMBERED = (
    select(Segment.id, Segment.no, Segment.version)
    .where(Segment.store == bindparam("store"), Segment.scope_id == bindparam("scope"))
    .order_by(Segment.no)
)
State: TypeAlias = tuple[bytes, int, bytes | None]
"""Id and version of a segment; the digest of its ciphertext while the transaction that wrote it is open."""
Edit = Callable[[bytes], bytes | None]
"""From a segment's content (b"" for a new one) to its new content; None leaves it as it is."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One packed store of one scope; the scope is a subject with data keys of its own."""

    store: str
    kind: str
    scope: bytes
    compartment: bytes

    @property
    def subject(self) -> Subject:
        return Subject(self.kind, self.scope)


@dataclass(frozen=True, slots=True)
class _Sealed:
    id: bytes
    no: int
    version: int
    sealed: bytes


class Kept(Generic[T]):
    """Sealed things that this worker has read or made, by segment id, of one state; the longest unused goes first."""

    def __init__(self, most: int) -> None:
        self._held: OrderedDict[bytes, tuple[Hashable, T, int]] = OrderedDict()
        self._most, self._size = most, 0
        self._lock = Lock()

    def get(self, segment: bytes, state: Hashable) -> T | None:
        with self._lock:
            held = self._held.get(segment)
            if held is None or held[0] != state:
                return None
            self._held.move_to_end(segment)
            return held[1]

    def put(self, segment: bytes, state: Hashable, sealed: T, size: int) -> None:
        with self._lock:
            old = self._held.pop(segment, None)
            self._held[segment] = (state, sealed, size)
            self._size += size - (old[2] if old else 0)
            while self._size > self._most and len(self._held) > 1:
                self._size -= self._held.popitem(last=False)[1][2]


_ciphertexts: Kept[bytes] = Kept(MOST_KEPT)


# -- reading -----------------------------------------------------------------


class Contents:
    """The opened segments of one scan, in order.

    `broken` are the ids of those whose seal did not hold; `key` is that of the last which did.
    """

    def __init__(self, keyring: Keyring, shelf: Shelf, rows: list[_Sealed], buffer: bytearray) -> None:
        self._keyring, self._shelf, self._rows, self._buffer = keyring, shelf, rows, buffer
        self.broken: list[bytes] = []
        self.key: Key | None = None

    def __iter__(self) -> Iterator[tuple[int, memoryview]]:
        openers: dict[bytes, Key] = {}
        for row in self._rows:
            try:
                opener = key_of(self._keyring, self._shelf, row.sealed, openers)
                context = place_of(self._keyring, self._shelf, row.id, row.version)
                content = _content(opener.unseal_into(context, row.sealed, self._buffer))
            except Unopenable:
                self.broken.append(row.id)
                continue
            self.key = opener
            yield row.no, content


@contextmanager
def scanning(actor: Actor, shelf: Shelf, *also: ColumnElement[bool]) -> Iterator[Contents]:
    """(number, content) of every segment in one buffer: each content is gone when the next is asked for.

    Of those alone for which `also` holds, where it is given.

    At most two scans run in a process; others wait. A segment that does not open is left out and named in
    `broken`, for the caller to write down. Raises `NoKey`.
    """
    rows = _current(shelf, *also)
    buffer = bytearray(max((len(row.sealed) for row in rows), default=0))
    with _scans:
        try:
            yield Contents(keyring_of(actor), shelf, rows, buffer)
        finally:
            buffer[:] = bytes(len(buffer))


def find_no(actor: Actor, shelf: Shelf, holds: Callable[[memoryview], bool]) -> int | None:
    """The number of the first segment whose content `holds` says yes to."""
    with scanning(actor, shelf) as contents:
        return next((no for no, content in contents if holds(content)), None)


def states(shelf: Shelf) -> list[State]:
    """Every segment as it is now, in order."""
    written = _written()
    return [(row.id, row.version, written.get(row.id)) for row in db.session.execute(_NUMBERED, _of(shelf))]


def _written() -> dict[bytes, bytes]:
    """Digests of what this transaction wrote: until it commits, another one's version of that number is not this."""
    return {write.row_id: write.digest for write in writes_so_far() if write.table == "segment"}


def key_of(keyring: Keyring, shelf: Shelf, sealed: bytes, known: dict[bytes, Key]) -> Key:
    """The data key that `sealed` names, from `known` or added to it. Raises `Unopenable`, `NoKey`."""
    hint = key_hint(sealed)
    if hint not in known:
        dek = deks.to_open(keyring, shelf.subject, shelf.compartment, sealed)
        known[hint] = Key(dek.key, dek.id)
    return known[hint]


def _content(plaintext: memoryview) -> memoryview:
    """What `frame` framed, without copying it."""
    length = int.from_bytes(plaintext[:4], "big")
    if length < 4 or 4 + length > len(plaintext):
        raise Unopenable
    return plaintext[_HEAD : 4 + length]


def _current(shelf: Shelf, *also: ColumnElement[bool]) -> list[_Sealed]:
    """Segments as they are now; only what changed since this worker last looked is read from the database."""
    places = db.session.execute((_NUMBERED.where(*also) if also else _NUMBERED), _of(shelf)).all()
    written = _written()
    held = {row.id: _ciphertexts.get(row.id, (row.version, written.get(row.id))) for row in places}
    fresh: dict[bytes, _Sealed] = {}
    for part in chunks([segment for segment, sealed in held.items() if sealed is None], 50):
        query = select(Segment.id, Segment.no, Segment.version, Segment.sealed).where(Segment.id.in_(part))
        for row in db.session.execute(query):
            fresh[row.id] = _Sealed(row.id, row.no, row.version, row.sealed)
            _ciphertexts.put(row.id, (row.version, written.get(row.id)), row.sealed, len(row.sealed))
    if any(sealed is None and segment not in fresh for segment, sealed in held.items()):
        return _current(shelf, *also)  # taken off meanwhile, as by settling: what lies there now is not among these
    return [
        _Sealed(row.id, row.no, row.version, sealed) if (sealed := held[row.id]) is not None else fresh[row.id]
        for row in places
    ]


def place_of(keyring: Keyring, shelf: Shelf, row: bytes, version: int, table: str = "segment") -> Context:
    """Where something sealed under the data key of a shelf lies."""
    return Context(
        label=Label.SEGMENT,
        agency=keyring.agency,
        table=table,
        row=row,
        section=shelf.store,
        subject_kind=shelf.kind,
        subject=shelf.scope,
        compartment=shelf.compartment,
        version=version,
    )


# -- writing, in the caller's transaction --------------------------------------


def read(actor: Actor, shelf: Shelf, no: int) -> bytes:
    """One segment's content, before it is changed; b"" where there is none. Raises `Unopenable`."""
    row = _read(shelf, no)
    return b"" if row is None else _open(keyring_of(actor), shelf, row)


def change(actor: Actor, shelf: Shelf, no: int, edit: Edit) -> bool:
    """Rewrites one segment; False where there is none or `edit` leaves it. `Conflict` if others never rest."""
    keyring = keyring_of(actor)
    for _ in range(TRIES):
        row = _read(shelf, no)
        if row is None:
            return False
        content = edit(_open(keyring, shelf, row))
        if content is None:
            return False
        if _replace(keyring, shelf, row, content):
            return True
    raise Conflict("segment", shelf.store)


def add(actor: Actor, shelf: Shelf, edit: Edit) -> int:
    """Puts something into the last segment, or into a new one where `edit` says that it is full; returns its number."""
    for _ in range(TRIES):
        no = next_no(shelf)
        if no > 0 and change(actor, shelf, no - 1, edit):
            return no - 1
        content = edit(b"")
        if content is None:
            raise ValueError("an empty segment has room")
        if _insert(keyring_of(actor), shelf, no, content):
            return no
    raise Conflict("segment", shelf.store)


def next_no(shelf: Shelf) -> int:
    """The number behind the last segment; 0 where all there are stand before the first."""
    last = db.session.scalar(select(func.max(Segment.no)).where(*_on(shelf)))
    return 0 if last is None else max(0, last + 1)


def lowest_no(shelf: Shelf) -> int:
    """The number of the last of those that stand before the first; 0 where none does."""
    return min(0, db.session.scalar(select(func.min(Segment.no)).where(*_on(shelf))) or 0)


def _of(shelf: Shelf) -> dict[str, str | bytes]:
    return {"store": shelf.store, "scope": shelf.scope}


def _on(shelf: Shelf) -> tuple[ColumnElement[bool], ...]:
    return Segment.store == shelf.store, Segment.scope_id == shelf.scope


def set_aside(shelf: Shelf, segments: Iterable[bytes], store: str) -> None:
    """Segments that do not open leave the shelf and are kept under the name of another store, as they are."""
    first = next_no(replace(shelf, store=store))
    for no, segment in enumerate(segments, start=first):
        db.session.execute(update(Segment).where(Segment.id == segment).values(store=store, no=no))


def drop(shelf: Shelf, *also: ColumnElement[bool]) -> None:
    """Takes segments off the shelf, in the caller's transaction."""
    db.session.execute(delete(Segment).where(*_on(shelf), *also))


def put_new(actor: Actor, shelf: Shelf, no: int, content: bytes) -> None:
    """A new segment: what an import packs at once. `Conflict` where the number is taken."""
    if not _insert(keyring_of(actor), shelf, no, content):
        raise Conflict("segment", shelf.store)


def _read(shelf: Shelf, no: int) -> _Sealed | None:
    row = db.session.execute(
        select(Segment.id, Segment.no, Segment.version, Segment.sealed).where(
            Segment.store == shelf.store, Segment.scope_id == shelf.scope, Segment.no == no
        )
    ).first()
    return None if row is None else _Sealed(row.id, row.no, row.version, row.sealed)


def _open(keyring: Keyring, shelf: Shelf, row: _Sealed) -> bytes:
    buffer = bytearray(len(row.sealed))
    opener = key_of(keyring, shelf, row.sealed, {})
    return bytes(_content(opener.unseal_into(place_of(keyring, shelf, row.id, row.version), row.sealed, buffer)))


def _seal(keyring: Keyring, shelf: Shelf, segment: bytes, version: int, content: bytes) -> bytes:
    dek = deks.to_seal(keyring, shelf.subject, shelf.compartment)
    plaintext = frame(SCHEMA, _ALIGNED + content, limit=SEGMENT_LIMIT)
    return Key(dek.key, dek.id).seal(place_of(keyring, shelf, segment, version), plaintext)


def _replace(keyring: Keyring, shelf: Shelf, row: _Sealed, content: bytes) -> bool:
    """The new content at the next version; False where somebody was faster."""
    version = row.version + 1
    sealed = _seal(keyring, shelf, row.id, version, content)
    db.session.flush()
    result = db.session.execute(
        update(Segment)
        .where(Segment.id == row.id, Segment.version == row.version)
        .values(sealed=sealed, version=version)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        return False
    note_write("segment", row.id, shelf.store, version, sealed)
    return True


def _insert(keyring: Keyring, shelf: Shelf, no: int, content: bytes) -> bool:
    segment = new_id()
    sealed = _seal(keyring, shelf, segment, 1, content)
    db.session.flush()
    try:
        with db.session.begin_nested():
            db.session.execute(
                insert(Segment).values(
                    id=segment,
                    store=shelf.store,
                    scope_id=shelf.scope,
                    compartment_id=shelf.compartment,
                    no=no,
                    version=1,
                    sealed=sealed,
                )
            )
    except IntegrityError:
        return False
    note_write("segment", segment, shelf.store, 1, sealed)
    return True
