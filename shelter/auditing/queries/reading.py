"""Links of the trail a page at a time, between two days or about one person; days asked for; the codes of people."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select

from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.agency import the_agency
from shelter.rules.broken import Broken
from shelter.rules.oddities import Look
from shelter.rules.sitetime import night_bounds
from shelter.trail.models import Trail

MOST_DAYS = 31
LINES = 100
"""Links on one page."""
STRETCH = 500
"""Links that are looked through at a time where only some are kept."""
MOST_READ = 5_000
"""Links that one page looks through at most: where few are kept, it holds fewer and says how far it came."""
WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Row:
    """One link. `actor` is empty where nobody was signed in."""

    seq: int
    at: datetime
    actor: bytes
    act: str
    clause: str

    def look(self, about: Collection[int], told: Collection[int]) -> Look:
        return Look(self.act, self.clause, self.at, self.seq in about, self.seq in told)


@dataclass(frozen=True, slots=True)
class Place:
    """Which page: the links before one, or those after one, by its number; without either the first page."""

    before: int | None = None
    after: int | None = None


FIRST = Place()


@dataclass(frozen=True, slots=True)
class Portion:
    """The links of one page. `older` and `newer` begin its neighbours, None where there is none.

    `reached` is how far it looked, where it stopped before its page was full.
    """

    rows: list[Row]
    older: Place | None
    newer: Place | None
    reached: datetime | None


Keep = Callable[[list[Row]], list[Row]]


def portion(place: Place, *which: ColumnElement[bool], oldest_first: bool = False, keep: Keep | None = None) -> Portion:
    """One page of the links that are `which`, and of those the ones to `keep`; the number of a link is the cursor.

    Links are only ever added at the end, so whatever is written meanwhile, none stands on two pages or on none.
    """
    upwards = place.after is not None or (oldest_first and place.before is None)
    kept, edge, read, reached = [], place.after if upwards else place.before, 0, None
    size = LINES + 1 if keep is None else STRETCH
    while True:
        some = _stretch(edge, upwards, size, which)
        kept += keep(some) if keep else some
        read += len(some)
        edge = some[-1].seq if some else edge
        if len(kept) > LINES:
            kept = kept[:LINES]
            edge = kept[-1].seq
            break
        if len(some) < size:
            edge = None
            break
        if read >= MOST_READ:
            reached = some[-1].at
            break
    older, newer = _neighbours(place, upwards, edge)
    kept = kept if upwards == oldest_first else kept[::-1]
    return Portion(kept, older, newer, reached)


def _stretch(edge: int | None, upwards: bool, size: int, which: tuple[ColumnElement[bool], ...]) -> list[Row]:
    query = select(Trail.seq, Trail.at, Trail.actor_id, Trail.act, Trail.clause).where(*which).limit(size)
    if edge is not None:
        query = query.where(Trail.seq > edge if upwards else Trail.seq < edge)
    query, zone = query.order_by(Trail.seq if upwards else Trail.seq.desc()), agency_zone()
    return [
        Row(one.seq, one.at.astimezone(zone), one.actor_id or b"", one.act, one.clause)
        for one in db.session.execute(query)
    ]


def _neighbours(place: Place, upwards: bool, edge: int | None) -> tuple[Place | None, Place | None]:
    """Onwards from the last link that was read; back from the one this page began at, itself included."""
    if upwards:
        back = Place(before=place.after + 1) if place.after is not None else None
        return back, Place(after=edge) if edge is not None else None
    back = Place(after=place.before - 1) if place.before is not None else None
    return Place(before=edge) if edge is not None else None, back


def days_asked(first: date | None, last: date | None) -> tuple[date, date]:
    """The last seven days, or those asked for. Raises `Broken` for days out of order or for more than a month."""
    last = last or agency_today()
    first = first or last - WEEK
    if first > last:
        raise Broken("auditing.order", "last")
    if (last - first).days >= MOST_DAYS:
        raise Broken("auditing.long", "first", {"days": MOST_DAYS})
    return first, last


def between(first: date, last: date) -> ColumnElement[bool]:
    """Links of these days of the agency, both included."""
    zone = agency_zone().key
    return and_(Trail.at >= night_bounds(first, zone, 0)[0], Trail.at < night_bounds(last, zone, 0)[1])


def seqs(found: Collection[Row]) -> list[int]:
    return [row.seq for row in found]


def codes_of(clients: Collection[bytes]) -> dict[bytes, str]:
    ids = sorted(clients)
    found: dict[bytes, str] = {}
    for start in range(0, len(ids), STRETCH):
        query = select(Client.id, Client.code).where(Client.id.in_(ids[start : start + STRETCH]))
        found.update((client, code) for client, code in db.session.execute(query))
    return found


def agency_zone() -> ZoneInfo:
    agency = the_agency()
    return ZoneInfo(agency.zone if agency else "UTC")
