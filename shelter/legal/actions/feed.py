"""Her own calendar address: made, filled anew, kept true, taken back."""

from collections.abc import Collection, Iterator

from sqlalchemy import select

from shelter.accounts.models import Cover
from shelter.calendars import actions as calendars
from shelter.calendars.queries import mine
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.legal.actions.phones import Lent, Phones
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever, require
from shelter.trail.record import recorded


def make_calendar(actor: Actor) -> str:
    """A new secret address with the open dates of the people she works for; shown this one time."""
    address = calendars.make_address(actor, Phones.own(actor)[0])
    _fill_lent(actor, actor.id, actor.covers)
    return address


def refill_calendar(actor: Actor) -> None:
    """The same dates under the address she has, whatever stands there."""
    calendars.refill(actor, Phones.own(actor)[0])
    _fill_lent(actor, actor.id, actor.covers)


def keep_calendars(actor: Actor) -> None:
    """What could not be sealed when it changed, because nobody who reads the dates was there to do it.

    Two records became one, she was taken off somebody's team, or an address was made before a cover that now holds:
    hers, or that of a colleague who stands in for her.
    """
    if not (may_ever(actor, Act.CALENDAR_OWN) and may_ever(actor, Act.MATTERS_READ)):
        return
    if mine(actor).ends is not None:
        calendars.keep_true(actor, *Phones.own(actor))
    for stands_in, away in _covers(actor):
        if Lent(actor, stands_in).lacks(away):
            _fill_lent(actor, stands_in, [away])


def _covers(actor: Actor) -> Iterator[tuple[bytes, bytes]]:
    """Who stands in for whom, today for her colleagues and today or later for her."""
    yield from ((actor.id, away) for away in sorted(actor.covers))
    hers = select(Cover.by_staff).where(Cover.for_staff == actor.id, Cover.ends >= agency_today()).distinct()
    yield from ((stands_in, actor.id) for stands_in in db.session.scalars(hers).all())


def _fill_lent(actor: Actor, stands_in: bytes, colleagues: Collection[bytes]) -> None:
    """Those of colleagues she stands in for, for as long as she does."""
    for away in sorted(colleagues):
        with recorded(actor, "calendar-filled") as unit:
            unit.clause = require(actor, Act.CALENDAR_OWN).clause
            Lent(actor, stands_in).follow(away)


def end_calendar(actor: Actor) -> None:
    calendars.take_back(actor)
