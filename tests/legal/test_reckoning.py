"""Which date a notice brings, when it asks for attention, who may look at it a second time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.legal import reckoning
from shelter.legal.models import Due, Notice
from shelter.legal.reckoning import Stamp, When
from shelter.rules.broken import Broken
from shelter.rules.deadlines import Facts, shipped_rules
from shelter.rules.matters import matter_type, matter_types
from shelter.rules.wording import render

AT = datetime(2026, 11, 21, 18, tzinfo=UTC)
TODAY = date(2026, 11, 21)
SHE, OTHER = b"s" * 16, b"o" * 16
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def stamp(by: bytes = SHE, on: date = TODAY) -> Stamp:
    return Stamp(by, AT, on)


def notice(kind: str = "rfe", printed_on: date = date(2026, 8, 29), **more: object) -> Notice:
    words = {"came": "mail", "answer_by": date(2026, 11, 24)} | more
    return Notice(id=b"n" * 16, type=kind, printed_on=printed_on, by=SHE, at=AT, **words)  # type: ignore[arg-type]


def due(kind: str = "rfe", by: bytes = SHE, **more: object) -> Due:
    found = reckoning.of_notice(matter_type("t_visa"), notice(kind, **more), stamp(by), shipped_rules())
    assert found is not None
    return found


def said(found: Due) -> str:
    counted = reckoning.recount(found, shipped_rules())
    assert counted is not None
    return ", ".join(render(step) for step in counted.working)


def test_the_working_of_the_wireframe() -> None:
    found = due()
    assert found.day == date(2026, 11, 24)
    assert said(found).startswith("87 = 84 + 3 by mail, notice dated 2026-08-29, falls on Tuesday 2026-11-24")


def test_a_count_that_ends_on_a_saturday_says_where_it_rolls() -> None:
    found = due(printed_on=date(2026, 7, 8), answer_by=date(2026, 10, 5))
    assert "rolls from Saturday 2026-10-03 to Monday 2026-10-05" in said(found)


def test_the_printed_date_controls_whatever_the_rule_counts() -> None:
    found = due(answer_by=date(2026, 11, 9))
    assert found.day == date(2026, 11, 9)
    assert "15 days earlier than the longest the rule allows" in said(found)


@pytest.mark.parametrize("kind", sorted(reckoning.ANSWERS))
@pytest.mark.parametrize("matter", sorted(matter_types()))
@given(printed_on=st.dates(date(2008, 1, 1), TODAY))
def test_an_answer_is_never_dated_without_the_date_printed_on_the_notice(
    kind: str, matter: str, printed_on: date
) -> None:
    with pytest.raises(Broken) as refused:
        reckoning.of_notice(matter_type(matter), notice(kind, printed_on, answer_by=None), stamp(), shipped_rules())
    assert (refused.value.message_key, refused.value.field) == ("deadline.printed_date_missing", "printed_date")


@given(printed_on=st.dates(date(2008, 1, 1), TODAY), days=st.integers(0, 400))
def test_a_printed_answer_is_the_day_that_holds_and_its_working_can_be_told(printed_on: date, days: int) -> None:
    printed = printed_on + timedelta(days=days)
    found = due(printed_on=printed_on, answer_by=printed)
    counted = reckoning.recount(found, shipped_rules())
    assert found.day == printed
    assert counted is not None
    assert counted.date == found.counted
    assert counted.working


def test_an_appointment_is_the_day_on_its_notice_and_needs_no_rule() -> None:
    found = due("biometrics", printed_on=date(2026, 11, 10), answer_by=date(2026, 12, 3))
    assert (found.kind, found.rule, found.day) == ("visit", "", date(2026, 12, 3))
    assert not reckoning.waits_for_look(found)
    with pytest.raises(Broken):
        due("biometrics", printed_on=date(2026, 11, 10), answer_by=date(2026, 11, 9))


def test_a_denial_starts_the_clock_of_an_appeal_only_where_the_matter_names_it() -> None:
    words = notice("denial", date(2026, 11, 2), answer_by=None)
    appeal = reckoning.of_notice(matter_type("t_visa"), words, stamp(), shipped_rules())
    assert appeal is not None
    assert appeal.rule == "uscis.appeal_or_motion"
    assert reckoning.of_notice(matter_type("t_family"), words, stamp(), shipped_rules()) is None
    assert (
        reckoning.of_notice(matter_type("t_visa"), notice("receipt", answer_by=None), stamp(), shipped_rules()) is None
    )


@given(day=DAYS, today=DAYS, kind=st.sampled_from(["due", "opens", "expires", "answer", "visit"]))
def test_the_groups_of_the_day_follow_one_another(day: date, today: date, kind: str) -> None:
    one = Due(id=b"d" * 16, day=day, counted=day, trigger_date=day, by=SHE, at=AT, set_on=day, kind=kind)
    order = list(When)
    tomorrow = Due(
        id=b"e" * 16, day=day + timedelta(1), counted=day, trigger_date=day, by=SHE, at=AT, set_on=day, kind=kind
    )
    assert order.index(reckoning.when(one, today)) <= order.index(reckoning.when(tomorrow, today))
    if kind != "opens":
        assert (reckoning.when(one, today) == When.OVERDUE) == (day < today)


def test_a_window_that_has_opened_is_not_overdue() -> None:
    opened = reckoning.of_rule("t_visa.adjustment_opens", date(2023, 1, 9), Facts(), stamp(), shipped_rules())
    assert opened.day < TODAY
    assert reckoning.when(opened, TODAY) == When.TODAY


def test_the_agency_s_own_earlier_day_asks_first_and_the_law_s_day_stays() -> None:
    appeal = reckoning.of_rule("board.appeal", date(2026, 11, 20), Facts(), stamp(), shipped_rules())
    assert appeal.act_by is not None
    assert reckoning.attention(appeal, TODAY) == appeal.act_by < appeal.day
    assert reckoning.attention(appeal, appeal.day) == appeal.day
    assert reckoning.when(appeal, appeal.act_by + timedelta(1)) == When.TODAY


def test_nobody_confirms_her_own_date_while_somebody_else_could() -> None:
    with pytest.raises(Broken, match=r"legal\.look_by_another"):
        reckoning.looked_at(due(), stamp(on=TODAY + timedelta(30)), others=True)
    assert not reckoning.looked_at(due(by=OTHER), stamp(), others=False).alone


def test_alone_she_looks_again_after_a_night_and_it_is_marked() -> None:
    with pytest.raises(Broken, match=r"legal\.look_after_a_night"):
        reckoning.looked_at(due(), stamp(), others=False)
    tomorrow = TODAY + timedelta(1)
    slept = Stamp(SHE, AT + timedelta(hours=9), tomorrow)
    assert reckoning.looked_at(due(), slept, others=False).alone
    minutes_past_midnight = Stamp(SHE, AT + timedelta(minutes=4), tomorrow)
    with pytest.raises(Broken, match=r"legal\.look_after_a_night"):
        reckoning.looked_at(due(), minutes_past_midnight, others=False)
