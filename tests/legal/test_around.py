"""Certifications with their clocks, a family whose ages run or stand, trips that are warned of before they are made."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from shelter.clients import actions as people
from shelter.clients.models import Assignment, Client
from shelter.db import db
from shelter.db.errors import Conflict
from shelter.legal import actions, queries
from shelter.legal.commands import AddAsk, AddJourney, AnswerAsk, EndJourney, KeepMember, Kin, TellAsk
from shelter.legal.models import Matter
from shelter.rules import clock
from shelter.rules.broken import Broken
from tests.factories.agency import World
from tests.factories.legal import make_client, make_matter
from tests.legal.conftest import SATURDAY, Browser

At = Callable[[str], Browser]
TODAY = SATURDAY.date()
DAY = timedelta(days=1)


@pytest.fixture
def u_visa(world: World, hers: Client) -> bytes:
    return make_matter(world, hers, type="u_visa")


def asked(hers: Client, matter: bytes, on: date = date(2026, 8, 3)) -> AddAsk:
    return AddAsk(hers.code, matter, "supplement_b", "california", "Sheriff of Testville", "A deputy", on, "mail")


def test_an_agency_s_own_clock_gives_the_day_of_its_answer(world: World, hers: Client, u_visa: bytes, at: At) -> None:
    advocate = world.actor("advocate")
    ask = actions.add_ask(advocate, asked(hers, u_visa))
    actions.tell_ask(advocate, TellAsk(hers.code, u_visa, ask, date(2026, 8, 20), "Called the deputy"))
    view = queries.around(advocate, hers.code, u_visa).ask(ask)
    assert view.waiting is not None
    assert view.waiting.day == date(2026, 9, 2)  # 30 days, Cal. Penal Code 679.10
    urgent = actions.add_ask(advocate, replace(asked(hers, u_visa), urgent=True))
    waiting = queries.around(advocate, hers.code, u_visa).ask(urgent).waiting
    assert waiting is not None
    assert waiting.day == date(2026, 8, 10)  # 7 days in removal proceedings
    shown = at("advocate").get(f"/people/{hers.code}/matters/{u_visa.hex()}/around").text
    for words in ("Sheriff of Testville", "Called the deputy", "2 September 2026", "no answer yet"):
        assert words in shown


def test_a_signature_brings_its_safe_last_day_lapses_and_is_asked_for_again(
    world: World, hers: Client, u_visa: bytes
) -> None:
    advocate = world.actor("advocate")
    ask = actions.add_ask(advocate, asked(hers, u_visa))
    due = actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 1, "signed", date(2026, 8, 31)))
    assert due is not None
    assert due.day == date(2027, 2, 26)  # six months clamp to Sunday 28 February; the open day before
    assert due.jurisdictional
    with clock.frozen(SATURDAY + timedelta(days=120)):
        found = queries.around(advocate, hers.code, u_visa).ask(ask)
        assert found.lapsed
        assert found.may_ask_again
        again = replace(asked(hers, u_visa, date(2027, 3, 10)), again=ask)
        fresh = actions.add_ask(advocate, again)
        before, after = (queries.around(advocate, hers.code, u_visa).ask(one) for one in (ask, fresh))
        assert (before.now.answer, before.now.again, before.may_ask_again) == ("lapsed", fresh, False)
        assert after.now.answer == ""
        ended = [view for view in queries.matter(advocate, hers.code, u_visa).ended_dates if view.id == due.id]
        assert ended[0].due.end is not None
        assert ended[0].due.end.how == "superseded"
        with pytest.raises(Conflict):
            actions.add_ask(advocate, again)
        third = actions.add_ask(advocate, replace(again, seen=2))
        assert [one.id for one in queries.around(advocate, hers.code, u_visa).line(ask)] == [ask, fresh, third]


def test_a_signature_that_still_holds_is_asked_for_again_and_its_last_day_stays_until_the_new_one(
    world: World, hers: Client, u_visa: bytes
) -> None:
    """Asking early is the careful way; the day by which the old one is used must not go for it."""
    advocate, signed = world.actor("advocate"), date(2026, 8, 31)
    ask = actions.add_ask(advocate, asked(hers, u_visa))
    due = actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 1, "signed", signed))
    fresh = actions.add_ask(advocate, replace(asked(hers, u_visa, TODAY), again=ask))
    assert due is not None
    before = queries.around(advocate, hers.code, u_visa).ask(ask)
    assert (before.now.answer, before.last_day and before.last_day.end, before.lapsed) == ("signed", None, False)
    new = actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, fresh, 1, "signed", TODAY))
    still = {view.id for view in queries.matter(advocate, hers.code, u_visa).open_dates}
    assert new is not None
    assert new.id in still
    assert due.id not in still


@pytest.mark.parametrize(("agency", "still_owed"), [("Sheriff of Testville", False), ("District attorney", True)])
def test_one_without_an_answer_is_asked_again_any_number_of_times(
    world: World, hers: Client, u_visa: bytes, agency: str, still_owed: bool
) -> None:
    """The clock of an agency that still owes its answer runs on; the same agency's new clock takes its place."""
    advocate = world.actor("advocate")
    first = actions.add_ask(advocate, asked(hers, u_visa))
    for seen in range(1, 5):
        actions.add_ask(advocate, replace(asked(hers, u_visa, TODAY), agency=agency, again=first, seen=seen))
    around = queries.around(advocate, hers.code, u_visa)
    assert len(around.line(first)) == len(around.asks) == 5
    assert (around.ask(first).waiting is not None) is still_owed
    assert [one.now.answer for one in around.asks] == [""] * 5
    late = actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, first, 2, "signed", TODAY))
    assert late is not None


