"""Every rule of the law page, once as the page states it and again with dates counted by hand.

A rule that is changed without its page, or added without an example, is found here. Days in the comments are as the
calendar prints them; closed days are weekends and the holidays of 5 U.S.C. 6103.
"""

from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.deadlines import Facts, Rule, compute, shipped_rules
from shelter.rules.holidays_federal import is_working_day

BOOK = shipped_rules()
MAILED = Facts(mailed=True)


class Law(NamedTuple):
    """What the page says of a rule: how much of what, three days by mail, how it rolls, how sure that is."""

    count: int
    unit: str
    mail: int
    roll: str
    sure: str
    last_day: str = "anniversary"
    alerts: tuple[int, ...] | None = None


EXPIRY = (180, 90, 60, 30)
AGE = (180, 90, 30, 14)

PAGE = {
    # USCIS: 12 weeks at most and 3 days by mail; 30 and 3; I-290B 30 or 15 and 3.
    "uscis.rfe_response": Law(84, "calendar_days", 3, "forward", "T"),
    "uscis.noid_response": Law(30, "calendar_days", 3, "forward", "V"),
    "uscis.noir_response": Law(30, "calendar_days", 3, "forward", "V"),
    "uscis.noit_response": Law(30, "calendar_days", 3, "forward", "V"),
    "uscis.appeal_or_motion": Law(30, "calendar_days", 3, "backward", "V"),
    "uscis.appeal_of_revocation": Law(15, "calendar_days", 3, "backward", "V"),
    "uscis.hotline_reply": Law(120, "calendar_days", 0, "forward", "V"),
    # Court, Board and the courts of appeals.
    "board.appeal": Law(30, "calendar_days", 0, "forward", "C"),
    "board.brief": Law(20, "calendar_days", 0, "backward", "C"),
    "court.petition_for_review": Law(30, "calendar_days", 0, "backward", "V"),
    "court.petition_for_review_dhs_order": Law(30, "calendar_days", 0, "backward", "V"),
    "motion.reopen": Law(90, "calendar_days", 0, "backward", "V"),
    "motion.reconsider": Law(30, "calendar_days", 0, "backward", "V"),
    "motion.reopen_in_absentia": Law(180, "calendar_days", 0, "backward", "V"),
    "motion.reopen_vawa": Law(1, "years", 0, "backward", "V", "day_before"),
    # Who must learn of a move.
    "address.dhs": Law(10, "calendar_days", 0, "backward", "V"),
    "address.court": Law(5, "calendar_days", 0, "backward", "V"),
    "address.board": Law(5, "calendar_days", 0, "backward", "C"),
    # Asylum.
    "asylum.filing": Law(1, "years", 0, "backward", "V", alerts=AGE),
    "asylum.ead_filing_opens": Law(150, "calendar_days", 0, "forward", "C"),
    "asylum.ead_grant_from": Law(180, "calendar_days", 0, "forward", "C"),
    # T and U.
    "u_visa.supplement_b": Law(6, "months", 0, "backward", "T", "day_before_or_month_end", (90, 45, 14)),
    "t_visa.adjustment_opens": Law(3, "years", 0, "forward", "V"),
    "t_visa.adjustment_closes": Law(0, "calendar_days", 0, "backward", "V", "day_before"),
    "u_visa.adjustment_opens": Law(3, "years", 0, "forward", "V"),
    "u_visa.adjustment_closes": Law(0, "calendar_days", 0, "backward", "V", "day_before"),
    "t_visa.extension": Law(0, "calendar_days", 0, "backward", "K", "day_before"),
    "u_visa.extension": Law(0, "calendar_days", 0, "backward", "K", "day_before"),
    "t_family.parent_petition_age": Law(21, "years", 0, "backward", "T", "day_before"),
    "travel.return_by": Law(89, "calendar_days", 0, "backward", "K"),
    # VAWA and special immigrant juveniles.
    "vawa.after_divorce": Law(2, "years", 0, "backward", "V", "day_before", AGE),
    "vawa.after_death": Law(2, "years", 0, "backward", "V", "day_before", AGE),
    "vawa.after_status_loss": Law(2, "years", 0, "backward", "V", "day_before", AGE),
    "vawa.child_at_21": Law(21, "years", 0, "backward", "V", "day_before", AGE),
    "vawa.child_at_25": Law(25, "years", 0, "backward", "T", "day_before", AGE),
    "vawa.prima_facie_ends": Law(0, "calendar_days", 0, "none", "T"),
    "sij.filing_age": Law(21, "years", 0, "backward", "V", "day_before"),
    "sij.decision": Law(180, "calendar_days", 0, "forward", "V"),
    # What ends on the date that is printed on it.
    "ead.renewal_opens": Law(-180, "calendar_days", 0, "forward", "T"),
    "ead.expires": Law(0, "calendar_days", 0, "none", "T", alerts=EXPIRY),
    "i94.expires": Law(0, "calendar_days", 0, "none", "V", alerts=EXPIRY),
    "card.expires": Law(0, "calendar_days", 0, "none", "K", alerts=EXPIRY),
    "passport.expires": Law(0, "calendar_days", 0, "none", "V", alerts=EXPIRY),
    "protection_order.expires": Law(0, "calendar_days", 0, "none", "V", alerts=EXPIRY),
    "address_confidentiality.expires": Law(0, "calendar_days", 0, "none", "V", alerts=EXPIRY),
    "status.ends": Law(0, "calendar_days", 0, "none", "V", alerts=EXPIRY),
    # Records, certification, interim aid, vacatur.
    "foia.right_office": Law(10, "calendar_days", 0, "forward", "T"),
    "foia.answer": Law(20, "working_days", 0, "forward", "T"),
    "foia.answer_unusual": Law(30, "working_days", 0, "forward", "T"),
    "california.u_certification": Law(30, "calendar_days", 0, "forward", "T"),
    "california.u_certification_urgent": Law(7, "calendar_days", 0, "forward", "K"),
    "california.t_declaration": Law(30, "calendar_days", 0, "forward", "T"),
    "california.t_declaration_urgent": Law(7, "calendar_days", 0, "forward", "K"),
    "hhs.notify_minor": Law(1, "calendar_days", 0, "none", "V"),
    "hhs.interim_aid": Law(90, "calendar_days", 0, "none", "V"),
    "hhs.interim_aid_extended": Law(120, "calendar_days", 0, "none", "V"),
    "vacatur.prosecutor_response": Law(45, "calendar_days", 0, "forward", "V"),
    "vacatur.records_destroyed": Law(90, "calendar_days", 0, "forward", "V"),
    "vacatur.records_destroyed_after_arrest": Law(1, "years", 0, "forward", "V"),
}

