"""Dates of six characters: the century is not printed, and of a birth the month or the day may be unknown."""

from datetime import date

import msgspec

_EXPIRED_FOR = 30
"""A paper may have run out this many years ago; every other two-digit year of an expiry lies ahead."""


class Day(msgspec.Struct, frozen=True):
    """A date as far as it is printed."""

    year: int
    month: int | None = None
    day: int | None = None


def birth_day(six: str, today: date) -> Day | None:
    """The latest such date that is not in the future. None where it is no date."""
    found = _day(six, today.year - today.year % 100)
    if found is None:
        return None
    first = date(found.year, found.month or 1, found.day or 1)
    return found if first <= today else _day(six, today.year - today.year % 100 - 100)


def expiry_day(six: str, today: date) -> Day | None:
    """The first such date of the hundred years that began thirty years ago. None where it is no date."""
    if not six[:2].isdigit():
        return None
    begin = today.year - _EXPIRED_FOR
    year = begin + (int(six[:2]) - begin) % 100
    found = _day(six, year - year % 100)
    return found if found and found.day else None


def _day(six: str, century: int) -> Day | None:
    year, month, day = six[:2], six[2:4], six[4:]
    known = [part for part in (year, month, day) if part != "<<"]
    if not all(part.isdigit() for part in known) or year == "<<" or (month == "<<" and day != "<<"):
        return None
    try:
        date(century + int(year), int(month) if month != "<<" else 1, int(day) if day != "<<" else 1)
    except ValueError:
        return None
    return Day(
        year=century + int(year),
        month=int(month) if month != "<<" else None,
        day=int(day) if day != "<<" else None,
    )
