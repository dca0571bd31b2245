"""What time does to copies: at their end the words go, and with them the only key that was sealed along."""

from datetime import datetime

from sqlalchemy import delete

from shelter.db import db
from shelter.db.aside import SectionCopy


def end_copies(at: datetime) -> None:
    """In the caller's transaction; opens nothing."""
    db.session.execute(delete(SectionCopy).where(SectionCopy.ends <= at))


DUTIES = (end_copies,)
