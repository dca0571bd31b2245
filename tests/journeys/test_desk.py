"""A night at the desk: who sleeps where by working name, who must not come in, and an arrival it cannot read back."""

from __future__ import annotations

from time import monotonic

import pytest
from playwright.sync_api import expect

from shelter.clients import actions
from shelter.clients.parts import SaveDanger
from shelter.db import db as database
from shelter.desk.actions import Arrival, take_arrival
from tests.factories.clients import begin, save_names
from tests.factories.stays import make_beds, resident, tonight
from tests.journeys.hand import DESK_EN, PHONE_ES, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
LEGAL_NAME = "Xiomara Quiñones Baldomar"
SEALED = ("Perpetua Villaseñor Ocampo", "Villaseñor", "1997", "Anselmo in the blue Tacoma", "Tacoma")


@pytest.mark.parametrize("view", [DESK_EN, PHONE_ES], ids=str)
def test_the_desk_knows_enough_for_the_night_and_nothing_more(house: House, view: View) -> None:
    lucero = somebody_in_a_bed_with_a_door_alert(house)
    with house.hand("desk", view, "Xiomara", "Baldomar", "Evaristo", *SEALED) as night:
        night.menu("Beds")
        expect(night.main.locator("section li", has_text="Lucero")).to_contain_text(lucero)
        night.sound("board")
        night.hides()
        door_alerts(night, lucero)
        code = an_arrival(night)
        sealed_from_her_own_eyes(night, code)
        a_roll(night, lucero)
        paper_for_a_bad_night(night)
        the_next_shift(night)
    with house.hand("caseworker", view) as rosa:  # in the morning
        the_file(rosa, code)
    with house.hand("supervisor", view) as ana:
        assert ana.go(f"/people/{code}/dangers") == 200
        ana.reads("Tacoma")


def the_file(rosa: Hand, code: str) -> None:
    """Names are compared, and what was sealed at the door becomes her file."""
    assert rosa.go("/arrivals") == 200
    rosa.follow(f"/people/{code}/conflict")
    rosa.press("Compare now")
    rosa.sound("conflict")
    rosa.reads("Nothing found")
    assert rosa.go(f"/arrivals/{code}/complete") == 200
    rosa.sound("complete")
    rosa.press("Make her file")
    rosa.reads("Her file is made.")


def somebody_in_a_bed_with_a_door_alert(house: House) -> str:
    beds = make_beds(house.world, labels="ABC")
    actor = house.world.actor("caseworker")
    code = resident(house.world, beds["A"], called="Lucero")
    save_names(actor, code, LEGAL_NAME)
    actions.save_danger(
        actor,
        SaveDanger(
            code=code,
            version=0,
            id="",
            names=("Evaristo Montemayor",),
            description="Tall, grey beard, walks with a stick",
            vehicle="White van",
            respond="call_police",
            at_door=True,
        ),
    )
    begin(house.world, called="Nobody at this house")
    database.session.remove()
    return code


def door_alerts(night: Hand, lucero: str) -> None:
    """How to recognise him and what to do, not whom it protects."""
    assert night.go("/door-alerts") == 200
    night.reads("Tall, grey beard, walks with a stick", "White van")
    assert night.main.locator("tbody tr").count() == 1
    night.sound("door-alerts")
    night.reads_not(lucero, "Lucero")
    night.hides()


def an_arrival(night: Hand) -> str:
    night.menu("Beds")
    night.press("Somebody is at the door")
    night.sound("arrival")
    night.fill(working_name="Pepa", allergies="peanuts", companions="Nino")
    night.page.locator("main [name=bed]").select_option(index=1)
    night.fill(legal_name=SEALED[0], born__year="1997", born__approximate="1", danger=SEALED[3])
    night.page.locator("main details summary").first.click()
    night.page.locator("main [name=more_beds]").last.check()
    night.press("Take her in")
    night.sound("arrivals")
    expect(night.main.locator("li", has_text="Pepa")).to_contain_text(night.say("Check pending"))
    night.hides()
    night.menu("Beds")
    expect(night.main.locator("section li", has_text="Pepa")).to_have_count(1)
    expect(night.main.locator("section li", has_text="Nino")).to_have_count(1)
    night.sound("board-after")
    night.hides()
    return night.main.locator("section li", has_text="Pepa").locator("a .text-nowrap").inner_text().strip()


