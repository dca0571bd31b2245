"""A mother and two children, from the first call to the one afterwards: hold, talk, beds, a move, two nights of roll
call, nights away, more time, leaving; then somebody at the door at night, whom the desk takes in alone.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shelter.db import db as database
from shelter.places import actions as places
from shelter.places.actions import ChangeRules
from tests.factories.stays import DAY, days_of, make_beds, tonight
from tests.journeys.hand import DESK_EN, DESK_ES, PHONE_EN, PHONE_ES, Hand, House, View
from tests.journeys.test_desk import SEALED, an_arrival

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
LEGAL_NAME = "Xiomara Quiñones Baldomar"


@pytest.mark.parametrize(("phone", "view"), [(PHONE_EN, DESK_EN), (PHONE_ES, DESK_ES)], ids=["en", "es"])
def test_a_stay_from_the_first_call_to_the_call_afterwards(house: House, phone: View, view: View) -> None:
    two_rooms(house)
    with house.hand("desk", phone, LEGAL_NAME) as night:
        somebody_calls(night)
        a_hold(night)
    with house.hand("caseworker", view, LEGAL_NAME) as rosa:
        mother, children = their_records(rosa)
        a_call_and_a_talk(rosa, house, mother)
        their_beds(rosa, mother, children)
    with house.hand("desk", phone, LEGAL_NAME) as night:
        waits_no_longer(night)
        another_bed(night, mother)
        everybody_is_here(night)
        house.hours.later(DAY)
    with house.hand("desk", phone, LEGAL_NAME) as night:
        everybody_is_here(night)
        nights_away(night, mother)
    with house.hand("caseworker", view, LEGAL_NAME) as rosa:
        asks_for_more_time(rosa, mother)
    with house.hand("supervisor", view, LEGAL_NAME) as ana:
        gives_more_time(ana, mother)
    with house.hand("caseworker", view, LEGAL_NAME) as rosa:
        what_funders_ask(rosa, mother)
        they_leave(rosa, mother, children)
        may_we_ask_later(rosa, mother)
    left = tonight()
    house.hours.later(30 * DAY)
    with house.hand("caseworker", view, LEGAL_NAME) as rosa:
        a_call_afterwards(rosa, mother)
    with house.hand("desk", phone, LEGAL_NAME, *SEALED) as night:
        an_arrival(night)
        undone_by_who_took_her_in(night)
    database.session.remove()
    assert [days_of(one)[-1][2] for one in (mother, *children)] == [left] * 3


def two_rooms(house: House) -> None:
    """Five beds of a house where a stay lasts up to three nights unless somebody says otherwise."""
    make_beds(house.world, labels="ABCD")
    make_beds(house.world, room="Room 2", labels="E")
    places.change_rules(house.world.actor("supervisor"), ChangeRules(house.world.sites["north"], 45, 3, 0))
    database.session.remove()


def somebody_calls(night: Hand) -> None:
    """The first call, in the night: as little as is needed to reach her safely in the morning."""
    night.menu("Hand-over")
    night.press("No place, and waiting")
    night.press("Put somebody on the list")
    night.sound("waiting-new")
    night.fill(called="Lucero", adults="1", children="2", danger="now")
    night.fill(channel="text", value="213 555 0143", say="the dentist")
    night.press("Put on the list")
    night.reads("In danger tonight")
    night.sound("waiting")


def a_hold(night: Hand) -> None:
    night.menu("Beds")
    night.press("Hold", within=night.main.locator("section li").first)
    night.reads("Nobody's name is kept with it.")
    night.sound("held")


def waits_no_longer(night: Hand) -> None:
    night.go("/requests")
    night.press("Has a bed, or waits no longer")
    night.reads("Nobody waits. Who is in most danger would stand first.")
    night.reads_not("555 0143", "the dentist")


def their_records(rosa: Hand) -> tuple[str, list[str]]:
    """A mother and two children, each with a record of her own; how to reach the mother is said by herself."""
    rosa.menu("People")
    rosa.press("Somebody new has come")
    rosa.fill(working_name="Lucero", languages=rosa.say("Spanish"))
    rosa.press("Begin the record")
    mother = code_in(rosa.page.url)
    rosa.follow("/intake/names")
    rosa.fill(legal_name=LEGAL_NAME, progress="done")
    rosa.press("Save this part")
    rosa.go(f"/people/{mother}/contact/text")
    rosa.fill(allowed="allowed", value="213 555 0143", say="the dentist", confirmed="1")
    rosa.press("Save this way of reaching her")
    return mother, [a_child(rosa, mother, name) for name in ("Bo", "Ana")]


def a_child(rosa: Hand, mother: str, name: str) -> str:
    rosa.go(f"/people/{mother}/household")
    rosa.press("Somebody came with her")
    rosa.sound("child")
    rosa.fill(working_name=name, relationship="child", birth__year="2019", birth__approximate="1")
    rosa.press("Begin this record too")
    told = rosa.page.locator("main [role=status], main .notice").first.inner_text()
    return next(word for word in told.split() if word.count("-") == 2)


def code_in(url: str) -> str:
    return url.partition("/people/")[2].partition("/")[0]


def a_call_and_a_talk(rosa: Hand, house: House, mother: str) -> None:
    rosa.go(f"/people/{mother}/course")
    rosa.sound("course-empty")
    rosa.press("She may come")
    rosa.sound("refer")
    rosa.fill(site=house.world.sites["north"].hex(), people="3", day=str(tonight()))
    rosa.press("Write it down")
    for state in ("screened", "accepted"):
        rosa.press("What is agreed now")
        rosa.fill(state=state)
        rosa.press("Save what is agreed")
    rosa.reads("She may come")
    rosa.press("Conflict check")
    rosa.press("Compare now")
    rosa.reads("Nothing found")


def their_beds(rosa: Hand, mother: str, children: list[str]) -> None:
    rosa.go(f"/people/{mother}/stay/new")
    rosa.sound("admit-family")
    held = rosa.page.locator("main [name=bed] option", has_text=rosa.say("held")).get_attribute("value")
    rosa.fill(bed=held or "")
    rosa.fill(arrived=str(tonight() - 2 * DAY))
    for number, child in enumerate(children, start=2):
        rosa.page.locator(f'main [name="with_{child}"]').select_option(index=number)
    rosa.press("Give this bed")
    expect(rosa.main).to_contain_text("Room 1")


def another_bed(night: Hand, mother: str) -> None:
    night.menu("Beds")
    line = night.main.locator("section li", has_text="Lucero")
    night.press("Another bed", within=line)
    night.sound("move")
    night.page.locator("main [name=bed]").select_option(index=1)
    night.press("Move her there")
    expect(night.page.get_by_role("button", name=night.say("Undo"))).to_be_visible()
    night.go(f"/people/{mother}/stay")
    night.sound("moved")


def everybody_is_here(night: Hand) -> None:
    night.menu("Roll call")
    for name in ("Lucero", "Bo", "Ana"):
        night.press("Here", within=night.main.locator("[data-roll-row]", has_text=name))
    expect(night.main.locator("[data-roll-count]")).to_contain_text("3")
    night.sound("roll")
    night.go("/roll-call")
    expect(night.main.locator("[data-roll-count]")).to_contain_text("3")


def nights_away(night: Hand, mother: str) -> None:
    night.go(f"/people/{mother}/stay")
    night.press("Nights away, expected day")
    night.fill(away_from=str(tonight() + DAY), back_day=str(tonight() + 2 * DAY))
    night.press("Save")
    night.sound("stay")


def undone_by_who_took_her_in(night: Hand) -> None:
    """A note at the end of the night, taken back at once because it was about somebody else."""
    night.menu("Hand-over")
    night.press("Hand over to the next shift")
    night.fill(people="Pepa came at three.")
    night.press("Hand over")
    night.press("Take back")
    night.reads("Taken back.")
    night.reads_not("Pepa came at three.")
    night.sound("hand-over")


def asks_for_more_time(rosa: Hand, mother: str) -> None:
    rosa.go("/stays/limits")
    rosa.reads(mother)
    rosa.sound("limits")
    rosa.follow(f"/people/{mother}/course")
    rosa.press("Ask for more time")
    rosa.sound("more-time")
    rosa.fill(until=str(tonight() + 30 * DAY), reason="The school year ends in a month.")
    rosa.press("Ask for more time")
    rosa.reads("Asked for. A supervisor decides.")


def gives_more_time(ana: Hand, mother: str) -> None:
    ana.go(f"/people/{mother}/course")
    ana.press("Decide")
    ana.sound("decide")
    ana.fill(decision="granted", answer="Gladly.")
    ana.press("Save the decision")
    ana.press("Letter")
    ana.reads("About your stay")
    ana.hides()


def what_funders_ask(rosa: Hand, mother: str) -> None:
    rosa.go(f"/people/{mother}/answers")
    rosa.sound("answers")
    rosa.press("When she came")
    rosa.sound("interview")
    rosa.fill(living_situation="friends", survivor="yes", fleeing__skip="not_safe", any_income="no")
    rosa.press("Keep these answers")
    rosa.reads("The answers are kept.")
    rosa.sound("answers-kept")


def they_leave(rosa: Hand, mother: str, children: list[str]) -> None:
    rosa.go(f"/people/{mother}/stay")
    rosa.press("Leaving")
    rosa.sound("leave")
    rosa.fill(exit_day=str(tonight()), destination="family_for_good", safety_plan="together", safe_after="yes")
    for child in children:
        rosa.fill(others=child)
    rosa.press("Save the day of leaving")
    rosa.go(f"/people/{mother}/stay")
    rosa.reads("With family, to stay", "Yes, together")
    rosa.sound("left")


def may_we_ask_later(rosa: Hand, mother: str) -> None:
    """What is safe is asked again on the day she leaves; it holds for thirty days."""
    rosa.go(f"/people/{mother}/contact/text")
    rosa.fill(confirmed="1")
    rosa.press("Save this way of reaching her")
    rosa.go(f"/people/{mother}/course")
    rosa.press("May we ask her later how she is?")
    rosa.sound("agree")
    rosa.fill(agreed="1")
    rosa.press("Save what she agreed to")


def a_call_afterwards(rosa: Hand, mother: str) -> None:
    """A month later, by the one safe way that she said."""
    rosa.go(f"/people/{mother}/course")
    rosa.reads("the dentist")
    rosa.press("Write down a call")
    rosa.sound("call")
    rosa.fill(state="reached", note="She likes the new school.", stop="1")
    rosa.press("Save this call")
    rosa.reads("No further calls: she asked for that.")
    rosa.sound("course")
    rosa.hides()
