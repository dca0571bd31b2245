"""Days that are odd and true: a night in which the clock changes, a leap day, a month's end, a holiday observed on the
Friday or the Monday, a notice by mail, a clock that stood still, a machine whose clock is five years off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import icalendar
import pytest
from flask import Flask

from shelter.clients.models import Client
from shelter.legal import actions, queries
from shelter.legal.commands import (
    AddAsk,
    AddDate,
    AddNotice,
    AddVisit,
    AnswerAsk,
    Arrangements,
    CorrectNotice,
    FinishDate,
    NoticeWords,
    OpenMatter,
)
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.web.i18n import catalogue
from tests.factories.agency import World
from tests.factories.legal import make_matter
from tests.legal.conftest import SATURDAY, Browser

DATABASES = ("sqlite",)
At = Callable[[str], Browser]
DAY = timedelta(days=1)

# Just after midnight and just before it where the agency is, on the days of both changes of the clock and around.
NIGHTS = [
    (datetime(2027, 3, 14, 8, 5, tzinfo=UTC), date(2027, 3, 14)),  # 00:05, standard time
    (datetime(2027, 3, 14, 10, 30, tzinfo=UTC), date(2027, 3, 14)),  # 03:30: two o'clock never came
    (datetime(2027, 3, 15, 6, 55, tzinfo=UTC), date(2027, 3, 14)),  # 23:55, summer time
    (datetime(2027, 3, 15, 7, 5, tzinfo=UTC), date(2027, 3, 15)),
    (datetime(2027, 11, 7, 7, 5, tzinfo=UTC), date(2027, 11, 7)),  # 00:05, summer time
    (datetime(2027, 11, 7, 8, 30, tzinfo=UTC), date(2027, 11, 7)),  # 01:30 for the first time
    (datetime(2027, 11, 7, 9, 30, tzinfo=UTC), date(2027, 11, 7)),  # and for the second
    (datetime(2027, 11, 8, 7, 55, tzinfo=UTC), date(2027, 11, 7)),  # 23:55, standard time
    (datetime(2027, 11, 8, 8, 5, tzinfo=UTC), date(2027, 11, 8)),
]


def home(hers: Client, matter: bytes) -> str:
    return f"/people/{hers.code}/matters/{matter.hex()}"


def test_a_night_in_which_the_clock_changes_moves_no_day(world: World, hers: Client, matter: bytes) -> None:
    """Today is the agency's: its notice is taken and that of tomorrow is not; days are added to days."""
    for moment, today in NIGHTS:
        with clock.frozen(moment):
            advocate, words = world.actor("advocate"), NoticeWords("rfe", today, answer_by=today + 60 * DAY)
            due = actions.add_notice(advocate, AddNotice(hers.code, matter, words))
            assert due is not None
            assert (due.set_on, due.day) == (today, today + 60 * DAY)
            with pytest.raises(Broken) as broken:
                actions.add_notice(advocate, AddNotice(hers.code, matter, replace(words, printed_on=today + DAY)))
            assert (broken.value.message_key, broken.value.field) == ("legal.not_come_yet", "trigger_date")
            moved = actions.add_date(advocate, AddDate(hers.code, matter, "uscis.hotline_reply", today - 119 * DAY))
            assert moved.counted >= today + DAY
            assert queries.day(advocate).today == today


@pytest.mark.parametrize(
    ("day", "time"), [(date(2027, 3, 14), "02:30"), (date(2027, 11, 7), "01:30"), (date(2028, 2, 29), "08:30")]
)
def test_an_appointment_at_an_hour_that_is_missing_or_comes_twice_stands_as_it_was_told(
    world: World, hers: Client, matter: bytes, at: At, day: date, time: str
) -> None:
    """An hour on the paper is an hour on the wall; a telephone reads the same, whatever it makes of it."""
    advocate, browser = world.actor("advocate"), at("advocate")
    address = actions.make_calendar(advocate)
    actions.add_visit(advocate, AddVisit(hers.code, matter, day, Arrangements("master_hearing", time)))
    assert time in browser.get("/matters").text
    (event,) = icalendar.Calendar.from_ical(browser.get(f"/calendar/{address}.ics").text).walk("VEVENT")
    starts = event.decoded("DTSTART")
    assert (starts.date(), starts.strftime("%H:%M"), starts.tzinfo) == (day, time, None)


