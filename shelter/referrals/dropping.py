"""What happens at a partner's address: it is open or not, not too much at once, and what is left is sealed.

Nobody is signed in here and nobody is known: no cookie, no address of a sender is read, kept or counted by. What is
counted is how often one link was used in the last hour, so that a link gone astray shuts nobody else out.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from shelter.accounts import throttle
from shelter.accounts.throttle import Attempt, Lane
from shelter.db import db
from shelter.db.base import new_id
from shelter.db.dropbox import kept_of, seal_dropped
from shelter.db.errors import Missing
from shelter.policy.kinds import Kind
from shelter.referrals.models import Dropped, DroppedReferral, ReferralLink
from shelter.rules.clock import now
from shelter.rules.codes import new_code
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class Leave:
    """What the form says, as typed."""

    organisation: str
    sender: str
    reach: str
    called: str
    language: str
    age: str
    safe_contact: str
    urgency: str
    needs: str


class TooMany(Exception):
    """This address was used too often in a short time; `seconds` until it may be tried again."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


def open_link(token: str) -> bytes:
    """The id of the link an address belongs to. `Missing` for one that was closed or never was."""
    query = select(ReferralLink.id).where(ReferralLink.token_hash == kept_of(token), ReferralLink.closed.is_(False))
    found = db.session.scalar(query)
    if found is None:
        raise Missing
    return found


def leave(token: str, left: Leave) -> str:
    """Seals what was left, in one transaction; the receipt number. Raises `Missing` or `TooMany`."""
    link = open_link(token)
    attempt = _lanes(link)
    waiting = throttle.waiting(attempt)
    if waiting is not None:
        raise TooMany(int(waiting.total_seconds()) + 1)
    receipt, row = f"{new_code()}-{secrets.randbelow(9000) + 1000}", new_id()
    values = {name: getattr(left, name) for name in Leave.__slots__}
    with recorded(None, "referral:left"):
        dropped = Dropped(receipt=receipt, link=link, at=now(), **values)
        version, sealed = seal_dropped("dropped_referral", row, Kind.INTAKE, dropped)
        db.session.add(DroppedReferral(id=row, ck_version=version, dropped=sealed))
        throttle.failed(attempt)
    return receipt


def _lanes(link: bytes) -> Attempt:
    """Ten from one link and forty from all are free within the hour; then each waits longer than the one before."""
    return Attempt(
        Lane(f"left:{link.hex()}", 10, timedelta(minutes=15)),
        (Lane("left:everywhere", 40, timedelta(minutes=2)),),
    )
