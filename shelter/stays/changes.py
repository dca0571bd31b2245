"""What an act changed in stays: told once to whoever listens, and kept ten minutes so that it can be taken back.

Everything here runs inside the transaction of the act; ids and days only.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import CursorResult

from shelter.db import db, new_id
from shelter.db.errors import Conflict
from shelter.db.keyring import chunks
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.stays import facts
from shelter.stays.models import BedOut, Hold, Stay, StayBed, StayCorrection, StayExit, StayUndo

UNDO_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class StayChange:
    """What became known: `kind` is admitted, moved, left, noted, corrected, undone, imported or brought.

    `lets_in` is the field of the form by which somebody sleeps in who would not have; "" where nobody does.
    """

    kind: str
    clients: frozenset[bytes]
    stays: frozenset[bytes]
    lets_in: str = ""


Listener = Callable[[Actor, StayChange], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Called by a higher feature that wants every change of a stay, in the transaction that makes it."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(actor: Actor, kind: str, stays: Iterable[tuple[bytes, bytes]], lets_in: str = "") -> None:
    """The single place where a change of stays (pairs of stay and client) is known."""
    pairs = list(stays)
    clients, ids = frozenset(client for _, client in pairs), frozenset(stay for stay, _ in pairs)
    change = StayChange(kind, clients, ids, lets_in)
    if kind != "noted":
        facts.changed(actor, change.stays, kind)
    for listener in _listeners:
        listener(actor, change)


# -- changing the days of a stay ----------------------------------------------------


class _Ended(msgspec.Struct):
    """A row of days whose end was changed, and the end it had; `from_day` where its beginning was changed as well, and
    `was_bed` where it was `moved`."""

    row: bytes
    until_day: date | None
    from_day: date | None = None
    was_bed: int | None = None
    moved: bool = False


class _Touched(msgspec.Struct):
    """A stay as it was, and the version of its days after the act."""

    stay: bytes
    client: bytes
    state: str
    version: int


class _Kept(msgspec.Struct):
    stays: list[_Touched] = []
    made: list[bytes] = []
    ended: list[_Ended] = []
    exits: list[bytes] = []
    outs: list[bytes] = []
    corrections: list[bytes] = []
    holds: list[bytes] = []
    waiting: list[bytes] = []


@dataclass(slots=True)
class Days:
    """The days that one act changes, written to the database and kept to be taken back.

    `lets_in` as in `StayChange`.
    """

    actor: Actor
    kind: str
    lets_in: str = ""
    _kept: _Kept = field(default_factory=_Kept)

    def begin(self, stay: Stay, bed_number: int | None, from_day: date) -> None:
        """A new stay with its first row of days."""
        self.lets_in = "bed"
        db.session.add(stay)
        db.session.flush()
        self._kept.stays.append(_Touched(stay.id, stay.client_id, "undone", stay.days_version))
        self.add_row(stay, bed_number, from_day, None)

    def touch(self, stay: Stay, state: str) -> None:
        """The stay's days change now: counted, so that nobody changes them from an old page. Raises `Conflict`."""
        before = _Touched(stay.id, stay.client_id, stay.state, stay.days_version + 1)
        _count_up(stay.id, stay.days_version, state)
        self._kept.stays.append(before)

    def add_row(self, stay: Stay, bed_number: int | None, from_day: date, until_day: date | None) -> None:
        row = StayBed(stay_id=stay.id, bed_number=bed_number, from_day=from_day, until_day=until_day)
        db.session.add(row)
        db.session.flush()
        self._kept.made.append(row.id)

    def end_row(self, row: StayBed, until_day: date) -> None:
        self._kept.ended.append(_Ended(row.id, row.until_day))
        row.until_day = until_day
        db.session.flush()

    def set_row(self, row: StayBed, from_day: date, until_day: date | None) -> None:
        """Both ends of a row at once, as the database checks them together."""
        self._kept.ended.append(_Ended(row.id, row.until_day, row.from_day))
        row.from_day, row.until_day = from_day, until_day
        db.session.flush()

    def set_bed(self, row: StayBed, bed_number: int, from_day: date) -> None:
        """Other nights in another bed, as they should have been written down."""
        self._kept.ended.append(_Ended(row.id, row.until_day, row.from_day, row.bed_number, moved=True))
        row.bed_number, row.from_day = bed_number, from_day
        db.session.flush()

    def also(self, row: StayExit | BedOut | StayCorrection | Hold) -> None:
        """A row that goes away with the act."""
        db.session.add(row)
        kept = self._kept
        lists = {StayExit: kept.exits, BedOut: kept.outs, StayCorrection: kept.corrections, Hold: kept.holds}
        lists[type(row)].append(row.id)

    def waits(self, client: bytes) -> None:
        """Somebody whom the act is about, and who has no bed yet."""
        self._kept.waiting.append(client)

    def done(self) -> bytes:
        """Tells the listeners; returns the id under which the act can be taken back."""
        if self._kept.stays:
            announce(self.actor, self.kind, ((one.stay, one.client) for one in self._kept.stays), self.lets_in)
        kept = StayUndo(made_by=self.actor.id, until=now() + UNDO_FOR, what=msgspec.json.encode(self._kept))
        db.session.add(kept)
        return kept.id