def test_what_cannot_be_is_said_beside_its_field(world: World, hers: Client, u_visa: bytes) -> None:
    advocate, ask = world.actor("advocate"), asked(hers, u_visa)
    kept = actions.add_ask(advocate, ask)
    refused = AnswerAsk(hers.code, u_visa, kept, 1, "refused", TODAY)
    for attempt, field in (
        (lambda: actions.add_ask(advocate, replace(ask, asked_on=TODAY + timedelta(days=1))), "asked_on"),
        (lambda: actions.add_ask(advocate, replace(ask, agency="")), "agency"),
        (lambda: actions.add_ask(advocate, replace(ask, certifier="mars")), "certifier"),
        (lambda: actions.answer_ask(advocate, refused), "why"),
        (lambda: actions.answer_ask(advocate, replace(refused, answer="signed", on=date(2026, 8, 1))), "on"),
        (lambda: actions.answer_ask(advocate, replace(refused, answer="signed", on=date(2027, 1, 1))), "on"),
    ):
        with pytest.raises(Broken) as broken:
            attempt()
        assert broken.value.field == field
    actions.answer_ask(advocate, replace(refused, why="No crime on the list"))
    assert queries.around(advocate, hers.code, u_visa).ask(kept).may_ask_again
    with pytest.raises(Conflict):
        actions.answer_ask(advocate, replace(refused, why="Again"))


# -- family ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "frozen", "age", "turns"),
    [
        (date(2008, 2, 29), None, 18, date(2029, 2, 28)),
        (date(2006, 11, 22), None, 19, date(2027, 11, 22)),
        (date(2005, 11, 21), None, 21, None),
        (date(2004, 5, 1), date(2025, 4, 30), 20, None),
    ],
)
def test_an_age_runs_until_it_is_frozen(
    world: World, hers: Client, matter: bytes, born: date, frozen: date | None, age: int, turns: date | None
) -> None:
    advocate = world.actor("advocate")
    kin = Kin("M. K.", "child", born, "here", "filed", TODAY, frozen)
    made = actions.keep_member(advocate, KeepMember(hers.code, matter, kin))
    view = queries.around(advocate, hers.code, matter).member(made)
    assert (view.age, view.turns_21) == (age, turns)
    assert view.stage is not None
    assert view.stage.code == "filed"


