"""Dates of a matter in the calendars of those who work on it: a day and a code, sealed to each address."""

from collections.abc import Iterable

from sqlalchemy import select

from shelter.accounts.models import Cover
from shelter.calendars import actions as calendars
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
from shelter.policy.decide import require
from shelter.trail.record import recorded


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
        keeping.tell(self._workers(), still, [due.id for due in known if due.end is not None])

    def begin(self, actor: Actor, staff: bytes) -> None:
        """Whoever begins to work for her has her dates on her phone too, where she wants them there."""
        if not keeping.any_feed([staff]):
            return
        rows = db.session.scalars(select(Matter).where(Matter.client_id == self.client.id)).all()
        opened = open_each(actor, [row_of(row, DATES) for row in rows], DATES)
        known = [due for dates in opened.values if dates for due in dates.dates]
        keeping.tell([staff], [_marked(self.client.code, due) for due in known if due.end is None], [])

    def _workers(self) -> set[bytes]:
        """Who works for her, and who stands in for one of them today or later."""
        hers = Assignment.client_id == self.client.id
        working = select(Assignment.staff_id).where(hers, Assignment.kind == "legal")
        covers = select(Cover.by_staff).where(Cover.for_staff.in_(working), Cover.ends >= agency_today())
        return {*db.session.scalars(working), *db.session.scalars(covers)}


def lend(actor: Actor, to: bytes) -> None:
    """Who stands in for the actor has these dates on her phone on those days."""
    if keeping.any_feed([to]):
        with recorded(actor, "calendar-filled") as unit:
            unit.clause = require(actor, Act.CALENDAR_OWN).clause
            keeping.tell([to], _hers(actor), [])


def make_calendar(actor: Actor) -> str:
    """A new secret address with the open dates of the people she works for; shown this one time."""
    return calendars.make_address(actor, _hers(actor))


def refill_calendar(actor: Actor) -> None:
    """The same dates under the address she has: after somebody was given to her, or after a long time away."""
    calendars.refill(actor, _hers(actor))


def end_calendar(actor: Actor) -> None:
    calendars.take_back(actor)


def _hers(actor: Actor) -> list[Marked]:
    placed, _ = all_dates(actor)
    worked_for = {actor.id, *actor.covers}
    mine = select(Assignment.client_id).where(Assignment.staff_id.in_(worked_for), Assignment.kind == "legal")
    clients = set(db.session.scalars(mine))
    return [_marked(place.code, due) for place, due in placed if due.end is None and place.client in clients]
