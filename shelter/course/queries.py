"""Reads about the course of stays: one person's, all stays near their limit, and what is due for many."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

import msgspec
from sqlalchemy import func, select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import PersonCard, agency_today, card
from shelter.clients.queries.card import identities
from shelter.course.models import (
    AFTERWARDS,
    EXPECTED,
    MORE_TIME,
    Afterwards,
    Coming,
    Expected,
    Extension,
    FollowUp,
    MoreTime,
)
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Missing
from shelter.db.sections import Section, open_rows, row_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide, require
from shelter.rules.afterwards import OPEN, last_day
from shelter.stays import beds
from shelter.stays.models import LEAVING, Stay, StayBed, StayExit
from shelter.trail.record import note_read

T = TypeVar("T", bound=msgspec.Struct)
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class ComingView:
    """`arrived` is the first night of the stay that came of it."""

    id: bytes
    version: int
    site: str
    words: Expected
    arrived: date | None

    @property
    def state(self) -> str:
        return "arrived" if self.arrived and self.words.state != "not_coming" else self.words.state


@dataclass(frozen=True, slots=True)
class MoreTimeView:
    id: bytes
    version: int
    words: MoreTime
    asked_by: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class AfterView:
    id: bytes
    version: int
    words: Afterwards


@dataclass(frozen=True, slots=True)
class StayCourse:
    """A stay with its limit; `last` is None where the house has none. `said` is what she answered on leaving about
    being reached later, a code of the pick list safe_after_exit.
    """

    id: bytes
    site: str
    arrived: date
    left: date | None
    last: date | None
    more_time: tuple[MoreTimeView, ...]
    after: AfterView | None
    said: str


@dataclass(frozen=True, slots=True)
class CourseView:
    card: PersonCard
    today: date
    comings: tuple[ComingView, ...]
    stays: tuple[StayCourse, ...]
    may_decide: bool


@dataclass(frozen=True, slots=True)
class NearLimit:
    """A stay that reaches its limit soon, or has passed it; `asked` says that more time was asked for."""

    code: str
    site: str
    arrived: date
    last: date
    nights: int
    asked: bool
    stay: bytes


@dataclass(frozen=True, slots=True)
class WaitingTime:
    """More time that a supervisor has not decided yet, and whose."""

    code: str
    called: str
    asked: MoreTimeView


@dataclass(frozen=True, slots=True)
class Due:
    """Something to do for a client on a day: `what` is limit, follow_up or more_time.

    `row` is the stay, the agreed calls or the question for more time; `days` which of the calls.
    """

    client: bytes
    what: str
    day: date
    row: bytes
    days: int = 0


def course_of(actor: Actor, code: str) -> CourseView:
    """Everything around one person's stays. Raises `Missing` outside her scope."""
    client = scope.get_by_code(actor, Act.STAYS_PLAN, code)
    note_read(actor, Act.STAYS_PLAN, [client.id], scope.allowed(actor, Act.STAYS_PLAN, client).clause)
    sites = _site_names()
    may_decide = decide(actor, Act.STAYS_EXTEND, scope.facts_of(client)).allowed
    stays = sorted(_stays(actor, client, sites), key=lambda one: one.arrived, reverse=True)
    comings = [
        ComingView(row.id, row.expected_version, sites.get(row.site_id, ""), words, _came(words, stays))
        for row, words in _opened(actor, Coming, EXPECTED, Coming.client_id == client.id)
    ]
    order = sorted(comings, key=lambda one: one.words.turns[0].at, reverse=True)
    return CourseView(card(actor, client), agency_today(), tuple(order), tuple(stays), may_decide)


def coming(actor: Actor, code: str, coming_id: bytes) -> tuple[CourseView, ComingView]:
    view = course_of(actor, code)
    return view, _one(view.comings, coming_id)


def stay(actor: Actor, code: str, stay_id: bytes) -> tuple[CourseView, StayCourse]:
    view = course_of(actor, code)
    return view, _one(view.stays, stay_id)


