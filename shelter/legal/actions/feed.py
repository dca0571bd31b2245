"""Her own calendar address: made, filled anew, taken back."""

from shelter.calendars import actions as calendars
from shelter.legal.actions.phones import Lent, Phones
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.trail.record import recorded


def make_calendar(actor: Actor) -> str:
    """A new secret address with the open dates of the people she works for; shown this one time."""
    address = calendars.make_address(actor, Phones.own(actor))
    _fill_lent(actor)
    return address


def refill_calendar(actor: Actor) -> None:
    """The same dates under the address she has: after somebody was given to her, or after a long time away."""
    calendars.refill(actor, Phones.own(actor))
    _fill_lent(actor)


def _fill_lent(actor: Actor) -> None:
    """Those of colleagues she stands in for today, for as long as she does."""
    for colleague in sorted(actor.covers):
        with recorded(actor, "calendar-filled") as unit:
            unit.clause = require(actor, Act.CALENDAR_OWN).clause
            Lent(actor, actor.id).follow(colleague)


def end_calendar(actor: Actor) -> None:
    calendars.take_back(actor)
