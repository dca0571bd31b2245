"""Nights per funder rule, against hand-worked stays and against counting the nights one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.nights import NightRule, StayDays, length_of_stay, night_rules, nights, working
from shelter.rules.wording import render

RULES = night_rules()
DAY = timedelta(days=1)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
some_days = st.dates(date(2025, 11, 1), date(2026, 3, 1))


@st.composite
def stays(draw: st.DrawFn) -> StayDays:
    entry = draw(some_days)
    leaving = draw(st.none() | st.integers(0, 60).map(lambda count: entry + timedelta(days=count)))
    recorded = draw(st.frozensets(some_days, max_size=12))
    leave = draw(st.frozensets(some_days, max_size=12))
    return StayDays(entry=entry, exit=leaving, bed_nights=recorded, leave=leave)


periods = st.tuples(some_days, some_days).map(lambda pair: (min(pair), max(pair)))
rules = st.sampled_from(list(RULES.values()))


def counted_one_by_one(rule: NightRule, stay: StayDays, first: date, last: date) -> int:
    """The slow way: walk the period and ask of each night whether it counts."""
    total, night = 0, first
    while night <= last:
        here = stay.entry <= night and (stay.exit is None or night < stay.exit)
        if rule.counts == "bed_nights":
            total += here and night in stay.bed_nights
        elif stay.exit == stay.entry:
            total += rule.same_day if night == stay.entry else 0
        else:
            total += here and (rule.leave_counts or night not in stay.leave)
        night += DAY
    return total


@given(rule=rules, stay=stays(), period=periods)
def test_the_count_is_what_walking_through_the_nights_gives(
    rule: NightRule, stay: StayDays, period: tuple[date, date]
) -> None:
    assert nights(rule, stay, *period) == counted_one_by_one(rule, stay, *period)


@given(rule=rules, stay=stays(), period=periods)
def test_two_halves_of_a_period_add_up_to_the_whole(rule: NightRule, stay: StayDays, period: tuple[date, date]) -> None:
    first, last = period
    middle = first + (last - first) // 2
    assert nights(rule, stay, first, middle) + nights(rule, stay, middle + DAY, last) == nights(rule, stay, first, last)


@given(rule=rules, stay=stays(), period=periods)
def test_the_last_line_of_the_working_is_the_count(rule: NightRule, stay: StayDays, period: tuple[date, date]) -> None:
    assert working(rule, stay, *period)[-1].values == {"nights": nights(rule, stay, *period)}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("house", 0),
        ("hmis_entry_exit", 0),
        ("hmis_night_by_night", 0),
        ("fvpsa_shelter_nights", 1),
        ("pmt_shelter_occurrences", 1),
    ],
)
def test_a_same_day_stay_counts_what_its_funder_says(code: str, expected: int) -> None:
    stay = StayDays(entry=date(2026, 5, 4), exit=date(2026, 5, 4))
    assert nights(RULES[code], stay, *YEAR) == expected


def test_hmis_length_of_stay_runs_to_the_day_after_the_report_for_whoever_stays() -> None:
    stay = StayDays(entry=date(2026, 9, 1))
    assert length_of_stay(RULES["hmis_entry_exit"], stay, date(2026, 9, 30)) == 30


def test_a_bed_night_on_the_exit_date_or_recorded_after_it_is_not_counted() -> None:
    recorded = frozenset(date(2026, 5, day) for day in (4, 5, 7, 8))
    stay = StayDays(entry=date(2026, 5, 4), exit=date(2026, 5, 7), bed_nights=recorded)
    rule = RULES["hmis_night_by_night"]
    assert nights(rule, stay, *YEAR) == 2
    assert [render(step) for step in working(rule, stay, *YEAR)] == [
        "Arrived 2026-05-04, left 2026-05-07.",
        "Counted from 2026-01-01 to 2026-12-31.",
        "4 bed nights were recorded.",
        "2 of them lie outside the stay or the period, or on the day of leaving.",
        "Nights: 2.",
    ]


def test_agreed_leave_is_taken_off_for_fvpsa_and_kept_for_hmis() -> None:
    leave = frozenset({date(2026, 5, 6), date(2026, 5, 7)})
    stay = StayDays(entry=date(2026, 5, 4), exit=date(2026, 5, 11), leave=leave)
    assert nights(RULES["fvpsa_shelter_nights"], stay, *YEAR) == 5
    assert nights(RULES["hmis_entry_exit"], stay, *YEAR) == 7
    assert "2 nights of agreed leave are taken off." in [
        render(step) for step in working(RULES["fvpsa_shelter_nights"], stay, *YEAR)
    ]


def test_a_mother_with_two_children_of_whom_one_joins_later_is_the_sum_of_three() -> None:
    rule = RULES["fvpsa_shelter_nights"]
    mother = StayDays(entry=date(2026, 5, 1), exit=date(2026, 5, 11))
    child = StayDays(entry=date(2026, 5, 1), exit=date(2026, 5, 11))
    joins = StayDays(entry=date(2026, 5, 8), exit=date(2026, 5, 11))
    assert sum(nights(rule, stay, *YEAR) for stay in (mother, child, joins)) == 23


def test_an_exit_before_the_entry_is_said_beside_the_exit() -> None:
    with pytest.raises(Broken) as broken:
        StayDays(entry=date(2026, 5, 4), exit=date(2026, 5, 3))
    assert (broken.value.message_key, broken.value.field) == ("nights.exit_before_entry", "exit")
