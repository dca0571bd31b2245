"""Worked examples of deadlines, each counted by hand from the pages that legal.md names, and the laws of the
engine."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.deadlines import Deadline, Facts, Rule, compute, shipped_rules
from shelter.rules.deadlines.compute import after_months
from shelter.rules.holidays_federal import is_working_day
from shelter.rules.wording import render

BOOK = shipped_rules()
ALL_VERSIONS = [rule for rule_id in BOOK.ids for rule in BOOK.versions(rule_id)]
any_rule = st.sampled_from(ALL_VERSIONS)
any_day = st.dates(date(1930, 1, 1), date(2060, 12, 31))
any_facts = st.builds(
    Facts,
    mailed=st.booleans(),
    online=st.booleans(),
    paused_days=st.integers(0, 400),
    also_closed=st.frozensets(any_day, max_size=3),
)


def due(rule_id: str, trigger_date: date, facts: Facts | None = None) -> Deadline:
    return BOOK.deadline(rule_id, trigger_date, facts)


def said(deadline: Deadline) -> str:
    return ", ".join(render(step) for step in deadline.working)


def by(rule: Rule, trigger_date: date, facts: Facts) -> Deadline:
    """A date where the notice prints none: the rule's own count, which a printed date would override."""
    relaxed = Rule(**{name: getattr(rule, name) for name in rule.__struct_fields__} | {"printed_date_required": False})
    return compute(relaxed, BOOK.triggers[rule.trigger], trigger_date, facts)


@pytest.mark.parametrize(
    ("rule_id", "trigger", "facts", "expected"),
    [
        # 84 days from a Tuesday; three more by mail fall on a Friday.
        ("uscis.rfe_response", date(2026, 5, 5), Facts(), date(2026, 7, 28)),
        ("uscis.rfe_response", date(2026, 5, 5), Facts(mailed=True), date(2026, 7, 31)),
        # 84 days from 2026-04-10 is Friday 3 July, Independence Day as observed: paper rolls to Monday.
        ("uscis.rfe_response", date(2026, 4, 10), Facts(), date(2026, 7, 6)),
        ("uscis.rfe_response", date(2026, 4, 10), Facts(online=True), date(2026, 7, 2)),
        ("uscis.appeal_or_motion", date(2026, 10, 1), Facts(), date(2026, 10, 30)),  # Oct 31: Saturday
        ("uscis.appeal_or_motion", date(2026, 10, 1), Facts(mailed=True), date(2026, 11, 3)),
        ("uscis.appeal_of_revocation", date(2026, 9, 1), Facts(mailed=True), date(2026, 9, 18)),  # Saturday
        ("board.appeal", date(2026, 2, 20), Facts(), date(2026, 3, 23)),  # 22 March is a Sunday
        ("board.appeal", date(2026, 11, 2), Facts(), date(2026, 12, 2)),
        ("court.petition_for_review", date(2026, 9, 10), Facts(), date(2026, 10, 9)),  # the 10th: Saturday
        ("motion.reopen", date(2026, 1, 2), Facts(), date(2026, 4, 2)),
        ("motion.reconsider", date(2026, 1, 2), Facts(), date(2026, 1, 30)),  # 1 February is a Sunday
        ("motion.reopen_in_absentia", date(2026, 1, 2), Facts(), date(2026, 7, 1)),
        ("motion.reopen_vawa", date(2025, 3, 4), Facts(), date(2026, 3, 3)),
        ("address.dhs", date(2026, 11, 2), Facts(), date(2026, 11, 12)),
        ("address.court", date(2026, 11, 6), Facts(), date(2026, 11, 10)),  # 11 November is Veterans Day
        ("asylum.filing", date(2024, 2, 29), Facts(), date(2025, 2, 28)),
        ("asylum.filing", date(2025, 3, 12), Facts(), date(2026, 3, 12)),
        ("asylum.ead_filing_opens", date(2026, 1, 5), Facts(), date(2026, 6, 4)),
        ("asylum.ead_filing_opens", date(2026, 1, 5), Facts(paused_days=21), date(2026, 6, 25)),
        ("u_visa.supplement_b", date(2024, 8, 31), Facts(), date(2025, 2, 28)),  # as legal.md says
        ("u_visa.supplement_b", date(2023, 8, 31), Facts(), date(2024, 2, 29)),  # a leap year
        ("u_visa.supplement_b", date(2026, 1, 15), Facts(), date(2026, 7, 14)),
        ("u_visa.supplement_b", date(2025, 8, 31), Facts(), date(2026, 2, 27)),  # 28 February 2026: Saturday
        ("t_visa.adjustment_opens", date(2023, 6, 19), Facts(), date(2026, 6, 22)),  # Juneteenth
        ("t_visa.adjustment_closes", date(2027, 6, 30), Facts(), date(2027, 6, 29)),
        ("ead.renewal_opens", date(2027, 6, 30), Facts(), date(2027, 1, 4)),  # 180 days before is 1 January
        ("ead.expires", date(2027, 7, 4), Facts(), date(2027, 7, 4)),
        ("vawa.after_divorce", date(2024, 5, 20), Facts(), date(2026, 5, 19)),
        ("vawa.after_divorce", date(2024, 2, 29), Facts(), date(2026, 2, 27)),
        ("vawa.child_at_21", date(2008, 2, 29), Facts(), date(2029, 2, 27)),
        ("sij.filing_age", date(2006, 1, 1), Facts(), date(2026, 12, 31)),
        ("foia.answer", date(2026, 11, 2), Facts(), date(2026, 12, 2)),  # two holidays between
        ("foia.answer_unusual", date(2026, 11, 2), Facts(), date(2026, 12, 16)),
        ("uscis.hotline_reply", date(2026, 1, 5), Facts(), date(2026, 5, 5)),
        ("california.u_certification", date(2026, 11, 2), Facts(), date(2026, 12, 2)),
        ("california.t_declaration_urgent", date(2026, 11, 19), Facts(), date(2026, 11, 27)),  # Thanksgiving
        ("hhs.notify_minor", date(2026, 11, 20), Facts(), date(2026, 11, 21)),
        ("hhs.interim_aid", date(2026, 1, 1), Facts(), date(2026, 4, 1)),
        ("hhs.interim_aid_extended", date(2026, 1, 1), Facts(), date(2026, 5, 1)),
        ("vacatur.prosecutor_response", date(2026, 9, 1), Facts(), date(2026, 10, 16)),
    ],
)  # fmt: skip
def test_a_date_counted_by_hand_is_the_date_computed(rule_id: str, trigger: date, facts: Facts, expected: date) -> None:
    assert due(rule_id, trigger, facts).date == expected


