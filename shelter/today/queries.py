"""The day of a caseworker or supervisor: steps, safe contacts and stays of the people who are with her now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import exists, select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import IDENTITY, Client, Identity, client_subject
from shelter.clients.queries import agency_today
from shelter.clients.queries.contact import safest
from shelter.db import db
from shelter.db.sections import SealedRow, open_rows
from shelter.legal.queries import shown_within
from shelter.plans.queries import steps_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.stays.models import ROOM, Room, Stay
from shelter.trail.record import note_read

OVERDUE, TODAY, THIS_WEEK, LATER = "overdue", "today", "this-week", "later"
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: `what` is step, contact, stay or keep; `version` lets a step be ticked from here."""

    what: str
    code: str
    called: str
    words: str
    due: date | None
    goal: bytes = b""
    step: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """Lines by when they are due, in the order of the day; `people` are with her now."""

    day: date
    people: int
    covering: tuple[str, ...]
    overdue: tuple[Line, ...]
    today: tuple[Line, ...]
    this_week: tuple[Line, ...]
    later: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Person:
    id: bytes
    code: str
    identity: Identity


def day(actor: Actor) -> Day:
    """Everything due for the people who stay here now and whose plans she works on."""
    require_ever(actor)
    at = agency_today()
    people = _people(actor)
    lines = sorted(
        [*_steps(actor, people), *_contacts(people, at), *_stays(actor, people), *_to_keep(actor, people, at)],
        key=_order,
    )
    groups: dict[str, list[Line]] = {OVERDUE: [], TODAY: [], THIS_WEEK: [], LATER: []}
    for line in lines:
        groups[when(line.due, at)].append(line)
    note_read(actor, Act.PLANS_READ, [person.id for person in people])
    return Day(
        day=at,
        people=len(people),
        covering=tuple(names_of(actor, set(actor.covers)).values()),
        overdue=tuple(groups[OVERDUE]),
        today=tuple(groups[TODAY]),
        this_week=tuple(groups[THIS_WEEK]),
        later=tuple(groups[LATER]),
    )


def require_ever(actor: Actor) -> None:
    """The page is for those who work on plans; what stands on it is scoped client by client."""
    require(actor, Act.TODAY_SEE)


def when(due: date | None, at: date) -> str:
    """The group of a date; without one a thing can wait."""
    if due is None or due > at + WEEK:
        return LATER
    if due < at:
        return OVERDUE
    return TODAY if due == at else THIS_WEEK


def _order(line: Line) -> tuple[date, str, str]:
    return (line.due or date.max, line.called.casefold(), line.code)


def _people(actor: Actor) -> list[_Person]:
    here = exists().where(Stay.client_id == Client.id, Stay.state == "open")
    rows = db.session.execute(
        select(Client.id, Client.code, Client.identity, Client.identity_version).where(
            here, scope.scope(actor, Act.PLANS_READ)
        )
    ).all()
    sealed = [SealedRow(row.id, client_subject(row.id), row.identity_version, row.identity) for row in rows]
    opened = open_rows(actor, sealed, IDENTITY)
    return [_Person(row.id, row.code, known or Identity()) for row, known in zip(rows, opened, strict=True)]


def _steps(actor: Actor, people: list[_Person]) -> Iterator[Line]:
    known = {person.id: person for person in people}
    for client, steps in steps_of(actor, list(known)).items():
        person = known[client]
        for goal, version, step in steps:
            yield Line("step", person.code, person.identity.working_name, step.what, step.due, goal, step.id, version)


def _contacts(people: Iterable[_Person], at: date) -> Iterator[Line]:
    """Answers about safe contact that are too old to rely on: ask again before anybody calls."""
    for person in people:
        if person.identity.contact and not safest(person.identity.contact, at).may_be_used:
            yield Line("contact", person.code, person.identity.working_name, "", at)


def _to_keep(actor: Actor, people: Iterable[_Person], at: date) -> Iterator[Line]:
    """Days that a legal advocate shows, in the advocate's words: what they are about is not said."""
    known = {person.id: person for person in people}
    for client, one in shown_within(actor, list(known), at + WEEK):
        words = " · ".join(part for part in (one.time, one.place, one.words) if part)
        yield Line("keep", known[client].code, known[client].identity.working_name, words, one.day)


def _stays(actor: Actor, people: list[_Person]) -> Iterator[Line]:
    known = {person.id: person for person in people}
    rows = db.session.scalars(select(Stay).where(Stay.client_id.in_(known), Stay.state == "open")).all()
    sealed = [SealedRow(row.id, row.subject(), row.room_version, row.room) for row in rows]
    for row, room in zip(rows, open_rows(actor, sealed, ROOM), strict=True):
        expected = (room or Room()).expected_exit
        if expected is not None and row.head:
            person = known[row.client_id]
            yield Line("stay", person.code, person.identity.working_name, "", expected)
