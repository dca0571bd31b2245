"""Counting nights: one pass over the plain days; agreed leave comes from `leave`.

The working of a single stay stands on its own page; what is counted here is the sum of those workings.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased

from shelter.census import leave, merged
from shelter.clients import scope
from shelter.clients.models import Client, client_subject
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.batch import open_each
from shelter.db.sections import SealedRow
from shelter.db.spans import days, days_touching, sum_of
from shelter.desk.models import MARK, RollMark
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.roles import Role
from shelter.rules.nights import NightRule, NightSums, night_rules, sum_of_nights
from shelter.rules.rollcall import Seen, seen_now
from shelter.stays.models import Bed, BedOut, Stay, StayBed
from shelter.stays.queries import night_by_night
from shelter.trail.record import note_read

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RuleNights:
    rule: NightRule
    nights: int


@dataclass(frozen=True, slots=True)
class SiteNights:
    """Nights of a site by each rule. `unread` stays had a room that the reader may not open: agreed leave of theirs is
    not taken off."""

    site: str
    rules: tuple[RuleNights, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """Stays of a site that ended in a period, and how long they lasted, agreed leave included."""

    site: str
    ended: int
    mean: float | None
    median: float | None


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Bed nights of a site in a period: those that beds stood ready for, slept in, and not in use."""

    site: str
    beds: int
    taken: int
    out: int

    @property
    def share(self) -> float | None:
        """Taken of those that could be slept in, in percent."""
        return 100 * self.taken / (self.beds - self.out) if self.beds > self.out else None


def nights_of(actor: Actor, first: date, last: date) -> list[SiteNights]:
    """Nights from `first` to `last`, both included, at the sites where she works."""
    require(actor, Act.NIGHTS_COUNT)
    sites = _sites(actor.sites)
    slept, same_day = _slept(sites, first, last)
    doubled = merged.twice(first, last)
    away = leave.agreed(actor, list(sites), first, last, doubled.nights)
    seen = _seen(actor, night_by_night(list(sites)), first, last)
    found = []
    for site, name in sites.items():
        here, gone = slept.get(site, 0) - doubled.at(site), away.nights.get(site, 0)
        at_once = same_day.get(site, 0) - doubled.same_day.get(site, 0)
        recorded = seen.get(site, here - gone)
        sums = NightSums(between=here, same_day=at_once, leave=gone, recorded=recorded)
        rules = tuple(RuleNights(rule, sum_of_nights(rule, sums)) for rule in night_rules().values())
        found.append(SiteNights(name, rules, away.unread.get(site, 0)))
    return found


def lengths_of(actor: Actor, first: date, last: date) -> list[Lengths]:
    """How long the stays lasted that ended from `first` to `last`, at the sites where she works."""
    require(actor, Act.NIGHTS_COUNT)
    sites = _sites(actor.sites)
    lengths, of_merged = _lengths(list(sites), first, last), merged.lengths(first, last)
    found = []
    for site, name in sites.items():
        ended = lengths.get(site, []) + of_merged.get(site, [])
        found.append(Lengths(name, len(ended), mean(ended) if ended else None, median(ended) if ended else None))
    return found


def occupancy(actor: Actor, first: date, last: date) -> list[Occupancy]:
    """Exact counts of beds in a period: all sites for a director, else her own. No row about anybody."""
    require(actor, Act.BEDS_COUNT)
    sites = _sites(None if actor.has(Role.DIRECTOR) else actor.sites)
    end, ids = last + _DAY, list(sites)
    stood = _by_site(select(Bed.site_id, sum_of(days(_begun(Bed.from_day), Bed.until_day, first, end))), Bed, ids)
    taken = _by_site(
        select(Bed.site_id, sum_of(days(StayBed.from_day, StayBed.until_day, first, end))).join(
            StayBed, StayBed.bed_number == Bed.number
        ),
        Bed,
        ids,
    )
    out = _by_site(
        select(Bed.site_id, sum_of(days(BedOut.from_day, _earlier(BedOut.until_day), first, end))).join(
            BedOut, BedOut.bed_id == Bed.id
        ),
        Bed,
        ids,
    )
    return [Occupancy(name, stood.get(site, 0), taken.get(site, 0), out.get(site, 0)) for site, name in sites.items()]


# -- what the database adds up ---------------------------------------------------------------


def _sites(ids: frozenset[bytes] | None) -> dict[bytes, str]:
    query = select(Site.id, Site.code_name).where(Site.closed.is_(False)).order_by(Site.code_name)
    rows = db.session.execute(query if ids is None else query.where(Site.id.in_(ids)))
    return {row.id: row.code_name for row in rows}


def _begun(day: Any) -> Any:
    return func.coalesce(day, date.min)


def _earlier(until: Any) -> Any:
    """The earlier of the end of being out and the day on which the bed leaves the board."""
    return case((until.is_(None), Bed.until_day), (Bed.until_day.is_(None), until), else_=_least(until, Bed.until_day))


def _least(one: Any, other: Any) -> Any:
    return case((one < other, one), else_=other)


def _by_site(query: Any, model: type[Bed] | type[Stay], sites: Sequence[bytes]) -> dict[bytes, int]:
    rows = db.session.execute(query.where(model.site_id.in_(sites)).group_by(model.site_id))
    return {site: int(number) for site, number in rows}


