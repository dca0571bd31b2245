"""Time comes from one place, so it can be stopped."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from shelter.rules import clock


def test_the_clock_tells_an_aware_instant_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_frozen_clock_stands_still_and_runs_again_afterwards() -> None:
    at = datetime(2026, 3, 8, 9, 30, tzinfo=timezone(timedelta(hours=-8)))
    with clock.frozen(at):
        assert clock.now() == at
        assert clock.now().utcoffset() == timedelta(0)
        with clock.frozen(at + timedelta(days=1)):
            assert clock.now() == at + timedelta(days=1)
        assert clock.now() == at
    assert clock.now() != at


def test_today_is_the_day_in_the_zone_and_not_in_utc() -> None:
    with clock.frozen(datetime(2026, 1, 1, 3, 0, tzinfo=UTC)):
        assert clock.today("America/Los_Angeles") == date(2025, 12, 31)
        assert clock.today("Asia/Tokyo") == date(2026, 1, 1)


def test_a_process_clock_can_be_set_and_given_back() -> None:
    at = datetime(2030, 5, 1, tzinfo=UTC)
    clock.set_clock(lambda: at)
    try:
        assert clock.now() == at
    finally:
        clock.set_clock(None)
    assert clock.now() != at


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    with clock.frozen(naive), pytest.raises(ValueError, match="zone"):
        clock.now()