def test_a_notice_of_a_leap_day_by_mail_is_counted_through_the_form(
    app: Flask, world: World, hers: Client, matter: bytes
) -> None:
    browser = Browser(app, app.test_client(), datetime(2028, 3, 1, 20, tzinfo=UTC))
    browser.sign_in(world.members["advocate"])
    fields = {"type": "rfe", "came": "mail", "trigger_date": "2/29/2028", "printed_date": "2028-05-26"}
    assert browser.post(f"{home(hers, matter)}/notices/new", **fields).status_code == 302
    shown = browser.get(home(hers, matter)).text
    assert "87 = 84 + 3 by mail, notice dated 29 February 2028, falls on Friday 26 May 2028" in shown


def test_a_signature_of_the_months_end_lasts_to_the_end_of_a_shorter_month(world: World, hers: Client) -> None:
    advocate, u_visa = world.actor("advocate"), make_matter(world, hers, type="u_visa")
    for signed, last in ((date(2026, 8, 31), date(2027, 2, 26)), (date(2026, 8, 30), date(2027, 2, 26))):
        asked = AddAsk(hers.code, u_visa, "supplement_b", "california", "Sheriff", "", signed)
        ask = actions.add_ask(advocate, asked)
        due = actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 1, "signed", signed))
        assert due is not None
        assert due.day == last  # 28 February 2027 is a Sunday: the Friday before


@pytest.mark.parametrize(
    ("rule", "start", "day", "english", "spanish"),
    [
        # 4 July 2027 is a Sunday: the Monday is closed, and the weekend before it.
        ("address.dhs", "2027-06-25", date(2027, 7, 2),
         "moves back from Independence Day 5 July 2027 to Friday 2 July 2027", "viernes 2 de julio de 2027"),
        # 1 January 2028 is a Saturday: the Friday is closed.
        ("address.dhs", "2027-12-21", date(2027, 12, 30),
         "moves back from New Year&#39;s Day 31 December 2027 to Thursday 30 December 2027",
         "jueves 30 de diciembre de 2027"),
    ],
)  # fmt: skip
def test_a_holiday_observed_on_the_friday_or_the_monday_is_a_closed_day(
    app: Flask, world: World, hers: Client, matter: bytes, rule: str, start: str, day: date, english: str, spanish: str
) -> None:
    browser = Browser(app, app.test_client(), datetime(2027, 12, 22, 20, tzinfo=UTC))
    browser.sign_in(world.members["advocate"])
    assert browser.post(f"{home(hers, matter)}/dates/new", rule=rule, trigger_date=start).status_code == 302
    (view,) = queries.matter(world.actor("advocate"), hers.code, matter).open_dates
    assert view.day == day
    assert english in browser.get(home(hers, matter)).text
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    assert spanish in browser.get(home(hers, matter)).text


def test_a_printed_day_on_an_observed_holiday_stays_and_the_open_day_before_is_named_in_both_languages(
    app: Flask, world: World, hers: Client, matter: bytes
) -> None:
    browser = Browser(app, app.test_client(), datetime(2027, 11, 20, 20, tzinfo=UTC))
    browser.sign_in(world.members["advocate"])
    fields = {"type": "rfe", "came": "online", "trigger_date": "2027-11-10", "printed_date": "2027-12-24"}
    assert browser.post(f"{home(hers, matter)}/notices/new", **fields).status_code == 302
    assert "offices are closed that day; be there by Thursday 23 December 2027" in browser.get(home(hers, matter)).text
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    assert "jueves 23 de diciembre de 2027" in browser.get(home(hers, matter)).text