def test_each_member_has_a_stage_of_their_own_and_nothing_is_lost(
    world: World, hers: Client, matter: bytes, at: At
) -> None:
    advocate = world.actor("advocate")
    kin = Kin("Her son", "child", date(2010, 1, 5), stage="filed")
    made = actions.keep_member(advocate, KeepMember(hers.code, matter, kin))
    changed = replace(kin, stage="approved", stage_on=TODAY)
    actions.keep_member(advocate, KeepMember(hers.code, matter, changed, made, 1))
    with pytest.raises(Conflict):
        actions.keep_member(advocate, KeepMember(hers.code, matter, kin, made, 1))
    with pytest.raises(Broken):
        actions.keep_member(advocate, KeepMember(hers.code, matter, replace(kin, stage="declaration")))
    view = queries.around(advocate, hers.code, matter).member(made)
    assert [view.now.stage, *(one.stage for one in view.earlier)] == ["approved", "filed"]
    shown = at("advocate").get(f"/people/{hers.code}/matters/{matter.hex()}/around").text
    assert "16, age still runs" in shown


# -- trips -------------------------------------------------------------------------


def test_a_trip_is_warned_of_before_it_is_made_and_never_after(world: World, hers: Client, matter: bytes) -> None:
    advocate, leaves = world.actor("advocate"), TODAY + timedelta(days=10)
    plan = AddJourney(hers.code, matter, leaves, leaves + timedelta(days=60))
    with pytest.raises(Broken) as broken:
        actions.add_journey(advocate, plan)
    assert broken.value.field == "signed_off"
    agreed = replace(plan, signed_off="Counsel, 20 November")
    with pytest.raises(Broken) as broken:
        actions.add_journey(advocate, replace(agreed, back=leaves + timedelta(days=90)))
    assert (broken.value.message_key, broken.value.field) == ("legal.trip_breaks_presence", "back")
    journey = actions.add_journey(advocate, agreed)
    presence = queries.around(advocate, hers.code, matter).presence
    assert presence is not None
    assert (presence.longest, presence.exceeded) == (61, False)
    assert [step.key for step in presence.warnings] == ["presence.single_near"]
    actions.end_journey(advocate, EndJourney(hers.code, matter, journey, 1, None, "Her mother came here"))
    assert queries.around(advocate, hers.code, matter).presence is None


def test_her_days_away_are_one_count_whichever_matter_tells_of_them(
    world: World, hers: Client, matter: bytes, at: At
) -> None:
    """The trip of 2025 stands in the T visa; the card is a matter of its own, and the law counts both together."""
    advocate, card = world.actor("advocate"), make_matter(world, hers, type="t_adjustment")
    actions.add_journey(advocate, AddJourney(hers.code, matter, date(2025, 1, 1), date(2025, 3, 31)))
    actions.add_journey(advocate, AddJourney(hers.code, card, date(2026, 1, 1), date(2026, 3, 1)))
    leaves = TODAY + timedelta(days=20)
    plan = AddJourney(hers.code, card, leaves, leaves + timedelta(days=31), signed_off="Counsel, 20 November")
    with pytest.raises(Broken) as broken:
        actions.add_journey(advocate, plan)
    assert broken.value.message_key == "legal.trip_breaks_presence"
    actions.add_journey(advocate, replace(plan, back=leaves + timedelta(days=28)))
    for one in (matter, card):
        presence = queries.around(advocate, hers.code, one).presence
        assert presence is not None
        assert (presence.total, presence.longest) == (90 + 60 + 29, 90)
    actions.add_journey(advocate, AddJourney(hers.code, card, date(2025, 1, 1), date(2025, 3, 31)))
    presence = queries.around(advocate, hers.code, card).presence
    assert presence is not None
    assert presence.total == 179  # told twice, counted once
    shown = at("advocate").get(f"/people/{hers.code}/matters/{matter.hex()}/around").text
    assert "in another matter of hers" in shown


def test_her_days_away_are_one_count_under_each_of_her_codes(world: World, hers: Client, matter: bytes, at: At) -> None:
    """Two records were joined: the trip of the other one counts until they are two again."""
    advocate, other = world.actor("advocate"), make_client(world)
    theirs = make_matter(world, other, type="t_adjustment")
    actions.add_journey(advocate, AddJourney(other.code, theirs, date(2025, 1, 1), date(2025, 3, 31)))
    assert queries.around(advocate, hers.code, matter).presence is None
    people.merge(world.actor("supervisor"), other.code, hers.code)
    actions.add_journey(advocate, AddJourney(hers.code, matter, date(2026, 1, 1), date(2026, 3, 1)))
    for code, one in ((hers.code, matter), (other.code, theirs)):
        presence = queries.around(advocate, code, one).presence
        assert presence is not None
        assert (presence.total, presence.longest) == (90 + 60, 90)
    shown = at("advocate").get(f"/people/{hers.code}/matters/{matter.hex()}/around").text
    assert f"<code>{other.code}</code>" in shown
    plan = AddJourney(hers.code, matter, TODAY + DAY, TODAY + 31 * DAY, signed_off="Counsel, 20 November")
    with pytest.raises(Broken) as broken:
        actions.add_journey(advocate, plan)
    assert broken.value.message_key == "legal.trip_breaks_presence"
    people.undo_merge(world.actor("supervisor"), other.code)
    presence = queries.around(advocate, hers.code, matter).presence
    assert presence is not None
    assert presence.total == 60
    actions.add_journey(advocate, plan)


