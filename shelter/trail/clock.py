"""Whether this machine's clock agrees with what the trail wrote down: every deadline depends on it."""

from sqlalchemy import select

from shelter.db import db
from shelter.rules.clock import now
from shelter.rules.clockcheck import aware, faults
from shelter.trail.models import Trail

LOOKED_AT = 50
"""Rows looked back on: enough that one day of work with a wrong clock does not hide it from the next."""


def clock_faults() -> tuple[str, ...]:
    """Keys of sentences about a clock that cannot be right; empty when nothing is odd."""
    latest = db.session.scalars(select(Trail.at).order_by(Trail.seq.desc()).limit(LOOKED_AT)).all()
    return faults(now(), [aware(at) for at in reversed(latest)])
