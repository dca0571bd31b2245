"""Federal holidays as observed, and working days between them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.holidays_federal import (
    add_working_days,
    federal_holidays,
    holiday_on,
    is_working_day,
    next_working_day,
    previous_working_day,
)

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 7, 3), "Independence Day"),  # 4 July 2026 is a Saturday
        (date(2021, 7, 5), "Independence Day"),  # 4 July 2021 was a Sunday
        (date(2021, 12, 31), "New Year's Day"),  # 1 January 2022 was a Saturday
        (date(2026, 11, 26), "Thanksgiving Day"),
        (date(2026, 6, 19), "Juneteenth"),
        (date(2026, 10, 12), "Columbus Day"),
        (date(2020, 6, 19), None),  # a holiday only since 17 June 2021
        (date(2026, 11, 27), None),
    ],
)
def test_the_days_that_the_law_names_are_closed(day: date, name: str | None) -> None:
    assert holiday_on(day) == name
    assert is_working_day(day) is (name is None)


@given(day=days)
def test_the_next_and_the_previous_working_day_are_open_and_nothing_open_lies_between(day: date) -> None:
    after, before = next_working_day(day), previous_working_day(day)
    assert before <= day <= after
    assert is_working_day(after)
    assert is_working_day(before)
    assert not [d for d in range(1, (after - day).days) if is_working_day(day + timedelta(days=d))]


@given(day=days, count=st.integers(0, 120))
def test_counting_working_days_is_walking_over_them(day: date, count: int) -> None:
    reached = add_working_days(day, count)
    between = (day + timedelta(days=offset) for offset in range(1, (reached - day).days + 1))
    assert sum(is_working_day(walked) for walked in between) == count


def test_every_year_has_eleven_holidays_and_each_has_a_name() -> None:
    for year in range(2022, 2060):
        named = [holiday_on(day) for day in federal_holidays(year)]
        assert "a federal holiday" not in named
        assert len(set(named)) == 11


def test_a_closing_that_no_calendar_knows_is_honored() -> None:
    mourning = frozenset({date(2025, 1, 9)})
    assert next_working_day(date(2025, 1, 9), mourning) == date(2025, 1, 10)
    assert add_working_days(date(2025, 1, 8), 1, mourning) == date(2025, 1, 10)
