"""Attacks on the screens of a changed rule and of missed dates: wrong offices, strange ids, bad input, a form sent
twice, two people at once. Nothing is counted, moved or written down but by somebody who may, and once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from werkzeug.test import TestResponse

from shelter.clients.models import Client
from shelter.db import db
from shelter.lawbook import actions as lawbook
from shelter.lawbook import queries as lawbook_queries
from shelter.lawbook.commands import ChangeRule, KeepType
from shelter.lawbook.models import LawVersion
from shelter.legal import actions, queries
from shelter.legal.commands import AddDate, MissDate
from shelter.legal.models import Matter
from shelter.web.i18n import catalogue
from tests.factories.agency import World
from tests.factories.legal import make_client, make_matter
from tests.legal.conftest import SATURDAY, Browser

DATABASES = ("sqlite",)
At = Callable[[str], Browser]
TODAY = SATURDAY.date()
CHANGE = "/matters/rules/address.dhs/change"
COUNTS = {
    "count": "7", "unit": "calendar_days", "roll": "backward", "mail_days": "0", "act_by": "", "alerts": "3, 1",
    "effective_from": "2026-11-01", "source": "A new text", "certainty": "K", "advice": "Sooner", "version": "1",
}  # fmt: skip
SEVEN = ChangeRule("address.dhs", 7, "calendar_days", "backward", 0, None, (3, 1), False, "", "A text", "K", TODAY)


@pytest.fixture
def due(world: World, hers: Client, matter: bytes) -> bytes:
    """Ten days from 16 November, set before any rule changed."""
    return actions.add_date(world.actor("advocate"), AddDate(hers.code, matter, "address.dhs", date(2026, 11, 16))).id


@pytest.fixture
def overdue(world: World, hers: Client, matter: bytes) -> bytes:
    moved = AddDate(hers.code, matter, "address.dhs", TODAY - timedelta(days=60))
    return actions.add_date(world.actor("advocate"), moved).id


def adopted(world: World, count: int = 7) -> int:
    """A version that the supervisor adopts; its number among the rule's."""
    boss = world.actor("legal_supervisor")
    command = ChangeRule(
        "address.dhs", count, "calendar_days", "backward", 0, None, (1,), False, "", "A text", "K", date(2026, 11, 1)
    )
    number = lawbook.try_rule(boss, command)
    lawbook.adopt(boss, number)
    (version,) = [one.value for one in queries.law(boss).made if one.number == number]
    return version.version  # type: ignore[union-attr] # a rule's


def states() -> list[str]:
    return [row.state for row in db.session.query(LawVersion).order_by(LawVersion.number)]


def over(browser: Browser, trial: str) -> str:
    """What the trial shows as the version that holds here."""
    found = re.search(r'name="over" value="(\d+)"', browser.get(trial).text)
    assert found
    return found[1]


