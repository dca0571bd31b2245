"""How long a stay may last, and when somebody is asked how she is after it: days and a rule for stopping, no law."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from shelter.rules.broken import Broken

FOLLOW_UP_DAYS = (30, 90, 180)
"""Days after leaving on which she may be asked how she is (shelter.md, follow-up)."""
NOT_REACHED_STOPS = 2
"""So many calls in a row without reaching her end the following up: silence is an answer too."""

OPEN, REACHED, NOT_REACHED = "open", "reached", "not_reached"


def last_day(arrived: date, limit: int | None, extended_to: Iterable[date] = ()) -> date | None:
    """The day by which she leaves: so many nights after she came, or what was granted later; None without a limit."""
    if limit is None:
        return None
    return max([arrived + timedelta(days=limit), *extended_to])


def require_longer(until: date, last: date | None, field: str) -> None:
    """More time ends later than the time she has. Raises Broken."""
    if last is None:
        raise Broken("course.no_limit", field)
    if until <= last:
        raise Broken("course.not_longer", field)


def follow_up_days(left: date) -> tuple[tuple[int, date], ...]:
    return tuple((days, left + timedelta(days=days)) for days in FOLLOW_UP_DAYS)


def stops(states: Sequence[str]) -> bool:
    """Whether the calls made so far, in order, end the following up by themselves."""
    made = [state for state in states if state != OPEN]
    lately = made[-NOT_REACHED_STOPS:]
    return len(lately) == NOT_REACHED_STOPS and set(lately) == {NOT_REACHED}
