"""One person under two codes sleeps once: which nights, and which lengths, two merged records would count twice.

Only plain days are read, and only of people whose records were merged; nothing is opened. The record that was kept
counts first, so that every reader takes the same nights off the same stays.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, select

from shelter.clients.models import Merge
from shelter.db import db
from shelter.db.keyring import chunks
from shelter.stays.models import Stay, StayBed

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Stay:
    id: bytes
    site: bytes
    client: bytes
    state: str
    days: list[tuple[date, date | None]] = field(default_factory=list)

    @property
    def arrived(self) -> date:
        return min(begun for begun, _ in self.days)

    @property
    def left(self) -> date:
        """`date.max` while she is here."""
        return max(until or date.max for _, until in self.days)

    def nights(self, first: date, last: date) -> set[date]:
        return {night for begun, until in self.days for night in _between(begun, until, first, last)}


def _between(begun: date, until: date | None, first: date, last: date) -> Iterator[date]:
    night, end = max(begun, first), min(until or date.max, last + _DAY)
    while night < end:
        yield night
        night += _DAY


@dataclass(frozen=True, slots=True)
class Twice:
    """What stands twice in a period: nights by stay that another record of hers counts already, the site of each such
    stay, and stays of one day by site that fall on a day that is counted already."""

    nights: dict[bytes, frozenset[date]] = field(default_factory=dict)
    sites: dict[bytes, bytes] = field(default_factory=dict)
    same_day: dict[bytes, int] = field(default_factory=dict)

    def at(self, site: bytes) -> int:
        """Nights of a site to take off."""
        return sum(len(nights) for stay, nights in self.nights.items() if self.sites[stay] == site)


def persons() -> dict[bytes, bytes]:
    """The kept record of each that was merged into one."""
    rows = db.session.execute(select(Merge.gone_id, Merge.kept_id).order_by(Merge.gone_id))
    return {row.gone_id: row.kept_id for row in rows}


def not_merged() -> ColumnElement[bool]:
    """Stays of people with one code."""
    return and_(Stay.client_id.not_in(select(Merge.gone_id)), Stay.client_id.not_in(select(Merge.kept_id)))


def twice(first: date, last: date) -> Twice:
    """What is to be taken off the sums from `first` to `last`, both included."""
    found = Twice()
    for stays in _stays_of_persons():
        known: set[date] = set()
        for record in stays:
            nights = {one.id: one.nights(first, last) for one in record}
            at_once = [one for one in record if first <= one.arrived == one.left <= last]
            for one in record:
                found.nights[one.id], found.sites[one.id] = frozenset(nights[one.id] & known), one.site
            for one in at_once:
                found.same_day[one.site] = found.same_day.get(one.site, 0) + (one.arrived in known)
            known = known.union(*nights.values(), {one.arrived for one in at_once})
    return found


def lengths(first: date, last: date) -> dict[bytes, list[int]]:
    """Nights by site of the stays of such people that ended in the period; stays that overlap are one stay."""
    found: dict[bytes, list[int]] = {}
    for stays in _stays_of_persons():
        for run in _runs(one for record in stays for one in record):
            left = max(one.left for one in run)
            if all(one.state == "ended" for one in run) and first <= left <= last:
                found.setdefault(run[0].site, []).append((left - run[0].arrived).days)
    return found


def _runs(stays: Iterable[_Stay]) -> list[list[_Stay]]:
    """Stays of one site that overlap, under whichever code, together."""
    runs: list[list[_Stay]] = []
    for one in sorted(stays, key=lambda stay: (stay.site, stay.arrived, -stay.left.toordinal())):
        run = runs[-1] if runs else []
        if run and run[0].site == one.site and one.arrived < max(stay.left for stay in run):
            run.append(one)
        else:
            runs.append([one])
    return runs


def _stays_of_persons() -> list[list[list[_Stay]]]:
    """For each person the stays of each of her records, the kept one first."""
    people: dict[bytes, list[bytes]] = {}
    for gone, kept in persons().items():
        people.setdefault(kept, [kept]).append(gone)
    stays = _stays(client for clients in people.values() for client in clients)
    return [[stays.get(client, []) for client in clients] for clients in people.values()]


def _stays(clients: Iterable[bytes]) -> dict[bytes, list[_Stay]]:
    found: dict[bytes, _Stay] = {}
    for part in chunks(clients):
        query = (
            select(Stay.id, Stay.site_id, Stay.client_id, Stay.state, StayBed.from_day, StayBed.until_day)
            .join(StayBed, StayBed.stay_id == Stay.id)
            .where(Stay.client_id.in_(part), Stay.state != "undone")
            .order_by(StayBed.from_day, Stay.id)
        )
        for stay, site, client, state, begun, until in db.session.execute(query):
            found.setdefault(stay, _Stay(stay, site, client, state)).days.append((begun, until))
    by_client: dict[bytes, list[_Stay]] = {}
    for one in found.values():
        by_client.setdefault(one.client, []).append(one)
    return by_client