EXAMPLES = [
    # Request for evidence. 84 days from Monday 1 June 2026 are Monday 24 August; mailed, 87 are Thursday the 27th.
    ("uscis.rfe_response", date(2026, 6, 1), Facts(), date(2026, 8, 24)),
    ("uscis.rfe_response", date(2026, 6, 1), MAILED, date(2026, 8, 27)),
    # 87 days from 10 June are Saturday 5 September, and Monday the 7th is Labor Day: paper is timely on Tuesday, an
    # online answer is not, so it goes in on the Friday before.
    ("uscis.rfe_response", date(2026, 6, 10), MAILED, date(2026, 9, 8)),
    ("uscis.rfe_response", date(2026, 6, 10), Facts(mailed=True, online=True), date(2026, 9, 4)),
    # Over a leap day: 84 days from 12 December 2023 are 5 March 2024.
    ("uscis.rfe_response", date(2023, 12, 12), Facts(), date(2024, 3, 5)),
    # The last day of the old version; then the date on the notice, also a far shorter one.
    ("uscis.rfe_response", date(2026, 8, 4), MAILED, date(2026, 10, 30)),
    ("uscis.rfe_response", date(2026, 8, 5), Facts(printed=date(2026, 9, 4)), date(2026, 9, 4)),
    # Intent to deny, revoke, terminate: the notice prints the date, and it holds on a Saturday too.
    ("uscis.noid_response", date(2026, 11, 2), Facts(mailed=True, printed=date(2026, 12, 5)), date(2026, 12, 5)),
    ("uscis.noir_response", date(2026, 1, 30), Facts(mailed=True, printed=date(2026, 3, 4)), date(2026, 3, 4)),
    ("uscis.noit_response", date(2026, 2, 27), Facts(printed=date(2026, 3, 30)), date(2026, 3, 30)),
    # I-290B. 30 days from 28 January 2026 are 27 February, 33 are Monday 2 March; 30 from 1 December are its last day.
    ("uscis.appeal_or_motion", date(2026, 1, 28), Facts(), date(2026, 2, 27)),
    ("uscis.appeal_or_motion", date(2026, 1, 28), MAILED, date(2026, 3, 2)),
    ("uscis.appeal_or_motion", date(2026, 12, 1), Facts(), date(2026, 12, 31)),
    # 30 days from 26 November are Saturday 26 December, and Friday is Christmas: Thursday the 24th.
    ("uscis.appeal_or_motion", date(2026, 11, 26), Facts(), date(2026, 12, 24)),
    ("uscis.appeal_of_revocation", date(2026, 2, 16), Facts(), date(2026, 3, 3)),
    ("uscis.appeal_of_revocation", date(2026, 2, 16), MAILED, date(2026, 3, 6)),
    ("uscis.hotline_reply", date(2025, 11, 3), Facts(), date(2026, 3, 3)),
    # Board: 30 days whatever was printed in February 2026; the 8th of March was the day of the judgment.
    ("board.appeal", date(2026, 2, 5), Facts(), date(2026, 3, 9)),  # 7 March is a Saturday
    ("board.appeal", date(2026, 3, 8), Facts(), date(2026, 4, 7)),
    ("board.appeal", date(2026, 3, 9), Facts(), date(2026, 4, 8)),
    ("board.appeal", date(2024, 1, 30), Facts(), date(2024, 2, 29)),  # a leap day
    ("board.appeal", date(2026, 11, 25), Facts(), date(2026, 12, 28)),  # Christmas, then a weekend
    ("board.brief", date(2026, 11, 6), Facts(), date(2026, 11, 25)),  # the 26th is Thanksgiving
    ("board.brief", date(2026, 3, 2), Facts(), date(2026, 3, 20)),  # 22 March is a Sunday
    ("court.petition_for_review", date(2025, 6, 26), Facts(), date(2025, 7, 25)),  # the 26th is a Saturday
    ("court.petition_for_review", date(2024, 1, 31), Facts(), date(2024, 3, 1)),
    ("court.petition_for_review_dhs_order", date(2026, 12, 2), Facts(), date(2026, 12, 31)),  # New Year's Day
    # Motions: 90 and 30 days from the final order, 180 from an order made in absence, one year for VAWA.
    ("motion.reopen", date(2025, 11, 30), Facts(), date(2026, 2, 27)),  # 28 February 2026 is a Saturday
    ("motion.reopen", date(2023, 12, 1), Facts(), date(2024, 2, 29)),
    ("motion.reconsider", date(2026, 10, 12), Facts(), date(2026, 11, 10)),  # Veterans Day
    ("motion.reopen_in_absentia", date(2026, 1, 15), Facts(), date(2026, 7, 14)),
    ("motion.reopen_in_absentia", date(2025, 9, 3), Facts(), date(2026, 3, 2)),
    ("motion.reopen_vawa", date(2024, 2, 29), Facts(), date(2025, 2, 27)),
    ("motion.reopen_vawa", date(2025, 11, 30), Facts(), date(2026, 11, 27)),  # 29 November 2026 is a Sunday
    # A move: 10 days for AR-11, 5 for EOIR-33, never later than the last open day.
    ("address.dhs", date(2026, 2, 20), Facts(), date(2026, 3, 2)),
    ("address.dhs", date(2026, 12, 15), Facts(), date(2026, 12, 24)),  # Christmas
    ("address.court", date(2026, 12, 28), Facts(), date(2026, 12, 31)),  # 2 January is a Saturday, the 1st a holiday
    ("address.court", date(2024, 2, 26), Facts(), date(2024, 3, 1)),  # 2 March 2024 is a Saturday
    ("address.board", date(2026, 8, 31), Facts(), date(2026, 9, 4)),
    # Asylum: a year from the last arrival; 150 and 180 days without those that she asked for.
    ("asylum.filing", date(2025, 11, 28), Facts(), date(2026, 11, 27)),  # 28 November 2026 is a Saturday
    ("asylum.filing", date(2023, 3, 1), Facts(), date(2024, 3, 1)),
    ("asylum.ead_filing_opens", date(2025, 12, 31), Facts(), date(2026, 6, 1)),  # 30 May is a Saturday
    ("asylum.ead_grant_from", date(2026, 1, 5), Facts(), date(2026, 7, 6)),  # 4 July, and the Friday in its place
    ("asylum.ead_grant_from", date(2026, 1, 5), Facts(paused_days=30), date(2026, 8, 3)),  # 3 August: day 210
    # Supplement B: the day before six months are over, and the month's end where there is no such day.
    ("u_visa.supplement_b", date(2026, 3, 31), Facts(), date(2026, 9, 30)),
    ("u_visa.supplement_b", date(2026, 5, 28), Facts(), date(2026, 11, 27)),
    ("u_visa.supplement_b", date(2023, 8, 29), Facts(), date(2024, 2, 28)),  # whole in a leap year
    ("u_visa.supplement_b", date(2024, 12, 31), Facts(), date(2025, 6, 30)),
    # The windows of I-485 and of extension.
    ("t_visa.adjustment_opens", date(2024, 2, 29), Facts(), date(2027, 3, 1)),  # 28 February 2027 is a Sunday
    ("t_visa.adjustment_closes", date(2028, 3, 1), Facts(), date(2028, 2, 29)),
    ("u_visa.adjustment_opens", date(2023, 11, 24), Facts(), date(2026, 11, 24)),
    ("u_visa.adjustment_closes", date(2027, 1, 2), Facts(), date(2026, 12, 31)),
    ("t_visa.extension", date(2026, 12, 26), Facts(), date(2026, 12, 24)),
    ("u_visa.extension", date(2027, 5, 31), Facts(), date(2027, 5, 28)),  # 30 May is a Sunday
    ("t_family.parent_petition_age", date(2008, 2, 29), Facts(), date(2029, 2, 27)),
    ("travel.return_by", date(2026, 9, 1), Facts(), date(2026, 11, 27)),  # day 90 is Sunday 29 November
    # VAWA: two years, 21 and 25 years, the day before; nothing extends them.
    ("vawa.after_divorce", date(2024, 11, 30), Facts(), date(2026, 11, 27)),
    ("vawa.after_death", date(2025, 1, 1), Facts(), date(2026, 12, 31)),
    ("vawa.after_status_loss", date(2024, 7, 5), Facts(), date(2026, 7, 2)),  # the 3rd stands for 4 July
    ("vawa.child_at_21", date(2005, 12, 1), Facts(), date(2026, 11, 30)),
    ("vawa.child_at_25", date(2004, 2, 29), Facts(), date(2029, 2, 27)),
    ("vawa.prima_facie_ends", date(2026, 12, 26), Facts(), date(2026, 12, 26)),
    ("sij.filing_age", date(2006, 3, 1), Facts(), date(2027, 2, 26)),  # 28 February 2027 is a Sunday
    ("sij.decision", date(2025, 12, 5), Facts(), date(2026, 6, 3)),
    # Work permits: 180 days before; the printed day itself, on a Sunday too.
    ("ead.renewal_opens", date(2026, 8, 28), Facts(), date(2026, 3, 2)),  # 1 March is a Sunday
    ("ead.expires", date(2026, 11, 29), Facts(), date(2026, 11, 29)),
    ("i94.expires", date(2028, 2, 29), Facts(), date(2028, 2, 29)),
    ("card.expires", date(2026, 7, 4), Facts(), date(2026, 7, 4)),
    ("passport.expires", date(2026, 12, 25), Facts(), date(2026, 12, 25)),
    ("protection_order.expires", date(2026, 12, 31), Facts(), date(2026, 12, 31)),
    ("address_confidentiality.expires", date(2029, 7, 4), Facts(), date(2029, 7, 4)),
    ("status.ends", date(2027, 1, 31), Facts(), date(2027, 1, 31)),
    # Records: ten days to the right office, then twenty working days; holidays are not counted.
    ("foia.right_office", date(2026, 11, 18), Facts(), date(2026, 11, 30)),  # the 28th is a Saturday
    ("foia.answer", date(2026, 12, 18), Facts(), date(2027, 1, 20)),  # Christmas, New Year, Martin Luther King
    ("foia.answer_unusual", date(2026, 12, 18), Facts(), date(2027, 2, 3)),
    # California's clocks.
    ("california.u_certification", date(2026, 11, 25), Facts(), date(2026, 12, 28)),  # Christmas, a weekend
    ("california.u_certification_urgent", date(2026, 12, 18), Facts(), date(2026, 12, 28)),
    ("california.t_declaration", date(2026, 1, 30), Facts(), date(2026, 3, 2)),
    ("california.t_declaration_urgent", date(2026, 2, 20), Facts(), date(2026, 2, 27)),
    # A minor: 24 hours whatever day it is; 90 days of aid, and 30 more.
    ("hhs.notify_minor", date(2026, 12, 24), Facts(), date(2026, 12, 25)),
    ("hhs.interim_aid", date(2025, 11, 30), Facts(), date(2026, 2, 28)),
    ("hhs.interim_aid", date(2023, 12, 1), Facts(), date(2024, 2, 29)),
    ("hhs.interim_aid_extended", date(2025, 11, 30), Facts(), date(2026, 3, 30)),
    # Vacatur: 45 days from service, 90 from the order, a year from the arrest.
    ("vacatur.prosecutor_response", date(2026, 10, 13), Facts(), date(2026, 11, 27)),
    ("vacatur.prosecutor_response", date(2024, 1, 15), Facts(), date(2024, 2, 29)),
    ("vacatur.records_destroyed", date(2026, 9, 4), Facts(), date(2026, 12, 3)),
    ("vacatur.records_destroyed_after_arrest", date(2025, 11, 26), Facts(), date(2026, 11, 27)),  # Thanksgiving
]  # fmt: skip


