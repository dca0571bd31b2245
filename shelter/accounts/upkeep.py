"""What time does to accounts: sessions, throttles, invitations and answered challenges end."""

from datetime import datetime

from sqlalchemy import delete

from shelter.accounts.models import Invitation, SignedIn, Throttle, UsedChallenge
from shelter.accounts.throttle import FORGET
from shelter.db import db


def end_what_ended(at: datetime) -> None:
    """Deletes rows that no longer mean anything, in the caller's transaction; opens nothing."""
    db.session.execute(delete(SignedIn).where(SignedIn.ends < at))
    db.session.execute(delete(Invitation).where(Invitation.ends < at))
    db.session.execute(delete(UsedChallenge).where(UsedChallenge.ends < at))
    db.session.execute(delete(Throttle).where(Throttle.until < at - FORGET))


DUTIES = (end_what_ended,)
