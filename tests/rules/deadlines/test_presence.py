"""Trips against the limits of continuous presence: 90 days in one, 180 in all, warned before."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.deadlines import Trip, absences, shipped_rules, told_once
from shelter.rules.wording import render

LIMIT = shipped_rules().absences["adjustment_presence"]
TODAY = date(2026, 11, 21)
NEW_YEAR = date(2026, 1, 1)


def away(days: int, left: date = NEW_YEAR) -> Trip:
    """A trip of so many days, the day of leaving and the day of return counted."""
    return Trip(left, left + timedelta(days=days - 1))


@pytest.mark.parametrize(
    ("days", "exceeded", "keys"),
    [
        (60, False, []),
        (61, False, ["presence.single_near"]),
        (90, False, ["presence.single_near"]),
        (91, True, ["presence.single_exceeded"]),
    ],
)
def test_one_absence_warns_after_60_days_and_breaks_after_90(days: int, exceeded: bool, keys: list[str]) -> None:
    found = absences(LIMIT, [away(days)], TODAY)
    assert (found.longest, found.exceeded) == (days, exceeded)
    assert [warning.key for warning in found.warnings] == keys


def test_many_short_absences_warn_after_150_days_and_break_after_180() -> None:
    trips = [away(50, date(2025, month, 1)) for month in (1, 4, 7)]
    assert not absences(LIMIT, trips, TODAY).warnings
    near = absences(LIMIT, [*trips, away(20, date(2025, 10, 1))], TODAY)
    assert [render(warning) for warning in near.warnings] == [
        "All absences are 170 days; more than 180 break presence."
    ]
    assert absences(LIMIT, [*trips, away(31, date(2025, 10, 1))], TODAY).exceeded


def test_somebody_away_is_told_the_last_day_to_return_by() -> None:
    found = absences(LIMIT, [away(50, date(2025, 1, 1)), Trip(date(2026, 11, 1))], TODAY)
    assert found.return_by == date(2027, 1, 29)
    assert not absences(LIMIT, [Trip(date(2026, 11, 1), found.return_by)], date(2027, 3, 1)).exceeded
    later = Trip(date(2026, 11, 1), date(2027, 1, 30))
    assert absences(LIMIT, [later], date(2027, 3, 1)).exceeded


def test_the_return_date_also_respects_all_absences_together() -> None:
    trips = [away(80, date(2025, 1, 1)), away(80, date(2025, 6, 1)), Trip(date(2026, 11, 1))]
    assert absences(LIMIT, trips, TODAY).return_by == date(2026, 11, 20)


def test_the_rule_for_the_day_of_return_agrees_with_the_count_of_days() -> None:
    left = date(2026, 3, 2)
    due = shipped_rules().deadline("travel.return_by", left).date
    assert not absences(LIMIT, [Trip(left, due)], TODAY).exceeded


def test_overlapping_trips_and_a_return_before_leaving_are_said() -> None:
    with pytest.raises(Broken):
        absences(LIMIT, [away(10), away(10, date(2026, 1, 5))], TODAY)
    with pytest.raises(Broken):
        Trip(date(2026, 1, 2), date(2026, 1, 1))


def test_days_that_two_files_tell_of_are_one_absence_and_the_rest_is_added() -> None:
    may = Trip(date(2026, 5, 1), date(2026, 5, 20))
    assert told_once([may, may]) == [may]
    assert told_once([may, Trip(date(2026, 5, 10), date(2026, 6, 1))]) == [Trip(date(2026, 5, 1), date(2026, 6, 1))]
    apart = [may, Trip(date(2026, 5, 20), date(2026, 5, 30))]  # back in the morning, gone again at night
    assert told_once(reversed(apart)) == apart
    assert told_once([may, Trip(date(2026, 5, 3))]) == [Trip(date(2026, 5, 1))]
    assert absences(LIMIT, told_once([may, may, away(30, date(2026, 8, 1))]), TODAY).total == 50


def test_a_trip_that_one_file_saw_end_is_not_open_in_the_other() -> None:
    ended, still = away(20, date(2026, 5, 1)), Trip(date(2026, 5, 1))
    for told in ([ended, still], [still, ended]):
        assert told_once(told) == [ended]
        assert absences(LIMIT, told_once(told), TODAY).return_by is None


@given(starts=st.lists(st.integers(0, 300), min_size=1, max_size=8), lasts=st.integers(0, 40))
def test_what_is_told_once_never_overlaps_and_loses_no_day(starts: list[int], lasts: int) -> None:
    trips = [Trip(NEW_YEAR + timedelta(days=one), NEW_YEAR + timedelta(days=one + lasts)) for one in starts]
    once = told_once(trips)
    found = absences(LIMIT, once, date(2027, 12, 31))
    days = {trip.left + timedelta(days=n) for trip in trips for n in range(lasts + 1)}
    assert len(days) <= found.total <= len(days) + len(once) - 1


@given(days=st.lists(st.integers(1, 40), max_size=6), as_of=st.dates(NEW_YEAR, date(2027, 12, 31)))
def test_absence_only_grows_with_time(days: list[int], as_of: date) -> None:
    trips = [away(length, date(2026, 1 + 2 * number, 1)) for number, length in enumerate(days)]
    earlier, later = absences(LIMIT, trips, as_of), absences(LIMIT, trips, as_of + timedelta(days=1))
    assert earlier.total <= later.total
    assert later.total <= sum(days)
