"""Which record answers for the start, the annual assessment and the exit of a stay."""

from datetime import date, timedelta
from typing import Literal

from shelter.rules.apr.members import Member, years_after, years_between
from shelter.rules.apr.records import Disability, Income, Violence

Stage = Literal["start", "annual", "exit"]
STAGES: tuple[Stage, ...] = ("start", "annual", "exit")
_START, _EXIT, _ANNUAL = 1, 3, 5
_WINDOW = timedelta(days=30)


def decide_required(members: list[Member]) -> None:
    """Whose annual assessment is due, and on which anniversary of her household."""
    for member in members:
        member.required = _anniversary(member)


def _anniversary(member: Member) -> date | None:
    begun = member.anchor.entry if member.anchor else member.entry
    years = years_between(begun, member.period.last)
    if years < 1:
        return None
    day = years_after(begun, years)
    late = member.entry >= day if member.rules.must_enter_before_anniversary else member.entry > day
    gone = member.left is not None and member.left < day
    return None if late or gone else day


def income_at(member: Member, stage: Stage) -> Income | None:
    """The record of income, benefits and insurance that counts at this stage."""
    if stage == "annual":
        return _annual(member)
    number, day = (_START, member.entry) if stage == "start" else (_EXIT, member.left)
    if day is None:
        return None
    held = [one for one in member.enrollment.income if one.stage == number and one.day == day]
    return max(held, key=lambda one: one.updated) if held else None


def _annual(member: Member) -> Income | None:
    day = member.required
    if day is None:
        return None
    last = min(day + _WINDOW, member.period.last)
    held = [
        one
        for one in member.enrollment.income
        if one.stage == _ANNUAL and one.day is not None and day - _WINDOW <= one.day <= last
    ]
    return max(held, key=lambda one: (one.day or date.min, one.updated)) if held else None


def disabilities_at(member: Member, stage: Literal["start", "latest", "exit"]) -> list[Disability]:
    held = member.enrollment.disabilities
    if stage != "latest":
        wanted = _START if stage == "start" else _EXIT
        return [one for one in held if one.stage == wanted]
    days = [one.day for one in held if one.day is not None and one.day <= member.period.last]
    newest = max(days, default=None)
    return [one for one in held if newest is not None and one.day == newest]


def violence_of(member: Member) -> Violence | None:
    """The latest answer about violence up to the period's end; records that leave it blank are passed over."""
    held = [
        one
        for one in member.enrollment.violence
        if one.survivor is not None and one.day is not None and one.day <= member.period.last
    ]
    return max(held, key=lambda one: (one.day or date.min, one.updated)) if held else None
