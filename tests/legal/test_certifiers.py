"""Clocks of agencies that certify, kept on a screen: tried on open dates, then counted by, moving none by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from shelter.clients.models import Client
from shelter.lawbook import actions as lawbook
from shelter.lawbook.commands import KeepCertifier
from shelter.legal import actions, queries
from shelter.legal.commands import AddAsk, AnswerAsk, DecideDate, ReplaceDate, TellAsk
from shelter.policy.errors import Denied
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.rules.certifiers import Certifier
from tests.factories.agency import World
from tests.factories.legal import make_matter
from tests.legal.conftest import SATURDAY, Browser

At = Callable[[str], Browser]
TODAY = SATURDAY.date()
ASKED = date(2026, 11, 2)
NEVADA = KeepCertifier(
    "", "An agency in Nevada", {"supplement_b": 45}, {"supplement_b": 10}, "calendar_days", "urgent", 21,
    "Ask in writing.", "A law of Nevada", "K", date(2026, 1, 1),
)  # fmt: skip
FIELDS = {
    "label": "An agency in Nevada", "days_supplement_b": "45", "urgent_supplement_b": "10", "unit": "calendar_days",
    "remind_after": "21", "source": "A law of Nevada", "certainty": "K", "effective_from": "2026-01-01",
}  # fmt: skip
HOME = "/matters/rules/certifiers"


@pytest.fixture
def u_visa(world: World, hers: Client) -> bytes:
    return make_matter(world, hers, type="u_visa")


def adopted(world: World, command: KeepCertifier = NEVADA) -> str:
    boss = world.actor("legal_supervisor")
    number = lawbook.try_certifier(boss, command)
    lawbook.adopt(boss, number)
    return queries.trial(boss, number).made.id


def expected(world: World, hers: Client, matter: bytes, ask: bytes) -> date:
    waiting = queries.around(world.actor("advocate"), hers.code, matter).ask(ask).waiting
    assert waiting is not None
    return waiting.day


def asked(hers: Client, matter: bytes, certifier: str, *, kind: str = "supplement_b", urgent: bool = False) -> AddAsk:
    return AddAsk(hers.code, matter, kind, certifier, "Sheriff of Testville", "", ASKED, "mail", urgent)


def test_a_new_state_is_written_tried_adopted_and_counts_its_answers(
    world: World, hers: Client, u_visa: bytes, at: At
) -> None:
    browser = at("legal_supervisor")
    tried = browser.post(f"{HOME}/new", **FIELDS)
    assert tried.status_code == 302
    trial = tried.headers["Location"]
    assert "45 calendar days" in browser.get(trial).text
    new_ask = f"/people/{hers.code}/matters/{u_visa.hex()}/asks/new"
    assert "An agency in Nevada" not in browser.get(new_ask).text
    assert browser.post(f"{trial}/adopt", trial, over="0").status_code == 302
    assert "An agency in Nevada" in browser.get(new_ask).text
    assert "An agency in Nevada" in browser.get(HOME).text
    advocate = world.actor("advocate")
    usual = actions.add_ask(advocate, asked(hers, u_visa, "own_an_agency_in_nevada"))
    soon = actions.add_ask(advocate, asked(hers, u_visa, "own_an_agency_in_nevada", urgent=True))
    assert expected(world, hers, u_visa, usual) == ASKED + timedelta(days=45)
    assert expected(world, hers, u_visa, soon) == ASKED + timedelta(days=10)
    assert "A law of Nevada" in at("advocate").get(f"/people/{hers.code}/matters/{u_visa.hex()}").text


def test_a_clock_changed_while_an_ask_is_open_asks_about_its_day_and_moves_nothing(
    world: World, hers: Client, u_visa: bytes
) -> None:
    advocate, boss = world.actor("advocate"), world.actor("legal_supervisor")
    ask = actions.add_ask(advocate, asked(hers, u_visa, "california"))
    before = expected(world, hers, u_visa, ask)
    assert before == ASKED + timedelta(days=30)
    changed = replace(NEVADA, code="california", label="An agency in California", days={"supplement_b": 21}, urgent={})
    number = lawbook.try_certifier(boss, changed)
    assert [one.new.date for one in queries.trial(boss, number).asked] == [ASKED + timedelta(days=21)]
    assert queries.asked_about(advocate).rows == ()
    lawbook.adopt(boss, number)
    assert expected(world, hers, u_visa, ask) == before
    (one,) = queries.asked_about(advocate).rows
    actions.decide_date(advocate, DecideDate(hers.code, u_visa, one.due.id, one.new.version, take=True, why=""))
    assert expected(world, hers, u_visa, ask) == ASKED + timedelta(days=21)


def test_a_version_from_a_later_day_leaves_what_was_asked_before_alone(
    world: World, hers: Client, u_visa: bytes
) -> None:
    advocate = world.actor("advocate")
    later = replace(NEVADA, code="california", days={"supplement_b": 5}, urgent={}, effective_from=date(2026, 11, 10))
    adopted(world, later)
    old = actions.add_ask(advocate, asked(hers, u_visa, "california"))
    new = actions.add_ask(advocate, replace(asked(hers, u_visa, "california"), asked_on=date(2026, 11, 10)))
    assert expected(world, hers, u_visa, old) == ASKED + timedelta(days=30)
    assert expected(world, hers, u_visa, new) == date(2026, 11, 16)  # Sunday rolls to the next open day
    assert queries.asked_about(advocate).rows == ()


def test_where_no_version_holds_yet_we_remind_ourselves(world: World, hers: Client, u_visa: bytes) -> None:
    advocate, code = world.actor("advocate"), adopted(world, replace(NEVADA, effective_from=date(2027, 1, 1)))
    ask = actions.add_ask(advocate, asked(hers, u_visa, code))
    waiting = queries.around(advocate, hers.code, u_visa).ask(ask).waiting
    assert waiting is not None
    assert (waiting.kind, waiting.rule) == ("remind", "")
    actions.tell_ask(advocate, TellAsk(hers.code, u_visa, ask, TODAY, "Called", remind=True))
    assert expected(world, hers, u_visa, ask) >= TODAY + timedelta(days=21)


def test_what_was_given_up_is_not_counted_by_and_its_numbers_are_not_given_again(world: World) -> None:
    boss = world.actor("legal_supervisor")
    change = replace(NEVADA, code="california", days={"supplement_b": 20})
    first = lawbook.try_certifier(boss, change)
    lawbook.give_up(boss, first)
    second = lawbook.try_certifier(boss, change)
    lawbook.adopt(boss, second)
    one, other = (queries.trial(boss, number).made.value for number in (first, second))
    assert isinstance(one, Certifier)
    assert isinstance(other, Certifier)
    assert one.version != other.version
    assert not {(rule.id, rule.version) for rule in one.counted} & {(rule.id, rule.version) for rule in other.counted}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"urgent_supplement_b": "46"}, "What is urgent cannot take longer than what is not"),
        ({"days_supplement_b": "0"}, "days_supplement_b-error"),
        ({"days_supplement_b": "ten"}, "days_supplement_b-error"),
        ({"source": ""}, "Say where the law says so"),
        ({"label": ""}, "Give it a name"),
        ({"remind_after": ""}, "remind_after-error"),
        ({"effective_until": "2025-12-31"}, "effective_until-error"),
        ({"certainty": "X"}, "certainty-error"),
    ],
)
def test_a_bad_clock_is_refused_beside_its_field_and_what_was_typed_stays(
    world: World, at: At, wrong: dict[str, str], said: str
) -> None:
    refused = at("legal_supervisor").post(f"{HOME}/new", **FIELDS | {"advice": "Ask in writing"} | wrong)
    assert refused.status_code == 422
    assert said in refused.text
    assert "Ask in writing" in refused.text


def test_advocates_read_clocks_and_supervisors_alone_keep_them(world: World, at: At) -> None:
    with pytest.raises(Denied):
        lawbook.try_certifier(world.actor("advocate"), NEVADA)
    advocate = at("advocate")
    assert "An agency in California" in advocate.get(HOME).text
    assert advocate.get(f"{HOME}/new").status_code == 403
    assert advocate.get(f"{HOME}/california/change").status_code == 403
    boss = at("legal_supervisor")
    shown = boss.get(f"{HOME}/california/change").text
    assert 'value="30"' in shown
    assert 'value="7"' in shown
    assert boss.get(f"{HOME}/mars/change").status_code == 404
    assert at("caseworker").get(HOME).status_code == 403


def test_the_same_days_saved_again_count_by_the_rules_that_are_there(world: World) -> None:
    boss = world.actor("legal_supervisor")
    same = {"supplement_b": 30, "t_declaration": 30}, {"supplement_b": 7, "t_declaration": 7}
    number = lawbook.try_certifier(boss, replace(NEVADA, code="california", days=same[0], urgent=same[1]))
    law = queries.trial(boss, number).made.value
    assert isinstance(law, Certifier)
    assert law.counted == ()
    with pytest.raises(Broken):
        lawbook.try_certifier(boss, replace(NEVADA, label=" "))


def test_a_last_day_moved_by_hand_is_still_that_of_its_signature(world: World, hers: Client, u_visa: bytes) -> None:
    """It lapses by the day that stands, and an answer put right takes that day away."""
    advocate, boss = world.actor("advocate"), world.actor("legal_supervisor")
    ask = actions.add_ask(advocate, asked(hers, u_visa, "california"))
    due = actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 1, "signed", ASKED))
    assert due is not None
    moved = date(2026, 12, 18)
    actions.replace_date(boss, ReplaceDate(hers.code, u_visa, due.id, moved, "The court's calendar"))
    last = queries.around(advocate, hers.code, u_visa).ask(ask).last_day
    assert last is not None
    assert last.day == moved
    with clock.frozen(SATURDAY + timedelta(days=40)):
        assert queries.around(advocate, hers.code, u_visa).ask(ask).lapsed
    actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 2, "refused", TODAY, "Not theirs to sign"))
    assert queries.matter(advocate, hers.code, u_visa).open_dates == ()
