"""The HMIS interview: nothing has to be answered, what is due is told, and what a checker would doubt is listed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shelter.answers import actions, queries
from shelter.answers.actions import Keep
from shelter.clients.models import Birth
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.desk import actions as night_desk
from shelter.desk.actions import Ticking
from shelter.exchange.out import own
from shelter.places import actions as places
from shelter.places.actions import ChangeRules
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.rules.interview import ANNUAL_WINDOW, Stage, Universe, interview, missing_code, next_annual
from shelter.rules.picklists import picklists
from shelter.rules.rollcall import Seen
from shelter.stays import actions as stays
from shelter.stays.actions import Admit, Guest, ImportedStay, Leave
from shelter.stays.models import Stay
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, client_id, save_birth
from tests.factories.stays import DAY, make_beds, resident, stay_of, tonight

Beds = dict[str, bytes]
WHO = "caseworker"


def kept(world: World, code: str, stage: Stage, on: date, **chosen: list[str]) -> None:
    actions.keep(world.actor(WHO), Keep(code, stay_of(code).id, stage, on, chosen))


def asked_for(world: World, code: str, until: date) -> list[Stage]:
    return [one.stage for one in queries.due(world.actor(WHO), [client_id(code)], until)]


def test_every_question_has_a_list_or_an_amount_and_a_place_in_an_export() -> None:
    for one in interview().question:
        assert one.amount or one.list in picklists()
        assert one.column or one.several
        assert not one.only_if or one.only_if in [other.code for other in interview().question]


@pytest.mark.parametrize(
    ("reason", "code"), [("does_not_know", 8), ("prefers_not", 9), ("not_safe", 99), ("not_today", 99), ("", 99)]
)
def test_what_is_not_said_is_worth_eight_nine_or_ninety_nine(reason: str, code: int) -> None:
    assert missing_code({"survivor": reason}, "survivor") == code


def test_annual_answers_are_asked_around_each_anniversary() -> None:
    entry = date(2024, 2, 29)
    assert next_annual(entry, None) == date(2025, 2, 28)
    assert next_annual(entry, date(2025, 2, 28) - ANNUAL_WINDOW) == date(2026, 2, 28)
    assert next_annual(entry, date(2024, 12, 1)) == date(2025, 2, 28)


def test_what_is_due_comes_with_the_stay_and_goes_when_it_is_answered(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"], since=tonight() - 350 * DAY)
    assert asked_for(world, code, tonight()) == [Stage.ENTRY, Stage.ANNUAL]
    kept(world, code, Stage.ENTRY, tonight() - 349 * DAY, survivor=["yes"])
    kept(world, code, Stage.ANNUAL, tonight())
    assert asked_for(world, code, tonight()) == []
    stays.leave(world.actor(WHO), Leave(code, stay_of(code).id, tonight(), 1))
    assert asked_for(world, code, tonight()) == [Stage.EXIT]
    assert asked_for(world, code, tonight() + 40 * DAY) == []


def test_every_stage_asks_something_of_everybody_and_violence_of_heads_and_adults() -> None:
    """Children are due as well: HUD asks insurance and conditions of all (a universe of none would hide them)."""
    for stage in Stage:
        assert any(one.universe is Universe.ALL for one in interview().at(stage)), stage
    known = {
        (head, age): {one.code for one in interview().asked(Stage.ENTRY, head=head, age=age)}
        for head in (True, False)
        for age in (None, 3, 17, 18, 60)
    }
    everything = {one.code for one in interview().at(Stage.ENTRY)}
    assert all(known[True, age] == everything for age in (None, 3, 17, 18, 60))
    assert all(known[False, age] == everything for age in (None, 18, 60))
    assert known[False, 17] == known[False, 3] == {"disabling", "any_insurance", "insurance", "disability"}
    assert not Universe.HEAD.holds(head=False, age=40)


def test_everybody_of_a_household_is_asked_what_hud_asks_of_her(
    world: World, beds: Beds, desk: Callable[[str], Desk]
) -> None:
    """A child has no questions about violence or money, a grown guest all; both are due, she alone is doubted."""
    who, day = world.actor(WHO), tonight() - 3 * DAY
    mother, child, sister = (begin(world, called=name) for name in ("Ana", "Ben", "Cia"))
    save_birth(who, child, tonight().year - 9)
    came = (Guest(child, beds["B"]), Guest(sister, make_beds(world, room="Room 2")["A"]))
    stays.admit(who, stays.Admit(mother, beds["A"], day, guests=came))
    assert [asked_for(world, code, tonight()) for code in (mother, child, sister)] == [[Stage.ENTRY]] * 3
    doubted = {one.code for one in queries.doubts(world.actor("supervisor")) if one.rule == "no_violence_answer"}
    assert doubted == {mother, sister}
    hand = desk(WHO)
    pages = {code: hand.get(f"/people/{code}/answers/{stay_of(code).id.hex()}/entry").text for code in (child, sister)}
    assert "any_insurance" in pages[child]
    assert "survivor" not in pages[child]
    assert "any_income" not in pages[child]
    assert "survivor" in pages[sister]
    kept(world, child, Stage.ENTRY, tonight(), any_insurance=["yes"])
    assert asked_for(world, child, tonight()) == []


def test_what_somebody_said_beyond_what_she_is_asked_stays_in_the_form(
    world: World, beds: Beds, desk: Callable[[str], Desk]
) -> None:
    """Answered before anybody wrote down how old she is: her words are kept, shown and changed all the same."""
    who = world.actor(WHO)
    mother, child = begin(world, called="Ana"), begin(world, called="Ben")
    stays.admit(who, stays.Admit(mother, beds["A"], tonight() - DAY, guests=(Guest(child, beds["B"]),)))
    kept(world, child, Stage.ENTRY, tonight(), survivor=["yes"])
    save_birth(who, child, tonight().year - 9)
    page = desk(WHO).get(f"/people/{child}/answers/{stay_of(child).id.hex()}/entry").text
    assert "survivor" in page
    assert "any_income" not in page


def test_a_sum_that_was_named_without_its_parts_stays_in_the_form_and_in_an_export(world: World, beds: Beds) -> None:
    who = world.actor(WHO)
    mother, child = begin(world, called="Ana"), begin(world, called="Ben")
    stays.admit(who, stays.Admit(mother, beds["A"], tonight() - DAY, guests=(Guest(child, beds["B"]),)))
    told = Keep(child, stay_of(child).id, Stage.ENTRY, tonight(), {"any_income": ["yes"]}, {"income_total": 900})
    actions.keep(who, told)
    save_birth(who, child, tonight().year - 9)
    (stay,) = queries.answers_of(who, child)[1]
    assert {"any_income", "income_total"} <= {one.code for one in stay.asked(Stage.ENTRY)}
    words = tuple(one.words for one in stay.answers)
    lived = own.OwnStay("n", "p", "h", False, stay.arrived, None, None, words)
    rows = dict(own.of_answers("c", lived, Birth(year=tonight().year - 9), tonight()))
    assert rows["IncomeBenefits"]["TotalMonthlyIncome"] == "900.00"


def test_answers_that_hang_on_a_yes_go_with_it_and_days_are_in_order(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"], since=tonight() - 5 * DAY)
    kept(world, code, Stage.ENTRY, tonight() - DAY, survivor=["no"], fleeing=["yes"], benefit=["SNAP"])
    (stay,) = queries.answers_of(world.actor(WHO), code)[1]
    assert stay.answers[0].words.chosen == {"survivor": ["no"]}
    for day, key in ((tonight() - 6 * DAY, "answers.before_entry"), (tonight() + 3 * DAY, "answers.in_the_future")):
        with pytest.raises(Broken) as error:
            kept(world, code, Stage.UPDATE, day)
        assert (error.value.message_key, error.value.field) == (key, "on")


def test_each_income_has_an_amount_and_all_together_is_their_sum(
    world: World, beds: Beds, desk: Callable[[str], Desk]
) -> None:
    code = resident(world, beds["A"], since=tonight() - 3 * DAY)
    path, page = f"/people/{code}/answers/{stay_of(code).id.hex()}/entry", desk(WHO)
    on = str(tonight() - DAY)
    assert (
        page.post(
            path, version="0", on=on, any_income="yes", income="TANF", income_TANF="400", income_Earned="250"
        ).status_code
        == 302
    )
    (view,) = queries.answers_of(world.actor(WHO), code)[1][0].answers
    assert view.words.amounts == {"income_TANF": 400, "income_Earned": 250, "income_total": 650}
    assert view.words.chosen["income"] == ["TANF", "Earned"]
    said = page.get(f"/people/{code}/answers").text
    assert "TANF (400)" in said
    actions.keep(
        world.actor(WHO),
        Keep(code, stay_of(code).id, Stage.UPDATE, tonight(), {"any_income": ["no"]}, {"income_TANF": 400}),
    )
    assert queries.answers_of(world.actor(WHO), code)[1][0].answers[-1].words.amounts == {}


def test_two_people_who_change_the_entry_answers_are_told(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"])
    kept(world, code, Stage.ENTRY, tonight())
    (stay,) = queries.answers_of(world.actor(WHO), code)[1]
    again = Keep(code, stay.id, Stage.ENTRY, tonight(), answers=stay.answers[0].id, version=1)
    actions.keep(world.actor("supervisor"), again)
    with pytest.raises(Conflict):
        actions.keep(world.actor(WHO), again)


def test_a_checker_s_doubts_are_listed_for_the_sites_of_a_supervisor(world: World, beds: Beds) -> None:
    long, gone = resident(world, beds["A"], since=tonight() - 400 * DAY), resident(world, beds["B"], called="Mira")
    stays.leave(world.actor(WHO), Leave(gone, stay_of(gone).id, tonight(), 1))
    found = {(one.rule, one.code) for one in queries.doubts(world.actor("supervisor"))}
    assert found == {
        ("long_stay", long),
        ("no_destination", gone),
        ("no_violence_answer", long),
        ("no_violence_answer", gone),
    }
    actions.keep(
        world.actor(WHO),
        Keep(long, stay_of(long).id, Stage.ENTRY, tonight(), skipped={"survivor": "prefers_not"}),
    )
    assert ("no_violence_answer", long) not in {
        (one.rule, one.code) for one in queries.doubts(world.actor("supervisor"))
    }


def test_a_household_that_comes_again_is_another_household(world: World, beds: Beds) -> None:
    """A new HouseholdID with every re-admission (Eva): nothing of the earlier stay is carried over."""
    who, (mother, child) = world.actor(WHO), (begin(world, called=name) for name in ("Ana", "Ben"))
    came = Admit(mother, beds["A"], tonight() - 9 * DAY, guests=(Guest(child, beds["B"]),))
    stays.admit(who, came)
    stays.leave(who, Leave(mother, stay_of(mother).id, tonight() - 5 * DAY, 1, others=(child,)))
    stays.admit(who, replace(came, arrived=tonight() - DAY))
    rows = db.session.execute(select(Stay.client_id, Stay.party_id)).all()
    assert len(rows) == 4
    assert len({party for _, party in rows}) == 2
    assert len(set(rows)) == 4


def test_imported_nights_without_a_bed_or_in_two_places_are_doubted(world: World, beds: Beds) -> None:
    code, north = resident(world, beds["A"], since=tonight() - 9 * DAY), world.sites["north"]
    stays.leave(world.actor(WHO), Leave(code, stay_of(code).id, tonight() - 4 * DAY, 1))
    came = ImportedStay(client_id(code), north, tonight() - 6 * DAY, None)
    stays.admit_imported(world.actor("supervisor"), [came])
    found = {one.rule for one in queries.doubts(world.actor("supervisor")) if one.code == code}
    assert {"overlap", "no_bed"} <= found


def test_a_house_counted_night_by_night_is_asked_for_its_first_night_and_none_at_the_end(
    world: World, beds: Beds
) -> None:
    ticked, missed = (
        resident(world, beds[bed], since=tonight() - 4 * DAY, called=name) for bed, name in (("A", "Lin"), ("B", "Mo"))
    )
    came = ImportedStay(client_id(begin(world)), world.sites["north"], tonight() - 6 * DAY, tonight() - 5 * DAY)
    stays.admit_imported(world.actor("supervisor"), [came])
    for days in (4, 2):
        night_desk.tick(world.actor(WHO), Ticking(ticked, tonight() - days * DAY, Seen.HERE))
    stays.leave(world.actor(WHO), Leave(ticked, stay_of(ticked).id, tonight() - 2 * DAY, 1))

    def found() -> set[tuple[str, str, date | None]]:
        rules = ("no_first_night", "night_after_exit")
        listed = queries.doubts(world.actor("supervisor"))
        return {(one.rule, one.code, one.day) for one in listed if one.rule in rules}

    assert found() == set()
    places.change_rules(world.actor("supervisor"), ChangeRules(world.sites["north"], 90, None, 0, night_by_night=True))
    assert found() == {
        ("no_first_night", missed, tonight() - 4 * DAY),
        ("night_after_exit", ticked, tonight() - 2 * DAY),
    }


@pytest.mark.parametrize("who", ["desk", "volunteer", "director", "advocate", "caseworker_two", "stranger"])
def test_nobody_else_reads_or_writes_them(world: World, beds: Beds, who: str) -> None:
    code = resident(world, beds["A"])
    with pytest.raises((Missing, Denied)):
        queries.answers_of(world.actor(who), code)
    with pytest.raises((Missing, Denied)):
        actions.keep(world.actor(who), Keep(code, stay_of(code).id, Stage.ENTRY, tonight()))


def test_the_page_takes_answers_reasons_and_nothing_at_all(
    world: World, beds: Beds, desk: Callable[[str], Desk]
) -> None:
    code, hand = resident(world, beds["A"], since=tonight() - timedelta(days=3)), desk(WHO)
    path = f"/people/{code}/answers/{stay_of(code).id.hex()}"
    day = str(tonight())
    assert hand.post(f"{path}/entry", on="2199-01-01", version="0", income_total="900").status_code == 422
    said = {"survivor": "yes", "fleeing-skip": "not_safe", "any_income": "yes", "income": "TANF", "income_total": "900"}
    assert hand.post(f"{path}/entry", on=day, version="0", **said).status_code == 302
    assert hand.post(f"{path}/update", on=day, version="0").status_code == 302
    seen = hand.get(f"/people/{code}/answers").text
    assert "TANF" in seen
    assert "Not safe to ask now" in seen
    assert 'value="900"' in hand.get(f"{path}/entry").text
    assert hand.post(f"{path}/entry", on=day, version="0").status_code == 409
    assert desk("desk").get(f"/people/{code}/answers").status_code == 403
    assert desk("supervisor").get("/census/doubts").status_code == 200
