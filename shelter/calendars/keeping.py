"""What a room that owns dates calls when one of them changes, inside its own transaction."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from shelter.calendars import sealing
from shelter.calendars.queries import in_force
from shelter.calendars.sealing import Marked
from shelter.db import db
from shelter.db.aside import CalendarFeed


def any_feed(staff: Collection[bytes]) -> bool:
    """Whether one of these people has an address at all, before anything is opened to be written to it."""
    return bool(_feeds(staff))


def tell(staff: Collection[bytes], entries: list[Marked], gone: list[bytes], ends: date | None = None) -> None:
    """Seals to every feed of these people that is in force and whose signature verifies.

    `ends` is the last day on which they stand in for whoever works on these dates; None for their own work.
    """
    for feed in _feeds(staff):
        if sealing.holds(feed):
            sealing.put(feed, entries, gone, ends)


def lacks(staff: bytes, entries: list[Marked], ends: date) -> bool:
    """Whether her address has not all of these to that day."""
    return any(sealing.holds(feed) and sealing.lacks(feed, entries, ends) for feed in _feeds([staff]))


def _feeds(staff: Collection[bytes]) -> list[CalendarFeed]:
    return list(db.session.scalars(select(CalendarFeed).where(CalendarFeed.staff_id.in_(staff), in_force())))
