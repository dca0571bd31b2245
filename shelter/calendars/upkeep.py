"""What time does to calendars: dates of a colleague go from the phone of whoever stood in for her."""

from datetime import datetime

from sqlalchemy import delete

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.aside import CalendarEntry


def take_back_lent(_at: datetime) -> None:
    """Deletes what was sealed for a cover that is over, in the caller's transaction; opens nothing."""
    db.session.execute(delete(CalendarEntry).where(CalendarEntry.ends < agency_today()))


DUTIES = (take_back_lent,)
