"""A site's days and nights, over both clock changes, in every zone of the United States."""

from datetime import UTC, date, datetime, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.sitetime import (
    US_ZONES,
    USUAL_NIGHT_BEGINS,
    local_to_utc,
    night_bounds,
    today,
    tonight,
    zone_named,
)

LA = "America/Los_Angeles"
zones = st.sampled_from(US_ZONES)
hours = st.integers(0, 23)


def wall(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """What the clock on the wall shows, which has no zone."""
    return datetime(year, month, day, hour, minute, tzinfo=None)  # noqa: DTZ001 - naive is what is meant


instants = st.datetimes(wall(1990, 1, 1), wall(2037, 12, 31), timezones=st.just(UTC))
days = st.dates(date(1990, 1, 2), date(2037, 12, 30))


def test_the_zone_list_holds_every_us_zone_of_the_time_zone_database() -> None:
    territories = {"US", "PR", "VI", "GU", "AS", "MP"}
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    assert {row[2] for row in rows if row[0] in territories} == set(US_ZONES)


@given(at=instants, zone=zones, hour=hours)
def test_every_instant_belongs_to_exactly_the_night_whose_bounds_hold_it(at: datetime, zone: str, hour: int) -> None:
    night = tonight(at, zone, hour)
    start, end = night_bounds(night, zone, hour)
    assert start <= at < end


@given(night=days, zone=zones, hour=hours)
def test_nights_follow_each_other_without_a_gap_and_last_23_24_or_25_hours(night: date, zone: str, hour: int) -> None:
    start, end = night_bounds(night, zone, hour)
    assert end == night_bounds(night + timedelta(days=1), zone, hour)[0]
    assert (end - start) in {timedelta(hours=hours) for hours in (23, 24, 25)}
    assert tonight(start, zone, hour) == night
    assert tonight(end - timedelta(microseconds=1), zone, hour) == night
    assert tonight(end, zone, hour) == night + timedelta(days=1)


@given(first=instants, second=instants, zone=zones, hour=hours)
def test_a_later_instant_never_belongs_to_an_earlier_night(
    first: datetime, second: datetime, zone: str, hour: int
) -> None:
    early, late = sorted((first, second))
    assert tonight(early, zone, hour) <= tonight(late, zone, hour)


@given(at=instants, zone=zones)
def test_with_the_night_beginning_at_midnight_the_night_is_the_day(at: datetime, zone: str) -> None:
    assert tonight(at, zone, 0) == today(at, zone)


@given(at=instants, zone=zones)
def test_a_time_read_off_the_wall_and_back_is_the_same_instant(at: datetime, zone: str) -> None:
    wall = at.astimezone(zone_named(zone))
    assert local_to_utc(wall.replace(tzinfo=None, fold=0), zone, second_time=bool(wall.fold)) == at


@pytest.mark.parametrize(("night", "hours"), [(date(2026, 3, 7), 23), (date(2026, 3, 8), 24), (date(2026, 10, 31), 25)])
def test_the_nights_of_the_clock_changes_have_23_and_25_hours(night: date, hours: int) -> None:
    start, end = night_bounds(night, LA, 18)
    assert end - start == timedelta(hours=hours)


def test_a_skipped_time_moves_forward_by_what_was_skipped() -> None:
    half_past_two = wall(2026, 3, 8, 2, 30)
    assert local_to_utc(half_past_two, LA) == datetime(2026, 3, 8, 10, 30, tzinfo=UTC)
    assert local_to_utc(half_past_two, LA, second_time=True) == datetime(2026, 3, 8, 10, 30, tzinfo=UTC)


def test_a_time_shown_twice_is_the_first_unless_the_second_is_asked_for() -> None:
    half_past_one = wall(2026, 11, 1, 1, 30)
    assert local_to_utc(half_past_one, LA) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert local_to_utc(half_past_one, LA, second_time=True) == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def test_three_in_the_morning_is_still_the_night_before_and_the_afternoon_is_tonight() -> None:
    three = local_to_utc(wall(2026, 11, 22, 3), LA)
    afternoon = local_to_utc(wall(2026, 11, 22, 15), LA)
    assert tonight(three, LA, USUAL_NIGHT_BEGINS) == date(2026, 11, 21)
    assert tonight(afternoon, LA, USUAL_NIGHT_BEGINS) == date(2026, 11, 22)


@pytest.mark.parametrize("name", ["America/Nowhere", "America", "", "../etc/passwd", "America/Los_Angeles\0"])
def test_an_unknown_zone_is_said_beside_the_field(name: str) -> None:
    with pytest.raises(Broken) as broken:
        zone_named(name)
    assert (broken.value.message_key, broken.value.field) == ("sitetime.zone_unknown", "zone")


@pytest.mark.parametrize("hour", [-1, 24])
def test_an_hour_that_no_wall_clock_shows_is_refused(hour: int) -> None:
    with pytest.raises(Broken) as broken:
        tonight(datetime(2026, 1, 1, tzinfo=UTC), LA, hour)
    assert broken.value.field == "night_begins"


def test_an_instant_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError):
        today(wall(2026, 1, 1), LA)
    with pytest.raises(ValueError):
        local_to_utc(datetime(2026, 1, 1, tzinfo=UTC), LA)
