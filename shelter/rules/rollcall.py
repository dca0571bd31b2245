"""A roll call: what was last seen of a person in a night, and since when she is away.

Ticks may arrive late, when the network was away: what counts is when the desk pressed, not when it arrived.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Protocol

from shelter.rules.broken import Broken
from shelter.rules.desk import roll_limits


class Seen(IntEnum):
    """What the desk saw. Numbers, so that every answer is sealed in as many bytes as any other."""

    OPEN = 0
    HERE = 1
    LEAVE = 2
    AWAY = 3
    UNSURE = 4

    @property
    def settled(self) -> bool:
        """Somebody has looked and the answer stands."""
        return self in (Seen.HERE, Seen.LEAVE, Seen.AWAY)


class Ticked(Protocol):
    @property
    def seen(self) -> int: ...

    @property
    def at(self) -> datetime: ...


def in_order(ticks: Iterable[Ticked]) -> list[Ticked]:
    """By the moment they were pressed; of two in one moment the one that arrived later is the later."""
    return sorted(ticks, key=lambda tick: tick.at)


def seen_now(ticks: Iterable[Ticked]) -> Seen:
    ordered = in_order(ticks)
    return Seen(ordered[-1].seen) if ordered else Seen.OPEN


def away_since(ticks: Iterable[Ticked], returns: Iterable[datetime], at: datetime) -> datetime | None:
    """Since when somebody is missing: the agreed return that has passed, else the first "away" in a row.

    `ticks` are those of as many nights as are known, `returns` the agreed moments of coming back. None while the
    last word is not "away", or while an agreed return is still to come.
    """
    ordered = in_order(ticks)
    run = _last_run(ordered)
    if not run:
        return None
    before = ordered[: -len(run)]
    agreed = [back for back in returns if not before or back > before[-1].at]
    if any(back > at for back in agreed):
        return None
    return max(agreed, default=run[0].at)


def _last_run(ordered: Sequence[Ticked]) -> Sequence[Ticked]:
    """The unbroken "away" at the end; "not sure" in between does not break it."""
    start = len(ordered)
    while start and ordered[start - 1].seen in (Seen.AWAY, Seen.UNSURE):
        start -= 1
    run = ordered[start:]
    return run if run and run[-1].seen == Seen.AWAY else ()


def pressed_at(at: datetime, said: datetime | None) -> datetime:
    """When a tick was pressed, as the page says where it has a script. It may have waited for the network; nobody's
    page is believed for longer than half a day, and none for a moment to come."""
    earliest = at - timedelta(minutes=roll_limits().late_minutes)
    return min(max(said or at, earliest), at)


def require_night(night: date, tonight: date, field: str = "night") -> date:
    """A night whose roll can be called or entered: tonight's, and those of the last two weeks. Raises Broken."""
    if night > tonight:
        raise Broken("desk.night_to_come", field)
    if (tonight - night).days > roll_limits().nights_back:
        raise Broken("desk.night_too_long_ago", field, {"nights": roll_limits().nights_back})
    return night


def nights_of_roll(tonight: date) -> tuple[date, date]:
    """The first and the last night whose roll can be asked for."""
    return tonight - timedelta(days=roll_limits().nights_back), tonight
