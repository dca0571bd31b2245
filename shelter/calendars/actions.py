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
from shelter.db.keyring import chunks, keyring_of
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
        feed = _held(actor)
        if feed is None:
            raise Missing
        own = CalendarEntry.ends.is_(None)
        db.session.execute(delete(CalendarEntry).where(CalendarEntry.feed_id == feed.id, own))
        sealing.put(feed, entries, [])


def keep_true(actor: Actor, entries: list[Marked], whole: bool) -> None:
    """Her own dates that her address lacks; and, where `entries` are the `whole` of them, away with what is hers no
    more. Nothing is written where nothing differs."""
    feed = _held(actor)
    if feed is None:
        return
    theirs = select(CalendarEntry.id).where(CalendarEntry.feed_id == feed.id, CalendarEntry.ends.is_(None))
    there, wanted = set(db.session.scalars(theirs)), {sealing.place(feed.id, one.due): one for one in entries}
    fresh, old = wanted.keys() - there, there - wanted.keys() if whole else set[bytes]()
    if not (fresh or old):
        return
    with recorded(actor, "calendar-filled") as unit:
        unit.clause = require(actor, Act.CALENDAR_OWN).clause
        for part in chunks(old):
            db.session.execute(delete(CalendarEntry).where(CalendarEntry.id.in_(part)))
        sealing.put(feed, [wanted[place] for place in sorted(fresh)], [])


def _held(actor: Actor) -> CalendarFeed | None:
    feed = db.session.scalar(select(CalendarFeed).where(CalendarFeed.staff_id == actor.id))
    return feed if feed is not None and sealing.holds(feed) else None
