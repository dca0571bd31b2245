"""A rule changed on a screen: refused when it makes no sense, tried, adopted; dates are asked about and never moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shelter.clients.models import Client
from shelter.db.errors import Conflict
from shelter.lawbook import actions as lawbook
from shelter.lawbook import queries as lawbook_queries
from shelter.lawbook.commands import ChangeRule, KeepFee, NewRule
from shelter.legal import actions, queries
from shelter.legal.commands import AddDate, ConfirmDate, DecideDate
from shelter.policy.errors import Denied
from shelter.rules import lastgood
from shelter.rules.broken import Broken
from shelter.rules.deadlines import Rule
from shelter.web import sentences
from shelter.web.i18n import catalogue
from tests.factories.agency import World
from tests.factories.legal import make_matter
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
    lawbook.adopt(boss, number)
    return number


def test_a_version_is_tried_on_the_open_dates_and_counts_nothing_until_it_is_adopted(
    world: World, hers: Client, matter: bytes, due: bytes
) -> None:
    boss = world.actor("legal_supervisor")
    number = lawbook.try_rule(boss, SEVEN)
    found = queries.trial(boss, number)
    assert found.made.state == "tried"
    assert [(one.due.id, one.due.day, one.new.date, one.new.version) for one in found.asked] == [
        (due, date(2026, 11, 25), date(2026, 11, 23), 2)
    ]
    assert queries.asked_about(boss).rows == ()
    assert queries.matter(boss, hers.code, matter).date(due).day == date(2026, 11, 25)


def test_an_adopted_version_moves_nothing_and_asks_about_every_date_it_touches(
    world: World, hers: Client, matter: bytes, due: bytes, at: At
) -> None:
    adopted(world)
    advocate = world.actor("advocate")
    assert queries.matter(advocate, hers.code, matter).date(due).day == date(2026, 11, 25)
    assert [one.due.id for one in queries.asked_about(advocate).rows] == [due]
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
    assert queries.asked_about(advocate).rows == ()
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
    assert queries.asked_about(advocate).rows == ()
    assert queries.matter(advocate, hers.code, matter).date(due).day == date(2026, 11, 25)
    adopted(world, replace(SEVEN, count=5, alerts=(2,)))
    assert [one.new.version for one in queries.asked_about(advocate).rows] == [3]


def test_an_older_trigger_keeps_its_older_rule(world: World, hers: Client, matter: bytes, due: bytes) -> None:
    adopted(world, replace(SEVEN, effective_from=date(2026, 11, 17)))
    assert queries.asked_about(world.actor("advocate")).rows == ()


@pytest.mark.parametrize(
    "wrong",
    [
        ({"count": 0, "unit": "working_days"}, "count"),
        ({"count": -1, "unit": "months"}, "unit"),
        ({"roll": "none"}, "roll"),
        ({"act_by": 9}, "act_by"),
        ({"mail_days": 3, "unit": "working_days"}, "mail_days"),
        ({"alerts": (1, 3)}, "alerts"),
        ({"alerts": (-1,)}, "alerts"),
        ({"source": " "}, "source"),
        ({"unit": "fortnights"}, "unit"),
        ({"effective_until": date(2026, 10, 1)}, "effective_until"),
        ({"certainty": "X"}, "certainty"),
    ],
    ids=str,
)
def test_a_bad_rule_is_refused_when_it_is_saved(world: World, wrong: tuple[dict[str, Any], str]) -> None:
    with pytest.raises(Broken) as broken:
        lawbook.try_rule(world.actor("legal_supervisor"), replace(SEVEN, **wrong[0]))
    assert broken.value.field == wrong[1]
    assert broken.value.message_key in sentences.known()
    assert queries.law(world.actor("legal_supervisor")).made == ()


def test_a_version_given_up_is_kept_and_its_number_not_given_again(world: World) -> None:
    boss = world.actor("legal_supervisor")
    number = lawbook.try_rule(boss, SEVEN)
    lawbook.give_up(boss, number)
    with pytest.raises(Conflict):
        lawbook.adopt(boss, number)
    again = lawbook.try_rule(boss, SEVEN)
    assert isinstance(one := queries.trial(boss, again).made.value, Rule)
    assert one.version == 3
    assert [one.state for one in queries.law(boss).made] == ["tried", "given_up"]


def test_the_supervisor_changes_rules_and_an_advocate_reads_them(world: World, at: At) -> None:
    with pytest.raises(Denied):
        lawbook.try_rule(world.actor("advocate"), SEVEN)
    advocate, boss = at("advocate"), at("legal_supervisor")
    assert "address.dhs" in advocate.get("/matters/rules").text
    assert advocate.get("/matters/rules/address.dhs/change").status_code == 403
    fields = {
        "count": "0", "unit": "working_days", "roll": "backward", "mail_days": "0", "act_by": "", "alerts": "3, 1",
        "effective_from": "2026-11-01", "source": "A text", "certainty": "K", "advice": "", "version": "1",
    }  # fmt: skip
    refused = boss.post("/matters/rules/address.dhs/change", "/matters/rules/address.dhs/change", **fields)
    assert refused.status_code == 422
    assert "Working days are counted from one on." in refused.text
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
    asked = queries.asked_about(advocate).rows
    assert [one.due.id for one in asked] == [due.id]
    actions.decide_date(advocate, DecideDate(hers.code, matter, due.id, asked[0].new.version, take=True, why=""))
    fresh = queries.matter(advocate, hers.code, matter).open_dates[0]
    assert fresh.waits


# -- what an agency adds -----------------------------------------------------------------


NEW = NewRule(
    "Answer of the county", "answer", "certification_asked", ("u_visa",), "anniversary", False, False,
    replace(SEVEN, count=21, roll="forward", alerts=(7,)),
)  # fmt: skip


def test_a_rule_that_nobody_wrote_before_is_offered_in_its_matters_once_it_is_adopted(
    world: World, hers: Client, matter: bytes
) -> None:
    boss, u_visa = world.actor("legal_supervisor"), make_matter(world, hers, type="u_visa")
    number = lawbook.try_new_rule(boss, NEW)
    offered = AddDate(hers.code, u_visa, "own.answer_of_the_county", MOVED)
    with pytest.raises(Broken):
        actions.add_date(boss, offered)
    lawbook.adopt(boss, number)
    assert actions.add_date(boss, offered).day == date(2026, 12, 7)
    named = {rule.id for rule in queries.matter(boss, hers.code, u_visa).rules}
    assert "own.answer_of_the_county" in named
    assert "own.answer_of_the_county" not in {rule.id for rule in queries.matter(boss, hers.code, matter).rules}
    again = lawbook.try_new_rule(boss, NEW)
    assert queries.trial(boss, again).made.id == "own.answer_of_the_county_2"


@pytest.mark.parametrize(
    ("wrong", "field"), [({"trigger": "moon"}, "trigger"), ({"label": " "}, "label"), ({"kind": "tea"}, "kind")]
)
def test_a_bad_new_rule_is_refused_beside_its_field(world: World, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Broken) as broken:
        lawbook.try_new_rule(world.actor("legal_supervisor"), replace(NEW, **wrong))
    assert broken.value.field == field


TYPE = {
    "label": "Driving licence", "classification": "",
    "stages": "Asked for\nIn hand\nRefused < Asked for\nAppeal < Refused",
    "forms": "DL-44: Application\nI-765 (c)(9): Work permit", "gather": "Proof of address", "rules": "ead.expires",
    "people": "family_member", "notices": "receipt", "source": "A state's own law", "certainty": "K",
    "effective_from": "2026-11-01", "advice": "",
}  # fmt: skip


def test_a_kind_of_matter_is_added_on_the_screen_tried_adopted_and_opened(world: World, hers: Client, at: At) -> None:
    browser, path = at("legal_supervisor"), "/matters/rules/kinds/new"
    refused = browser.post(path, **TYPE | {"stages": "Asked for\nIn hand < Nowhere"})
    assert refused.status_code == 422
    assert "Line 2 follows a stage that is not in this list" in refused.text
    assert "Nowhere" in refused.text
    tried = browser.post(path, **TYPE)
    assert tried.status_code == 302
    trial = tried.headers["Location"]
    assert "Asked for" in browser.get(trial).text
    assert "Driving licence" not in browser.get(f"/people/{hers.code}/matters/new").text
    assert browser.post(f"{trial}/adopt", trial, over="0").status_code == 302
    assert "Driving licence" in browser.get(f"/people/{hers.code}/matters/new").text
    matter = make_matter(world, hers, type="own_driving_licence")
    view = queries.matter(world.actor("advocate"), hers.code, matter)
    assert [stage.label for stage in view.next_stages] == ["In hand", "Refused"]
    assert [stage.ends for stage in view.kind.stages] == [False, True, False, True]
    assert view.form_keys == ("DL-44", "I-765 (c)(9)")
    assert [rule.id for rule in view.rules] == ["ead.expires"]
    gone = browser.post("/matters/rules/kinds/own_driving_licence/change", **TYPE | {"stages": "Asked for\nIn hand"})
    assert gone.status_code == 422
    assert "A stage that is there stays" in gone.text
    more = TYPE | {"stages": TYPE["stages"] + "\nPaid < In hand"}
    changed = browser.post("/matters/rules/kinds/own_driving_licence/change", **more)
    over = lawbook_queries.number_in_force(queries.kind_now(world.actor("advocate"), "own_driving_licence"))
    browser.post(f"{changed.headers['Location']}/adopt", changed.headers["Location"], over=str(over))
    assert queries.matter(world.actor("advocate"), hers.code, matter).kind.stages[-1].label == "Paid"
    assert "Driving licence" in at("advocate").get("/matters/all").text


@pytest.mark.parametrize("language", ["en", "es"])
def test_last_good_rules_serve_under_a_banner(
    world: World, at: At, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """What is read at start is tried in rules/test_lastgood."""
    browser = at("advocate")
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    said = catalogue(language).gettext("A file of rules that came with this program is bad: the last good rules serve.")
    for path in ("/matters", "/matters/by-person", "/matters/rules"):
        assert said not in browser.get(path).text
    monkeypatch.setattr(lastgood, "_fault", "deadlines.toml")
    for path in ("/matters", "/matters/by-person", "/matters/rules"):
        assert said in browser.get(path).text, path


def test_a_shipped_kind_changed_in_spanish_keeps_its_own_words(world: World) -> None:
    from shelter.rules.matters import matter_type
    from shelter.rules.matters.lines import form_lines, forms_from, stage_lines, stages_from

    for code in ("t_visa", "u_visa", "removal_defense", "vawa", "protection_order"):
        kind = matter_type(code)
        say = {
            text: f"es {text}" for text in [s.label for s in kind.stages] + [f.label for f in kind.forms]
        }.__getitem__
        assert stages_from(stage_lines(kind.stages, say).split("\n"), kind.stages, say) == kind.stages
        assert forms_from(form_lines(kind.forms, say).splitlines(), kind.forms, say) == kind.forms


def test_a_fee_is_changed_from_a_day_on(world: World, at: At) -> None:
    boss = world.actor("legal_supervisor")
    row = queries.fee_now(boss, "pay.i589")
    keep = KeepFee(
        row.code,
        row.way,
        row.label,
        row.forms,
        row.matters,
        105,
        True,
        False,
        "",
        "G-1055 of 2027",
        "T",
        date(2026, 11, 1),
    )
    with pytest.raises(Broken) as broken:
        lawbook.try_fee(boss, replace(keep, dollars=None))
    assert broken.value.field == "dollars"
    number = lawbook.try_fee(boss, keep)
    assert "$105" not in at("advocate").get("/matters/rules/fees").text
    lawbook.adopt(boss, number)
    shown = at("director").get("/matters/rules/fees")
    assert shown.status_code == 403
    assert "$105" in {row.code: f"${row.dollars}" for row in queries.fee_table(boss).rows}["pay.i589"]
