"""What time does at the desk: what was taken off a list is gone once it can no longer be taken back."""

from datetime import datetime

from sqlalchemy import delete, select

from shelter.db import db
from shelter.db.deks import discard
from shelter.desk.models import Ban, RequestWaiting


def forget_served(at: datetime) -> None:
    """Deletes who was taken off the waiting list, keys included, in the caller's transaction; opens nothing."""
    for row in db.session.scalars(select(RequestWaiting).where(RequestWaiting.gone_at <= at)):
        db.session.execute(delete(RequestWaiting).where(RequestWaiting.id == row.id))
        discard(row.subject())


def forget_let_in(at: datetime) -> None:
    """Deletes lines that were taken off the list of whom not to admit, in the caller's transaction."""
    db.session.execute(delete(Ban).where(Ban.gone_at <= at))


DUTIES = (forget_served, forget_let_in)
