"""What time does to copies: at their end the words go, and with them the only key that was sealed along. So do asks."""

from datetime import datetime

from sqlalchemy import delete

from shelter.copies.models import CopyAsk
from shelter.db import db
from shelter.db.aside import SectionCopy


def end_copies(at: datetime) -> None:
    """In the caller's transaction; opens nothing."""
    db.session.execute(delete(SectionCopy).where(SectionCopy.ends <= at))
    db.session.execute(delete(CopyAsk).where(CopyAsk.ends <= at))


DUTIES = (end_copies,)
