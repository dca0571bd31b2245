"""Dates of a matter in the calendars of those who work on it: a day and a code, sealed to each address."""

from collections.abc import Iterable

from sqlalchemy import select

from shelter.calendars import actions as calendars
from shelter.calendars import keeping
from shelter.calendars.sealing import Entry, Marked
from shelter.clients.models import Assignment, Client
from shelter.db import db
from shelter.legal.models import Due
from shelter.legal.queries.dates import all_dates
from shelter.policy.actor import Actor


def _marked(code: str, due: Due) -> Marked:
    visit = due.kind == "visit"
    return Marked(due.id, Entry(due.day, code, visit, due.visit.time if due.visit else ""))


class Phones:
    """The calendars of those who work for a client, told in the transaction in which her dates change."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def tell(self, dates: Iterable[Due]) -> None:
        working = select(Assignment.staff_id).where(Assignment.client_id == self.client.id, Assignment.kind == "legal")
        known = list(dates)
        still = [_marked(self.client.code, due) for due in known if due.end is None]
        keeping.tell(db.session.scalars(working).all(), still, [due.id for due in known if due.end is not None])


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
    mine = select(Assignment.client_id).where(Assignment.staff_id == actor.id, Assignment.kind == "legal")
    clients = set(db.session.scalars(mine))
    return [_marked(place.code, due) for place, due in placed if due.end is None and place.client in clients]