def test_the_working_of_a_mailed_notice_is_exact() -> None:
    saturday = due("uscis.rfe_response", date(2026, 4, 1), Facts(mailed=True))
    assert said(saturday) == (
        "87 = 84 + 3 by mail, notice dated 2026-04-01, rolls from Saturday 2026-06-27 to Monday 2026-06-29, "
        "received by then, not posted"
    )


def test_the_working_names_the_holiday_it_rolls_over() -> None:
    assert said(due("uscis.rfe_response", date(2026, 4, 10))) == (
        "84 calendar days, notice dated 2026-04-10, rolls from Independence Day 2026-07-03 to "
        "Monday 2026-07-06, received by then, not posted"
    )


def test_since_5_august_2026_a_request_for_evidence_without_a_printed_date_is_refused() -> None:
    with pytest.raises(Broken) as broken:
        due("uscis.rfe_response", date(2026, 8, 5))
    assert (broken.value.message_key, broken.value.field) == ("deadline.printed_date_missing", "printed_date")
    assert due("uscis.rfe_response", date(2026, 8, 4)).version == 1


def test_a_printed_date_controls_and_the_working_shows_the_count_beside_it() -> None:
    printed = due("uscis.rfe_response", date(2026, 8, 29), Facts(mailed=True, printed=date(2026, 10, 13)))
    assert printed.date == date(2026, 10, 13)
    assert (printed.printed, printed.version) == (True, 2)
    assert said(printed) == (
        "87 = 84 + 3 by mail, notice dated 2026-08-29, falls on Tuesday 2026-11-24, "
        "the date printed on the notice controls: Tuesday 2026-10-13, "
        "42 days earlier than the longest the rule allows (2026-11-24), received by then, not posted"
    )


def test_a_printed_date_on_a_closed_day_stays_and_the_open_day_before_is_named() -> None:
    printed = due("uscis.noid_response", date(2026, 10, 12), Facts(mailed=True, printed=date(2026, 11, 14)))
    assert printed.date == date(2026, 11, 14)
    assert "offices are closed that day; be there by Friday 2026-11-13" in said(printed)


def test_a_printed_date_beyond_the_ceiling_stays_and_is_questioned() -> None:
    printed = due("uscis.rfe_response", date(2026, 9, 1), Facts(printed=date(2026, 12, 1)))
    assert printed.date == date(2026, 12, 1)
    assert "check it: 7 days later than the rule allows (2026-11-24)" in said(printed)


def test_an_appeal_to_the_board_is_due_on_day_30_and_acted_on_by_day_10() -> None:
    appeal = due("board.appeal", date(2026, 3, 9))
    assert (appeal.date, appeal.act_by) == (date(2026, 4, 8), date(2026, 3, 19))
    assert appeal.to_be_confirmed
    assert appeal.jurisdictional
    assert "we act by Thursday 2026-03-19" in said(appeal)


