"""Agreed leave of stays that ended, packed by site once more, so that a count of nights opens few messages.

A segment holds nothing that the rooms do not hold, under the same compartment, and is never needed. It is written once:
where one of its stays changes, or somebody of it is erased or restricted, it goes whole and the others are packed anew.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, delete, exists, func, or_, select, update

from shelter.accounts.occasions import Slices, in_slices
from shelter.census.leave import AS_PACKED, LOOSE, STORE, lost, nights_away, opened, shelf
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
from shelter.trail.record import record_broken, recorded, serialise

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
        _let_go(_outdated(site))
        _run(delete(Segment).where(*_unnamed(site)))
        first = _mine(actor, *_ended(actor, site)).order_by(Stay.client_id, Stay.id).limit(MOST)
        rows = _with_days(first.with_for_update(of=Stay, skip_locked=True))
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
        record_broken(actor, contents.broken)
        wrong |= {segment for (segment, _), told in true.items() if segment and (segment, told) not in said}
    if wrong:
        with recorded(actor, PACKED):
            _let_go(wrong)
    return len(wrong)


def _is_due(actor: Actor, site: bytes) -> bool:
    if _is_amiss(actor, site):
        return True
    enough = _mine(actor, *_ended(actor, site)).with_only_columns(Stay.id).limit(LEAST)
    return len(db.session.scalars(enough).all()) == LEAST


def _is_amiss(actor: Actor, site: bytes) -> bool:
    """Whether somebody lies in a segment whom a version beside this one erased or restricted, or rows and segments are
    of two moments, as after a backup was restored."""
    apart = or_(Stay.room.is_(None), Stay.client_id.in_(keyring_of(actor).restricted_clients()))
    of_others = select(Stay.id).where(*_behind(site), apart).limit(1)
    unnamed = select(Segment.id).where(*_unnamed(site)).limit(1)
    return any(db.session.scalar(query) is not None for query in (of_others, unnamed)) or bool(lost())


def _outdated(site: bytes) -> set[bytes]:
    """Segments that know a stay as it is no longer, and those that are gone; but none of which somebody changes a stay.

    Whoever changes one waits for the trail, which is held here: nobody is waited for.
    """
    behind = db.session.scalars(select(Stay.packed_in).where(*_behind(site)).distinct()).all()
    wanted = {one for one in behind if one is not None} | lost()
    stays: dict[bytes, bytes] = {}
    free: set[bytes] = set()
    for part in chunks(wanted):
        inside = select(Stay.id, Stay.packed_in).where(Stay.packed_in.in_(part))
        stays |= {row.id: row.packed_in for row in db.session.execute(inside)}
        free |= {row.id for row in db.session.execute(inside.with_for_update(skip_locked=True))}
    return wanted - {stays[one] for one in stays.keys() - free}


def _here(site: bytes) -> tuple[Any, ...]:
    return Segment.store == STORE, Segment.scope_id == site


def _unnamed(site: bytes) -> tuple[Any, ...]:
    """Segments of the site that no stay names: nothing of anybody would ever take them away."""
    return *_here(site), ~exists().where(Stay.packed_in == Segment.id)


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


def _let_go(packed: Collection[bytes]) -> None:
    dissolve(cast(Table, Stay.__table__), sorted(packed))


def _name(segment: bytes, stays: Sequence[bytes]) -> None:
    """From now on these lie in it, as they stand."""
    taken = {"packed_in": segment, "packed_at": Stay.room_version + Stay.days_version}
    for part in chunks(stays):
        _run(update(Stay).where(Stay.id.in_(part)).values(taken))


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))


in_slices(Slices(waits, go_on))