def more_time(actor: Actor, code: str, extension: bytes) -> tuple[CourseView, StayCourse, MoreTimeView]:
    view = course_of(actor, code)
    for one in view.stays:
        for asked in one.more_time:
            if asked.id == extension:
                return view, one, asked
    raise Missing


def after(actor: Actor, code: str, follow_up: bytes) -> tuple[CourseView, AfterView]:
    view = course_of(actor, code)
    return view, _one([one.after for one in view.stays if one.after], follow_up)


def last_day_of(actor: Actor, stay: Stay) -> date | None:
    """The day by which this stay ends as things are agreed now."""
    arrived = db.session.scalar(select(func.min(StayBed.from_day)).where(StayBed.stay_id == stay.id))
    granted = [words.until for _, words in _asked(actor, [stay.id]) if words.decision == "granted"]
    return last_day(arrived, beds.rules_of(stay.site_id).stay_limit, granted) if arrived else None


def near_limit(actor: Actor) -> list[NearLimit]:
    """Open stays at her sites that have passed their limit or reach it within two weeks, the longest over first."""
    require(actor, Act.TODAY_SEE)
    found = _near(actor, scope.scope(actor, Act.STAYS_PLAN), agency_today() + SOON)
    note_read(actor, Act.STAYS_PLAN, {client for client, _ in found})
    return sorted((one for _, one in found), key=lambda one: (one.last, one.code))


def waiting_for_time(actor: Actor) -> list[WaitingTime]:
    """Questions for more time that wait for her yes or no, of everybody in her scope who stays, the oldest first."""
    found = db.session.scalars(
        select(Client)
        .join(Stay, Stay.client_id == Client.id)
        .where(Stay.state == "open", scope.scope(actor, Act.STAYS_EXTEND))
    ).all()
    clients = {client.id: client for client in found}
    waiting = [
        (row, words)
        for row, words in _opened(actor, Extension, MORE_TIME, Extension.client_id.in_(clients))
        if not words.decision
    ]
    note_read(actor, Act.STAYS_EXTEND, clients)
    people = identities(actor, [clients[one] for one in {row.client_id for row, _ in waiting}])
    names = names_of(actor, {words.asked_by for _, words in waiting})
    return [
        WaitingTime(
            clients[row.client_id].code,
            people[row.client_id].working_name if row.client_id in people else "",
            MoreTimeView(row.id, row.more_time_version, words, names.get(words.asked_by, ""), ""),
        )
        for row, words in sorted(waiting, key=lambda pair: pair[1].asked_at)
    ]


def due(actor: Actor, clients: Collection[bytes], until: date) -> list[Due]:
    """For the first page: limits, calls and unanswered questions for more time of these clients, up to a day.

    Who may read them was decided by the caller, who notes the reads as well.
    """
    near = _near(actor, Client.id.in_(clients), until)
    lines = [Due(client, "limit", one.last, one.stay) for client, one in near if not one.asked]
    rows = _opened(actor, FollowUp, AFTERWARDS, FollowUp.client_id.in_(clients))
    for row, words in rows:
        waiting = [(call.due, call.days) for call in words.calls if call.state == OPEN and call.due <= until]
        if waiting and not words.stopped:
            day, days = min(waiting)
            lines.append(Due(row.client_id, "follow_up", day, row.id, days))
    for asked, time in _opened(actor, Extension, MORE_TIME, Extension.client_id.in_(clients)):
        if not time.decision:
            lines.append(Due(asked.client_id, "more_time", min(until, time.until), asked.id))
    return lines


# -- what they share -----------------------------------------------------------------------


def _came(words: Expected, stays: Sequence[StayCourse]) -> date | None:
    """The first night after she was referred, where there is one; a day early, as a night is entered late."""
    since = words.turns[0].at.date() - timedelta(days=1)
    return min((one.arrived for one in stays if one.arrived >= since), default=None)


def _one(views: Iterable[Any], wanted: bytes) -> Any:
    found = next((one for one in views if one.id == wanted), None)
    if found is None:
        raise Missing
    return found