def spoils(world: World, hers: Client, theirs: bytes) -> str:
    """A trip lies in a matter whose seal holds no longer."""
    row = db.session.get_one(Matter, theirs)
    assert row.family
    row.family = row.family[:-1] + bytes([row.family[-1] ^ 1])
    db.session.commit()
    return hers.code


def closes(world: World, hers: Client, theirs: bytes) -> str:
    """It lies under a code of hers that is closed to this advocate."""
    code = db.session.get_one(Client, db.session.get_one(Matter, theirs).client_id).code
    db.session.execute(delete(Assignment).where(Assignment.client_id != hers.id, Assignment.kind == "legal"))
    db.session.commit()
    return code


@pytest.mark.parametrize("unread", [spoils, closes])
def test_where_trips_cannot_be_read_the_page_says_so_and_no_new_one_is_planned(
    world: World, hers: Client, matter: bytes, at: At, unread: Callable[[World, Client, bytes], str]
) -> None:
    advocate, other = world.actor("advocate"), hers
    if unread is closes:
        other = make_client(world)
        people.merge(world.actor("supervisor"), other.code, hers.code)
    theirs = make_matter(world, other, type="t_adjustment")
    actions.add_journey(advocate, AddJourney(other.code, theirs, date(2025, 1, 1), date(2025, 3, 31)))
    code = unread(world, hers, theirs)
    browser, home = at("advocate"), f"/people/{hers.code}/matters/{matter.hex()}"
    assert f"under {code} cannot be opened here" in browser.get(f"{home}/around").text
    plan = {"left": "2026-12-01", "back": "2026-12-20", "signed_off": "Counsel, 20 November"}
    answer = browser.post(f"{home}/trips/new", **plan)
    assert (answer.status_code, f"Trips under {code} cannot be opened" in answer.text) == (422, True)
    assert "Counsel, 20 November" in answer.text
    made = AddJourney(hers.code, matter, date(2026, 5, 1), date(2026, 5, 10))
    actions.add_journey(advocate, made)
    assert [one.left for one in queries.around(advocate, hers.code, matter).journeys] == [made.left]


def test_a_plan_without_a_return_is_asked_for_one(world: World, hers: Client, matter: bytes) -> None:
    plan = AddJourney(hers.code, matter, TODAY + timedelta(days=9), None, signed_off="Counsel, 20 November")
    with pytest.raises(Broken) as broken:
        actions.add_journey(world.actor("advocate"), plan)
    assert (broken.value.message_key, broken.value.field) == ("legal.plan_without_return", "back")


def test_a_trip_that_was_made_is_kept_however_long_and_does_not_overlap(
    world: World, hers: Client, matter: bytes
) -> None:
    advocate = world.actor("advocate")
    made = AddJourney(hers.code, matter, date(2026, 1, 1), date(2026, 4, 15))
    journey = actions.add_journey(advocate, made)
    presence = queries.around(advocate, hers.code, matter).presence
    assert presence is not None
    assert presence.exceeded
    with pytest.raises(Broken):
        actions.add_journey(advocate, replace(made, left=date(2026, 4, 1), back=date(2026, 4, 20)))
    with pytest.raises(Broken) as broken:
        actions.end_journey(advocate, EndJourney(hers.code, matter, journey, 1, date(2025, 12, 31)))
    assert broken.value.field == "back"


# -- two people, one thing -----------------------------------------------------------


