"""What a room that owns dates calls when one of them changes, inside its own transaction."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from shelter.calendars import sealing
from shelter.calendars.sealing import Marked
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.aside import CalendarFeed


def any_feed(staff: Collection[bytes]) -> bool:
    """Whether one of these people has an address at all, before anything is opened to be written to it."""
    found = db.session.scalar(select(CalendarFeed.id).where(CalendarFeed.staff_id.in_(staff)).limit(1))
    return found is not None


def tell(staff: Collection[bytes], entries: list[Marked], gone: list[bytes], ends: date | None = None) -> None:
    """Seals to every feed of these people that is in force and whose signature verifies.

    `ends` is the last day on which they stand in for whoever works on these dates; None for their own work.
    """
    feeds = db.session.scalars(select(CalendarFeed).where(CalendarFeed.staff_id.in_(staff))).all()
    for feed in feeds:
        if (feed.ends is None or feed.ends >= agency_today()) and sealing.holds(feed):
            sealing.put(feed, entries, gone, ends)