def _count_up(stay_id: bytes, version: int, state: str) -> None:
    result = db.session.execute(
        update(Stay)
        .where(Stay.id == stay_id, Stay.days_version == version)
        .values(days_version=version + 1, state=state)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise Conflict("stay", "days")


# -- taking an act back ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Undoing:
    """An act of the last ten minutes that its maker wants back."""

    id: bytes
    _kept: _Kept

    @property
    def clients(self) -> frozenset[bytes]:
        return frozenset(one.client for one in self._kept.stays) | frozenset(self._kept.waiting)

    @property
    def rows(self) -> frozenset[bytes]:
        """The rows of days that have their earlier nights again once it is taken back."""
        return frozenset(ended.row for ended in self._kept.ended)

    def take_back(self, actor: Actor) -> None:
        """Everything as it was before. Raises Broken where a stay has changed since."""
        try:
            for one in self._kept.stays:
                _count_up(one.stay, one.version, one.state)
        except Conflict:
            raise Broken("stays.changed_since") from None
        kept = self._kept
        also = (
            (StayExit, kept.exits),
            (BedOut, kept.outs),
            (StayCorrection, kept.corrections),
            (Hold, kept.holds),
        )
        for model, ids in ((StayBed, kept.made), *also):
            db.session.execute(delete(model).where(model.id.in_(ids)).execution_options(synchronize_session=False))
        for ended in reversed(kept.ended):
            before: dict[str, date | int | None] = {"until_day": ended.until_day}
            before |= {"from_day": ended.from_day} if ended.from_day else {}
            before |= {"bed_number": ended.was_bed} if ended.moved else {}
            changed = update(StayBed).where(StayBed.id == ended.row).values(**before)
            db.session.execute(changed.execution_options(synchronize_session=False))
        db.session.execute(delete(StayUndo).where(StayUndo.id == self.id))
        if kept.stays:
            announce(actor, "undone", ((one.stay, one.client) for one in kept.stays))


def my_act(actor: Actor, undo_id: bytes) -> Undoing | None:
    """Her own act, while it can still be taken back."""
    mine = (StayUndo.id == undo_id, StayUndo.made_by == actor.id, StayUndo.until > now())
    what = db.session.scalar(select(StayUndo.what).where(*mine))
    return Undoing(undo_id, msgspec.json.decode(what, type=_Kept)) if what else None


# -- an import ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ImportedStay:
    """Nights that somebody else recorded; those with one `party` came together."""

    client: bytes
    site: bytes
    from_day: date
    until_day: date | None
    party: bytes | None = None
    head: bool = True


def lay_down(actor: Actor, stays: Iterable[ImportedStay]) -> int:
    """Stays of an import in the unassigned bed, inside the caller's transaction; the number of them.

    Overlaps are allowed there: they are listed by the importer, never refused. Its exact records come with it.
    """
    return len(put_down(actor, stays, "imported"))


def put_down(actor: Actor, stays: Iterable[ImportedStay], kind: str) -> list[bytes]:
    """The same for whoever brings no exact records: their ids, in order; `kind` as in `StayChange`."""
    made = [(new_id(), one) for one in stays]
    if not made:
        return []
    db.session.execute(insert(Stay), [_imported(stay_id, one) for stay_id, one in made])
    rows = [
        {"id": new_id(), "stay_id": stay_id, "bed_number": None, "from_day": one.from_day, "until_day": one.until_day}
        for stay_id, one in made
    ]
    db.session.execute(insert(StayBed), rows)
    announce(actor, kind, ((stay_id, one.client) for stay_id, one in made))
    return [stay_id for stay_id, _ in made]


def take_up(actor: Actor, stays: Sequence[tuple[bytes, bytes]]) -> None:
    """Stays (and their clients) that were put down go again, days and all; whoever listens hears of it first."""
    ids = [stay for stay, _ in stays]
    for part in chunks(ids):
        db.session.execute(delete(StayBed).where(StayBed.stay_id.in_(part)))
        gone = update(Stay).where(Stay.id.in_(part)).values(state="undone", days_version=Stay.days_version + 1)
        db.session.execute(gone.execution_options(synchronize_session=False))
    announce(actor, "undone", stays)
    for part in chunks(ids):
        db.session.execute(delete(StayExit).where(StayExit.stay_id.in_(part)))
        db.session.execute(delete(Stay).where(Stay.id.in_(part)).execution_options(synchronize_session=False))


def _imported(stay_id: bytes, one: ImportedStay) -> dict[str, object]:
    return {
        "id": stay_id,
        "client_id": one.client,
        "site_id": one.site,
        "party_id": one.party or stay_id,
        "head": one.head,
        "state": "ended" if one.until_day else "open",
        "days_version": 1,
        "room_version": 0,
    }
