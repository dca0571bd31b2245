"""What is due for people, feature by feature: each line leads to the thing itself, by its endpoint."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import func, select

from shelter.answers import queries as answers
from shelter.clients.models import Identity
from shelter.clients.queries.contact import confirmation_lasts, holds_until, safest
from shelter.course import queries as course
from shelter.db import db
from shelter.db.sections import SealedRow, open_rows
from shelter.documents import queries as documents
from shelter.legal.queries import shown_within
from shelter.notes import queries as notes
from shelter.plans import queries as plans
from shelter.policy.actor import Actor
from shelter.releases import queries as releases
from shelter.rules.contact import State
from shelter.services import queries as services
from shelter.settings.queries import limit
from shelter.stays.models import ROOM, Room, Stay, StayBed

SOON = timedelta(days=7)
ARRIVED_LATELY = timedelta(days=3)
"""After so many days at the house the safety plan has been gone through, or a line says so."""

_COURSE = {"limit": "stay", "follow_up": "follow_up", "more_time": "extension"}
"""What the address of each thing around a stay needs."""


@dataclass(frozen=True, slots=True)
class Person:
    id: bytes
    code: str
    identity: Identity

    @property
    def called(self) -> str:
        return self.identity.working_name or self.identity.hmis_personal_id


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: `what` names its kind, `words` are hers or a colleague's, `ids` what its addresses need.

    `more` is what else the line shows: the appointment with what is arranged.
    """

    what: str
    code: str
    called: str
    words: str
    due: date | None
    at: time | None = None
    ids: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0
    more: Any = None


People = Mapping[bytes, Person]


def _line(person: Person, what: str, due: date | None, words: str = "", **more: Any) -> Line:
    return Line(what, person.code, person.called, words, due, **more)


def steps(actor: Actor, people: People) -> Iterator[Line]:
    for client, found in plans.steps_of(actor, list(people)).items():
        for goal, version, step in found:
            ids = {"goal": goal, "step": step.id}
            yield _line(people[client], "step", step.due, step.what, ids=ids, version=version)


def appointments(actor: Actor, people: People) -> Iterator[Line]:
    for one in plans.pending_of(actor, list(people)):
        ids = {"appointment": one.id}
        yield _line(
            people[one.client],
            "appointment",
            one.text.on,
            one.text.what,
            at=one.text.at,
            ids=ids,
            version=one.version,
            more=one.text,
        )


def contacts(people: People, at: date) -> Iterator[Line]:
    """Answers about safe contact that run out within the week, or are too old to rely on: ask before anybody calls."""
    lasts = confirmation_lasts()
    for person in people.values():
        rules = person.identity.contact
        if not rules or safest(rules, at, lasts).state == State.NEVER:
            continue
        until = holds_until(rules, lasts) or at
        if until <= at + SOON:
            yield _line(person, "contact", max(until, at))


def stays(actor: Actor, people: People, at: date) -> Iterator[Line]:
    """The day she is expected to leave, limits of stays, calls afterwards, more time that waits."""
    for client, expected in _leaving(actor, people).items():
        yield _line(people[client], "stay", expected)
    for due in course.due(actor, list(people), at + SOON):
        yield _around_a_stay(people[due.client], due)


def _around_a_stay(person: Person, due: course.Due) -> Line:
    ids = {_COURSE[due.what]: due.row} | ({"days": due.days} if due.days else {})
    return _line(person, f"course-{due.what}", due.day, ids=ids)


def afterwards(actor: Actor, people: People, at: date) -> Iterator[Line]:
    """Calls to those who left, and of whoever is called soon that she is asked first whether the way is still safe."""
    calls = [due for due in course.due(actor, list(people), at + SOON) if due.what == "follow_up"]
    yield from (_around_a_stay(people[due.client], due) for due in calls)
    yield from contacts({due.client: people[due.client] for due in calls}, at)


