"""The day of a caseworker or supervisor: what is due for the people who are with her now, by when."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, literal_column, or_, select, union_all

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import IDENTITY, Assignment, Client, Identity, client_subject
from shelter.clients.queries import agency_today
from shelter.course import queries as course
from shelter.course.models import FollowUp
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import SealedRow
from shelter.plans.models import Appointment, Plan
from shelter.plans.queries import Waiting, waiting_for
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever, require
from shelter.rules.afterwards import FOLLOW_UP_DAYS
from shelter.services.queries import MoneyView, waiting_money
from shelter.stays.models import Stay, StayBed
from shelter.today.queries import lines
from shelter.today.queries.lines import Line, Person
from shelter.trail.record import note_read

OVERDUE, TODAY, THIS_WEEK, LATER = "overdue", "today", "this-week", "later"
WEEK, LEFT_LATELY = timedelta(days=7), timedelta(days=30)
ASKED_FOR = timedelta(days=max(FOLLOW_UP_DAYS)) + LEFT_LATELY
"""How long after she left a call may still be open."""
_OPEN = Stay.state == literal_column("'open'")
"""Written out, as SQLite reads the index of open stays only where it sees the word."""


@dataclass(frozen=True, slots=True)
class Day:
    """Lines by when they are due, in the order of the day; `people` are with her now, `asked` wait for her answer."""

    day: date
    people: int
    covering: tuple[str, ...]
    asked: tuple[Waiting, ...]
    money: tuple[MoneyView, ...]
    time: tuple[course.WaitingTime, ...]
    overdue: tuple[Line, ...]
    today: tuple[Line, ...]
    this_week: tuple[Line, ...]
    later: tuple[Line, ...]
    not_met: tuple[Line, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.asked or self.money or self.time or self.overdue or self.today or self.this_week or self.later)


def day(actor: Actor) -> Day:
    """Everything due for the people who stay here now or whom she works with."""
    require(actor, Act.TODAY_SEE)
    at = agency_today()
    people, later = _people(actor, at), _called_later(actor, at)
    decides_time = may_ever(actor, Act.STAYS_EXTEND)
    groups: dict[str, list[Line]] = {OVERDUE: [], TODAY: [], THIS_WEEK: [], LATER: []}
    after = lines.afterwards(actor, {one: who for one, who in later.items() if one not in people}, at)
    for line in sorted([*_everything(actor, people, at), *after], key=_order):
        if not (decides_time and line.what == "course-more_time"):
            groups[when(line.due, at)].append(line)
    _note(actor, people)
    for act in (Act.PLANS_READ, Act.STAYS_PLAN):
        note_read(actor, act, later)
    return Day(
        day=at,
        people=len(people),
        covering=tuple(names_of(actor, set(actor.covers)).values()),
        asked=tuple(waiting_for(actor)),
        money=tuple(waiting_money(actor)) if may_ever(actor, Act.MONEY_APPROVE) else (),
        time=tuple(course.waiting_for_time(actor)) if decides_time else (),
        overdue=tuple(groups[OVERDUE]),
        today=tuple(groups[TODAY]),
        this_week=tuple(groups[THIS_WEEK]),
        later=tuple(groups[LATER]),
        not_met=tuple(lines.not_met(actor, people, at)),
    )


def when(due: date | None, at: date) -> str:
    """The group of a date; without one a thing can wait."""
    if due is None or due > at + WEEK:
        return LATER
    if due < at:
        return OVERDUE
    return TODAY if due == at else THIS_WEEK


def _everything(actor: Actor, people: dict[bytes, Person], at: date) -> list[Line]:
    return [
        *lines.steps(actor, people),
        *lines.appointments(actor, people),
        *lines.contacts(people, at),
        *lines.stays(actor, people, at),
        *lines.hmis_answers(actor, people, at),
        *lines.ending_releases(actor, people),
        *lines.to_keep(actor, people, at),
        *lines.papers(actor, people, at),
        *lines.reviews(actor, people),
        *lines.safety_plans(actor, people, at),
    ]


def _order(line: Line) -> tuple[date, time, str, str]:
    return (line.due or date.max, line.at or time.max, line.called.casefold(), line.code)


def _note(actor: Actor, people: dict[bytes, Person]) -> None:
    for act in (Act.PLANS_READ, Act.NOTES_READ, Act.SERVICES_READ, Act.STAYS_PLAN, Act.ANSWERS_WRITE):
        note_read(actor, act, people)


def _people(actor: Actor, at: date) -> dict[bytes, Person]:
    """Those who stay here now, and of those she is assigned to whoever is still worked with; all with an open case."""
    here = exists().where(Stay.client_id == Client.id, Stay.state == "open")
    few = union_all(select(Stay.client_id).where(_OPEN), _assigned(actor))  # each by its index: not everybody is read
    whom = or_(here, and_(Client.id.in_(_assigned(actor)), _worked_with(at)))
    return _opened(actor, Client.id.in_(few), whom, Client.state == "open")


def _called_later(actor: Actor, at: date) -> dict[bytes, Person]:
    """Of those she is assigned to, who left and agreed to be asked later how she is, her case closed or open."""
    agreed = exists().where(
        FollowUp.client_id == Client.id, StayBed.stay_id == FollowUp.stay_id, StayBed.until_day >= at - ASKED_FOR
    )
    return _opened(actor, Client.id.in_(_assigned(actor)), agreed)


def _opened(actor: Actor, *whom: ColumnElement[bool]) -> dict[bytes, Person]:
    columns = (Client.id, Client.code, Client.identity, Client.identity_version)
    rows = db.session.execute(select(*columns).where(*whom, scope.scope(actor, Act.PLANS_READ))).all()
    sealed = [SealedRow(row.id, client_subject(row.id), row.identity_version, row.identity) for row in rows]
    opened = open_each(actor, sealed, IDENTITY).values
    return {row.id: Person(row.id, row.code, known or Identity()) for row, known in zip(rows, opened, strict=True)}


def _assigned(actor: Actor) -> Select[bytes]:
    mine = Assignment.staff_id.in_(actor.covers | {actor.id})
    return select(Assignment.client_id).where(Assignment.kind == "case", mine)


def _worked_with(at: date) -> ColumnElement[bool]:
    """Never slept here, left lately, or has an appointment or a plan that was reviewed: not everybody of past years."""
    slept = exists().where(Stay.client_id == Client.id, Stay.state != "undone")
    left_lately = exists().where(
        Stay.client_id == Client.id, StayBed.stay_id == Stay.id, StayBed.until_day >= at - LEFT_LATELY
    )
    agreed = exists().where(Plan.client_id == Client.id)
    coming = exists().where(Appointment.client_id == Client.id, Appointment.pending.is_(True))
    return or_(~slept, left_lately, agreed, coming)
