"""Growing delays after failed sign-ins, per account and per source, shared by all workers.

Never a lasting lock: somebody who hates the agency must not be able to keep its staff out.
"""

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy import delete, select

from shelter.accounts.models import Throttle
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.rules.clock import now

FREE_TRIES = 5
LONGEST = timedelta(minutes=5)
FORGET = timedelta(hours=1)


def waiting(*names: str) -> timedelta | None:
    """How long the asker must still wait, or None."""
    at = now()
    rows = db.session.scalars(select(Throttle).where(Throttle.key.in_([_key(name) for name in names])))
    left = [row.until - at for row in rows if row.failures >= FREE_TRIES and row.until > at]
    return max(left, default=None)


def failed(*names: str) -> None:
    """Counts a failure against each name, in the caller's transaction."""
    at = now()
    for name in names:
        key = _key(name)
        row = db.session.get(Throttle, key, with_for_update=True)
        if row is None:
            row = Throttle(key=key, until=at)
            db.session.add(row)
        elif row.until + FORGET < at:
            row.failures = 0
        row.failures += 1
        row.until = at + delay(row.failures)


def passed(*names: str) -> None:
    db.session.execute(delete(Throttle).where(Throttle.key.in_([_key(name) for name in names])))


def delay(failures: int) -> timedelta:
    """Nothing for the first five, then one second doubling up to five minutes."""
    if failures < FREE_TRIES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_TRIES, 12)), LONGEST)


def _key(name: str) -> bytes:
    return hmac.digest(deployment().pepper, b"throttle" + name.encode(), hashlib.sha256)
