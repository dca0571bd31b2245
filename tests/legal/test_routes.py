"""The pages of legal work: who opens them, what stands on them, what is said beside a field, what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from shelter.clients.models import Client
from shelter.db import new_id
from shelter.legal import actions, queries
from shelter.legal.commands import ChangeMatter, MoveStage
from tests.factories.agency import World
from tests.factories.legal import RFE, make_client, make_filing, make_notice
from tests.legal.conftest import Browser

At = Callable[[str], Browser]
OUTSIDE = ["caseworker", "supervisor", "desk", "volunteer", "director", "preparer", "auditor", "administrator"]


def home(hers: Client, matter: bytes) -> str:
    return f"/people/{hers.code}/matters/{matter.hex()}"


@pytest.fixture
def worked_on(world: World, hers: Client, matter: bytes) -> queries.MatterView:
    """The matter with a filing, and a notice whose date waits for a second look."""
    make_filing(world, hers, matter)
    make_notice(world, hers, matter, RFE)
    return queries.matter(world.actor("advocate"), hers.code, matter)


def addresses(app: Flask, hers: Client, view: queries.MatterView) -> list[str]:
    """Every address of the feature, with parts that exist."""
    parts = {
        "code": hers.code,
        "matter": view.id,
        "filing": view.filings[0].now.id,
        "notice": view.notices[0].now.id,
        "due": view.dates[0].id,
        "writing": new_id(),
        "file": new_id(),
        "ask": new_id(),
        "member": new_id(),
        "journey": new_id(),
        "rule": "address.dhs",
        "fee": "pay.i589",
        "matter_type": "t_visa",
        "certifier": "ca",
        "number": 7,
        "version": 2,
    }
    adapter = app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("legal.")]
    assert len(rules) > 15
    return sorted(adapter.build(rule.endpoint, {name: parts[name] for name in rule.arguments}) for rule in rules)


@pytest.mark.parametrize("who", OUTSIDE)
def test_every_address_is_refused_to_everybody_outside_the_legal_staff(
    app: Flask, at: At, hers: Client, worked_on: queries.MatterView, who: str
) -> None:
    browser = at(who)
    token = "/sessions"
    for url in addresses(app, hers, worked_on):
        answers = {browser.get(url).status_code, browser.post(url, token).status_code}
        assert answers <= {403, 405}, (url, answers)


def test_a_caseworker_learns_nothing_of_a_matter_from_her_client_s_record(
    at: At, hers: Client, worked_on: queries.MatterView
) -> None:
    shown = at("caseworker").get(f"/people/{hers.code}")
    assert "matters" not in shown.text
    assert "T-1" not in shown.text


def test_the_advocate_cannot_open_the_plan(app: Flask, at: At, hers: Client, worked_on: queries.MatterView) -> None:
    browser = at("advocate")
    plans = [r for r in app.url_map.iter_rules() if r.endpoint.startswith("plans.") and r.arguments == {"code"}]
    assert plans
    for rule in plans:
        url = app.url_map.bind("localhost").build(rule.endpoint, {"code": hers.code})
        assert browser.get(url).status_code == 403


def test_another_advocate_s_client_is_not_there(
    app: Flask, world: World, at: At, worked_on: queries.MatterView
) -> None:
    other = make_client(world)
    browser = at("advocate")
    nobody = browser.get("/people/K7-4QM2-C/matters")
    assert nobody.status_code == 404
    for url in addresses(app, other, worked_on):
        if other.code in url:
            answers = [browser.get(url).status_code, browser.post(url, "/sessions").status_code]
            nowhere = url.replace(other.code, "K7-4QM2-C")
            assert answers == [browser.get(nowhere).status_code, browser.post(nowhere, "/sessions").status_code], url
            assert set(answers) <= {403, 404, 405}, (url, answers)


def test_the_day_shows_the_working_and_who_is_waited_for(at: At, hers: Client, worked_on: queries.MatterView) -> None:
    shown = at("advocate").get("/matters").text
    assert "This week, to Fri 27 Nov" in shown
    assert "Answer to a request for evidence" in shown
    assert "87 = 84 + 3 by mail, notice dated 29 August 2026, falls on Tuesday 24 November 2026" in shown
    assert "the date printed on the notice controls" in shown
    assert "second look: waiting for Legal_Supervisor" in shown
    assert "must be RECEIVED" in shown
    assert "From 5 August 2026." in shown, "the version says from when it holds"
    assert hers.code in shown
    assert "Lin" not in shown


def test_the_day_in_spanish(at: At, worked_on: queries.MatterView) -> None:
    browser = at("advocate")
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    shown = browser.get("/matters").text
    assert "87 = 84 + 3 por correo" in shown
    assert "segunda revisión: espera a Legal_Supervisor" in shown


def test_a_day_without_dates_this_week_says_when_the_next_one_is(
    world: World, at: At, hers: Client, matter: bytes
) -> None:
    browser = at("advocate")
    assert "No dates yet." in browser.get("/matters").text
    make_notice(world, hers, matter, RFE)
    browser.now -= timedelta(days=14)
    assert "No dates this week. The next one is Tuesday 24 November." in browser.get("/matters").text


def test_a_supervisor_opens_a_matter_for_an_advocate(world: World, at: At, hers: Client) -> None:
    browser = at("legal_supervisor")
    url = f"/people/{hers.code}/matters/new"
    wrong = browser.post(url, type="t_visa", opened_on="2026-11-22", lead=world.members["advocate"].id.hex())
    assert wrong.status_code == 422
    assert "This day has not come yet" in wrong.text
    kept = browser.post(url, type="t_visa", opened_on="2026-03-02", lead=world.members["advocate"].id.hex(), scope="S")
    assert kept.status_code == 302
    assert at("advocate").get(kept.location).status_code == 200


def test_an_advocate_is_not_asked_who_works_on_it_and_cannot_say_so(
    world: World, at: At, hers: Client, matter: bytes
) -> None:
    browser = at("advocate")
    url = f"/people/{hers.code}/matters/new"
    assert 'name="lead"' not in browser.get(url).text
    other = world.members["legal_supervisor"].id.hex()
    assert browser.post(url, type="foia", opened_on="2026-03-02", lead=other).status_code == 302
    leads = {line.lead for line in queries.matters_of(world.actor("advocate"), hers.code)[1]}
    assert leads == {"Advocate"}


def test_filing_and_its_receipt_number(at: At, world: World, hers: Client, matter: bytes) -> None:
    browser, url = at("advocate"), home(hers, matter)
    sent = {"sent_on": "2026-04-01", "how": "courier", "fee": "exempt", "fee_ground": "8 CFR 106.3(b)"}
    forms = ["I-914", "I-914A", "I-914B", "I-192", "I-765 (c)(40)", "G-28"]
    assert browser.post(f"{url}/filings/new", forms=forms, **sent, incomplete="y").status_code == 302
    filed = queries.matter(world.actor("advocate"), hers.code, matter).filings
    assert [one.now.form for one in filed] == forms
    assert len({one.now.package for one in filed}) == 1
    one = f"{url}/filings/{filed[0].now.id.hex()}"
    wrong = browser.post(one, **sent, version="1", receipt_number="EAC26O1234567")
    assert wrong.status_code == 422
    assert "At place 6 there is the letter O. Is it the digit 0?" in wrong.text
    assert 'value="EAC26O1234567"' in wrong.text
    assert browser.post(one, **sent, version="1", receipt_number="EAC2601234567").status_code == 302
    late = browser.post(one, **sent, version="1", receipt_number="EAC2601234999")
    assert late.status_code == 409
    assert "EAC2601234567" in late.text
    assert "EAC2601234999" in late.text


NOTICE = {"type": "rfe", "came": "mail", "trigger_date": "2026-08-29", "received_on": "2026-09-02"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"trigger_date": "2026-11-22", "printed_date": "2027-01-04", "received_on": ""}, "This day has not come yet"),
        ({}, "Enter the date printed on the notice. It cannot be computed."),
        ({"printed_date": "2026-08-01"}, "The printed date is before the date of the notice."),
        ({"printed_date": "2026-11-24", "received_on": "2026-08-01"}, "It cannot have come before the date printed"),
        ({"printed_date": "soon"}, "Write the date like"),
    ],
)
def test_what_is_wrong_with_a_notice_stands_beside_its_field(
    at: At, world: World, hers: Client, matter: bytes, changed: dict[str, str], said: str
) -> None:
    answer = at("advocate").post(f"{home(hers, matter)}/notices/new", **(NOTICE | changed))
    assert answer.status_code == 422
    assert said in answer.text.split('<p class="field-error"', 1)[1]
    assert 'value="2026-11-22"' in answer.text or 'value="2026-08-29"' in answer.text
    assert queries.matter(world.actor("advocate"), hers.code, matter).notices == ()


def test_an_rfe_answered_from_notice_to_done(at: At, world: World, hers: Client, matter: bytes) -> None:
    browser, url = at("advocate"), home(hers, matter)
    assert browser.post(f"{url}/notices/new", **NOTICE, printed_date="2026-11-24").status_code == 302
    (due,) = queries.matter(world.actor("advocate"), hers.code, matter).open_dates
    look = f"{url}/dates/{due.id.hex()}/look"
    assert "Somebody else looks at a date that you set yourself." in browser.get(look).text
    assert browser.post(look, url + "/stage").status_code == 422
    assert at("legal_supervisor").post(look).status_code == 302
    assert "confirmed by Legal_Supervisor" in browser.get(url).text
    done = f"{url}/dates/{due.id.hex()}/done"
    assert "This day has not come yet" in browser.post(done, on="2026-11-25").text
    assert browser.post(done, on="2026-11-20", what="Handed in").status_code == 302
    assert "Handed in" in browser.get(url).text
    again = browser.post(done, url + "/stage", on="2026-11-19", what="Mine")
    assert again.status_code == 409
    assert "Handed in" in again.text
    assert 'value="Mine"' in again.text
    assert browser.post(f"{url}/dates/{due.id.hex()}/reopen", url + "/stage").status_code == 302
    assert len(queries.matter(world.actor("advocate"), hers.code, matter).open_dates) == 1


def test_another_day_wants_a_reason_and_both_days_stay_on_the_page(
    at: At, hers: Client, worked_on: queries.MatterView
) -> None:
    browser, url = at("advocate"), home(hers, worked_on.id)
    replace = f"{url}/dates/{worked_on.dates[0].id.hex()}/replace"
    wrong = browser.post(replace, day="2026-11-23", why="")
    assert wrong.status_code == 422
    assert "Say in a few words why" in wrong.text
    assert browser.post(replace, day="2026-11-23", why="The office closes early").status_code == 302
    shown = browser.get(url).text
    assert "set by hand" in shown
    assert "The rule counts 24 November 2026. Another day holds, because:" in shown
    assert "Superseded on Sat 21 Nov by Advocate" in shown


def test_a_stage_that_does_not_follow_is_said_beside_the_field(at: At, hers: Client, matter: bytes) -> None:
    browser, url = at("advocate"), f"{home(hers, matter)}/stage"
    wrong = browser.post(url, version="1", stage="approved", on="2026-04-01")
    assert wrong.status_code == 422
    assert "This stage does not follow the present one." in wrong.text.split('<p class="field-error"', 1)[1]
    assert browser.post(url, version="1", stage="filed", on="2026-04-01").status_code == 302


def test_two_people_who_change_one_matter_see_both_texts(at: At, world: World, hers: Client, matter: bytes) -> None:
    actions.change_matter(
        world.actor("legal_supervisor"), ChangeMatter(hers.code, matter, 1, "Hers stands", (), "A200300400")
    )
    late = at("advocate").post(f"{home(hers, matter)}/change", version="1", scope="Mine was first", a_number="")
    assert late.status_code == 409
    assert "Hers stands" in late.text
    assert "Mine was first" in late.text
    assert 'value="2"' in late.text


def test_a_stage_moved_by_somebody_else_meanwhile_shows_both_and_keeps_what_was_typed(
    at: At, world: World, hers: Client, matter: bytes
) -> None:
    filed = MoveStage(hers.code, matter, 1, "filed", date(2026, 4, 1), "By courier from Testville")
    actions.move_stage(world.actor("legal_supervisor"), filed)
    path, typed = f"{home(hers, matter)}/stage", {"stage": "declaration", "on": "2026-04-02", "why": "By hand"}
    late = at("advocate").post(path, version="1", **typed)
    assert late.status_code == 409
    pairs = re.sub(r"<[^>]+>|\s+", " ", late.text.split('id="conflict"')[1].split("</section>")[0])
    for words in ("Legal_Supervisor", "Filed", "By courier from Testville", "By hand", "1 April 2026", "2 April 2026"):
        assert words in pairs
    assert 'value="2"' in late.text
    assert 'value="By hand"' in late.text
    assert "Receipt in hand" in late.text
    assert len(queries.matter(world.actor("advocate"), hers.code, matter).moves) == 2


def test_a_scope_changed_meanwhile_does_not_stand_in_the_way_of_a_stage(
    at: At, world: World, hers: Client, matter: bytes
) -> None:
    boss = world.actor("legal_supervisor")
    actions.change_matter(boss, ChangeMatter(hers.code, matter, 1, "Hers stands", (), "A200300400"))
    moved = at("advocate").post(f"{home(hers, matter)}/stage", version="1", stage="filed", on="2026-04-02")
    assert moved.status_code == 302
    after = queries.matter(boss, hers.code, matter)
    assert (after.stage.code, after.text.scope) == ("filed", "Hers stands")


def test_a_rule_that_counsel_has_not_confirmed_says_so(at: At, world: World, hers: Client, matter: bytes) -> None:
    browser, url = at("advocate"), home(hers, matter)
    assert "to be confirmed by counsel" in browser.get(f"{url}/dates/new").text
    kept = browser.post(f"{url}/dates/new", rule="t_visa.extension", trigger_date="2027-06-20")
    assert kept.status_code == 302
    assert "to be confirmed by counsel" in browser.get(url).text


def test_a_matter_page_names_papers_to_gather_its_protection_and_its_stages(
    at: At, hers: Client, worked_on: queries.MatterView
) -> None:
    shown = at("advocate").get(home(hers, worked_on.id)).text
    for words in ("Signed personal statement", "8 U.S.C. 1367", "Intake", "Personal statement", "Adversary Mortimer"):
        assert words in shown
    title = shown.split("<title>")[1].split("</title>")[0]
    assert "Lin" not in title
    assert hers.code in title
