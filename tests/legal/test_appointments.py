"""Appointments with what is arranged, dates that were missed, work handed over, addresses that a form may not take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from shelter.accounts import notices
from shelter.clients.models import Client
from shelter.db.errors import Conflict, Missing
from shelter.legal import actions, queries
from shelter.legal.commands import (
    AddDate,
    AddFilings,
    AddRemedy,
    AddVisit,
    Arrangements,
    ArrangeVisit,
    Gather,
    HandOver,
    MissDate,
    NoticeWords,
    Sent,
)
from shelter.policy.errors import Denied
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.rules.clockcheck import faults
from tests.factories.agency import World
from tests.factories.legal import make_matter, make_notice
from tests.legal.conftest import SATURDAY, Browser

At = Callable[[str], Browser]
TODAY = SATURDAY.date()
HEARING = Arrangements("master_hearing", "08:30", "Room 4", interpreter="Tagalog, asked", bring="Passport\nHer letter")


def test_a_hearing_stands_among_the_dates_with_what_is_arranged(
    world: World, hers: Client, matter: bytes, at: At
) -> None:
    along = replace(HEARING, along=world.members["advocate"].id)
    actions.add_visit(world.actor("advocate"), AddVisit(hers.code, matter, TODAY + timedelta(days=3), along))
    browser = at("advocate")
    shown = browser.get("/matters").text
    for words in ("Master hearing", "08:30", "Room 4", "Tagalog, asked", "Passport, Her letter", "not arranged"):
        assert words in shown
    for address in ("/matters/by-person", "/matters/by-matter"):
        assert "Master hearing" in browser.get(address).text


def test_an_appointment_from_a_notice_is_arranged_and_two_who_do_it_at_once_see_each_other(
    world: World, hers: Client, matter: bytes
) -> None:
    biometrics = NoticeWords("biometrics", TODAY - timedelta(days=9), answer_by=TODAY + timedelta(days=9))
    due = make_notice(world, hers, matter, biometrics)
    assert due is not None
    first = ArrangeVisit(hers.code, matter, due.id, 0, replace(HEARING, what="biometrics"))
    actions.arrange_visit(world.actor("advocate"), first)
    with pytest.raises(Conflict):
        actions.arrange_visit(world.actor("legal_supervisor"), first)
    seen = queries.matter(world.actor("advocate"), hers.code, matter).date(due.id)
    assert seen.visit is not None
    assert (seen.visit.place, seen.visit.version, seen.day) == ("Room 4", 1, TODAY + timedelta(days=9))


def test_who_arranged_it_meanwhile_is_named_and_not_who_set_the_day(
    world: World, hers: Client, matter: bytes, at: At
) -> None:
    boss, browser = world.actor("legal_supervisor"), at("advocate")
    due = actions.add_visit(world.actor("advocate"), AddVisit(hers.code, matter, TODAY, HEARING))
    actions.arrange_visit(boss, ArrangeVisit(hers.code, matter, due.id, 1, replace(HEARING, place="Room 9")))
    path = f"/people/{hers.code}/matters/{matter.hex()}/visits/{due.id.hex()}"
    late = browser.post(path, what="master_hearing", place="Room 5", version="1")
    assert late.status_code == 409
    for words in ("Room 5", "Room 9", "Saved meanwhile by Legal_Supervisor"):
        assert words in late.text
    assert browser.post(path, what="master_hearing", place="Room 5", version="2").status_code == 302


def test_only_who_may_read_the_matter_goes_along(world: World, hers: Client, matter: bytes) -> None:
    along = replace(HEARING, along=world.members["caseworker"].id)
    with pytest.raises(Broken) as broken:
        actions.add_visit(world.actor("advocate"), AddVisit(hers.code, matter, TODAY, along))
    assert (broken.value.message_key, broken.value.field) == ("legal.choose_advocate", "along")


def test_a_hearing_is_not_entered_for_a_day_that_is_over(world: World, hers: Client, matter: bytes) -> None:
    with pytest.raises(Broken) as broken:
        actions.add_visit(world.actor("advocate"), AddVisit(hers.code, matter, TODAY - timedelta(days=1), HEARING))
    assert (broken.value.message_key, broken.value.field) == ("legal.day_is_over", "day")


def missed(world: World, hers: Client, matter: bytes) -> bytes:
    advocate = world.actor("advocate")
    due = actions.add_date(advocate, AddDate(hers.code, matter, "address.dhs", TODAY - timedelta(days=20)))
    actions.miss_date(advocate, MissDate(hers.code, matter, due.id, "Nobody told us of the move", "Filed at once"))
    return due.id


def test_a_missed_date_is_in_the_register_with_what_was_done_then_and_since(
    world: World, hers: Client, matter: bytes, at: At
) -> None:
    due = missed(world, hers, matter)
    actions.add_remedy(world.actor("legal_supervisor"), AddRemedy(hers.code, matter, due, "Told the court"))
    shown = at("advocate").get("/matters/missed").text
    for words in (hers.code, "Nobody told us of the move", "Filed at once", "Told the court", "Legal_Supervisor"):
        assert words in shown
    found = queries.matter(world.actor("advocate"), hers.code, matter)
    assert [view.id for view in found.ended_dates] == [due]
    assert due not in [row.id for row in queries.day(world.actor("advocate")).rows]


def test_what_is_not_over_is_not_missed_and_a_register_entry_says_both_things(
    world: World, hers: Client, matter: bytes
) -> None:
    advocate = world.actor("advocate")
    due = actions.add_date(advocate, AddDate(hers.code, matter, "address.dhs", TODAY))
    for happened, done, key in (
        ("Why", "Done", "legal.not_missed_yet"),
        ("", "Done", "legal.say_what_happened"),
        ("Why", "", "legal.say_what_was_done"),
    ):
        with pytest.raises(Broken) as broken:
            actions.miss_date(advocate, MissDate(hers.code, matter, due.id, happened, done))
        assert broken.value.message_key == key


def test_her_work_is_handed_over_in_one_step_and_comes_back_by_itself(world: World, hers: Client) -> None:
    advocate, deputy = world.actor("legal_supervisor"), world.members["advocate"].id
    make_matter(world, hers)
    actions.hand_over(advocate, HandOver(deputy, TODAY, TODAY + timedelta(days=6)))
    assert "cover" in {one.kind for one in notices.mine(world.actor("advocate"))}
    assert [one.by_name for one in queries.away(advocate).arranged] == ["Advocate"]
    with pytest.raises(Broken) as broken:
        actions.hand_over(advocate, HandOver(deputy, TODAY, TODAY - timedelta(days=1)))
    assert broken.value.message_key == "accounts.cover-order"
    with pytest.raises(Missing):
        actions.hand_over(advocate, HandOver(world.members["caseworker"].id, TODAY, TODAY))
    with pytest.raises(Denied):
        actions.hand_over(world.actor("caseworker"), HandOver(deputy, TODAY, TODAY))


@pytest.mark.parametrize(
    ("form", "address", "key"),
    [
        ("EOIR-33", "care_of", "address.no_care_of_line"),
        ("EOIR-33", "confidential", "address.court_and_program"),
        ("EOIR-28", "shelter", "address.shelter"),
        ("EOIR-28", "last_shared", "address.last_shared"),
    ],
)
def test_an_address_that_a_form_may_not_take_is_said_before_it_goes_out(
    world: World, hers: Client, form: str, address: str, key: str
) -> None:
    advocate = world.actor("advocate")
    removal = make_matter(world, hers, type="removal_defense")
    sent = Sent(date(2026, 4, 1), "mail", address=address)
    with pytest.raises(Broken) as broken:
        actions.add_filings(advocate, AddFilings(hers.code, removal, (form,), sent))
    assert (broken.value.message_key, broken.value.field) == (key, "address")
    planned = replace(sent, address_planned=True)
    actions.add_filings(advocate, AddFilings(hers.code, removal, (form,), planned))
    assert queries.matter(advocate, hers.code, removal).filings[0].now.address == address


def test_papers_in_hand_keep_the_day_they_came(world: World, hers: Client, matter: bytes) -> None:
    advocate = world.actor("advocate")
    statement, photographs = "Signed personal statement", "Two photographs"
    actions.gather(advocate, Gather(hers.code, matter, (statement,)))
    with clock.frozen(SATURDAY + timedelta(days=2)):
        actions.gather(advocate, Gather(hers.code, matter, (statement, photographs)))
    gathered = queries.matter(advocate, hers.code, matter).gathered
    assert gathered == {statement: TODAY, photographs: TODAY + timedelta(days=2)}
    with pytest.raises(Broken):
        actions.gather(advocate, Gather(hers.code, matter, ("A bribe",)))


def test_a_clock_five_years_ahead_is_noticed_on_the_day_page(world: World, matter: bytes, at: At) -> None:
    browser = at("advocate")
    assert "jumped ahead" not in browser.get("/matters").text
    browser.now += timedelta(days=365 * 5)
    browser.sign_in(world.members["advocate"])
    assert "jumped ahead" in browser.get("/matters").text


def test_a_clock_that_is_behind_or_went_back_is_noticed_and_a_right_one_is_not() -> None:
    written = [SATURDAY - timedelta(days=day) for day in (200, 3, 1)]
    assert faults(SATURDAY, written) == ()
    assert faults(SATURDAY - timedelta(days=365 * 5), []) == ("clock.before_the_rules",)
    assert faults(SATURDAY - timedelta(days=10), written) == ("clock.went_back",)
    assert faults(SATURDAY, [*written, SATURDAY + timedelta(days=500)]) == ("clock.went_back", "clock.jumped_ahead")