def test_a_shorter_month_is_named_in_the_working() -> None:
    assert said(due("u_visa.supplement_b", date(2024, 8, 31))) == (
        "6 months, certification signed 2024-08-31, the month is shorter and ends on 2025-02-28, "
        "falls on Friday 2025-02-28, received by then, not posted"
    )
    assert said(due("vawa.after_divorce", date(2024, 5, 20))) == (
        "2 years, divorce final 2024-05-20, the day before 2026-05-20, falls on Tuesday 2026-05-19, "
        "received by then, not posted"
    )


def test_a_stopped_clock_is_shown_in_the_sum() -> None:
    opens = due("asylum.ead_filing_opens", date(2026, 1, 5), Facts(paused_days=21))
    assert said(opens).startswith("171 = 150 + 21 while the clock stood still, filing received 2026-01-05")


@pytest.mark.parametrize(
    ("facts", "key", "field"),
    [
        (Facts(printed=date(2026, 10, 1)), "deadline.printed_before_trigger", "printed_date"),
        (Facts(printed=date(2026, 11, 2), today=date(2026, 9, 1)),
         "deadline.trigger_in_future", "trigger_date"),
        (Facts(printed=date(2026, 11, 2), paused_days=-1), "deadline.paused_below_zero", "paused_days"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_the_field(facts: Facts, key: str, field: str) -> None:
    with pytest.raises(Broken) as broken:
        due("uscis.rfe_response", date(2026, 10, 2), facts)
    assert (broken.value.message_key, broken.value.field) == (key, field)


def test_a_card_may_expire_in_the_future_but_nobody_was_born_there() -> None:
    assert due("ead.expires", date(2028, 1, 1), Facts(today=date(2026, 11, 21))).date == date(2028, 1, 1)
    with pytest.raises(Broken):
        due("sij.filing_age", date(2028, 1, 1), Facts(today=date(2026, 11, 21)))


def test_a_date_beyond_the_calendar_is_said_and_not_a_crash() -> None:
    with pytest.raises(Broken) as broken:
        due("vawa.after_divorce", date(9998, 6, 1))
    assert broken.value.message_key == "deadline.beyond_calendar"


@given(rule=any_rule, first=any_day, second=any_day, facts=any_facts)
def test_a_later_trigger_never_gives_an_earlier_date(rule: Rule, first: date, second: date, facts: Facts) -> None:
    early, late = sorted((first, second))
    assert by(rule, early, facts).date <= by(rule, late, facts).date


@given(rule=any_rule, start=any_day, facts=any_facts)
def test_what_is_due_never_falls_on_a_closed_day_unless_it_is_printed(rule: Rule, start: date, facts: Facts) -> None:
    deadline = by(rule, start, facts)
    if rule.roll != "none":
        assert is_working_day(deadline.date, facts.also_closed)
    if deadline.act_by is not None:
        assert is_working_day(deadline.act_by, facts.also_closed)
        assert deadline.act_by <= deadline.date


@given(rule=any_rule, start=any_day)
def test_a_date_counted_forward_never_falls_before_its_trigger(rule: Rule, start: date) -> None:
    if rule.count > 0:
        assert by(rule, start, Facts()).date >= start


@given(rule=any_rule, start=any_day, facts=any_facts)
def test_the_same_input_gives_the_same_answer(rule: Rule, start: date, facts: Facts) -> None:
    assert by(rule, start, facts) == by(rule, start, facts)


@given(rule=any_rule, start=any_day, facts=any_facts, ahead=st.integers(0, 500))
def test_a_printed_date_is_always_the_date(rule: Rule, start: date, facts: Facts, ahead: int) -> None:
    printed = start + timedelta(days=ahead)
    noted = Facts(printed=printed, mailed=facts.mailed, online=facts.online)
    assert by(rule, start, noted).date == printed


@given(rule=any_rule, start=any_day, facts=any_facts)
def test_not_knowing_a_fact_never_gives_a_later_date(rule: Rule, start: date, facts: Facts) -> None:
    known = Facts(mailed=True, online=False, paused_days=facts.paused_days)
    assert by(rule, start, Facts()).date <= by(rule, start, known).date


@given(rule=any_rule, start=any_day, facts=any_facts)
def test_every_step_can_be_said_and_alerts_come_before_the_date(rule: Rule, start: date, facts: Facts) -> None:
    deadline = by(rule, start, facts)
    assert all("%" not in render(step) for step in deadline.working)
    assert list(deadline.alerts) == sorted(deadline.alerts)
    assert all(alert <= deadline.date for alert in deadline.alerts)


@given(day=any_day, months=st.integers(-240, 600))
def test_months_later_is_the_same_day_or_the_months_end(day: date, months: int) -> None:
    later = after_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
