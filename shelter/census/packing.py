"""Agreed leave of stays that ended, packed by site once more, so that a count of nights opens few messages.

A segment holds nothing that the rooms do not hold, under the same compartment, and is never needed. It is written once:
where one of its stays changes, or somebody of it is erased or restricted, it goes whole and the others are packed anew.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, func, select, update

from shelter.accounts.occasions import Slices, in_slices
from shelter.census.leave import AS_PACKED, LOOSE, STORE, nights_away, opened, shelf
from shelter.census.leavepack import Leaves, Packed, pack
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db, segments
from shelter.db.forgetting import dissolve
from shelter.db.keyring import chunks, keyring_of
from shelter.db.packed import Segment
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.stays.models import Stay, StayBed
from shelter.trail.record import recorded, serialise

PACKED = "leave-packed"
"""What the trail calls it."""
LEAST, MOST = 256, 2048
"""Stays that one segment holds: fewer are not worth one and would say of how few it is."""
PAUSE = 300.0
"""Seconds that a worker does not ask again whether a site has enough of them."""
_asked: dict[bytes, float] = {}


@dataclass(frozen=True, slots=True)
class _Stay:
    """A stay that ended, with its room as it is sealed and its days."""

    id: bytes
    client_id: bytes
    room: bytes
    room_version: int
    packed_in: bytes | None
    arrived: date
    left: date


def waits(actor: Actor) -> bool:
    """Whether a site of hers has enough stays that lie in no segment, or something in one that should not be there."""
    if not keyring_of(actor).holds(Kind.SHELTER):
        return False
    due = [site for site in actor.sites if time.monotonic() - _asked.get(site, -PAUSE) >= PAUSE]
    _asked.update(dict.fromkeys(due, time.monotonic()))
    return any(_is_due(actor, site) for site in due)


def go_on(actor: Actor) -> None:
    """One segment of each site, each in a transaction of its own; asks again at once where there may be more."""
    for site in sorted(actor.sites):
        if _is_due(actor, site) and pack_some(actor, site) == MOST:
            _asked.pop(site, None)


def pack_some(actor: Actor, site: bytes) -> int:
    """Packs stays of a site that she may read, if they are enough; how many. Raises `NoKey`."""
    with recorded(actor, PACKED) as unit:
        serialise()
        _let_go(db.session.scalars(select(Stay.packed_in).where(*_behind(site)).distinct()).all())
        first = _mine(actor, *_ended(actor, site)).order_by(Stay.client_id, Stay.id).limit(MOST)
        rows = _with_days(first.with_for_update(of=Stay))
        unit.about(*{row.client_id for row in rows})
        told = [one for _, one in _told(actor, rows)]
        if len(told) < LEAST:
            return 0
        there = shelf(actor, site)
        no = segments.next_no(there)
        segments.put_new(actor, there, no, pack(told))
        put = select(Segment.id).where(*_here(site), Segment.no == no)
        _name(db.session.scalars(put).one(), [one.stay for one in told])
    return len(told)


def mend(actor: Actor) -> int:
    """Takes away each segment of her sites that says something else than the rooms she may read; how many."""
    wrong: set[bytes] = set()
    for site in sorted(actor.sites):
        rows = _with_days(_mine(actor, Stay.site_id == site, AS_PACKED, Stay.packed_in.is_not(None)))
        true = {(row.packed_in, told.stay): told for row, told in _told(actor, rows)}
        named = {row.no: row.id for row in db.session.execute(select(Segment.no, Segment.id).where(*_here(site)))}
        said: set[tuple[bytes | None, Packed]] = set()
        with segments.scanning(actor, shelf(actor, site)) as contents:
            for no, content in contents:
                said |= {(named.get(no), one) for one in Leaves(content).stays()}
        wrong |= {segment for (segment, _), told in true.items() if segment and (segment, told) not in said}
    if wrong:
        with recorded(actor, PACKED):
            _let_go(sorted(wrong))
    return len(wrong)


def _is_due(actor: Actor, site: bytes) -> bool:
    forgotten = select(Stay.id).where(*_behind(site), Stay.room.is_(None)).limit(1)
    if db.session.scalar(forgotten) is not None:
        return True
    enough = _mine(actor, *_ended(actor, site)).with_only_columns(Stay.id).limit(LEAST)
    return len(db.session.scalars(enough).all()) == LEAST


def _here(site: bytes) -> tuple[Any, ...]:
    return Segment.store == STORE, Segment.scope_id == site


def _behind(site: bytes) -> tuple[Any, ...]:
    """Stays that a segment knows as they are no longer."""
    return Stay.site_id == site, LOOSE, Stay.packed_in.is_not(None)


def _ended(actor: Actor, site: bytes) -> tuple[Any, ...]:
    """Stays to be packed: those of a restricted person lie under her own key, and are not."""
    apart = Stay.client_id.not_in(keyring_of(actor).restricted_clients())
    return Stay.site_id == site, LOOSE, Stay.state == "ended", apart


def _mine(actor: Actor, *which: Any) -> Any:
    """Stays with a room that she may read."""
    query = select(Stay.id, Stay.client_id, Stay.room, Stay.room_version, Stay.packed_in)
    mine = scope.scope(actor, Act.STAYS_READ)
    return query.join(Client, Client.id == Stay.client_id).where(*which, Stay.room.is_not(None), mine)


def _with_days(query: Any) -> list[_Stay]:
    rows = db.session.execute(query).all()
    days: dict[bytes, tuple[date, date]] = {}
    for part in chunks(row.id for row in rows):
        last = func.max(func.coalesce(StayBed.until_day, date.max))
        spans = select(StayBed.stay_id, func.min(StayBed.from_day), last).where(StayBed.stay_id.in_(part))
        days |= {stay: (first, end) for stay, first, end in db.session.execute(spans.group_by(StayBed.stay_id))}
    return [
        _Stay(row.id, row.client_id, row.room, row.room_version, row.packed_in, *days[row.id])
        for row in rows
        if row.id in days
    ]


def _told(actor: Actor, rows: Sequence[_Stay]) -> list[tuple[_Stay, Packed]]:
    """Each that opens, as it is packed."""
    return [
        (row, Packed(row.id, row.client_id, row.arrived, row.left, nights_away(row, room)))
        for row, room in opened(actor, rows)
        if room is not None
    ]


def _let_go(packed: Sequence[bytes | None]) -> None:
    dissolve(cast(Table, Stay.__table__), [one for one in packed if one is not None])


def _name(segment: bytes, stays: Sequence[bytes]) -> None:
    """From now on these lie in it, as they stand."""
    taken = {"packed_in": segment, "packed_at": Stay.room_version + Stay.days_version}
    for part in chunks(stays):
        named = update(Stay).where(Stay.id.in_(part)).values(taken)
        db.session.execute(named.execution_options(synchronize_session=False))


in_slices(Slices(waits, go_on))
