"""Nights of agreed leave in a period: from segments for stays that ended, from the rooms themselves for all others.

A segment is believed as far as the rows say that they lie in it as they stand; where it is gone or does not open, their
rooms are opened instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, text
from sqlalchemy.orm import aliased

from shelter.census.leavepack import Leaves
from shelter.clients import scope
from shelter.clients.models import Client, client_subject
from shelter.db import db, segments
from shelter.db.batch import open_each
from shelter.db.errors import Conflict
from shelter.db.keyring import chunks, keyring_of
from shelter.db.packed import Segment
from shelter.db.sections import SealedRow
from shelter.db.segments import TRIES, Shelf
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.rules.staydays import each_day
from shelter.stays.models import NOT_PACKED, PACKED, ROOM, Room, Stay, StayBed
from shelter.trail.record import note_read, record_broken

STORE = "leave"
Doubled = Mapping[bytes, frozenset[date]]
"""Nights of a stay that another record of the same person counts already."""
Place = tuple[bytes, int]
"""Site and number of a segment."""
LOOSE, AS_PACKED = text(NOT_PACKED), text(PACKED)


@dataclass(frozen=True, slots=True)
class Agreed:
    """By site: nights of agreed leave, and how many rooms the reader may not open."""

    nights: dict[bytes, int] = field(default_factory=dict)
    unread: dict[bytes, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks for which period, and what was found so far."""

    actor: Actor
    first: date
    last: date
    doubled: Doubled
    found: Agreed = field(default_factory=Agreed)
    broken: list[bytes] = field(default_factory=list)

    def count(self, site: bytes, nights: int) -> None:
        self.found.nights[site] = self.found.nights.get(site, 0) + nights


def shelf(actor: Actor, site: bytes) -> Shelf:
    """The segments of a site, where the agency's rooms are sealed. Raises `NoKey`."""
    return Shelf(STORE, "site", site, keyring_of(actor).compartment(Kind.SHELTER))


def agreed(actor: Actor, sites: Sequence[bytes], first: date, last: date, doubled: Doubled) -> Agreed:
    """From `first` to `last`, both included, of stays at these sites that she may read.

    Counted again where a segment came or went meanwhile: PostgreSQL shows each statement what stands then, and a stay
    would count twice or not at all. `Conflict` where they never rest.
    """
    twice = {stay: nights for stay, nights in doubled.items() if nights}
    for _ in range(TRIES):
        asked, there = _Asked(actor, first, last, twice), _there()
        _count(asked, sites, there)
        if _there() == there:
            record_broken(actor, asked.broken)
            return asked.found
    raise Conflict("segment", STORE)


def lost() -> set[bytes]:
    """Segments that stays name and that are not there, as in a backup whose key store is newer than its rows."""
    return _named() - _there().keys()


def _count(asked: _Asked, sites: Sequence[bytes], there: Mapping[bytes, Place]) -> None:
    here = Stay.site_id.in_(sites)
    loose = db.session.execute(select(Stay.id, Stay.packed_in).where(here, LOOSE)).all()
    if loose:
        _from_rooms(asked, and_(here, LOOSE))
    for which in _from_segments(asked, sites, there, {row.id for row in loose if row.packed_in is not None}):
        _from_rooms(asked, and_(here, which, AS_PACKED))


def _from_rooms(asked: _Asked, which: ColumnElement[bool]) -> None:
    rows = db.session.execute(_rows(asked, which)).all()
    for row in rows:
        if not row.known:
            asked.found.unread[row.site_id] = asked.found.unread.get(row.site_id, 0) + 1
    known = [row for row in rows if row.known]
    note_read(asked.actor, Act.STAYS_READ, {row.client_id for row in known})
    for row, room in opened(asked.actor, known):
        away = nights_away(row, room) - asked.doubled.get(row.id, frozenset())
        asked.count(row.site_id, sum(asked.first <= day <= asked.last for day in away))


