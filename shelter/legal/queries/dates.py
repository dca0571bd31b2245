"""Dates as they are read: each with its working, its second look and what became of it; the page of the day."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client, client_subject
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.keyring import chunks
from shelter.db.sections import SealedRow
from shelter.lawbook import queries as lawbook
from shelter.legal import reckoning
from shelter.legal.models import DATES, Due, Matter, Remedy, Visit
from shelter.legal.reckoning import When
from shelter.legal.team import eyes_on, supervisors_among
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.policy.errors import Denied
from shelter.rules import lastgood
from shelter.rules.deadlines import Deadline, Rule, RuleBook
from shelter.rules.wording import Step
from shelter.trail.clock import clock_faults
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class Place:
    """Where a date stands: whose, in which matter, of which type."""

    code: str
    client: bytes
    matter: bytes
    type: str


@dataclass(frozen=True, slots=True)
class DateView:
    """A date as shown. `working` is empty where the version of its rule is gone; `moved` says that the rule counts
    another day now, which is in `now` and changes nothing until somebody decides. `waiting` names who could give the
    second look.
    """

    id: bytes
    place: Place
    due: Due
    rule: Rule | None
    working: tuple[Step, ...]
    moved: bool
    set_by: str
    looked_by: str
    ended_by: str
    waiting: tuple[str, ...]
    may_look: bool
    now: Deadline | None = None
    along: str = ""
    arranged_by: str = ""
    remedied: tuple[tuple[Remedy, str], ...] = ()

    @property
    def visit(self) -> Visit | None:
        return self.due.visit

    @property
    def day(self) -> date:
        return self.due.day

    @property
    def waits(self) -> bool:
        return reckoning.waits_for_look(self.due)

    @property
    def open(self) -> bool:
        return self.due.end is None

    @property
    def to_be_confirmed(self) -> bool:
        return self.rule is not None and self.rule.to_be_confirmed


@dataclass(frozen=True, slots=True)
class DayView:
    """Every open date in the reader's scope. `unopened` are codes of clients with a matter whose seal does not hold;
    `clock` is what is odd about this machine's time or its rules, on which every day here depends."""

    today: date
    rows: tuple[DateView, ...]
    unopened: tuple[str, ...]
    clock: tuple[str, ...] = ()

    def group(self, name: str) -> tuple[DateView, ...]:
        return tuple(row for row in self.rows if reckoning.when(row.due, self.today) == When(name))

    @property
    def by_person(self) -> tuple[tuple[DateView, ...], ...]:
        """The same dates, one group a person, who is asked for soonest first."""
        return _grouped(self.rows, lambda place: place.client)

    @property
    def by_matter(self) -> tuple[tuple[DateView, ...], ...]:
        return _grouped(self.rows, lambda place: place.matter)

    @property
    def to_look_at(self) -> tuple[DateView, ...]:
        return tuple(row for row in self.rows if row.may_look)

    @property
    def next(self) -> DateView | None:
        later = [row for row in self.rows if reckoning.when(row.due, self.today) in (When.MONTH, When.LATER)]
        return later[0] if later else None

    @property
    def week_ends(self) -> date:
        return self.today + reckoning.WEEK

    @property
    def month_ends(self) -> date:
        return self.today + reckoning.MONTH


@dataclass(frozen=True, slots=True)
class Register:
    """Dates that were missed; `unopened` as on the day."""

    rows: tuple[DateView, ...]
    unopened: tuple[str, ...]


def _grouped(rows: Iterable[DateView], key: Callable[[Place], bytes]) -> tuple[tuple[DateView, ...], ...]:
    groups: dict[bytes, list[DateView]] = {}
    for row in rows:
        groups.setdefault(key(row.place), []).append(row)
    return tuple(tuple(group) for group in groups.values())


def day(actor: Actor) -> DayView:
    """The dates of every matter in the reader's own scope, soonest first; opens one section a matter, in one batch."""
    today = agency_today()
    placed, unopened = all_dates(actor)
    found = [(place, due) for place, due in placed if due.end is None]
    views = sorted(views_of(actor, found), key=lambda view: (reckoning.attention(view.due, today), view.place.code))
    return DayView(today, tuple(views), unopened, (*clock_faults(), *lastgood.faults()))


