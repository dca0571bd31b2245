"""The rows of the trail between two days, or about one person, and the codes of people."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select

from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.agency import the_agency
from shelter.rules.broken import Broken
from shelter.rules.oddities import Look
from shelter.rules.sitetime import night_bounds
from shelter.trail.models import Trail, TrailSubject

MOST_DAYS = 31
MOST_LINES = 500
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


def days_asked(first: date | None, last: date | None) -> tuple[date, date]:
    """The last seven days, or those asked for. Raises `Broken` for days out of order or for more than a month."""
    last = last or agency_today()
    first = first or last - WEEK
    if first > last:
        raise Broken("auditing.order", "last")
    if (last - first).days >= MOST_DAYS:
        raise Broken("auditing.long", "first", {"days": MOST_DAYS})
    return first, last


def rows(first: date, last: date, *conditions: ColumnElement[bool]) -> list[Row]:
    """Every link of these days, both included, in the order of the chain."""
    zone = agency_zone()
    begins, ends = night_bounds(first, zone.key, 0)[0], night_bounds(last, zone.key, 0)[1]
    return list(_found(_LINK.where(Trail.at >= begins, Trail.at < ends, *conditions).order_by(Trail.seq), zone))


def rows_about(client: bytes) -> list[Row]:
    """The newest links about one person, and one more than are shown where there are more."""
    hers = select(TrailSubject.seq).where(TrailSubject.client_id == client)
    query = _LINK.where(Trail.seq.in_(hers)).order_by(Trail.seq.desc()).limit(MOST_LINES + 1)
    return list(_found(query, agency_zone()))


_LINK = select(Trail.seq, Trail.at, Trail.actor_id, Trail.act, Trail.clause)


def _found(query: Select[int, datetime, bytes | None, str, str], zone: ZoneInfo) -> Iterator[Row]:
    for row in db.session.execute(query):
        yield Row(row.seq, row.at.astimezone(zone), row.actor_id or b"", row.act, row.clause)


def seqs(found: Collection[Row]) -> list[int]:
    return [row.seq for row in found]


def codes_of(clients: Collection[bytes]) -> dict[bytes, str]:
    ids = sorted(clients)
    found: dict[bytes, str] = {}
    for start in range(0, len(ids), MOST_LINES):
        query = select(Client.id, Client.code).where(Client.id.in_(ids[start : start + MOST_LINES]))
        found.update((client, code) for client, code in db.session.execute(query))
    return found


def agency_zone() -> ZoneInfo:
    agency = the_agency()
    return ZoneInfo(agency.zone if agency else "UTC")
