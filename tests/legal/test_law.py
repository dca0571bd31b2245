"""A rule changed on a screen: refused when it makes no sense, tried, adopted; dates are asked about and never moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from shelter.clients.models import Client
from shelter.db.errors import Conflict
from shelter.lawbook import actions as lawbook
from shelter.lawbook.actions import ChangeRule
from shelter.legal import actions, queries
from shelter.legal.commands import AddDate, ConfirmDate, DecideDate
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from tests.factories.agency import World
from tests.legal.conftest import Browser

At = Callable[[str], Browser]
MOVED = date(2026, 11, 16)
SEVEN = ChangeRule(
    "address.dhs",
    7,
    "calendar_days",
    "backward",
    0,
    None,
    (3, 1),
    False,
    "Sooner",
    "A new text",
    "K",
    date(2026, 11, 1),
)


@pytest.fixture
def due(world: World, hers: Client, matter: bytes) -> bytes:
    """The address change that ten days count to 25 November, set before any rule changed."""
    return actions.add_date(world.actor("advocate"), AddDate(hers.code, matter, "address.dhs", MOVED)).id


def adopted(world: World, command: ChangeRule = SEVEN) -> int:
    boss = world.actor("legal_supervisor")
    number = lawbook.try_rule(boss, command)
    lawbook.adopt_rule(boss, number)
    return number


def test_a_version_is_tried_on_the_open_dates_and_counts_nothing_until_it_is_adopted(
    world: World, hers: Client, matter: bytes, due: bytes
) -> None:
    boss = world.actor("legal_supervisor")
    number = lawbook.try_rule(boss, SEVEN)
    made, asked = queries.trial(boss, number)
    assert (made.state, made.rule.version) == ("tried", 2)
    assert [(one.due.id, one.due.day, one.new.date) for one in asked] == [(due, date(2026, 11, 25), date(2026, 11, 23))]
    assert queries.asked_about(boss) == []
    assert queries.matter(boss, hers.code, matter).date(due).day == date(2026, 11, 25)


def test_an_adopted_version_moves_nothing_and_asks_about_every_date_it_touches(
    world: World, hers: Client, matter: bytes, due: bytes, at: At
) -> None:
    adopted(world)
    advocate = world.actor("advocate")
    assert queries.matter(advocate, hers.code, matter).date(due).day == date(2026, 11, 25)
    assert [one.due.id for one in queries.asked_about(advocate)] == [due]
    shown = at("advocate").get("/matters/rules/asked").text
    assert "23 November 2026" in shown
    fresh = actions.add_date(advocate, AddDate(hers.code, matter, "address.dhs", MOVED))
    assert (fresh.day, fresh.rule_version) == (date(2026, 11, 23), 2)


def test_the_new_day_is_taken_by_somebody_and_the_old_one_stays_superseded(
    world: World, hers: Client, matter: bytes, due: bytes
) -> None:
    adopted(world)
    advocate = world.actor("advocate")
    actions.decide_date(advocate, DecideDate(hers.code, matter, due, 2, take=True, why=""))
    found = queries.matter(advocate, hers.code, matter)
    assert [(view.day, view.due.rule_version) for view in found.open_dates] == [(date(2026, 11, 23), 2)]
    assert found.date(due).due.end is not None
    assert queries.asked_about(advocate) == []
    with pytest.raises(Conflict):
        actions.decide_date(advocate, DecideDate(hers.code, matter, due, 2, take=True, why=""))


def test_the_old_day_is_kept_with_a_reason_and_not_asked_about_again_by_this_version(
    world: World, hers: Client, matter: bytes, due: bytes
) -> None:
    adopted(world)
    advocate = world.actor("advocate")
    with pytest.raises(Broken):
        actions.decide_date(advocate, DecideDate(hers.code, matter, due, 2, take=False, why=""))
    actions.decide_date(advocate, DecideDate(hers.code, matter, due, 2, take=False, why="Counsel says so"))
    assert queries.asked_about(advocate) == []
    assert queries.matter(advocate, hers.code, matter).date(due).day == date(2026, 11, 25)
    adopted(world, replace(SEVEN, count=5, alerts=(2,)))
    assert [one.new.version for one in queries.asked_about(advocate)] == [3]


def test_an_older_trigger_keeps_its_older_rule(world: World, hers: Client, matter: bytes, due: bytes) -> None:
    adopted(world, replace(SEVEN, effective_from=date(2026, 11, 17)))
    assert queries.asked_about(world.actor("advocate")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0, "unit": "working_days"},
        {"roll": "none"},
        {"act_by": 9},
        {"alerts": (1, 3)},
        {"alerts": (-1,)},
        {"source": " "},
        {"unit": "fortnights"},
        {"effective_until": date(2026, 10, 1)},
        {"certainty": "X"},
    ],
    ids=str,
)
def test_a_bad_rule_is_refused_when_it_is_saved(world: World, wrong: dict[str, object]) -> None:
    with pytest.raises(Broken) as broken:
        lawbook.try_rule(world.actor("legal_supervisor"), replace(SEVEN, **wrong))  # type: ignore[arg-type]
    assert broken.value.message_key == "law.refused"
    assert queries.law(world.actor("legal_supervisor")).made == ()


def test_a_version_given_up_is_kept_and_its_number_not_given_again(world: World) -> None:
    boss = world.actor("legal_supervisor")
    number = lawbook.try_rule(boss, SEVEN)
    lawbook.give_up_rule(boss, number)
    with pytest.raises(Conflict):
        lawbook.adopt_rule(boss, number)
    again = lawbook.try_rule(boss, SEVEN)
    assert queries.trial(boss, again)[0].rule.version == 3
    assert [one.state for one in queries.law(boss).made] == ["tried", "given_up"]


def test_the_supervisor_changes_rules_and_an_advocate_reads_them(world: World, at: At) -> None:
    with pytest.raises(Denied):
        lawbook.try_rule(world.actor("advocate"), SEVEN)
    advocate, boss = at("advocate"), at("legal_supervisor")
    assert "address.dhs" in advocate.get("/matters/rules").text
    assert advocate.get("/matters/rules/address.dhs/change").status_code == 403
    fields = {
        "count": "0", "unit": "working_days", "roll": "backward", "mail_days": "0", "act_by": "", "alerts": "3, 1",
        "effective_from": "2026-11-01", "source": "A text", "certainty": "K", "advice": "",
    }  # fmt: skip
    refused = boss.post("/matters/rules/address.dhs/change", "/matters/rules/address.dhs/change", **fields)
    assert refused.status_code == 422
    assert "working days must be above zero" in refused.text
    tried = boss.post(
        "/matters/rules/address.dhs/change", "/matters/rules/address.dhs/change", **fields | {"count": "4"}
    )
    assert tried.status_code == 302
    assert "4 working days" in boss.get(tried.headers["Location"]).text


def test_a_confirmed_date_wants_a_new_look_when_the_new_day_is_taken(world: World, hers: Client, matter: bytes) -> None:
    advocate, boss = world.actor("advocate"), world.actor("legal_supervisor")
    closes = AddDate(hers.code, matter, "t_visa.adjustment_closes", date(2030, 3, 4))
    due = actions.add_date(advocate, closes)
    actions.confirm_date(boss, ConfirmDate(hers.code, matter, due.id))
    adopted(world, replace(SEVEN, rule="t_visa.adjustment_closes", count=-30, alerts=(90, 30)))
    asked = queries.asked_about(advocate)
    assert [one.due.id for one in asked] == [due.id]
    actions.decide_date(advocate, DecideDate(hers.code, matter, due.id, asked[0].new.version, take=True, why=""))
    fresh = queries.matter(advocate, hers.code, matter).open_dates[0]
    assert fresh.waits
