"""Reading the books of a house, the newest entry first."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

import msgspec
from sqlalchemy import select

from shelter.accounts.queries import names_of, staff_at
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import Section, row_of
from shelter.desk.asking import fresh_last
from shelter.desk.models import (
    AT_DOOR,
    FOR_WHOM,
    HOUSE_NOTE,
    INCIDENT,
    ON_CALL,
    PEOPLE_NOTE,
    AtDoor,
    DoorBefore,
    DoorEntry,
    HandOver,
    HappenedBefore,
    HouseNote,
    Incident,
    IncidentReport,
    NoteBefore,
    OfHouse,
    OnCall,
    OnCallTurn,
    PeopleNote,
)
from shelter.desk.models.books import Before
from shelter.desk.queries.pages import Page, newest_rows, page_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.rules.clock import now, today
from shelter.rules.desk import ReportClock, report_clocks
from shelter.rules.sitetime import local_to_utc
from shelter.rules.sitetime import today as day_at
from shelter.trail.record import note_read

T = TypeVar("T", bound=msgspec.Struct)
Book = TypeVar("Book", bound=OfHouse)
_ON_CALL_ROLES = frozenset({Role.CASEWORKER, Role.SUPERVISOR})


def _all(actor: Actor, book: type[Book], section: Section[T]) -> list[tuple[Book, T]]:
    """Every entry of the reader's houses, for books in which an old one may matter tonight."""
    rows = list(db.session.scalars(select(book).where(book.site_id.in_(actor.sites))))
    return [(row, one) for row, one in zip(rows, _opened(actor, rows, section), strict=True) if one]


def book_page(
    actor: Actor, book: type[Book], section: Section[T], at: Callable[[T], datetime], until: date | None
) -> Page[tuple[Book, T]]:
    """The entries of the reader's houses up to a day, the newest first."""
    zones = {site.id: site.zone for site in sites_of(actor).values()}

    def day_of(row: Book) -> date:
        value = _opened(actor, [row], section)[0]
        return day_at(at(value), zones[row.site_id]) if value else date.min

    rows = [row for site in zones for row in newest_rows(book, site, day_of, until)]
    found = [(row, one) for row, one in zip(rows, _opened(actor, rows, section), strict=True) if one]
    found.sort(key=lambda pair: at(pair[1]), reverse=True)
    return page_of(found, lambda pair: day_at(at(pair[1]), zones[pair[0].site_id]), until)


def _one(actor: Actor, book: type[Book], entry: bytes, section: Section[T]) -> tuple[Book, T]:
    """`Missing` for what is not of the reader's houses."""
    row = db.session.get(book, entry, populate_existing=True)
    value = _opened(actor, [row], section)[0] if row is not None and row.site_id in actor.sites else None
    if row is None or value is None:
        raise Missing
    return row, value


def _opened(actor: Actor, rows: Iterable[OfHouse], section: Section[T]) -> list[T | None]:
    opened = open_each(actor, [row_of(row, section) for row in rows], section)
    return opened.values


def _writers(wrote: Iterable[bytes], before: Iterable[Sequence[Before]]) -> set[bytes]:
    """Whose names a page needs: who wrote, and who put right."""
    return {*wrote, *(was.by for many in before for was in many)}


def sites_of(actor: Actor) -> dict[bytes, Site]:
    return {site.id: site for site in db.session.scalars(select(Site).where(Site.id.in_(actor.sites)))}


# -- hand-over ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoteView:
    """`fresh`: the reader's own of the last minutes, to be taken back without a word. `before` is what stood."""

    id: bytes
    site: str
    version: int
    house: HouseNote
    people: str
    before: tuple[tuple[NoteBefore, str], ...]
    by: str
    fresh: bool


def hand_overs(actor: Actor, until: date | None = None) -> Page[NoteView]:
    """What the shifts before wrote, up to a day (None: the latest)."""
    require(actor, Act.HAND_OVER_KEEP)
    note_read(actor, Act.HAND_OVER_KEEP, [])
    page = book_page(actor, HandOver, HOUSE_NOTE, lambda note: note.at, until)
    return Page(_notes(actor, page.shown), page.older)


def hand_over(actor: Actor, note: bytes) -> NoteView:
    """One note, to be put right. `Missing` where it is not of the reader's houses."""
    require(actor, Act.HAND_OVER_KEEP)
    note_read(actor, Act.HAND_OVER_KEEP, [])
    return _notes(actor, [_one(actor, HandOver, note, HOUSE_NOTE)])[0]


def _notes(actor: Actor, found: list[tuple[HandOver, HouseNote]]) -> list[NoteView]:
    sites, people = sites_of(actor), _opened(actor, [row for row, _ in found], PEOPLE_NOTE)
    whole = [(row, house, about or PeopleNote()) for (row, house), about in zip(found, people, strict=True)]
    names = names_of(actor, _writers([house.by for _, house, _ in whole], (about.before for *_, about in whole)))
    return [
        NoteView(
            row.id,
            sites[row.site_id].code_name,
            row.house_version,
            house,
            about.words,
            tuple((one, names.get(one.by, "")) for one in about.before),
            names.get(house.by, ""),
            fresh_last(actor, about.before, (house.by, house.at)),
        )
        for row, house, about in whole
    ]


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
    before: tuple[tuple[HappenedBefore, str], ...]
    fresh: bool