def _rows(asked: _Asked, which: ColumnElement[bool]) -> Any:
    """Stays with a room that touch the period, with their days and whether she may read them."""
    arrived, left = func.min(StayBed.from_day), func.max(func.coalesce(StayBed.until_day, date.max))
    return (
        select(
            Stay.id, Stay.site_id, Stay.client_id, Stay.room, Stay.room_version,
            arrived.label("arrived"), left.label("left"), scope.scope(asked.actor, Act.STAYS_READ).label("known"),
        )
        .join(StayBed, StayBed.stay_id == Stay.id)
        .join(Client, Client.id == Stay.client_id)
        .where(which, Stay.state != "undone", Stay.room.is_not(None))
        .group_by(*(column for column in (Stay.id, Client.id)))
        .having(and_(arrived <= asked.last, left > asked.first))
    )  # fmt: skip


def opened(actor: Actor, rows: Sequence[Any]) -> list[tuple[Any, Room | None]]:
    """Each with its room; None where the seal does not hold."""
    sealed = [SealedRow(row.id, client_subject(row.client_id), row.room_version, row.room) for row in rows]
    return list(zip(rows, open_each(actor, sealed, ROOM).values, strict=True))


def nights_away(row: Any, room: Room | None) -> frozenset[date]:
    """Agreed nights away that lie between `arrived` and `left`."""
    away = (day for one in (room or Room()).away for day in each_day(one.from_day, one.back_day))
    return frozenset(day for day in away if row.arrived <= day < row.left)


def _from_segments(
    asked: _Asked, sites: Sequence[bytes], there: Mapping[bytes, Place], changed: set[bytes]
) -> list[ColumnElement[bool]]:
    """Counts what segments say of stays but those `changed`; which others their rooms have to tell, each once.

    One that no stay names says nothing: it is of another moment than the rows.
    """
    named = _named()
    silent, strangers = named - there.keys(), set[bytes]()
    for site in sites:
        mine = {no: segment for segment, (scope_id, no) in there.items() if scope_id == site and segment in named}
        if not mine:
            continue
        silent |= set(mine.values())
        known = _known(asked.actor, list(mine.values()))
        with segments.scanning(asked.actor, shelf(asked.actor, site)) as contents:
            for no, content in contents:
                if no not in mine:
                    continue
                leaves = Leaves(content)
                silent.discard(mine[no])
                strangers |= leaves.keep(known, changed)
                note_read(asked.actor, Act.STAYS_READ, leaves.told_of(asked.first, asked.last))
                asked.count(site, leaves.nights(asked.first, asked.last, asked.doubled))
        asked.broken.extend(contents.broken)
    apart: list[ColumnElement[bool]] = [Stay.packed_in.in_(silent)] if silent else []
    return apart + [and_(Stay.client_id.in_(part), Stay.packed_in.not_in(silent)) for part in chunks(strangers)]


def _there() -> dict[bytes, Place]:
    """Every segment of every site, and where it lies."""
    rows = db.session.execute(select(Segment.id, Segment.scope_id, Segment.no).where(Segment.store == STORE))
    return {row.id: (row.scope_id, row.no) for row in rows}


def _named() -> set[bytes]:
    """Every segment that a stay names, whether it is there or not: from one to the next in their index."""
    behind = aliased(Stay)
    first = select(Stay.packed_in).where(Stay.packed_in.is_not(None)).order_by(Stay.packed_in).limit(1)
    found = select(first.scalar_subquery().label("segment")).cte("named", recursive=True)
    after = select(behind.packed_in).where(behind.packed_in > found.c.segment).order_by(behind.packed_in).limit(1)
    found = found.union_all(select(after.scalar_subquery()).where(found.c.segment.is_not(None)))
    return set(db.session.scalars(select(found.c.segment).where(found.c.segment.is_not(None))))


def _known(actor: Actor, packed: Sequence[bytes]) -> frozenset[bytes]:
    """Of those in these segments, whom she may read."""
    inside = select(Stay.client_id).where(Stay.packed_in.in_(packed))
    query = select(Client.id).where(Client.id.in_(inside), scope.scope(actor, Act.STAYS_READ))
    return frozenset(db.session.scalars(query))
