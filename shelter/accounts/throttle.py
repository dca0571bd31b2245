"""Growing delays after failed sign-ins, by account and by source, shared by all workers.

Never a lasting lock: somebody who hates the agency must not be able to keep its staff out. So the long delay
belongs to one account from one source; an account or a source as a whole waits seconds at most, and not at
all for a pair that has signed in before.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from shelter.accounts.models import Throttle
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.rules.clock import now

FORGET = timedelta(hours=1)
REMEMBER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Lane:
    """What is counted together: `free` failures cost nothing, then the delay doubles from a second to `longest`."""

    name: str
    free: int
    longest: timedelta

    def delay(self, failures: int) -> timedelta:
        if failures < self.free:
            return timedelta(0)
        return min(timedelta(seconds=2 ** min(failures - self.free, 12)), self.longest)


@dataclass(frozen=True, slots=True)
class Attempt:
    """The lanes of one attempt; `pair` is who from where."""

    pair: Lane
    others: tuple[Lane, ...] = ()


def sign_in(account: str, source: str) -> Attempt:
    """The lanes of a sign-in: account and source together, each by itself, and everybody at once."""
    return Attempt(
        Lane(f"pair:{account}:{source}", 5, timedelta(minutes=1)),
        (
            Lane(f"account:{account}", 20, timedelta(seconds=15)),
            Lane(f"source:{source}", 30, timedelta(seconds=15)),
            Lane("everybody", 300, timedelta(seconds=2)),
        ),
    )


def of_session(staff_id: bytes) -> Attempt:
    """The lane of unlocking and confirming: whoever does this has the person's own cookie."""
    return Attempt(Lane(f"session:{staff_id.hex()}", 5, timedelta(minutes=1)))


def waiting(attempt: Attempt) -> timedelta | None:
    """How long the asker must still wait, or None."""
    at, rows = now(), _rows((attempt.pair, *attempt.others))
    lanes = (attempt.pair,) if is_known(attempt) else (attempt.pair, *attempt.others)
    left = [
        row.until - at
        for lane in lanes
        if (row := rows.get(key_of(lane.name))) and row.failures >= lane.free and row.until > at
    ]
    return max(left, default=None)


def failed(attempt: Attempt) -> None:
    """Counts a failure in each lane, in the caller's transaction."""
    at = now()
    for lane in (attempt.pair, *attempt.others):
        row = db.session.get(Throttle, key_of(lane.name), with_for_update=True, populate_existing=True)
        if row is None:
            row = Throttle(key=key_of(lane.name), until=at)
            db.session.add(row)
        elif row.until + FORGET < at:
            row.failures = 0
        row.failures += 1
        row.until = at + lane.delay(row.failures)


def passed(attempt: Attempt) -> None:
    """Forgets the pair's failures and remembers that it is known, in the caller's transaction."""
    db.session.execute(delete(Throttle).where(Throttle.key.in_([key_of(attempt.pair.name), _known(attempt)])))
    if attempt.others:
        db.session.add(Throttle(key=_known(attempt), until=now() + REMEMBER))
    db.session.flush()


def is_known(attempt: Attempt) -> bool:
    """Whether this person has signed in from this source within a month."""
    until = db.session.scalar(select(Throttle.until).where(Throttle.key == _known(attempt)))
    return until is not None and until > now()


def _rows(lanes: Iterable[Lane]) -> dict[bytes, Throttle]:
    query = select(Throttle).where(Throttle.key.in_([key_of(lane.name) for lane in lanes]))
    return {row.key: row for row in db.session.scalars(query.execution_options(populate_existing=True))}


def _known(attempt: Attempt) -> bytes:
    return key_of(f"known:{attempt.pair.name}")


def key_of(name: str) -> bytes:
    """The row of a lane: nobody reads from it whose it is."""
    return hmac.digest(deployment().pepper, b"throttle" + name.encode(), hashlib.sha256)