def sealed_from_her_own_eyes(night: Hand, code: str) -> None:
    """What she wrote at the door is no longer hers to read, by any page of hers."""
    assert night.go(f"/people/{code}/stay") == 200
    night.sound("stay")
    night.hides()
    for path in (f"/people/{code}", f"/people/{code}/intake/names", f"/people/{code}/dangers", f"/people/{code}/plan/"):
        assert night.go(path) == 403, path
        night.hides()
    night.sound("refused")
    assert night.go("/people") == 403


def paper_for_a_bad_night(night: Hand) -> None:
    """Both sheets fit the width of the window; what is wider than a telephone turns inside its own frame."""
    for sheet in ("/beds/paper", "/roll-call/paper"):
        assert night.go(sheet) == 200
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert night.page.evaluate(beyond) <= 1, sheet
    assert night.go("/beds") == 200


def a_roll(night: Hand, lucero: str) -> None:
    """Two presses while the network is away are kept on the page and sent when it is back."""
    assert night.go("/beds") == 200
    night.menu("Roll call")
    line, count = night.main.locator(f'[id="{lucero}"]'), night.main.locator("[data-roll-count]")
    night.press("Away", within=line)
    expect(count).to_contain_text("1")
    night.page.context.set_offline(True)
    for name in ("Pepa", "Nino"):
        night.press("Here", within=night.main.locator("[data-roll-row]", has_text=name))
    expect(night.main.locator("[data-roll-status]")).to_contain_text("2")
    night.sound("roll-offline")
    night.page.context.set_offline(False)
    steps = "The steps for who is not back stand here when this page is loaded again."
    expect(night.main.locator("[data-roll-status]")).to_contain_text(night.say(steps))
    assert night.go("/roll-call") == 200
    expect(count).to_contain_text("3")
    night.press("Done", within=line)
    expect(line).to_contain_text(night.say("done by %(who)s, %(at)s").partition("%")[0])
    night.sound("roll")
    night.hides()


def the_next_shift(night: Hand) -> None:
    night.menu("Hand-over")
    night.press("Hand over to the next shift")
    night.fill(house="The boiler ticks.", people="Pepa came at three and sleeps.")
    night.sound("hand-over-new")
    night.press("Hand over")
    night.sound("hand-over")
    night.reads("Check pending")
    night.hides()


def test_the_roll_of_sixty_takes_less_than_a_minute_and_each_press_is_saved(house: House) -> None:
    rooms = [make_beds(house.world, room=f"Room {number}", labels="ABCDEFGHIJKL") for number in range(5)]
    for number, room in enumerate(rooms):
        others = tuple(f"Guest {number} {letter}" for letter in "ABCDEFGHIJK")
        told = Arrival(tuple(room.values()), tonight(), f"Guest {number}", companions=others)
        take_arrival(house.world.actor("desk"), told)
    database.session.remove()
    with house.hand("desk", PHONE_ES) as night:
        night.menu("Roll call")
        buttons, began = night.main.locator('[data-roll-row] button[data-seen="1"]'), monotonic()
        for number in range(60):
            buttons.nth(number).click()
        expect(night.main.locator("[data-roll-count]")).to_contain_text("60")
        expect(night.main.locator("form[data-roll]")).to_have_attribute("data-waiting", "0", timeout=40_000)
        expect(night.main.locator("[data-roll-status]")).to_be_hidden()
        assert monotonic() - began < 60
        night.go("/roll-call")
        expect(night.main.locator('button[data-seen="1"][aria-pressed="true"]')).to_have_count(60)