def all_dates(
    actor: Actor, clients: Collection[bytes] | None = None
) -> tuple[list[tuple[Place, Due]], tuple[str, ...]]:
    """Every date there ever was in the reader's scope, or of these people in it, and the codes of those whose seal
    does not hold."""
    asked = (
        select(Matter.id, Matter.client_id, Matter.dates, Matter.dates_version, Client.code)
        .join(Client, Client.id == Matter.client_id)
        .where(scope.scope(actor, Act.MATTERS_READ))
    )
    parts = [asked] if clients is None else [asked.where(Matter.client_id.in_(part)) for part in chunks(clients)]
    rows = [row for part in parts for row in db.session.execute(part)]
    sealed = [SealedRow(row.id, client_subject(row.client_id), row.dates_version, row.dates) for row in rows]
    opened = open_each(actor, sealed, DATES)
    broken = {row.client_id: row.code for row in rows if row.id in opened.broken}
    note_read(actor, Act.MATTERS_READ, {row.client_id for row in rows}.difference(broken))
    placed = [
        (Place(row.code, row.client_id, row.id, dates.type), due)
        for row, dates in zip(rows, opened.values, strict=True)
        if dates is not None
        for due in dates.dates
    ]
    return placed, tuple(sorted(broken.values()))


def missed(actor: Actor) -> Register:
    """The register of dates that were missed, in the reader's scope, the latest first."""
    placed, unopened = all_dates(actor)
    found = [(place, due) for place, due in placed if due.end is not None and due.end.how == "missed"]
    rows = sorted(views_of(actor, found), key=lambda view: view.day, reverse=True)
    return Register(tuple(rows), unopened)


def deadlines_due(actor: Actor, until: date | None = None) -> tuple[DateView, ...]:
    """For the first page of legal staff: what asks for attention up to a day, by default within the week.

    Raises `Denied` for everybody else: a caseworker learns of no date here.
    """
    if not may_ever(actor, Act.MATTERS_READ):
        raise Denied(Act.MATTERS_READ)
    found = day(actor)
    last = until or found.week_ends
    return tuple(row for row in found.rows if reckoning.attention(row.due, found.today) <= last)


def views_of(actor: Actor, found: Iterable[tuple[Place, Due]]) -> list[DateView]:
    """Dates already in the reader's hands as they are shown, with names."""
    pairs = list(found)
    eyes = eyes_on({place.client for place, _ in pairs})
    everybody = set().union(*eyes.values()) if eyes else set()
    supervisors = supervisors_among(everybody)
    names = names_of(actor, everybody | _people(due for _, due in pairs))
    book = lawbook.book()
    return [_view(actor, place, due, eyes[place.client], supervisors, names, book) for place, due in pairs]


def _people(dates: Iterable[Due]) -> set[bytes]:
    found: set[bytes] = set()
    for due in dates:
        found.add(due.by)
        found.update(mark.by for mark in (due.look, due.end) if mark)
        found.update(remedy.by for remedy in (due.end.remedies if due.end else ()))
        if due.visit:
            found.update(one for one in (due.visit.along, due.visit.by) if one)
    return found


def _view(
    actor: Actor,
    place: Place,
    due: Due,
    eyes: Collection[bytes],
    supervisors: Collection[bytes],
    names: dict[bytes, str],
    book: RuleBook,
) -> DateView:
    others = {one for one in eyes if one != due.by}
    asked = [one for one in others if one in supervisors] or sorted(others)
    counted, now = reckoning.recount(due, book), reckoning.asked_about(due, book)
    waits = reckoning.waits_for_look(due)
    return DateView(
        id=due.id,
        place=place,
        due=due,
        rule=reckoning.rule_of(due, book),
        working=counted.working if counted else (),
        moved=now is not None or (bool(due.rule) and (counted is None or counted.date != due.counted)),
        now=now,
        set_by=names.get(due.by, ""),
        looked_by=names.get(due.look.by, "") if due.look else "",
        ended_by=names.get(due.end.by, "") if due.end else "",
        waiting=tuple(sorted(names.get(one, "") for one in asked)) if waits else (),
        may_look=waits and (due.by != actor.id or not others),
        along=names.get(due.visit.along or b"", "") if due.visit else "",
        arranged_by=names.get(due.visit.by, "") if due.visit else "",
        remedied=tuple((one, names.get(one.by, "")) for one in (due.end.remedies if due.end else ())),
    )
