"""What time does to beds: a hold ends, and an act can no longer be taken back."""

from datetime import datetime

from sqlalchemy import delete

from shelter.db import db
from shelter.stays.models import Hold, StayUndo


def end_what_ended(at: datetime) -> None:
    """Deletes expired holds and undos, in the caller's transaction; opens nothing."""
    db.session.execute(delete(Hold).where(Hold.until <= at))
    db.session.execute(delete(StayUndo).where(StayUndo.until <= at))


DUTIES = (end_what_ended,)
