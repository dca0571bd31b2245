"""How many answers about people one colleague gets within an hour: a copying machine is stopped, whoever runs it.

Counted in a row that all workers and hosts share, in the transaction that writes the reads down.
"""

from datetime import timedelta

from sqlalchemy import delete, update

from shelter.accounts.models import Throttle
from shelter.accounts.throttle import key_of
from shelter.db import db
from shelter.db.deployment import settings
from shelter.policy.actor import Actor
from shelter.policy.errors import TooMuch
from shelter.rules.clock import now

HOUR = timedelta(hours=1)


def count(actor: Actor) -> None:
    """One more answer about somebody. Raises `TooMuch` beyond what the operator set; nothing is counted under 0."""
    most = settings().answers_an_hour
    if not most:
        return
    at, key = now(), key_of(f"answers:{actor.id.hex()}")
    one_more = (
        update(Throttle)
        .where(Throttle.key == key, Throttle.until > at)
        .values(failures=Throttle.failures + 1)
        .returning(Throttle.failures, Throttle.until)
        .execution_options(synchronize_session=False)
    )
    found = db.session.execute(one_more).first()
    if found is None:
        db.session.execute(delete(Throttle).where(Throttle.key == key).execution_options(synchronize_session=False))
        db.session.add(Throttle(key=key, failures=1, until=at + HOUR))
        db.session.flush()
    elif found.failures > most:
        raise TooMuch(int((found.until - at).total_seconds()) + 1)