def open_incidents(actor: Actor) -> list[IncidentView]:
    """What somebody still follows up at the reader's houses, however old it is."""
    require(actor, Act.INCIDENTS_KEEP)
    note_read(actor, Act.INCIDENTS_KEEP, [])
    found = [pair for pair in _all(actor, IncidentReport, INCIDENT) if not pair[1].done]
    return _incidents(actor, sorted(found, key=lambda pair: pair[1].at, reverse=True))


def done_incidents(actor: Actor, until: date | None = None) -> Page[IncidentView]:
    """What nobody follows up any longer, by the day it was written down."""
    require(actor, Act.INCIDENTS_KEEP)
    page = book_page(actor, IncidentReport, INCIDENT, lambda one: one.at, until)
    return Page(_incidents(actor, [pair for pair in page.shown if pair[1].done]), page.older)


def incident(actor: Actor, incident_id: bytes) -> IncidentView:
    """One of them. `Missing` where it is not of the reader's houses."""
    require(actor, Act.INCIDENTS_KEEP)
    note_read(actor, Act.INCIDENTS_KEEP, [])
    return _incidents(actor, [_one(actor, IncidentReport, incident_id, INCIDENT)])[0]


def _incidents(actor: Actor, pairs: list[tuple[IncidentReport, Incident]]) -> list[IncidentView]:
    wrote = [who for _, one in pairs for who in (one.by, one.owner, *(note.by for note in one.since))]
    names, sites = names_of(actor, _writers(wrote, (one.before for _, one in pairs))), sites_of(actor)
    return [_incident(actor, row, one, sites[row.site_id], names) for row, one in pairs]


def _incident(actor: Actor, row: IncidentReport, one: Incident, site: Site, names: dict[bytes, str]) -> IncidentView:
    acts = ((one.by, one.at), *((note.by, note.at) for note in one.since))
    return IncidentView(
        row.id,
        site.code_name,
        row.report_version,
        one,
        names.get(one.by, ""),
        names.get(one.owner, ""),
        tuple((names.get(note.by, ""), note.at, note.words) for note in one.since),
        _clocks(one, site) if one.told_funder is None else (),
        tuple((was, names.get(was.by, "")) for was in one.before),
        fresh_last(actor, one.before, *acts),
    )


def _clocks(one: Incident, site: Site) -> tuple[Clock, ...]:
    """From the hour it happened, where that is known, else from when it was written down."""
    began = local_to_utc(datetime.combine(one.day, one.hour), site.zone) if one.hour else one.at
    rules = report_clocks(one.kind, one.day)
    ends = [(rule, began + timedelta(hours=rule.hours)) for rule in rules]
    return tuple(Clock(rule, until, until <= now()) for rule, until in ends)


# -- the door, and who is on call -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DoorView:
    """`fresh`: the reader's own last act about it can still be taken back."""

    id: bytes
    site: str
    version: int
    entry: AtDoor
    by: str
    people: tuple[str, ...]
    before: tuple[tuple[DoorBefore, str], ...]
    fresh: bool


def door_log(actor: Actor, until: date | None = None) -> Page[DoorView]:
    """Who came to the door up to a day (None: the latest); for whom, only to who holds the key of that."""
    require(actor, Act.DOOR_LOG_KEEP)
    note_read(actor, Act.DOOR_LOG_KEEP, [])
    page = book_page(actor, DoorEntry, AT_DOOR, lambda entry: entry.came, until)
    return Page(_door(actor, page.shown), page.older)


def door_entry(actor: Actor, entry: bytes) -> DoorView:
    """One line, to be put right. `Missing` where it is not of the reader's houses."""
    require(actor, Act.DOOR_LOG_KEEP)
    note_read(actor, Act.DOOR_LOG_KEEP, [])
    return _door(actor, [_one(actor, DoorEntry, entry, AT_DOOR)])[0]


def _door(actor: Actor, found: list[tuple[DoorEntry, AtDoor]]) -> list[DoorView]:
    rows, sites = [row for row, _ in found], sites_of(actor)
    whom = _opened(actor, rows, FOR_WHOM) if actor.keyring.holds(Kind.SHELTER) else [None] * len(rows)
    names = names_of(actor, _writers([entry.by for _, entry in found], (entry.before for _, entry in found)))
    return [
        DoorView(
            row.id,
            sites[row.site_id].code_name,
            row.entry_version,
            entry,
            names.get(entry.by, ""),
            tuple(to.people if to else ()),
            tuple((was, names.get(was.by, "")) for was in entry.before),
            _may_take_back(actor, entry),
        )
        for (row, entry), to in zip(found, whom, strict=True)
    ]


def _may_take_back(actor: Actor, entry: AtDoor) -> bool:
    return fresh_last(actor, entry.before, (entry.by, entry.came), (entry.left_by, entry.left))


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
    pairs, sites = _all(actor, OnCallTurn, ON_CALL), sites_of(actor)
    names = names_of(actor, {one.staff for _, one in pairs})
    views = []
    for row, one in pairs:
        day = today(sites[row.site_id].zone)
        if one.last >= day and one.off_at is None:
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
