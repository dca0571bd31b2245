"""Dates of a matter in the calendars of those who work on it: a day and a code, sealed to each address."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select

from shelter.accounts.models import Cover
from shelter.calendars import keeping
from shelter.calendars.queries import closed_to
from shelter.calendars.sealing import Entry, Marked
from shelter.clients.models import Assignment, Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import row_of
from shelter.legal.models import DATES, Due, Matter
from shelter.legal.queries.dates import all_dates
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever


def _marked(code: str, due: Due) -> Marked:
    visit = due.kind == "visit"
    return Marked(due.id, Entry(due.day, code, visit, due.visit.time if due.visit else ""))


class Phones:
    """The calendars of those who work for a client, told in the transaction in which her dates change."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def tell(self, dates: Iterable[Due]) -> None:
        known = list(dates)
        still = [_marked(self.client.code, due) for due in known if due.end is None]
        gone = [due.id for due in known if due.end is not None]
        keeping.tell(self._workers(), still, gone)
        for staff, ends in self._covering().items():
            keeping.tell([staff], still, gone, ends)

    def begin(self, actor: Actor, staff: bytes) -> None:
        """Whoever begins to work for her has her dates on her phone too, where she wants them there."""
        if not keeping.any_feed([staff]):
            return
        rows = db.session.scalars(select(Matter).where(Matter.client_id == self.client.id)).all()
        opened = open_each(actor, [row_of(row, DATES) for row in rows], DATES)
        known = [due for dates in opened.values if dates for due in dates.dates]
        keeping.tell([staff], [_marked(self.client.code, due) for due in known if due.end is None], [])

    @staticmethod
    def own(actor: Actor) -> tuple[list[Marked], bool]:
        """The open dates of the people she works for, and whether every one of their seals holds."""
        placed, broken = all_dates(actor, _clients_of(actor.id))
        return [_marked(place.code, due) for place, due in placed if due.end is None], not broken

    def readers(self) -> set[bytes]:
        """On whose phones her dates are."""
        return self._workers() | set(self._covering())

    def hand_on(self, actor: Actor, told: Collection[bytes]) -> None:
        """Her dates go from the phones of those among `told` who no longer work for her, and come to all who do."""
        if not keeping.any_feed(self.readers().union(told)):
            return
        rows = db.session.scalars(select(Matter).where(Matter.client_id == self.client.id)).all()
        opened = open_each(actor, [row_of(row, DATES) for row in rows], DATES)
        known = [due for dates in opened.values if dates for due in dates.dates]
        self.tell(known)
        keeping.tell(set(told) - self.readers(), [], [due.id for due in known])

    def _workers(self) -> set[bytes]:
        return set(db.session.scalars(_working(self.client.id)))

    def _covering(self) -> dict[bytes, date]:
        """Who stands in for one of those who work for her, today or later, and her last day of it."""
        rows = db.session.execute(
            select(Cover.by_staff, func.max(Cover.ends))
            .where(Cover.for_staff.in_(_working(self.client.id)), Cover.ends >= agency_today())
            .group_by(Cover.by_staff)
        )
        them = dict(list(rows))
        return {staff: them[staff] for staff in them.keys() - self._workers() if not closed_to(staff, [self.client.id])}


def _working(client: bytes) -> Select[bytes]:
    return select(Assignment.staff_id).where(Assignment.client_id == client, Assignment.kind == "legal")


@dataclass(frozen=True, slots=True)
class _Loan:
    """One person's dates on the phone of whoever stands in, to her last day of it; all of them `gone` without one."""

    still: list[Marked]
    gone: list[bytes]
    ends: date | None


class Lent:
    """What whoever stands in has of her colleagues' dates on her phone, in the transaction of the cover."""

    def __init__(self, actor: Actor, by_staff: bytes) -> None:
        self.actor, self.by_staff = actor, by_staff

    def follow(self, for_staff: bytes) -> None:
        """Her colleague's dates are there from the first day to the last, and then no more.

        Nothing of those whom the actor may not read herself, nor of those closed to whoever stands in.
        What she works on anyway stays as it is.
        """
        for loan in self._loans(for_staff):
            keeping.tell([self.by_staff], loan.still, loan.gone, loan.ends)

    def lacks(self, for_staff: bytes) -> bool:
        """Whether something of it could not be sealed when it changed."""
        loans = self._loans(for_staff)
        return any(loan.ends is not None and keeping.lacks(self.by_staff, loan.still, loan.ends) for loan in loans)

    def _loans(self, for_staff: bytes) -> list[_Loan]:
        if not (keeping.any_feed([self.by_staff]) and may_ever(self.actor, Act.MATTERS_READ)):
            return []
        clients = _clients_of(for_staff) - _clients_of(self.by_staff)
        until, hers = _last_days(self.by_staff), dict[bytes, list[tuple[str, Due]]]()
        for place, due in all_dates(self.actor, clients)[0]:
            hers.setdefault(place.client, []).append((place.code, due))
        return [_loan(dates, until.get(client)) for client, dates in hers.items()]


def _loan(dates: list[tuple[str, Due]], ends: date | None) -> _Loan:
    if ends is None:
        return _Loan([], [due.id for _, due in dates], None)
    return _Loan([_marked(code, due) for code, due in dates if due.end is None], [], ends)


def _last_days(by_staff: bytes) -> dict[bytes, date]:
    """Until when she stands in for somebody who works for each client who is not closed to her."""
    rows = db.session.execute(
        select(Assignment.client_id, func.max(Cover.ends))
        .join(Cover, Cover.for_staff == Assignment.staff_id)
        .where(Cover.by_staff == by_staff, Cover.ends >= agency_today(), Assignment.kind == "legal")
        .group_by(Assignment.client_id)
    )
    days = dict(list(rows))
    closed = closed_to(by_staff, set(days))
    return {client: ends for client, ends in days.items() if client not in closed}


def _clients_of(staff: bytes) -> set[bytes]:
    mine = select(Assignment.client_id).where(Assignment.staff_id == staff, Assignment.kind == "legal")
    return set(db.session.scalars(mine))
