"""Reading the trail as an auditor does: by day, by colleague, the odd first; by code, never by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.agency import the_agency
from shelter.db.errors import Missing
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.oddities import Look, Oddity, oddities_of
from shelter.rules.sitetime import night_bounds
from shelter.settings.queries import limit
from shelter.trail.details import Detail, details_of
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.proof import Proof, prove
from shelter.trail.record import note_read

MOST_DAYS = 31
MOST_LINES = 500
WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Doing:
    """One colleague doing one kind of thing on one day. `staff` is empty for what nobody who was signed in did."""

    day: date
    staff: bytes
    who: str
    act: str
    why: str
    times: int
    people: int
    last: datetime
    odd: tuple[Oddity, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the trail, both included: what is odd, the gravest first, and everything, the newest day first."""

    first: date
    last: date
    odd: list[Doing]
    all: list[Doing]


@dataclass(frozen=True, slots=True)
class LinkView:
    """One link of the trail. `detail` is None where there is none, `spoiled` where there is one that does not open."""

    seq: int
    at: datetime
    act: str
    why: str
    codes: tuple[str, ...]
    detail: Detail | None
    spoiled: bool


@dataclass(frozen=True, slots=True)
class _Row:
    seq: int
    at: datetime
    actor: bytes
    act: str
    clause: str


def period(actor: Actor, first: date | None = None, last: date | None = None) -> Period:
    """The last seven days, or those asked for. Raises `Broken` for days out of order or for more than a month."""
    require(actor, Act.AUDIT_READ)
    last = last or agency_today()
    first = first or last - WEEK
    if first > last:
        raise Broken("auditing.order", "last")
    if (last - first).days >= MOST_DAYS:
        raise Broken("auditing.long", "first", {"days": MOST_DAYS})
    note_read(actor, Act.AUDIT_READ, [])
    found = _doings(actor, first, last)
    odd = sorted((one for one in found if one.odd), key=_gravest)
    return Period(first, last, odd[:MOST_LINES], found[:MOST_LINES])


def _gravest(one: Doing) -> tuple[int, int, str]:
    return list(Oddity).index(one.odd[0]), -one.day.toordinal(), one.who.casefold()


def _doings(actor: Actor, first: date, last: date) -> list[Doing]:
    zone, many = _zone(), limit("audit_many_people")
    rows = list(_rows(first, last, zone))
    people = _people_of([row.seq for row in rows])
    names = names_of(actor, {row.actor for row in rows if row.actor})
    groups: dict[tuple[date, bytes, str], list[_Row]] = {}
    for row in rows:
        groups.setdefault((row.at.date(), row.actor, row.act), []).append(row)
    found = []
    for (day, who, act), some in groups.items():
        met = len(set[bytes]().union(*(people.get(row.seq, ()) for row in some)))
        looks = (Look(row.act, row.clause, row.at, row.seq in people) for row in some)
        why = next((row.clause for row in some if row.clause), "")
        last, odd = max(row.at for row in some), oddities_of(looks, met, many)
        found.append(Doing(day, who, names.get(who, ""), act, why, len(some), met, last, odd))
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.who.casefold(), one.act))


def colleague(actor: Actor, staff_id: bytes, day: date) -> tuple[str, list[LinkView]]:
    """Everything one colleague did on a day, in order, with what was sealed to the auditor. `Missing` for nobody."""
    require(actor, Act.AUDIT_READ)
    note_read(actor, Act.AUDIT_READ, [])
    name = names_of(actor, {staff_id}).get(staff_id)
    if name is None:
        raise Missing
    rows = [row for row in _rows(day, day, _zone()) if row.actor == staff_id][:MOST_LINES]
    people = _people_of([row.seq for row in rows])
    codes = _codes({client for some in people.values() for client in some})
    details = details_of(actor, [row.seq for row in rows])
    return name, [
        LinkView(
            seq=row.seq,
            at=row.at,
            act=row.act,
            why=row.clause,
            codes=tuple(sorted(codes[client] for client in people.get(row.seq, ()) if client in codes)),
            detail=details.get(row.seq),
            spoiled=row.seq in details and details[row.seq] is None,
        )
        for row in rows
    ]


def proof(actor: Actor) -> Proof:
    """The whole chain walked now."""
    require(actor, Act.AUDIT_READ)
    note_read(actor, Act.AUDIT_READ, [])
    return prove()


def _rows(first: date, last: date, zone: ZoneInfo) -> Iterator[_Row]:
    begins, ends = night_bounds(first, zone.key, 0)[0], night_bounds(last, zone.key, 0)[1]
    query = select(Trail.seq, Trail.at, Trail.actor_id, Trail.act, Trail.clause)
    for row in db.session.execute(query.where(Trail.at >= begins, Trail.at < ends).order_by(Trail.seq)):
        yield _Row(row.seq, row.at.astimezone(zone), row.actor_id or b"", row.act, row.clause)


def _people_of(seqs: list[int]) -> dict[int, set[bytes]]:
    found: dict[int, set[bytes]] = {}
    if seqs:
        near = TrailSubject.seq.between(seqs[0], seqs[-1])
        for seq, client in db.session.execute(select(TrailSubject.seq, TrailSubject.client_id).where(near)):
            found.setdefault(seq, set()).add(client)
    return found


def _codes(clients: set[bytes]) -> dict[bytes, str]:
    ids = sorted(clients)
    found: dict[bytes, str] = {}
    for start in range(0, len(ids), MOST_LINES):
        query = select(Client.id, Client.code).where(Client.id.in_(ids[start : start + MOST_LINES]))
        found.update((client, code) for client, code in db.session.execute(query))
    return found


def _zone() -> ZoneInfo:
    agency = the_agency()
    return ZoneInfo(agency.zone if agency else "UTC")