def latest(rule_id: str) -> Rule:
    return BOOK.versions(rule_id)[-1]


def test_every_rule_stands_on_the_page_and_has_a_worked_example() -> None:
    assert set(BOOK.ids) == set(PAGE)
    assert {rule_id for rule_id, *_ in EXAMPLES} == set(PAGE)


@pytest.mark.parametrize("rule_id", PAGE)
def test_a_rule_says_what_its_page_says(rule_id: str) -> None:
    law, rule = PAGE[rule_id], latest(rule_id)
    found = Law(rule.count, rule.unit, rule.mail_days, rule.roll, rule.certainty, rule.last_day)
    assert found == law._replace(alerts=None)
    assert law.alerts is None or rule.alerts == law.alerts
    assert "legal.md" not in rule.source  # a source that its reader can look up


@pytest.mark.parametrize(("rule_id", "trigger", "facts", "expected"), EXAMPLES)
def test_a_worked_example_comes_out_as_counted_by_hand(
    rule_id: str, trigger: date, facts: Facts, expected: date
) -> None:
    assert BOOK.deadline(rule_id, trigger, facts).date == expected


def test_answers_to_notices_are_due_when_they_are_received_and_need_the_printed_date() -> None:
    for rule_id in ("uscis.rfe_response", "uscis.noid_response", "uscis.noir_response", "uscis.noit_response"):
        rule = latest(rule_id)
        assert rule.received
        assert rule.jurisdictional
        assert rule.printed_date_required
        assert not rule.online_rolls


