"""No call and no letter goes out on a channel that she did not allow, or allowed too long ago."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.contact import Answer, Channel, ContactRule, State, overall, require_safe, state

TODAY = date(2026, 3, 8)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
times = st.none() | st.times()


def allowed(**changes: object) -> ContactRule:
    answers: dict[str, object] = {"channel": Channel.CALL, "answer": Answer.ALLOWED, "last_confirmed": TODAY}
    return ContactRule(**(answers | changes))  # type: ignore[arg-type]  # a test's shorthand


@given(st.sampled_from(Channel), st.sampled_from(Answer), times, times, st.none() | days, days, times)
def test_only_an_allowed_and_recently_confirmed_channel_is_ever_fresh(
    channel: Channel,
    answer: Answer,
    start: time | None,
    end: time | None,
    confirmed: date | None,
    today: date,
    at: time | None,
) -> None:
    if start is not None and start == end:
        return
    rule = ContactRule(channel, answer, start, end, confirmed)
    if state(rule, today, 90, at) is State.FRESH:
        assert answer is Answer.ALLOWED
        assert confirmed is not None
        assert timedelta(0) <= today - confirmed <= timedelta(90)


def test_a_channel_nobody_asked_about_is_not_safe() -> None:
    assert state(ContactRule(Channel.TEXT), TODAY, 90) is State.NOT_ASKED


def test_never_does_not_expire_and_is_not_softened_by_a_fresh_date() -> None:
    for confirmed in (None, TODAY, date(1999, 1, 1)):
        assert state(allowed(answer=Answer.NEVER, last_confirmed=confirmed), TODAY, 90) is State.NEVER


@pytest.mark.parametrize(
    ("age", "expected"), [(0, State.FRESH), (90, State.FRESH), (91, State.STALE), (-1, State.STALE)]
)
def test_a_confirmation_lasts_to_its_last_day_and_a_future_one_counts_for_nothing(age: int, expected: State) -> None:
    assert state(allowed(last_confirmed=TODAY - timedelta(age)), TODAY, 90) is expected


@pytest.mark.parametrize(
    ("start", "end", "at", "expected"),
    [
        (time(9), time(17), time(9), State.FRESH),
        (time(9), time(17), time(17), State.NOT_NOW),
        (time(22), time(6), time(23, 30), State.FRESH),
        (time(22), time(6), time(5, 59), State.FRESH),
        (time(22), time(6), time(12), State.NOT_NOW),
        (time(9), None, time(23), State.FRESH),
        (time(9), None, time(8), State.NOT_NOW),
        (None, time(12), time(0), State.FRESH),
        (None, time(12), time(12), State.NOT_NOW),
        (None, None, time(3), State.FRESH),
    ],
)
def test_her_hours_are_kept_also_over_midnight(start: time | None, end: time | None, at: time, expected: State) -> None:
    assert state(allowed(hours_from=start, hours_to=end), TODAY, 90, at) is expected


def test_a_stale_rule_stays_stale_whatever_the_hour() -> None:
    old = allowed(last_confirmed=None, hours_from=time(9), hours_to=time(10))
    assert state(old, TODAY, 90, time(3)) is State.STALE


def test_hours_that_begin_when_they_end_are_refused() -> None:
    with pytest.raises(Broken) as refused:
        allowed(hours_from=time(9), hours_to=time(9))
    assert (refused.value.message_key, refused.value.field) == ("contact.hours_are_empty", "hours_to")


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        (ContactRule(Channel.MAIL), "contact.not_asked"),
        (ContactRule(Channel.MAIL, Answer.NEVER), "contact.never"),
        (ContactRule(Channel.MAIL, Answer.ALLOWED), "contact.stale"),
        (allowed(hours_to=time(8)), "contact.not_now"),
    ],
)
def test_an_unsafe_channel_is_refused_and_the_refusal_carries_no_words_of_hers(rule: ContactRule, key: str) -> None:
    with pytest.raises(Broken) as refused:
        require_safe(rule, TODAY, 90, time(12))
    assert refused.value.message_key == key
    assert refused.value.values == {"max_age_days": 90}


def test_a_fresh_channel_lets_the_call_pass() -> None:
    require_safe(allowed(), TODAY, 90, time(12))
    assert state(allowed(), TODAY, 90, time(12)) is State.FRESH


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], State.NOT_ASKED),
        ([ContactRule(Channel.CALL, Answer.NEVER)], State.NEVER),
        ([ContactRule(Channel.CALL, Answer.NEVER), ContactRule(Channel.TEXT)], State.NOT_ASKED),
        ([allowed(last_confirmed=None), ContactRule(Channel.TEXT)], State.STALE),
        ([allowed(last_confirmed=None), allowed(channel=Channel.MAIL)], State.FRESH),
    ],
)
def test_a_list_shows_the_best_that_can_be_done(rules: list[ContactRule], expected: State) -> None:
    assert overall(rules, TODAY, 90) is expected