def told(answer: TestResponse, field: str) -> str:
    found = re.search(rf'<p class="field-error"[^>]*id="{field}-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert found, f"nothing is said beside {field}"
    return re.sub(r"<[^>]+>|\s+", " ", found[1])


# -- a changed rule ---------------------------------------------------------------------------


def test_only_a_supervisor_tries_adopts_or_gives_up(world: World, at: At) -> None:
    number = lawbook.try_rule(world.actor("legal_supervisor"), SEVEN)
    trial = f"/matters/rules/tried/{number}"
    for who in ("advocate", "caseworker", "supervisor", "director", "administrator", "desk"):
        browser = at(who)
        for path in (CHANGE, trial, "/matters/rules/new", "/matters/rules/fees/new", "/matters/rules/kinds/new"):
            assert browser.get(path).status_code == 403, (who, path)
        for path, fields in ((CHANGE, COUNTS), (f"{trial}/adopt", {"over": "0"}), (f"{trial}/give-up", {})):
            assert browser.post(path, "/sessions", **fields).status_code == 403, (who, path)
    assert states() == ["tried"]


@pytest.mark.parametrize(
    "path",
    [
        "/matters/rules/tried/0",
        "/matters/rules/tried/99",
        "/matters/rules/tried/99999999999999999999999",
        "/matters/rules/no.such/change",
        "/matters/rules/address.dhs%00/change",
        "/matters/rules/fees/no.such/change",
        "/matters/rules/kinds/no_such/change",
    ],
)
def test_what_is_not_in_the_book_is_not_there(at: At, path: str) -> None:
    browser = at("legal_supervisor")
    assert browser.get(path).status_code == 404
    if "/tried/" in path:
        assert browser.post(f"{path}/adopt", "/sessions", over="0").status_code == 404
        assert browser.post(f"{path}/give-up", "/sessions").status_code == 404


BAD = {
    "a word for a number": ({"count": "ten"}, "count"),
    "more days than a life": ({"count": "20001"}, "count"),
    "days of mail below none": ({"mail_days": "-1"}, "mail_days"),
    "a reminder after the day": ({"alerts": "1, x"}, "alerts"),
    "a unit nobody has": ({"unit": "moons"}, "unit"),
    "no source": ({"source": " "}, "source"),
    "a day that is none": ({"effective_from": "2026-02-30"}, "effective_from"),
    "an end before its begin": ({"effective_until": "2026-10-01"}, "effective_until"),
    "our own day after the law's": ({"act_by": "9"}, "act_by"),
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_bad_input_is_said_beside_its_field_and_nothing_is_tried(at: At, language: str) -> None:
    browser = at("legal_supervisor")
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    for name, (wrong, field) in BAD.items():
        answer = browser.post(CHANGE, **COUNTS | wrong)
        assert answer.status_code == 422, name
        assert told(answer, field), name
        typed = COUNTS | wrong
        for key in ("count", "alerts", "source", "advice", "effective_from", "effective_until"):
            kept = re.search(rf'name="{key}"[^>]*value="{re.escape(typed.get(key, ""))}"', answer.text)
            area = re.search(
                rf'<textarea[^>]*name="{key}"[^>]*>\s*{re.escape(typed.get(key, "").strip())}<', answer.text
            )
            assert kept or area, (name, key)
    for tampered in ("", "one", "-1"):
        assert browser.post(CHANGE, **COUNTS | {"version": tampered}).status_code == 422
    assert states() == []


def test_a_version_sent_twice_is_one_trial_and_is_adopted_once(world: World, at: At, due: bytes) -> None:
    browser = at("legal_supervisor")
    first, second = (browser.post(CHANGE, **COUNTS).headers["Location"] for _ in range(2))
    assert first == second
    seen = over(browser, first)
    for _ in range(2):
        assert browser.post(f"{first}/adopt", "/sessions", over=seen).status_code == 302
    assert browser.post(f"{first}/give-up", "/sessions").status_code == 302
    assert states() == ["in_force"], "what is adopted is not given up by a page that stood open"


def test_two_who_change_one_rule_see_both_and_neither_takes_the_others_place_unseen(
    world: World, at: At, due: bytes
) -> None:
    """One opened the form before the other adopted; and one stood at her trial while the other adopted."""
    browser = at("legal_supervisor")
    page = browser.get(CHANGE).text
    assert 'name="version"' in page
    assert "1952" not in re.sub(r"<p.*?</p>", "", page, flags=re.DOTALL), "from when it holds is said for each version"
    adopted(world, 5)
    answer = browser.post(CHANGE, **COUNTS)
    assert answer.status_code == 409
    for words in ("Another version was adopted meanwhile", "Legal_Supervisor", ">7<", ">5<", 'value="A new text"'):
        assert words in answer.text or words.replace('value="', ">").replace('"', "<") in answer.text, words
    assert states() == ["in_force"]
    tried = browser.post(CHANGE, **COUNTS | {"version": "2"}).headers["Location"]
    seen = over(browser, tried)
    adopted(world, 4)
    for stale in (seen, "", "x", "99"):
        assert browser.post(f"{tried}/adopt", "/sessions", over=stale).headers["Location"] == tried
    assert states() == ["in_force", "tried", "in_force"]
    assert "7" in re.sub(r"<[^>]+>", " ", browser.get(tried).text.partition("Open dates that would change")[2])
    assert browser.post(f"{tried}/adopt", "/sessions", over=over(browser, tried)).status_code == 302
    assert states() == ["in_force", "given_up", "in_force", "in_force"]
    held = lawbook_queries.book().in_force("address.dhs", TODAY)
    assert (held.count, held.version) == (7, 5), (
        "what was tried before the other was adopted takes its place all the same"
    )


def test_a_kind_that_was_tried_first_and_adopted_last_holds(world: World) -> None:
    boss, kind = world.actor("legal_supervisor"), lawbook_queries.matter_type("vacatur")
    first, second = (
        lawbook.try_type(
            boss,
            KeepType(
                code=kind.code, label=label, classification="", protected=False, stages=kind.stages, forms=kind.forms,
                notices=kind.notices, people=kind.people, gather=kind.gather, rules=kind.rules, advice="",
                source="A text", certainty="K", effective_from=TODAY,
            ),
        )
        for label in ("First", "Second")
    )  # fmt: skip
    for number in (second, first):
        lawbook.adopt(boss, number)
    assert lawbook_queries.matter_type(kind.code).label == "First"


def test_every_trial_shows_what_it_would_take_the_place_of(world: World, at: At) -> None:
    """Two forms of one thing stood open: whoever adopts second reads what the first one adopted."""
    browser = at("legal_supervisor")
    fee = {
        "label": "Asylum", "way": "pay", "dollars": "105", "forms": "I-589", "indexed": "1", "source": "The schedule",
        "certainty": "T", "effective_from": "2026-11-01",
    }  # fmt: skip
    path, trials = "/matters/rules/fees/pay.i589/change", list[str]()
    for dollars in ("105", "107"):
        trials.append(browser.post(path, **fee | {"dollars": dollars}).headers["Location"])
    place = "It would take the place of"
    assert all(place in browser.get(trial).text and "$107" not in browser.get(trials[0]).text for trial in trials)
    stale = over(browser, trials[1])
    assert (
        browser.post(f"{trials[0]}/adopt", "/sessions", over=over(browser, trials[0])).headers["Location"] != trials[0]
    )
    assert browser.post(f"{trials[1]}/adopt", "/sessions", over=stale).headers["Location"] == trials[1]
    shown = browser.get(trials[1]).text
    assert shown.index("$107") < shown.index(place) < shown.index("$105")
    assert place not in browser.get(trials[0]).text, "what is adopted takes no place any more"
    tried = browser.post("/matters/rules/address.dhs/change", **COUNTS).headers["Location"]
    assert "10 calendar days" in browser.get(tried).text.split(place)[1]


def test_a_decision_about_a_date_is_hers_who_reads_it_once_and_of_the_version_she_saw(
    world: World, hers: Client, matter: bytes, at: At, due: bytes
) -> None:
    version = adopted(world)
    home, browser = f"/people/{hers.code}/matters/{matter.hex()}", at("advocate")
    decide = f"{home}/dates/{due.hex()}/decide"
    other = make_client(world, legal_name="Somebody Else")
    theirs = make_matter(world, other, type="foia")
    for strange in (
        f"/people/{other.code}/matters/{theirs.hex()}/dates/{due.hex()}/decide/{version}",
        f"/people/{other.code}/matters/{matter.hex()}/dates/{due.hex()}/decide/{version}",
        f"{home}/dates/{'0' * 32}/decide/{version}",
    ):
        assert browser.get(strange).status_code == 404
        assert browser.post(strange, "/sessions", take="new").status_code == 404
    for who in ("caseworker", "supervisor", "director"):
        assert at(who).post(f"{decide}/{version}", "/sessions", take="new").status_code == 403
    nothing = browser.post(f"{decide}/{version}", take="")
    assert (nothing.status_code, "Choose which day holds" in told(nothing, "take")) == (422, True)
    unsaid = browser.post(f"{decide}/{version}", take="old", why=" ")
    assert (unsaid.status_code, bool(told(unsaid, "why"))) == (422, True)
    later = adopted(world, 5)
    stale = browser.post(f"{decide}/{version}", take="old", why="Counsel says ten")
    assert (stale.status_code, "Counsel says ten" in stale.text) == (409, True)
    assert f"/decide/{later}" in stale.text, "saving again is about the version that is shown now"
    view = queries.matter(world.actor("advocate"), hers.code, matter)
    assert [one.day for one in view.open_dates] == [date(2026, 11, 25)]
    assert browser.post(f"{decide}/{later}", take="new").status_code == 302
    twice = browser.post(f"{decide}/{later}", "/sessions", take="new")
    assert (twice.status_code, len(queries.matter(world.actor("advocate"), hers.code, matter).open_dates)) == (409, 1)


def test_lists_of_dates_say_whose_could_not_be_opened(world: World, hers: Client, matter: bytes, at: At) -> None:
    """A date that is not in the list of a changed rule or in the register is one that nobody decides about."""
    number = lawbook.try_rule(world.actor("legal_supervisor"), SEVEN)
    row = db.session.get_one(Matter, matter)
    row.dates = bytes(len(row.dates or b""))
    db.session.commit()
    browser = at("legal_supervisor")
    for path in ("/matters", "/matters/missed", "/matters/rules/asked", f"/matters/rules/tried/{number}"):
        assert f"A matter of {hers.code} could not be opened" in browser.get(path).text, path


# -- the register of missed dates ------------------------------------------------------------------


def test_a_date_is_missed_by_whoever_works_on_it_once(
    world: World, hers: Client, matter: bytes, at: At, overdue: bytes
) -> None:
    home, browser = f"/people/{hers.code}/matters/{matter.hex()}", at("advocate")
    path, fields = f"{home}/dates/{overdue.hex()}/missed", {"happened": "The mail was late", "done": "Told the court"}
    other = make_client(world, legal_name="Somebody Else")
    theirs = make_matter(world, other, type="foia")
    for strange in (
        path.replace(hers.code, other.code),
        path.replace(hers.code, other.code).replace(matter.hex(), theirs.hex()),
        path.replace(overdue.hex(), "0" * 32),
    ):
        assert browser.get(strange).status_code == 404
        assert browser.post(strange, "/sessions", **fields).status_code == 404
    for who in ("caseworker", "supervisor", "director", "desk", "auditor"):
        stranger = at(who)
        assert stranger.get("/matters/missed").status_code == 403
        assert stranger.post(path, "/sessions", **fields).status_code == 403
    assert queries.missed(world.actor("advocate")).rows == ()
    for field in fields:
        answer = browser.post(path, **fields | {field: "  "})
        assert (answer.status_code, bool(told(answer, field))) == (422, True)
        assert all(words in answer.text for name, words in fields.items() if name != field)
    long = browser.post(path, **fields | {"happened": "x" * 2001})
    assert (long.status_code, "x" * 2001 in long.text) == (422, True)
    assert browser.post(path, **fields).status_code == 302
    again = at("legal_supervisor").post(path, "/sessions", **fields | {"happened": "Ours, not the mail"})
    assert (again.status_code, "Ours, not the mail" in again.text, "The mail was late" in again.text) == (
        409,
        True,
        True,
    )
    (row,) = queries.missed(world.actor("advocate")).rows
    assert row.due.end is not None
    assert (row.due.end.why, [one.what for one, _ in row.remedied]) == ("The mail was late", ["Told the court"])


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_was_done_since_stands_once_and_two_who_add_see_both(
    world: World, hers: Client, matter: bytes, at: At, overdue: bytes, language: str
) -> None:
    advocate = world.actor("advocate")
    path = f"/people/{hers.code}/matters/{matter.hex()}/dates/{overdue.hex()}/remedy"
    browser = at("advocate")
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    early = browser.post(path, done="Filed late", version="0")
    assert (early.status_code, "Filed late" in early.text) == (409, True), "it is not in the register yet"
    actions.miss_date(advocate, MissDate(hers.code, matter, overdue, "The mail was late", "Told the court"))
    assert browser.post(path, done=" ", version="1").status_code == 422
    assert browser.post(path, done="Filed late", version="1").status_code == 302
    twice = browser.post(path, done="Filed late", version="1")
    said = catalogue(language).gettext(
        "Somebody changed this date meanwhile. What became of it stands below; yours is not saved."
    )
    assert (twice.status_code, said in twice.text) == (409, True)
    boss = at("legal_supervisor")
    hers_too = boss.post(path, done="She was told", version="1")
    assert hers_too.status_code == 409
    for words in ("She was told", "Filed late", "Told the court", 'name="version" type="hidden" value="2"'):
        assert words in hers_too.text, words
    assert boss.post(path, done="She was told", version="2").status_code == 302
    (row,) = queries.missed(advocate).rows
    assert [one.what for one, _ in row.remedied] == ["Told the court", "Filed late", "She was told"]


def test_what_is_in_the_register_is_not_done_replaced_or_opened_again(
    world: World, hers: Client, matter: bytes, at: At, overdue: bytes
) -> None:
    advocate, browser = world.actor("advocate"), at("advocate")
    actions.miss_date(advocate, MissDate(hers.code, matter, overdue, "The mail was late", "Told the court"))
    one = f"/people/{hers.code}/matters/{matter.hex()}/dates/{overdue.hex()}"
    assert browser.post(f"{one}/done", "/sessions", on="2026-11-20").status_code == 409
    assert browser.post(f"{one}/replace", "/sessions", day="2026-12-01", why="Later").status_code == 409
    browser.post(f"{one}/reopen", "/sessions")
    assert [row.id for row in queries.missed(advocate).rows] == [overdue]
    assert queries.matter(advocate, hers.code, matter).open_dates == ()
