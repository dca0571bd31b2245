"""Trips out of the country against the limits of continuous presence: warnings before the limit, not after
it."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.rulefile import Sourced
from shelter.rules.wording import Step

Days = Annotated[int, msgspec.Meta(ge=1)]


class AbsenceLimit(Sourced, frozen=True, kw_only=True):
    """Presence breaks when one absence is longer than `single` days or all together longer than `total`;
    `warn_single` and `warn_total` are where we begin to warn. Day of leaving and day of return both count,
    the cautious reading."""

    code: str
    label: str
    matters: tuple[str, ...]
    single: Days
    total: Days
    warn_single: Days
    warn_total: Days
    advice: str = ""

    def __post_init__(self) -> None:
        if not (self.warn_single < self.single <= self.total and self.warn_total < self.total):
            raise ValueError("a warning comes before its limit, and one absence is not longer than all")


class Trip(msgspec.Struct, frozen=True):
    """Out of the country from `left` to `back` (None: still away). Raises Broken when the return is before
    the start."""

    left: date
    back: date | None = None

    def __post_init__(self) -> None:
        if self.back is not None and self.back < self.left:
            raise Broken("presence.return_before_departure", field="back")

    def days(self, as_of: date) -> int:
        """Days away up to and including `as_of`."""
        return max(0, (min(self.back or as_of, as_of) - self.left).days + 1)


class Absences(msgspec.Struct, frozen=True, kw_only=True):
    """Longest absence and all absences in days; `exceeded` when a limit is passed; `warnings` to show;
    `return_by`, for somebody who is away, the last day on which a return breaks no limit."""

    longest: int
    total: int
    exceeded: bool
    warnings: tuple[Step, ...]
    return_by: date | None


def told_once(trips: Iterable[Trip]) -> list[Trip]:
    """Trips of one person as several files tell them: days that two of them share are one absence.

    A trip that one file still holds open and another saw end, begun on one day, has ended.
    """
    found, told = list[Trip](), set(trips)
    ended = {trip.left for trip in told if trip.back}
    known = [trip for trip in told if trip.back or trip.left not in ended]
    for trip in sorted(known, key=lambda one: (one.left, one.back or date.max)):
        last = found[-1] if found else None
        if last is not None and (last == trip or last.back is None or trip.left < last.back):
            ends = None if last.back is None or trip.back is None else max(last.back, trip.back)
            found[-1] = Trip(last.left, ends)
        else:
            found.append(trip)
    return found


def absences(limit: AbsenceLimit, trips: Iterable[Trip], as_of: date) -> Absences:
    """How the trips stand to a limit on a day. Trips that were only planned count from the day they begin;
    ask with a later `as_of` to try a plan. Raises Broken when two trips overlap."""
    ordered = sorted(trips, key=lambda trip: trip.left)
    for before, after in pairwise(ordered):
        if before.back is None or before.back > after.left:
            raise Broken("presence.trips_overlap", field="left")
    days = [trip.days(as_of) for trip in ordered]
    longest, total = max(days, default=0), sum(days)
    return Absences(
        longest=longest,
        total=total,
        exceeded=longest > limit.single or total > limit.total,
        warnings=_warnings(limit, longest, total),
        return_by=_return_by(limit, ordered, as_of),
    )


def _warnings(limit: AbsenceLimit, longest: int, total: int) -> tuple[Step, ...]:
    found = []
    for name, days, warn, most in (
        ("single", longest, limit.warn_single, limit.single),
        ("total", total, limit.warn_total, limit.total),
    ):
        if days > most:
            found.append(Step(f"presence.{name}_exceeded", {"days": days, "limit": most}))
        elif days > warn:
            found.append(Step(f"presence.{name}_near", {"days": days, "limit": most}))
    return tuple(found)


def _return_by(limit: AbsenceLimit, ordered: list[Trip], as_of: date) -> date | None:
    away = next((trip for trip in ordered if trip.left <= as_of and (trip.back is None or trip.back > as_of)), None)
    if away is None:
        return None
    used = sum(trip.days(away.left - timedelta(days=1)) for trip in ordered)
    left_over = min(limit.single, limit.total - used)
    return away.left + timedelta(days=left_over - 1)
