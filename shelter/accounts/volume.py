"""How many answers about people one colleague gets within an hour: a copying machine is stopped, whoever runs it.

Counted in a row that all workers and hosts share, in the transaction that writes the reads down.
"""

from datetime import timedelta

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite

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
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(Throttle).values(key=key, failures=1, until=at + HOUR)
    runs = Throttle.until > at
    counted = first.on_conflict_do_update(
        index_elements=[Throttle.key],
        set_={
            "failures": case((runs, Throttle.failures + 1), else_=first.excluded.failures),
            "until": case((runs, Throttle.until), else_=first.excluded.until),
        },
    ).returning(Throttle.failures, Throttle.until)
    found = db.session.execute(counted).one()
    if found.failures > most:
        raise TooMuch(int((found.until - at).total_seconds()) + 1)