def hmis_answers(actor: Actor, people: People, at: date) -> Iterator[Line]:
    """Interviews of stays that are asked for by now or within the week."""
    for due in answers.due(actor, list(people), at + SOON):
        yield _line(people[due.client], "answers", due.day, ids={"stay": due.stay}, version=int(due.stage))


def ending_releases(actor: Actor, people: People) -> Iterator[Line]:
    for client, found in releases.running_out(actor, list(people)).items():
        for one in found:
            yield _line(
                people[client], "release", one.until, one.organisation, ids={"release": one.id}, version=one.version
            )


def to_keep(actor: Actor, people: People, at: date) -> Iterator[Line]:
    """Days that a legal advocate shows, in the advocate's words: what they are about is not said."""
    for client, one in shown_within(actor, list(people), at + SOON):
        yield _line(
            people[client], "keep", one.day, " · ".join(part for part in (one.time, one.place, one.words) if part)
        )


def papers(actor: Actor, people: People, at: date) -> Iterator[Line]:
    """Papers that run out, until somebody has seen the reminder: today's work, or overdue once the last day is past."""
    for row in documents.running_out(actor, list(people)):
        person = people[row.client]
        due = row.due if row.due and row.due < at else at
        yield _line(person, "paper", due, ids={"paper": row.paper.id}, more=row.paper)


def reviews(actor: Actor, people: People) -> Iterator[Line]:
    for client, day in plans.reviews_due(actor, list(people)).items():
        yield _line(people[client], "review", day)


def safety_plans(actor: Actor, people: People, at: date) -> Iterator[Line]:
    """Gone through within the first days of a stay, and once more before she leaves."""
    reviewed, leaving = plans.safety_reviewed(actor, list(people)), _leaving(actor, people)
    for client, arrived in arrivals(people).items():
        last, occasions = reviewed.get(client, (None, frozenset()))
        if last is None or last < arrived:
            yield _line(people[client], "safety-arrival", arrived + ARRIVED_LATELY)
        elif client in leaving and leaving[client] <= at + SOON and "leaving" not in occasions:
            yield _line(people[client], "safety-leaving", leaving[client])


def not_met(actor: Actor, people: People, at: date) -> list[Line]:
    """People whom nobody has met for longer than agreed: by notes of a meeting and services, since she came."""
    ids, most = list(people), timedelta(days=limit("not_met_days"))
    seen, came = notes.last_seen(actor, ids), arrivals(people)
    for client, day in services.last_given(actor, ids).items():
        seen[client] = max(day, seen.get(client, date.min))
    lines = []
    for client, person in people.items():
        last = max((day for day in (seen.get(client), came.get(client)) if day), default=None)
        if last is None or at - last > most:
            lines.append(_line(person, "not-met", seen.get(client)))
    return sorted(lines, key=lambda line: (line.due or date.min, line.called.casefold()))


def arrivals(people: Iterable[bytes]) -> dict[bytes, date]:
    """The first day of the stay that is open now, for each who stays."""
    rows = db.session.execute(
        select(Stay.client_id, func.min(StayBed.from_day).label("first"))
        .join(StayBed, StayBed.stay_id == Stay.id)
        .where(Stay.client_id.in_(list(people)), Stay.state == "open")
        .group_by(Stay.client_id)
    )
    return {row.client_id: row.first for row in rows}


def _leaving(actor: Actor, people: People) -> dict[bytes, date]:
    """Who is expected to leave, and when; of those who came together the head."""
    rows = db.session.scalars(
        select(Stay).where(Stay.client_id.in_(list(people)), Stay.state == "open", Stay.head.is_(True))
    ).all()
    sealed = [SealedRow(row.id, row.subject(), row.room_version, row.room) for row in rows]
    rooms = zip(rows, open_rows(actor, sealed, ROOM), strict=True)
    expected = {row.client_id: (room or Room()).expected_exit for row, room in rooms}
    return {client: day for client, day in expected.items() if day is not None}
