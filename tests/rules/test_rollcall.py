"""What a roll says does not depend on the order in which its presses arrive."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.desk import missing_steps, roll_limits
from shelter.rules.rollcall import Seen, away_since, pressed_at, require_night, seen_now

EVENING = datetime(2026, 11, 21, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Tick:
    seen: int
    at: datetime


def ticks(*seen: Seen) -> list[Tick]:
    return [Tick(one, EVENING + HOUR * n) for n, one in enumerate(seen)]


presses = st.lists(st.sampled_from(list(Seen)), max_size=8)


@given(presses, st.randoms(use_true_random=False))
def test_late_arrivals_change_nothing(seen: list[Seen], luck: object) -> None:
    made = ticks(*seen)
    arrived = list(made)
    luck.shuffle(arrived)  # type: ignore[attr-defined]
    assert seen_now(arrived) == seen_now(made) == (seen[-1] if seen else Seen.OPEN)
    assert away_since(arrived, [], EVENING + 24 * HOUR) == away_since(made, [], EVENING + 24 * HOUR)


@given(presses)
def test_somebody_is_missing_exactly_while_the_last_word_is_away(seen: list[Seen]) -> None:
    since = away_since(ticks(*seen), [], EVENING + 24 * HOUR)
    assert (since is not None) == (seen_now(ticks(*seen)) is Seen.AWAY)
    if since is not None:
        after = [tick for tick in ticks(*seen) if tick.at >= since]
        assert {tick.seen for tick in after} <= {Seen.AWAY, Seen.UNSURE}


def test_the_clock_starts_at_the_return_she_agreed_to() -> None:
    away, at = ticks(Seen.HERE, Seen.AWAY, Seen.UNSURE, Seen.AWAY), EVENING + 9 * HOUR
    agreed = EVENING + HOUR / 2
    assert away_since(away, [], at) == EVENING + HOUR
    assert away_since(away, [agreed], at) == agreed
    assert away_since(away, [agreed, at + HOUR], at) is None  # she is expected later
    assert away_since(away, [EVENING - HOUR], at) == EVENING + HOUR  # she came back from that one


def test_a_step_is_due_so_long_after_the_return() -> None:
    due = [step.due(EVENING) for step in missing_steps().values()]
    assert due == sorted(due)
    assert due[0] == EVENING


def test_a_page_is_not_believed_to_have_waited_for_days() -> None:
    waited = EVENING - timedelta(seconds=90)
    assert pressed_at(EVENING, waited) == waited
    assert pressed_at(EVENING, None) == EVENING
    assert pressed_at(EVENING, EVENING + timedelta(seconds=5)) == EVENING
    assert pressed_at(EVENING, EVENING - timedelta(days=9)) == EVENING - timedelta(minutes=roll_limits().late_minutes)


@pytest.mark.parametrize(("days", "key"), [(1, "desk.night_to_come"), (-15, "desk.night_too_long_ago")])
def test_only_the_nights_of_two_weeks_have_a_roll(days: int, key: str) -> None:
    tonight = date(2026, 11, 21)
    with pytest.raises(Broken) as refused:
        require_night(tonight + timedelta(days=days), tonight)
    assert refused.value.message_key == key
    assert require_night(tonight - timedelta(days=14), tonight)
