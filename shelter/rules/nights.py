"""Nights between arrival and exit, as each funder counts them, with the working.

A household's nights are the sum over its members, who join and leave on their own dates; that sum is the
caller's.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.rulefile import Sourced, read, require_unique
from shelter.rules.wording import Step

_DAY = timedelta(days=1)
_FILE = Path(__file__).with_name("nights.toml")


class NightRule(Sourced, frozen=True, kw_only=True):
    """How one funder counts. `same_day` is what a stay counts whose exit is the day of arrival: 0 or 1
    night.

    `counts` is "stay" (every night from arrival to the one before exit) or "bed_nights" (the nights that
    were recorded, the exit date never). `leave_counts` says whether nights of agreed leave count as nights
    of the stay.
    """

    code: str
    label: str
    counts: Literal["stay", "bed_nights"]
    same_day: Literal[0, 1]
    leave_counts: bool


class _File(msgspec.Struct, forbid_unknown_fields=True):
    rule: tuple[NightRule, ...]


class StayDays(msgspec.Struct, frozen=True, kw_only=True):
    """The days of one person's stay. `entry` is the night of arrival, `exit` the day of leaving (None: still
    here).

    `bed_nights` are the nights recorded one by one, `leave` those of agreed leave. Raises Broken when the
    exit lies before the entry.
    """

    entry: date
    exit: date | None = None
    bed_nights: frozenset[date] = frozenset()
    leave: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.exit is not None and self.exit < self.entry:
            raise Broken("nights.exit_before_entry", field="exit")


@cache
def night_rules() -> Mapping[str, NightRule]:
    """The shipped rules by code. Raises BadRuleFile."""
    rules = read(_FILE, _File).rule
    require_unique([rule.code for rule in rules], _FILE.name, "rule")
    return {rule.code: rule for rule in rules}


def nights(rule: NightRule, stay: StayDays, first: date, last: date) -> int:
    """Nights that a stay counts in the period from `first` to `last`, both included."""
    if rule.counts == "bed_nights":
        return len(_bed_nights(stay, first, last))
    if stay.exit == stay.entry:
        return rule.same_day if first <= stay.entry <= last else 0
    slept = _between(stay, first, last)
    return slept if rule.leave_counts else slept - len(_leave(stay, first, last))


def length_of_stay(rule: NightRule, stay: StayDays, as_of: date) -> int:
    """Nights from arrival to the earlier of the exit and the end of `as_of`; the period's start plays no
    part."""
    return nights(rule, stay, stay.entry, as_of)


class NightSums(msgspec.Struct, frozen=True, kw_only=True):
    """What many stays add up to in a period: nights `between` arrival and exit, stays that came and left on one day,
    nights of agreed `leave`, and `recorded` bed nights."""

    between: int = 0
    same_day: int = 0
    leave: int = 0
    recorded: int = 0


def sum_of_nights(rule: NightRule, sums: NightSums) -> int:
    """The nights of many stays from their sums: what `nights` adds up to, stay by stay."""
    if rule.counts == "bed_nights":
        return sums.recorded
    return sums.between - (0 if rule.leave_counts else sums.leave) + rule.same_day * sums.same_day


def working(rule: NightRule, stay: StayDays, first: date, last: date) -> tuple[Step, ...]:
    """How `nights` came to its number, line by line; the last line is the number."""
    total = Step("nights.step.total", {"nights": nights(rule, stay, first, last)})
    days = Step("nights.step.open", {"entry": stay.entry})
    if stay.exit is not None:
        days = Step("nights.step.stay", {"entry": stay.entry, "exit": stay.exit})
    lines = [days, Step("nights.step.period", {"first": first, "last": last})]
    if rule.counts == "bed_nights":
        return (*lines, *_bed_night_lines(stay, first, last), total)
    if stay.exit == stay.entry:
        return (*lines, Step("nights.step.same_day", {"nights": rule.same_day}), total)
    lines.append(Step("nights.step.between", {"nights": _between(stay, first, last)}))
    away = len(_leave(stay, first, last))
    if away:
        key = "nights.step.leave_counts" if rule.leave_counts else "nights.step.leave_taken_off"
        lines.append(Step(key, {"nights": away}))
    return (*lines, total)


def _between(stay: StayDays, first: date, last: date) -> int:
    """Nights from the later of arrival and `first` to the earlier of the night before exit and `last`."""
    start = max(stay.entry, first)
    end = last + _DAY if stay.exit is None else min(stay.exit, last + _DAY)
    return max(0, (end - start).days)


def _inside(stay: StayDays, days: Iterable[date], first: date, last: date) -> list[date]:
    until = stay.exit or date.max
    return [day for day in days if stay.entry <= day < until and first <= day <= last]


def _leave(stay: StayDays, first: date, last: date) -> list[date]:
    return _inside(stay, stay.leave, first, last)


def _bed_nights(stay: StayDays, first: date, last: date) -> list[date]:
    return _inside(stay, stay.bed_nights, first, last)


def _bed_night_lines(stay: StayDays, first: date, last: date) -> list[Step]:
    lines = [Step("nights.step.bed_nights", {"nights": len(stay.bed_nights)})]
    outside = len(stay.bed_nights) - len(_bed_nights(stay, first, last))
    if outside:
        lines.append(Step("nights.step.bed_nights_outside", {"nights": outside}))
    return lines
