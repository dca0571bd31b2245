"""Federal holidays of the United States as observed (5 U.S.C. 6103), and working days between them.

A closing that the calendar cannot know (a day of mourning, a storm, a court's own order) comes in as
`also_closed`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

from shelter.rules.wording import Word, word

_DAY = timedelta(days=1)
_SATURDAY = 5
_NO_DAYS: frozenset[date] = frozenset()

_KEYS: Mapping[str, str] = {
    "New Year's Day": "holiday.new_year",
    "Martin Luther King Jr. Day": "holiday.king",
    "Washington's Birthday": "holiday.washington",
    "Memorial Day": "holiday.memorial",
    "Juneteenth National Independence Day": "holiday.juneteenth",
    "Independence Day": "holiday.independence",
    "Labor Day": "holiday.labor",
    "Columbus Day": "holiday.columbus",
    "Veterans Day": "holiday.veterans",
    "Thanksgiving Day": "holiday.thanksgiving",
    "Christmas Day": "holiday.christmas",
}


@lru_cache(maxsize=256)
def federal_holidays(year: int) -> Mapping[date, str]:
    """The days of a calendar year on which federal offices are closed, with the holiday's message key.

    A holiday on a Saturday is observed the Friday before, one on a Sunday the Monday after; New Year's Day
    on a Saturday therefore closes the last day of the year before.
    """
    named = holidays.country_holidays("US", years=year, observed=True)
    return {day: _key(name) for day, name in named.items() if day.year == year}


def _key(name: str) -> str:
    return _KEYS.get(name.removesuffix(" (observed)"), "holiday.other")


def holiday_on(day: date) -> Word | None:
    """The name of the federal holiday observed on that day, as a text to be translated."""
    key = federal_holidays(day.year).get(day)
    return None if key is None else word(key)


def is_working_day(day: date, also_closed: frozenset[date] = _NO_DAYS) -> bool:
    return day.weekday() < _SATURDAY and day not in federal_holidays(day.year) and day not in also_closed


def next_working_day(day: date, also_closed: frozenset[date] = _NO_DAYS) -> date:
    """The day itself when offices are open on it, else the first open day after it."""
    while not is_working_day(day, also_closed):
        day += _DAY
    return day


def previous_working_day(day: date, also_closed: frozenset[date] = _NO_DAYS) -> date:
    """The day itself when offices are open on it, else the last open day before it."""
    while not is_working_day(day, also_closed):
        day -= _DAY
    return day


def add_working_days(day: date, count: int, also_closed: frozenset[date] = _NO_DAYS) -> date:
    """The `count`-th working day after `day`, which itself is not counted; `count` is not negative."""
    if count < 0:
        raise ValueError("working days are counted forward")
    while count:
        day += _DAY
        count -= is_working_day(day, also_closed)
    return day
