"""Demands for people or records and breaches, as data with source and date: kinds, steps at the door, clocks."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec

from shelter.rules.rulefile import BadRuleFile, Sourced, read, require_unique

ROOM = Path(__file__).parent


class DemandKind(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of paper or request, and in `hint` how to tell it."""

    code: str
    label: str
    hint: str


class DoorStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing to do; `advice` are words to say aloud, where there are any."""

    kind: str
    label: str
    advice: str = ""


class Clock(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Somebody to be told within `hours` of the moment at which a breach was found."""

    code: str
    label: str
    hours: int
    hint: str = ""

    def ends(self, found: datetime) -> datetime:
        return found + timedelta(hours=self.hours)


class Guide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of demands.toml."""

    kind: tuple[DemandKind, ...]
    step: tuple[DoorStep, ...]

    def one(self, code: str) -> DemandKind | None:
        return next((one for one in self.kind if one.code == code), None)

    def steps(self, code: str) -> tuple[DoorStep, ...]:
        return tuple(one for one in self.step if one.kind == code)


class _Clocks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    clock: tuple[Clock, ...]


def load_guide(path: Path = ROOM / "demands.toml") -> Guide:
    """Raises BadRuleFile, also for a step of no kind and for a kind without a step."""
    found = read(path, Guide)
    require_unique([one.code for one in found.kind], path.name, "kind")
    codes = {one.code for one in found.kind}
    for position, step in enumerate(found.step):
        if step.kind not in codes:
            raise BadRuleFile(path.name, f"$.step[{position}].kind", f"there is no kind `{step.kind}`")
    for position, one in enumerate(found.kind):
        if not found.steps(one.code):
            raise BadRuleFile(path.name, f"$.kind[{position}]", "says nothing of what to do")
    return found


@cache
def guide() -> Guide:
    """The shipped guide, read once."""
    return load_guide()


@cache
def breach_clocks() -> tuple[Clock, ...]:
    """The shipped clocks, read once."""
    found = read(ROOM / "breach.toml", _Clocks).clock
    require_unique([one.code for one in found], "breach.toml", "clock")
    return found
