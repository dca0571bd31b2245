"""What time does to calendars: what was lent goes when its cover is over, and an address that is in force no more."""

from datetime import datetime

from sqlalchemy import delete, select

from shelter.calendars.queries import in_force
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.aside import CalendarEntry, CalendarFeed


def take_back_lent(_at: datetime) -> None:
    """Deletes what was sealed for a cover that is over, in the caller's transaction; opens nothing."""
    db.session.execute(delete(CalendarEntry).where(CalendarEntry.ends < agency_today()))


def take_back_addresses(_at: datetime) -> None:
    """Deletes every address that no fetch opens any more, with its entries: the telephone still holds its key."""
    over = list(db.session.scalars(select(CalendarFeed.id).where(~in_force())))
    db.session.execute(delete(CalendarEntry).where(CalendarEntry.feed_id.in_(over)))
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.id.in_(over)))


DUTIES = (take_back_lent, take_back_addresses)