def test_three_days_by_mail_are_there_for_a_paper_and_go_when_it_came_otherwise(
    world: World, hers: Client, matter: bytes
) -> None:
    advocate = world.actor("advocate")
    denied = NoticeWords("denial", date(2026, 10, 1), date(2026, 10, 5))
    due = actions.add_notice(advocate, AddNotice(hers.code, matter, denied))
    assert due is not None
    assert due.day == date(2026, 11, 3)
    notice = queries.matter(advocate, hers.code, matter).notices[0].now.id
    online = CorrectNotice(hers.code, matter, notice, 1, replace(denied, came="online"), "It stood in the account")
    fresh = actions.correct_notice(advocate, online)
    assert fresh is not None
    assert fresh.day == date(2026, 10, 30)  # day 30 is Saturday 31 October, and no source lets it roll forward
    open_days = [view.day for view in queries.matter(advocate, hers.code, matter).open_dates]
    assert open_days == [date(2026, 10, 30)]


def test_the_days_on_which_the_clock_of_asylum_stood_still_are_counted_and_shown(
    world: World, hers: Client, at: At
) -> None:
    boss, advocate = world.actor("legal_supervisor"), world.actor("advocate")
    lead = world.members["advocate"].id
    asylum = actions.open_matter(boss, OpenMatter(hers.code, "asylum", date(2026, 3, 2), lead))
    browser, path = at("advocate"), f"{home(hers, asylum)}/dates/new"
    fields = {"rule": "asylum.ead_filing_opens", "trigger_date": "2026-09-01"}
    assert browser.post(path, **fields, paused="-3").status_code == 422
    assert browser.post(path, **fields, paused="21").status_code == 302
    (view,) = queries.matter(advocate, hers.code, asylum).open_dates
    assert view.day == date(2027, 2, 19)  # 1 September and 171 days
    assert "171 = 150 + 21 while the clock stood still" in browser.get(home(hers, asylum)).text
    assert not view.moved
    assert 'name="paused"' not in browser.get(f"{home(hers, make_matter(world, hers))}/dates/new").text


def test_nothing_was_done_before_it_began(world: World, hers: Client, matter: bytes) -> None:
    """A year slips easily in January, and the day would go from the list."""
    advocate = world.actor("advocate")
    words = NoticeWords("rfe", date(2026, 11, 2), answer_by=date(2027, 1, 25))
    due = actions.add_notice(advocate, AddNotice(hers.code, matter, words))
    assert due is not None
    with pytest.raises(Broken) as broken:
        actions.finish_date(advocate, FinishDate(hers.code, matter, due.id, date(2025, 11, 20)))
    assert (broken.value.message_key, broken.value.field) == ("legal.done_before_begun", "on")
    actions.finish_date(advocate, FinishDate(hers.code, matter, due.id, date(2026, 11, 2)))
    ends = actions.add_date(advocate, AddDate(hers.code, matter, "ead.expires", date(2028, 10, 1)))
    actions.finish_date(advocate, FinishDate(hers.code, matter, ends.id, date(2026, 11, 20)))


@pytest.mark.parametrize("rule", ["t_visa.adjustment_closes", "t_visa.extension"])
def test_what_counts_from_a_day_to_come_may_be_done_today(world: World, hers: Client, matter: bytes, rule: str) -> None:
    advocate = world.actor("advocate")
    due = actions.add_date(advocate, AddDate(hers.code, matter, rule, date(2028, 10, 1)))
    assert due.kind == "due"
    actions.finish_date(advocate, FinishDate(hers.code, matter, due.id, date(2026, 11, 20)))
    assert due.id not in {view.id for view in queries.matter(advocate, hers.code, matter).open_dates}


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (SATURDAY + 5 * 365 * DAY, "This machine's clock jumped ahead by more than a year."),
        (SATURDAY - 5 * 365 * DAY, "This machine's clock stands before the day this program was made."),
    ],
)
def test_a_clock_five_years_off_is_said_on_the_page_of_the_day(
    app: Flask, world: World, hers: Client, moment: datetime, said: str
) -> None:
    browser = Browser(app, app.test_client(), moment)
    browser.sign_in(world.members["advocate"])
    for language in ("en", "es"):
        browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        assert catalogue(language).gettext(said) in unescape(browser.get("/matters").text)