def _slept(sites: dict[bytes, str], first: date, last: date) -> tuple[dict[bytes, int], dict[bytes, int]]:
    """Nights in beds and in the unassigned one, and stays of one day. The rows of stays taken back are empty.

    The sums are asked for bed by bed, so that no stay has to be looked up; only the unassigned bed asks for its sites.
    """
    beds = _by_bed(first, last).subquery("by_bed")
    query = (
        select(Bed.site_id, func.sum(beds.c.nights))
        .select_from(beds)
        .join(Bed, Bed.number == beds.c.number)
        .where(Bed.site_id.in_(sites))
        .group_by(Bed.site_id)
    )
    nights = {site: int(slept) for site, slept in db.session.execute(query)}
    for site, slept in _in_no_bed(list(sites), first, last).items():
        nights[site] = nights.get(site, 0) + slept
    return nights, _same_day(list(sites), first, last)


def _by_bed(first: date, last: date) -> Any:
    """Nights by bed: those that ended since by the index of their ends, the open ones by theirs."""
    begun, number, end = StayBed.from_day <= last, StayBed.bed_number.label("number"), last + _DAY
    ended_nights = func.sum(days_touching(StayBed.from_day, StayBed.until_day, first, end)).label("nights")
    open_nights = func.sum(days(StayBed.from_day, StayBed.until_day, first, end)).label("nights")
    ended = select(number, ended_nights).where(StayBed.until_day >= first, begun)
    still = select(number, open_nights).where(StayBed.until_day.is_(None), begun)
    return union_all(ended.group_by(StayBed.bed_number), still.group_by(StayBed.bed_number))


def _in_no_bed(sites: Sequence[bytes], first: date, last: date) -> dict[bytes, int]:
    query = (
        select(Stay.site_id, sum_of(days(StayBed.from_day, StayBed.until_day, first, last + _DAY)))
        .join(StayBed, StayBed.stay_id == Stay.id)
        .where(StayBed.bed_number.is_(None), Stay.state != "undone", *_touches(first, last))
    )
    return _by_site(query, Stay, sites)


def _touches(first: date, last: date) -> tuple[Any, ...]:
    return StayBed.from_day <= last, or_(StayBed.until_day.is_(None), StayBed.until_day > first)


def _same_day(sites: Sequence[bytes], first: date, last: date) -> dict[bytes, int]:
    """Stays that came and left on one day: an empty row of days, and no other."""
    other = aliased(StayBed)
    slept = exists().where(
        other.stay_id == StayBed.stay_id, or_(other.until_day.is_(None), other.until_day > other.from_day)
    )
    query = (
        select(Stay.site_id, func.count(Stay.id.distinct()))
        .join(StayBed, StayBed.stay_id == Stay.id)
        .where(
            Stay.state != "undone",
            StayBed.until_day.between(first, last),
            StayBed.until_day == StayBed.from_day,
            ~slept,
        )
    )
    return _by_site(query, Stay, sites)


def _lengths(sites: Sequence[bytes], first: date, last: date) -> dict[bytes, list[int]]:
    """Nights of each stay that ended in the period, by the house's count but for agreed leave."""
    end = func.max(func.coalesce(StayBed.until_day, date.max))
    row = aliased(StayBed)
    near = exists().where(row.stay_id == Stay.id, row.until_day.between(first, last))
    query = (
        select(Stay.site_id, func.min(StayBed.from_day), end)
        .join(StayBed, StayBed.stay_id == Stay.id)
        .where(Stay.site_id.in_(sites), Stay.state == "ended", near, merged.not_merged())
        .group_by(Stay.id, Stay.site_id)
    )
    found: dict[bytes, list[int]] = {}
    for site, arrived, left in db.session.execute(query):
        if first <= left <= last:
            found.setdefault(site, []).append((left - arrived).days)
    return found


def _seen(actor: Actor, sites: Collection[bytes], first: date, last: date) -> dict[bytes, int]:
    """Nights on which the roll says that somebody was here, of houses that are counted night by night."""
    if not sites:
        return {}
    slept = and_(StayBed.from_day <= RollMark.night, _begun_after(RollMark.night))
    query = (
        select(Stay.site_id, RollMark.id, RollMark.client_id, RollMark.night, RollMark.mark, RollMark.mark_version)
        .join(Stay, Stay.client_id == RollMark.client_id)
        .join(StayBed, and_(StayBed.stay_id == Stay.id, slept))
        .join(Client, Client.id == Stay.client_id)
        .where(Stay.site_id.in_(sites), Stay.state != "undone", RollMark.night.between(first, last))
        .where(scope.scope(actor, Act.STAYS_READ))
        .distinct()
    )
    rows = db.session.execute(query).all()
    note_read(actor, Act.STAYS_READ, {row.client_id for row in rows})
    sealed = [SealedRow(row.id, client_subject(row.client_id), row.mark_version, row.mark) for row in rows]
    kept, found = merged.persons(), {site: set[tuple[bytes, date]]() for site in sites}
    for row, mark in zip(rows, open_each(actor, sealed, MARK).values, strict=True):
        if mark and seen_now(mark.ticks) is Seen.HERE:
            found[row.site_id].add((kept.get(row.client_id, row.client_id), row.night))
    return {site: len(nights) for site, nights in found.items()}


def _begun_after(night: Any) -> Any:
    return or_(StayBed.until_day.is_(None), StayBed.until_day > night)
