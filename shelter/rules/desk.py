"""What the night desk goes by, as data: steps when somebody is not back, clocks of funders, limits."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec

from shelter.rules.rulefile import Sourced, read, require_unique

_FILE = Path(__file__).with_name("desk.toml")


class MissingStep(Sourced, frozen=True, kw_only=True):
    """Something to do so many minutes after the agreed return."""

    code: str
    label: str
    after_minutes: int

    def due(self, since: datetime) -> datetime:
        return since + timedelta(minutes=self.after_minutes)


class ReportClock(Sourced, frozen=True, kw_only=True):
    """Within how many hours somebody outside hears of an incident of these kinds."""

    code: str
    kinds: tuple[str, ...]
    label: str
    hours: int


class RollLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many nights back a roll may be entered, and how late a tick that waited for the network may come."""

    nights_back: int
    undo_minutes: int
    late_minutes: int


class CheckLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many conflict checks one person runs in an hour, and for how long somebody can be kept out at most."""

    an_hour: int
    ban_longest_days: int


class _File(msgspec.Struct, forbid_unknown_fields=True):
    missing_step: tuple[MissingStep, ...]
    report_clock: tuple[ReportClock, ...]
    roll: RollLimits
    check: CheckLimits


@cache
def _rules() -> _File:
    rules = read(_FILE, _File)
    require_unique([step.code for step in rules.missing_step], _FILE.name, "missing_step")
    return rules


def missing_steps() -> Mapping[str, MissingStep]:
    """The steps by code, the first one first."""
    return {step.code: step for step in _rules().missing_step}


def report_clocks(kind: str, day: date) -> list[ReportClock]:
    """The clocks that run for an incident of this kind on that day."""
    return [one for one in _rules().report_clock if kind in one.kinds and one.holds_on(day)]


def roll_limits() -> RollLimits:
    return _rules().roll


def check_limits() -> CheckLimits:
    return _rules().check
