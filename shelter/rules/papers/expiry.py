"""When it is said that a paper runs out: on days before its end, which its rule has and an agency may change.

Whoever looks has seen one reminder, and the next one comes by itself.
"""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

OVER = -1
"""The reminder of a paper whose last day is past."""


class Reminded(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody has seen the reminder `before` so many days (or `OVER`) of the end that stood there then."""

    ends: date
    before: int
    by: bytes
    at: datetime


def reached(days_left: int, alerts: Sequence[int]) -> int | None:
    """The reminder that the days left have come down to; None while the first is not due."""
    if days_left < 0:
        return OVER
    return min((before for before in alerts if days_left <= before), default=None)


def due(ends: date, today: date, alerts: Sequence[int], seen: Reminded | None) -> int | None:
    """The reminder that nobody has seen yet. One that was seen stays so until a nearer one comes, or another end."""
    now = reached((ends - today).days, alerts)
    if now is None or (seen is not None and seen.ends == ends and seen.before <= now):
        return None
    return now
