"""Reading the books of a house, the newest entry first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from sqlalchemy import select

from shelter.accounts.queries import names_of, staff_at
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import Section, row_of
from shelter.desk.models import (
    AT_DOOR,
    FOR_WHOM,
    HOUSE_NOTE,
    INCIDENT,
    ON_CALL,
    PEOPLE_NOTE,
    AtDoor,
    DoorEntry,
    HandOver,
    HouseNote,
    Incident,
    IncidentReport,
    OfHouse,
    OnCall,
    OnCallTurn,
)
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.rules.clock import now, today
from shelter.rules.desk import ReportClock, report_clocks
from shelter.rules.sitetime import local_to_utc
from shelter.trail.record import note_read

T = TypeVar("T", bound=msgspec.Struct)
Book = TypeVar("Book", bound=OfHouse)
SHOWN = 60
_ON_CALL_ROLES = frozenset({Role.CASEWORKER, Role.SUPERVISOR})


def _rows(actor: Actor, book: type[Book]) -> list[Book]:
    """The newest entries of the reader's houses."""
    query = select(book).where(book.site_id.in_(actor.sites)).order_by(book.no.desc(), book.id)
    return list(db.session.scalars(query.limit(SHOWN)))


def _opened(actor: Actor, rows: Iterable[OfHouse], section: Section[T]) -> list[T | None]:
    opened = open_each(actor, [row_of(row, section) for row in rows], section)
    return opened.values


def sites_of(actor: Actor) -> dict[bytes, Site]:
    return {site.id: site for site in db.session.scalars(select(Site).where(Site.id.in_(actor.sites)))}


# -- hand-over ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoteView:
    site: str
    house: HouseNote
    people: str
    by: str


def hand_overs(actor: Actor) -> list[NoteView]:
    """What the shifts before wrote."""
    require(actor, Act.HAND_OVER_KEEP)
    note_read(actor, Act.HAND_OVER_KEEP, [])
    rows, sites = _rows(actor, HandOver), sites_of(actor)
    notes = zip(rows, _opened(actor, rows, HOUSE_NOTE), _opened(actor, rows, PEOPLE_NOTE), strict=True)
    found = [(row, house, people.words if people else "") for row, house, people in notes if house]
    names = names_of(actor, {house.by for _, house, _ in found})
    views = [NoteView(sites[row.site_id].code_name, one, words, names.get(one.by, "")) for row, one, words in found]
    return sorted(views, key=lambda view: view.house.at, reverse=True)


# -- incidents ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clock:
    """Until when somebody outside hears of it, by which rule."""

    rule: ReportClock
    until: datetime
    passed: bool


@dataclass(frozen=True, slots=True)
class IncidentView:
    id: bytes
    site: str
    version: int
    report: Incident
    by: str
    owner: str
    since: tuple[tuple[str, datetime, str], ...]
    clocks: tuple[Clock, ...]


def incidents(actor: Actor) -> list[IncidentView]:
    """The reader's houses' incidents: those that somebody still follows up first."""
    require(actor, Act.INCIDENTS_KEEP)
    note_read(actor, Act.INCIDENTS_KEEP, [])
    rows, sites = _rows(actor, IncidentReport), sites_of(actor)
    pairs = [(row, one) for row, one in zip(rows, _opened(actor, rows, INCIDENT), strict=True) if one]
    people = {who for _, one in pairs for who in (one.by, one.owner, *(note.by for note in one.since))}
    names = names_of(actor, people)
    views = [_incident(row, one, sites[row.site_id], names) for row, one in pairs]
    return sorted(views, key=lambda view: (view.report.done, -view.report.at.timestamp()))


def incident(actor: Actor, incident_id: bytes) -> IncidentView:
    found = [one for one in incidents(actor) if one.id == incident_id]
    if not found:
        raise Missing
    return found[0]


def _incident(row: IncidentReport, one: Incident, site: Site, names: dict[bytes, str]) -> IncidentView:
    since = tuple((names.get(note.by, ""), note.at, note.words) for note in one.since)
    by, owner = names.get(one.by, ""), names.get(one.owner, "")
    clocks = _clocks(one, site) if one.told_funder is None else ()
    return IncidentView(row.id, site.code_name, row.report_version, one, by, owner, since, clocks)


def _clocks(one: Incident, site: Site) -> tuple[Clock, ...]:
    """From the hour it happened, where that is known, else from when it was written down."""
    began = local_to_utc(datetime.combine(one.day, one.hour), site.zone) if one.hour else one.at
    rules = report_clocks(one.kind, one.day)
    ends = [(rule, began + timedelta(hours=rule.hours)) for rule in rules]
    return tuple(Clock(rule, until, until <= now()) for rule, until in ends)


# -- the door, and who is on call -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DoorView:
    id: bytes
    site: str
    entry: AtDoor
    by: str
    people: tuple[str, ...]


def door_log(actor: Actor) -> list[DoorView]:
    """Who came to the door; for whom, only to who holds the key of that."""
    require(actor, Act.DOOR_LOG_KEEP)
    note_read(actor, Act.DOOR_LOG_KEEP, [])
    rows, sites = _rows(actor, DoorEntry), sites_of(actor)
    whom = _opened(actor, rows, FOR_WHOM) if actor.keyring.holds(Kind.SHELTER) else [None] * len(rows)
    found = [one for one in zip(rows, _opened(actor, rows, AT_DOOR), whom, strict=True) if one[1]]
    names = names_of(actor, {entry.by for _, entry, _ in found if entry})
    views = [
        DoorView(row.id, sites[row.site_id].code_name, entry, names.get(entry.by, ""), tuple(to.people if to else ()))
        for row, entry, to in found
        if entry
    ]
    return sorted(views, key=lambda view: view.entry.came, reverse=True)


@dataclass(frozen=True, slots=True)
class TurnView:
    id: bytes
    site: str
    turn: OnCall
    who: str
    today: bool


def on_call(actor: Actor) -> list[TurnView]:
    """Who is on call at the reader's houses today and later."""
    require(actor, Act.ON_CALL_SEE)
    rows, sites = _rows(actor, OnCallTurn), sites_of(actor)
    pairs = [(row, one) for row, one in zip(rows, _opened(actor, rows, ON_CALL), strict=True) if one]
    names = names_of(actor, {one.staff for _, one in pairs})
    views = []
    for row, one in pairs:
        day = today(sites[row.site_id].zone)
        if one.last >= day:
            site = sites[row.site_id].code_name
            views.append(TurnView(row.id, site, one, names.get(one.staff, ""), one.first <= day))
    return sorted(views, key=lambda view: (view.turn.first, view.site))


def who_may_be_on_call(actor: Actor) -> dict[bytes, str]:
    """Caseworkers and supervisors of the reader's houses, who can compare names from a telephone."""
    return names_of(actor, set(staff_at(actor.sites, _ON_CALL_ROLES)))


def who_follows_up(actor: Actor) -> list[tuple[bytes, str]]:
    """Colleagues of the reader's houses who can follow an incident up, the reader first."""
    names = names_of(actor, set(staff_at(actor.sites, _ON_CALL_ROLES | {Role.SHELTER_STAFF})))
    return sorted(names.items(), key=lambda pair: (pair[0] != actor.id, pair[1].casefold()))