def test_what_nothing_extends_wants_a_second_pair_of_eyes() -> None:
    counted = [latest(rule_id) for rule_id in BOOK.ids]
    assert all(rule.jurisdictional for rule in counted if rule.kind == "due" and not rule.id.startswith("address."))


def test_the_ten_day_rule_of_the_board_stands_nowhere_but_as_our_own_day() -> None:
    for day in (date(2026, 2, 5), date(2026, 3, 8), date(2026, 3, 9), date(2026, 11, 27)):
        appeal = BOOK.deadline("board.appeal", day)
        assert (appeal.date - day).days >= 30
        assert appeal.act_by is not None
        assert (appeal.act_by - day).days <= 10


def test_vacatur_asks_for_the_later_of_two_days() -> None:
    order = BOOK.deadline("vacatur.records_destroyed", date(2026, 9, 4)).date
    arrest = BOOK.deadline("vacatur.records_destroyed_after_arrest", date(2026, 1, 5)).date
    assert max(order, arrest) == date(2027, 1, 5)


@given(rule_id=st.sampled_from(sorted(PAGE)), year=st.integers(2027, 2040))
def test_leap_days_and_month_ends_never_break_a_count(rule_id: str, year: int) -> None:
    rule = latest(rule_id)
    for day in (date(year, 1, 31), date(year, 3, 1), date(year, 8, 31), date(year // 4 * 4, 2, 29), date(year, 12, 31)):
        facts = Facts(printed=day) if rule.printed_date_required else Facts()
        found = compute(rule, BOOK.triggers[rule.trigger], day, facts).date
        assert rule.roll == "none" or facts.printed or is_working_day(found)
