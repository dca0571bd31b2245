"""Dates of a matter in the calendars of those who work on it: a day and a code, sealed to each address."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import Select, func, select

from shelter.accounts.models import Cover
from shelter.calendars import keeping
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
    def own(actor: Actor) -> list[Marked]:
        """The open dates of the people she works for."""
        placed, clients = all_dates(actor)[0], _clients_of(actor.id)
        return [_marked(place.code, due) for place, due in placed if due.end is None and place.client in clients]

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
        return {staff: ends for staff, ends in rows if staff not in self._workers()}


def _working(client: bytes) -> Select[bytes]:
    return select(Assignment.staff_id).where(Assignment.client_id == client, Assignment.kind == "legal")


class Lent:
    """What whoever stands in has of her colleagues' dates on her phone, in the transaction of the cover."""

    def __init__(self, actor: Actor, by_staff: bytes) -> None:
        self.actor, self.by_staff = actor, by_staff

    def follow(self, for_staff: bytes) -> None:
        """Her colleague's dates are there from the first day to the last, and then no more.

        Nothing of those whom the actor may not read herself. What she works on anyway stays as it is.
        """
        if not (keeping.any_feed([self.by_staff]) and may_ever(self.actor, Act.MATTERS_READ)):
            return
        clients = _clients_of(for_staff) - _clients_of(self.by_staff)
        placed = [(place, due) for place, due in all_dates(self.actor)[0] if place.client in clients]
        until = _last_days(self.by_staff)
        for client in clients:
            hers = [(place, due) for place, due in placed if place.client == client]
            ends = until.get(client)
            still = [_marked(place.code, due) for place, due in hers if ends and due.end is None]
            keeping.tell([self.by_staff], still, [] if ends else [due.id for _, due in hers], ends)


def _last_days(by_staff: bytes) -> dict[bytes, date]:
    """Until when she stands in for somebody who works for each client."""
    rows = db.session.execute(
        select(Assignment.client_id, func.max(Cover.ends))
        .join(Cover, Cover.for_staff == Assignment.staff_id)
        .where(Cover.by_staff == by_staff, Cover.ends >= agency_today(), Assignment.kind == "legal")
        .group_by(Assignment.client_id)
    )
    return dict(list(rows))


def _clients_of(staff: bytes) -> set[bytes]:
    mine = select(Assignment.client_id).where(Assignment.staff_id == staff, Assignment.kind == "legal")
    return set(db.session.scalars(mine))
