"""What time does at the desk: what was taken off a list is gone once it can no longer be taken back."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from shelter.db import db
from shelter.db.deks import discard
from shelter.desk.models import Ban, RequestTurnedAway, RequestWaiting


def forget_served(at: datetime) -> None:
    """Deletes who was taken off the waiting list, keys included, in the caller's transaction; opens nothing."""
    for row in db.session.scalars(select(RequestWaiting).where(RequestWaiting.gone_at <= at)):
        db.session.execute(delete(RequestWaiting).where(RequestWaiting.id == row.id))
        discard(row.subject())


def forget_let_in(at: datetime) -> None:
    """Deletes lines that were taken off the list of whom not to admit, in the caller's transaction."""
    db.session.execute(delete(Ban).where(Ban.gone_at <= at))


def number_late(at: datetime) -> None:
    """A host of the version before writes requests without a number: each gets the next of its house, by which it is
    found by day. In the caller's transaction; opens nothing.
    """
    late = (
        select(RequestTurnedAway.id, RequestTurnedAway.site_id)
        .where(RequestTurnedAway.no == 0)
        .order_by(RequestTurnedAway.id)
    )
    for row in db.session.execute(late).all():
        last = (
            db.session.scalar(select(func.max(RequestTurnedAway.no)).where(RequestTurnedAway.site_id == row.site_id))
            or 0
        )
        db.session.execute(update(RequestTurnedAway).where(RequestTurnedAway.id == row.id).values(no=last + 1))


DUTIES = (forget_served, forget_let_in, number_late)
