"""A calendar address made, changed for another, taken back."""

import base64
from datetime import timedelta

from sqlalchemy import delete, select

from shelter.calendars import sealing
from shelter.calendars.sealing import Marked
from shelter.clients.queries import agency_today
from shelter.crypto.calendar import calendar_keys, new_address
from shelter.db import db, new_id
from shelter.db.aside import CalendarEntry, CalendarFeed
from shelter.db.errors import Missing
from shelter.db.keyring import keyring_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.trail.record import recorded

LASTS = timedelta(days=365)


def make_address(actor: Actor, entries: list[Marked]) -> str:
    """A new secret address with what is open now; the one before stops at once. It is told this one time.

    `entries` come from the caller, who has read them in the actor's own scope.
    """
    with recorded(actor, "calendar-made") as unit:
        unit.clause = require(actor, Act.CALENDAR_OWN).clause
        _take_back(actor)
        secret = new_address()
        keys = calendar_keys(secret, keyring_of(actor).agency)
        feed = CalendarFeed(
            id=new_id(),
            lookup_hash=keys.lookup_hash,
            staff_id=actor.id,
            public=keys.exchange.public,
            ends=agency_today() + LASTS,
            signature=b"",
        )
        feed.signature = sealing.sign_feed(actor, feed)
        db.session.add(feed)
        db.session.flush()
        sealing.put(feed, entries, [])
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def take_back(actor: Actor) -> None:
    """The address stops at once and its entries are gone; what a telephone has kept already stays there."""
    with recorded(actor, "calendar-ended") as unit:
        unit.clause = require(actor, Act.CALENDAR_OWN).clause
        _take_back(actor)


def _take_back(actor: Actor) -> None:
    feeds = list(db.session.scalars(select(CalendarFeed.id).where(CalendarFeed.staff_id == actor.id)))
    db.session.execute(delete(CalendarEntry).where(CalendarEntry.feed_id.in_(feeds)))
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.id.in_(feeds)))


def refill(actor: Actor, entries: list[Marked]) -> None:
    """Her own dates under her address anew; what was lent for a cover stays. Raises `Missing` where she has none."""
    with recorded(actor, "calendar-filled") as unit:
        unit.clause = require(actor, Act.CALENDAR_OWN).clause
        feed = db.session.scalar(select(CalendarFeed).where(CalendarFeed.staff_id == actor.id))
        if feed is None or not sealing.holds(feed):
            raise Missing
        own = CalendarEntry.ends.is_(None)
        db.session.execute(delete(CalendarEntry).where(CalendarEntry.feed_id == feed.id, own))
        sealing.put(feed, entries, [])
