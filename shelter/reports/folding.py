"""Folding what waits in the inbox into segments of columns: a person's facts of one source compartment lie in one.

Which one follows from her pseudonym and from how many segments there are (linear hashing, Litwin 1980): one more
divides one segment in two and leaves the others alone. The newest version of a source takes its place here, so that a
count looks at no versions. Segments of the first format are divided again, all of a compartment at once.
"""

import time
from collections.abc import Iterable

from sqlalchemy import delete, func, select

from shelter.db import db
from shelter.db.inbox import FRAME, GONE, RECORD, Fact
from shelter.db.packed import Inbox
from shelter.db.segments import Shelf, change, next_no, put_new, read
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.reports.columns import is_columns, packed
from shelter.reports.ledger import AT_ONCE, Batch, held, newest, opened, shelf_of

ENTRIES = 4096
MOST_BYTES = 4 << 20
"""What a segment is filled to at most, unless one person's facts alone are more; an exact record can be long."""
SLICE = 0.8
"""Seconds of opening inside one slice of folding."""
_PG_LOCK = 0x464C44


def fold(actor: Actor, kind: Kind = Kind.FACTS) -> int:
    """Moves what waits in the inbox into segments, in the caller's transaction, for a slice of time.

    Returns how many batches were folded; a later call goes on where this one stopped.
    """
    _one_at_a_time()
    until = time.monotonic() + SLICE
    taken: list[Batch] = []
    for batch in opened(actor, most=AT_ONCE, kind=kind):
        taken.append(batch)
        if time.monotonic() > until:
            break
    taken = _erasures_last(actor, taken, kind)
    facts = [fact for batch in taken for fact in batch.facts]
    for origin in sorted({fact.origin for fact in facts}):
        _Folded(actor, shelf_of(actor, origin, kind)).take([fact for fact in facts if fact.origin == origin])
    db.session.execute(delete(Inbox).where(Inbox.id.in_([batch.row for batch in taken])))
    return len(taken)


def _one_at_a_time() -> None:
    """Two at once would divide by different numbers. SQLite's write lock is held already."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_PG_LOCK)))


def _erasures_last(actor: Actor, taken: list[Batch], kind: Kind) -> list[Batch]:
    """What says that somebody was erased waits until nothing else does, so that nothing of hers is folded after it."""
    erasing = [batch for batch in taken if _gone(batch.facts)]
    others = [batch for batch in taken if not _gone(batch.facts)]
    if others or not erasing:
        return others
    gone = frozenset.union(*(_gone(batch.facts) for batch in erasing))
    for origin in Kind:
        _take_out(actor, shelf_of(actor, origin.value, kind), gone)
    return [Batch(batch.row, []) for batch in erasing]


def _gone(facts: Iterable[Fact]) -> frozenset[bytes]:
    """Pseudonyms of those who were erased."""
    return frozenset(fact.person for fact in facts if fact.what == GONE)


def _take_out(actor: Actor, shelf: Shelf, gone: frozenset[bytes]) -> None:
    """Segments of both formats are looked through: what is erased must not hang on where it should lie."""

    def edit(content: bytes) -> bytes | None:
        facts = held(content)
        kept = [fact for fact in facts if fact.person not in gone]
        return packed(kept) if len(kept) < len(facts) else None

    for no in range(next_no(shelf)):
        change(actor, shelf, no, edit)


def place_of(person: bytes, segments: int) -> int:
    """The number of the segment, of so many, in which somebody's facts lie."""
    said, power = int.from_bytes(person[:8], "big"), 1 << segments.bit_length() - 1
    place = said % (2 * power)
    return place if place < segments else said % power


class _Folded:
    """One shelf while facts are put into it: only segments that change are opened and written."""

    def __init__(self, actor: Actor, shelf: Shelf) -> None:
        self._actor, self._shelf = actor, shelf
        self._stored = self._count = next_no(shelf)
        self._open: dict[int, list[Fact]] = {}

    def take(self, facts: list[Fact]) -> None:
        if self._stored and not is_columns(read(self._actor, self._shelf, 0)):
            facts = [*self._all(), *facts]
            self._open = {no: [] for no in range(self._stored)}
        if len(self._open) == self._stored:  # all of it is here: as many as it takes, at once
            self._count = max(self._count, 1, -(-len(facts) // ENTRIES))
            self._open = {no: [] for no in range(self._count)}
        for no, some in self._sorted(facts).items():
            self._open[no] = newest([*self._facts(no), *some])
        crowded = {no for no, some in self._open.items() if _is_crowded(some)}
        while crowded:
            for no in self._divide():
                if _is_crowded(self._open[no]):
                    crowded.add(no)
                else:
                    crowded.discard(no)
        for no in sorted(self._open):
            self._write(no, packed(self._open[no]))

    def _all(self) -> list[Fact]:
        return [fact for no in range(self._stored) for fact in held(read(self._actor, self._shelf, no))]

    def _sorted(self, facts: Iterable[Fact]) -> dict[int, list[Fact]]:
        found: dict[int, list[Fact]] = {}
        for fact in facts:
            found.setdefault(place_of(fact.person, self._count), []).append(fact)
        return found

    def _facts(self, no: int) -> list[Fact]:
        if no not in self._open:
            self._open[no] = held(read(self._actor, self._shelf, no)) if no < self._stored else []
        return self._open[no]

    def _divide(self) -> tuple[int, int]:
        """One segment more: what of its elder belongs into it moves there. Returns the numbers of both."""
        new = self._count
        elder = new - (1 << new.bit_length() - 1)
        facts = self._facts(elder)
        self._count += 1
        halves = self._sorted(facts)
        self._open[elder], self._open[new] = halves.get(elder, []), halves.get(new, [])
        return elder, new

    def _write(self, no: int, content: bytes) -> None:
        if no < self._stored:
            change(self._actor, self._shelf, no, lambda _: content)
        else:
            put_new(self._actor, self._shelf, no, content)


def _is_crowded(facts: list[Fact]) -> bool:
    """Whether dividing would help: the person of whom most is told stays whole and is not counted."""
    if len(facts) <= ENTRIES and sum(map(_size, facts)) <= MOST_BYTES:
        return False
    sizes: dict[bytes, list[int]] = {}
    for fact in facts:
        sizes.setdefault(fact.person, []).append(_size(fact))
    most = max(sizes, key=lambda person: sum(sizes[person]))
    others = [size for person, some in sizes.items() if person != most for size in some]
    return len(others) > ENTRIES or sum(others) > MOST_BYTES


def _size(fact: Fact) -> int:
    return FRAME + len(str(fact.values.get(RECORD, "")))