def _opened(actor: Actor, model: type[Any], section: Section[T], *where: Any) -> list[tuple[Any, T]]:
    rows = list(db.session.scalars(select(model).where(*where), execution_options={"populate_existing": True}))
    opened = open_rows(actor, [row_of(row, section) for row in rows], section)
    return [(row, words) for row, words in zip(rows, opened, strict=True) if words is not None]


def _asked(actor: Actor, stays: Sequence[bytes]) -> list[tuple[Any, MoreTime]]:
    return _opened(actor, Extension, MORE_TIME, Extension.stay_id.in_(stays))


def _site_names() -> dict[bytes, str]:
    return {site.id: site.code_name for site in db.session.scalars(select(Site))}


def _stays(actor: Actor, client: Client, sites: dict[bytes, str]) -> list[StayCourse]:
    rows = list(db.session.scalars(select(Stay).where(Stay.client_id == client.id, Stay.state != "undone")))
    ids = [row.id for row in rows]
    days = _days(ids)
    asked = _asked(actor, ids)
    names = names_of(actor, {by for _, words in asked for by in (words.asked_by, words.decided_by) if by})
    after = {row.stay_id: AfterView(row.id, row.afterwards_version, words) for row, words in _after(actor, ids)}
    left_with = _opened(actor, StayExit, LEAVING, StayExit.stay_id.in_(ids))
    said = {row.stay_id: words.safe_after for row, words in left_with}
    found = []
    for row in rows:
        if row.id not in days:
            continue
        arrived, left = days[row.id]
        mine = [(one, words) for one, words in asked if one.stay_id == row.id]
        granted = [words.until for _, words in mine if words.decision == "granted"]
        views = [
            MoreTimeView(
                one.id, one.more_time_version, words, names.get(words.asked_by, ""), names.get(words.decided_by, "")
            )
            for one, words in sorted(mine, key=lambda pair: pair[1].asked_at)
        ]
        last = last_day(arrived, beds.rules_of(row.site_id).stay_limit, granted)
        told = (tuple(views), after.get(row.id), said.get(row.id, ""))
        found.append(StayCourse(row.id, sites[row.site_id], arrived, left, last, *told))
    return found


def _after(actor: Actor, stays: Sequence[bytes]) -> list[tuple[Any, Afterwards]]:
    return _opened(actor, FollowUp, AFTERWARDS, FollowUp.stay_id.in_(stays))


def _days(stays: Sequence[bytes]) -> dict[bytes, tuple[date, date | None]]:
    """First night and day of leaving (None: no end is known) of each stay."""
    end = func.max(func.coalesce(StayBed.until_day, date.max))
    query = select(StayBed.stay_id, func.min(StayBed.from_day), end).where(StayBed.stay_id.in_(stays))
    rows = db.session.execute(query.group_by(StayBed.stay_id))
    return {stay_id: (first, None if last == date.max else last) for stay_id, first, last in rows}


def _near(actor: Actor, whom: Any, until: date) -> list[tuple[bytes, NearLimit]]:
    """Only who is past the limit of the house is opened to see what was granted."""
    limits = {site: beds.rules_of(site).stay_limit for site in _site_names()}
    query = select(Stay, Client.code).join(Client, Client.id == Stay.client_id).where(Stay.state == "open", whom)
    rows = db.session.execute(query).all()
    days, sites = _days([row.id for row, _ in rows]), _site_names()
    near = []
    for row, code in rows:
        last = last_day(days[row.id][0], limits[row.site_id]) if row.id in days else None
        if last is not None and last <= until:
            near.append((row, code, last))
    asked: dict[bytes, list[MoreTime]] = {}
    for one, words in _asked(actor, [row.id for row, _, _ in near]):
        asked.setdefault(one.stay_id, []).append(words)
    found = []
    for row, code, first_limit in near:
        arrived, mine = days[row.id][0], asked.get(row.id, [])
        last = max([first_limit, *(words.until for words in mine if words.decision == "granted")])
        if last <= until:
            waiting = any(not words.decision for words in mine)
            nights = (beds.site_night(row.site_id).night - arrived).days
            found.append((row.client_id, NearLimit(code, sites[row.site_id], arrived, last, nights, waiting, row.id)))
    return found