def fields_of(shown: str) -> dict[str, str]:
    """The hidden version that a form carries."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', shown)
    assert found
    return {"version": found[1]}


def test_what_two_people_typed_about_one_thing_is_shown_side_by_side(
    world: World, hers: Client, u_visa: bytes, at: At
) -> None:
    advocate, home = world.actor("advocate"), f"/people/{hers.code}/matters/{u_visa.hex()}"
    ask = actions.add_ask(advocate, asked(hers, u_visa))
    kin = Kin("Her son", "child", date(2010, 1, 5), note="In Oaxaca")
    son = actions.keep_member(advocate, KeepMember(hers.code, u_visa, kin))
    trip = actions.add_journey(advocate, AddJourney(hers.code, u_visa, date(2026, 3, 1), None))
    browser = at("legal_supervisor")
    begun = {
        path: fields_of(browser.get(path).text)
        for path in (f"{home}/asks/{ask.hex()}/answer", f"{home}/family/{son.hex()}", f"{home}/trips/{trip.hex()}")
    }
    actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 1, "refused", TODAY, "No case number"))
    actions.keep_member(advocate, KeepMember(hers.code, u_visa, replace(kin, note="Now in Puebla"), son, 1))
    actions.end_journey(advocate, EndJourney(hers.code, u_visa, trip, 1, date(2026, 3, 9)))
    typed = {
        "answer": {"answer": "signed", "on": "2026-11-20", "why": ""},
        "family": {"name": "Her son", "relation": "child", "born": "2010-01-05", "note": "With his aunt"},
        "trips": {"back": "2026-03-12", "withdrawn": ""},
    }
    seen = {"answer": "No case number", "family": "Now in Puebla", "trips": "9 March 2026"}
    for path, version in begun.items():
        fields = next(values for part, values in typed.items() if part in path)
        answer = browser.post(path, path, **fields, **version)
        assert answer.status_code == 409, path
        assert "Somebody saved a change while you were writing" in answer.text
        theirs = next(words for part, words in seen.items() if part in path)
        assert "Saved meanwhile by " in answer.text
        assert theirs in answer.text
        again = browser.post(path, path, **fields, **fields_of(answer.text))
        assert again.status_code == 302, path
    around = queries.around(advocate, hers.code, u_visa)
    assert around.ask(ask).now.answer == "signed"
    assert around.ask(ask).last_day is not None
    assert around.member(son).now.note == "With his aunt"
    assert around.journey(trip).back == date(2026, 3, 12)


def test_a_second_ask_for_one_that_was_asked_again_meanwhile_shows_both_and_is_not_sent(
    world: World, hers: Client, u_visa: bytes, at: At
) -> None:
    advocate, home = world.actor("advocate"), f"/people/{hers.code}/matters/{u_visa.hex()}"
    ask = actions.add_ask(advocate, asked(hers, u_visa))
    actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 1, "refused", TODAY, "No case number"))
    browser, path = at("legal_supervisor"), f"{home}/asks/{ask.hex()}/again"
    version = fields_of(browser.get(path).text)
    actions.add_ask(advocate, replace(asked(hers, u_visa, TODAY), agency="District attorney", again=ask))
    fields = {"kind": "supplement_b", "certifier": "california", "agency": "Sheriff of Testville"}
    answer = browser.post(path, path, **fields, asked_on="2026-11-20", **version)
    assert answer.status_code == 409
    assert "District attorney" in answer.text
    assert len(queries.around(advocate, hers.code, u_visa).asks) == 2
    decided = browser.post(path, path, **fields, asked_on="2026-11-20", **fields_of(answer.text))
    assert decided.status_code == 302
    assert len(queries.around(advocate, hers.code, u_visa).line(ask)) == 3


def test_an_answer_put_right_supersedes_the_last_day_of_the_one_before(
    world: World, hers: Client, u_visa: bytes
) -> None:
    advocate = world.actor("advocate")
    ask = actions.add_ask(advocate, asked(hers, u_visa))
    first = actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 1, "signed", date(2026, 8, 31)))
    right = actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 2, "signed", date(2026, 8, 13)))
    assert first is not None
    assert right is not None
    assert right.day == date(2027, 2, 12)
    open_days = {view.id for view in queries.matter(advocate, hers.code, u_visa).open_dates}
    assert right.id in open_days
    assert first.id not in open_days
