"""Who was there on the four Wednesdays of a year that HUD counts, and the tables that say so."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from shelter.rules.apr.housing import counts_move_in
from shelter.rules.apr.members import Member

MONTHS = {"January": 1, "April": 4, "July": 7, "October": 10}
_UNTIL_MORNING = frozenset({0, 1, 2, 3, 8, 9, 10, 13})
"""Kinds of project in which the day of leaving is no night any more."""


def wednesday(month: str, last: date) -> date:
    """The last Wednesday of that month, the latest one up to `last`."""
    for year in (last.year, last.year - 1):
        after = date(year, MONTHS[month] + 1, 1)
        day = after - timedelta(days=1)
        day -= timedelta(days=(day.weekday() - 2) % 7)
        if day <= last:
            return day
    raise ValueError(last)


def is_present(member: Member, day: date) -> bool:
    if member.is_by_night:
        return day in member.enrollment.nights
    leaving = member.enrollment.leaving
    gone = leaving.day if leaving else None
    if member.entry > day:
        return False
    if member.project.kind in _UNTIL_MORNING:
        if gone is not None and gone <= day:
            return False
        return not counts_move_in(member) or (member.moved_in is not None and member.moved_in <= day)
    return gone is None or gone >= day


def present_by(members: list[Member], test: Callable[[Member, date], bool]) -> Counter[tuple[str, str]]:
    """People there on each Wednesday by household kind, everybody once."""
    found: Counter[tuple[str, str]] = Counter()
    if not members:
        return found
    for month in MONTHS:
        day = wednesday(month, members[0].period.last)
        once: dict[str, Member] = {}
        for member in sorted(members, key=lambda one: one.entry):
            if test(member, day):
                once[member.person.id] = member
        for member in once.values():
            found[month, "total"] += 1
            found[month, member.household_kind] += 1
    return found


def people(members: list[Member]) -> Counter[tuple[str, str]]:
    return present_by(members, is_present)


def households(members: list[Member]) -> Counter[tuple[str, str]]:
    """A household by its head; by night, when any of its members had a bed."""
    return present_by(members, lambda one, day: one.is_head and _is_household_there(one, day))


def _is_household_there(head: Member, day: date) -> bool:
    if head.is_by_night and head.rules.exit_is_activity:
        return any(is_present(one, day) for one in head.household)
    return is_present(head, day)
