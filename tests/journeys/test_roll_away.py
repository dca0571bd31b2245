"""The roll while it cannot be sent: presses stay on screen, the browser stores nothing, and each arrives once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from shelter.accounts import sessions
from shelter.crypto import totp
from shelter.db import db as database
from shelter.db.sections import open_section
from shelter.desk import actions
from shelter.desk.actions import Ticking
from shelter.desk.models import MARK, RollMark
from shelter.rules import clock
from shelter.rules.rollcall import Seen
from shelter.stays.actions import Leave, leave
from shelter.trail.record import recorded
from tests.factories.clients import client_id
from tests.factories.stays import make_beds, resident, stay_of, tonight
from tests.journeys.hand import CODE_LASTS, PHONE_EN, PHONE_ES, Hand, House, View

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
CALLED = ("Lucero", "Bo", "Ana")
NOTHING_STORED = """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
    (await caches.keys()).length, (await navigator.serviceWorker?.getRegistrations() ?? []).length]"""


@pytest.fixture
def people(house: House) -> list[str]:
    """Three people in beds of the north house."""
    beds = make_beds(house.world, labels="ABC")
    codes = [resident(house.world, bed, called=name) for bed, name in zip(beds.values(), CALLED, strict=True)]
    database.session.remove()
    return codes


def seen(house: House, code: str) -> list[Seen]:
    """Every press about her that the server has, in the order of its arrival."""
    database.session.remove()
    row = database.session.scalars(select(RollMark).where(RollMark.client_id == client_id(code))).first()
    mark = open_section(house.world.actor("desk"), row, MARK) if row else None
    return [Seen(tick.seen) for tick in mark.ticks] if mark else []


def line(night: Hand, code: str) -> Locator:
    return night.main.locator(f'[id="{code}"]')


def pressed(night: Hand, code: str, words: str) -> None:
    expect(line(night, code).locator('[aria-pressed="true"]')).to_contain_text(night.say(words))


def says(night: Hand, words: str) -> None:
    """The line under the roll says this; what stands for a number or a code is not looked at."""
    before, _, after = night.say(words).partition("%(")
    told = night.main.locator("[data-roll-status]")
    expect(told).to_be_visible()
    expect(told).to_contain_text(before.strip() or after.partition(")s")[2].strip())


def all_sent(night: Hand) -> None:
    expect(night.main.locator("form[data-roll]")).to_have_attribute("data-waiting", "0", timeout=15_000)


AWAY = "The network is away. %(n)s presses wait here and are sent when it is back. Leave this page open."


@pytest.mark.parametrize("view", [PHONE_EN, PHONE_ES], ids=str)
def test_presses_wait_on_screen_and_each_arrives_once(house: House, people: list[str], view: View) -> None:
    lucero, bo, ana = people
    with house.hand("desk", view) as night:
        night.menu("Roll call")
        night.page.context.set_offline(True)
        night.press("Here", within=line(night, lucero))
        night.press("Away", within=line(night, bo))
        night.press("Here", within=line(night, ana))
        night.press("Here", within=line(night, ana))  # a slip, taken back
        says(night, AWAY)
        expect(night.main.locator("[data-roll-status]")).to_contain_text("4")
        night.page.evaluate("scrollTo(0, 0)")
        night.sound("roll-away")
        pressed(night, lucero, "Here")
        pressed(night, bo, "Away")
        expect(line(night, ana).locator('[aria-pressed="true"]')).to_have_count(0)
        assert night.page.evaluate(NOTHING_STORED) == [0] * 5
        assert [seen(house, code) for code in people] == [[]] * 3
        night.page.context.set_offline(False)
        all_sent(night)
        assert [seen(house, code) for code in people] == [[Seen.HERE], [Seen.AWAY], [Seen.HERE, Seen.OPEN]]
        says(night, "The steps for who is not back stand here when this page is loaded again.")
        assert night.page.evaluate(NOTHING_STORED) == [0] * 5
        night.go("/roll-call")
        pressed(night, lucero, "Here")
        pressed(night, bo, "Away")


def test_an_answer_lost_on_its_way_back_leaves_one_press(house: House, people: list[str]) -> None:
    lost: list[int] = []

    def lose_first(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    with house.hand("desk", PHONE_EN) as night:
        night.menu("Roll call")
        night.page.route("**/roll-call/*", lose_first)
        night.press("Here", within=line(night, people[0]))
        says(night, AWAY)
        assert (lost, seen(house, people[0])) == ([200], [Seen.HERE])
        actions.tick(house.world.actor("caseworker"), Ticking(people[0], tonight(), Seen.AWAY))
        all_sent(night)
        assert seen(house, people[0]) == [Seen.HERE, Seen.AWAY]
        pressed(night, people[0], "Away")  # what stands, not what was pressed before it
        says(night, LATER)


def test_an_answer_that_breaks_off_holds_up_no_later_press(house: House, people: list[str]) -> None:
    broken: list[int] = []

    def break_first(route: Route) -> None:
        if broken:
            return route.continue_()
        broken.append(route.fetch().status)
        return route.fulfill(status=200, content_type="application/json", body='{"sta')

    with house.hand("desk", PHONE_EN) as night:
        night.menu("Roll call")
        night.page.route("**/roll-call/*", break_first)
        night.press("Here", within=line(night, people[0]))
        says(night, AWAY)
        night.press("Here", within=line(night, people[1]))
        all_sent(night)
        assert [seen(house, code) for code in people] == [[Seen.HERE], [Seen.HERE], []]


def test_a_press_outlasts_a_network_that_goes_while_its_token_is_renewed(house: House, people: list[str]) -> None:
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost or route.request.resource_type == "document":
            return route.continue_()
        lost.append(route.request.url)
        return route.abort()

    with house.hand("desk", PHONE_EN) as night:
        night.menu("Roll call")
        night.page.route("**/roll-call", lose_first)
        night.page.evaluate("document.querySelector('form[data-roll]').elements.csrf_token.value = 'of-before'")
        night.press("Here", within=line(night, people[0]))
        says(night, AWAY)
        assert (len(lost), seen(house, people[0])) == (1, [])
        all_sent(night)
        assert seen(house, people[0]) == [Seen.HERE]


LATER = "%(code)s: a colleague has answered since. What stands on this line now is hers."


@pytest.mark.parametrize("view", [PHONE_EN, PHONE_ES], ids=str)
def test_what_a_colleague_saw_meanwhile_stands_where_it_is_later(house: House, people: list[str], view: View) -> None:
    lucero, bo, _ana = people
    colleague = house.world.actor("caseworker")
    with house.hand("desk", view) as night:
        night.menu("Roll call")
        actions.tick(colleague, Ticking(lucero, tonight(), Seen.AWAY))
        night.page.context.set_offline(True)
        night.press("Here", within=line(night, lucero))  # after her colleague
        night.press("Here", within=line(night, bo))
        actions.tick(colleague, Ticking(bo, tonight(), Seen.LEAVE))  # after her
        database.session.remove()
        night.page.context.set_offline(False)
        all_sent(night)
        pressed(night, lucero, "Here")
        pressed(night, bo, "On leave")
        says(night, LATER)
        night.page.evaluate("scrollTo(0, 0)")
        night.sound("roll-a-colleague")
        night.go("/roll-call")
        pressed(night, lucero, "Here")
        pressed(night, bo, "On leave")


def test_a_step_for_who_is_not_back_waits_for_the_network_without_losing_the_page(
    house: House, people: list[str]
) -> None:
    actions.tick(house.world.actor("caseworker"), Ticking(people[0], tonight(), Seen.AWAY))
    database.session.remove()
    with house.hand("desk", PHONE_ES) as night:
        night.menu("Roll call")
        night.page.context.set_offline(True)
        night.press("Here", within=line(night, people[1]))
        night.press("Done", within=line(night, people[0]))
        says(night, "The network is away. Press “Done” again when it is back.")
        pressed(night, people[1], "Here")
        night.page.context.set_offline(False)
        all_sent(night)
        night.press("Done", within=line(night, people[0]))
        expect(line(night, people[0])).to_contain_text(night.say("done by %(who)s, %(at)s").partition("%")[0])


def test_who_left_meanwhile_is_said_and_her_line_is_open_again(house: House, people: list[str]) -> None:
    with house.hand("desk", PHONE_EN) as night:
        night.menu("Roll call")
        leave(house.world.actor("caseworker"), Leave(people[0], stay_of(people[0]).id, tonight(), 1))
        database.session.remove()
        night.press("Here", within=line(night, people[0]))
        night.press("Here", within=line(night, people[1]))
        all_sent(night)
        assert seen(house, people[1]) == [Seen.HERE]
        expect(line(night, people[0]).locator('[aria-pressed="true"]')).to_have_count(0)


LOCKED = "The screen was locked. Sign in again in another tab; %(n)s presses wait here and are sent then."


@pytest.mark.parametrize("view", [PHONE_EN, PHONE_ES], ids=str)
@pytest.mark.parametrize("how", ["locked", "ended", "signed out"])
def test_presses_outlast_the_session_they_were_made_in(house: House, people: list[str], view: View, how: str) -> None:
    with house.hand("desk", view) as night:
        night.menu("Roll call")
        meanwhile(house, night, how)
        night.press("Here", within=line(night, people[0]))
        night.press("Away", within=line(night, people[1]))
        says(night, LOCKED)
        assert [seen(house, code) for code in people] == [[]] * 3
        with night.page.context.new_page() as tab:
            back_again(house, night, tab, how)
            all_sent(night)
        assert [seen(house, code) for code in people] == [[Seen.HERE], [Seen.AWAY], []]


def meanwhile(house: House, night: Hand, how: str) -> None:
    if how == "signed out":
        with night.page.context.new_page() as tab:
            tab.goto("/beds")
            tab.locator("details.account summary").click()
            tab.get_by_role("button", name=night.say("Sign out"), exact=True).click()
            tab.wait_for_url("**/sign-in*")
        return
    with recorded(None, "meanwhile"):
        for row in sessions.of_person(night.member.id):
            if how == "locked":
                row.locked = True
            else:
                sessions.end_hash(night.member.id, row.sid_hash)
    database.session.remove()


def back_again(house: House, night: Hand, tab: Page, how: str) -> None:
    tab.goto("/beds")
    tab.locator("main [name=passphrase]").fill(night.member.passphrase)
    if how != "locked":
        house.hours.later(CODE_LASTS)
        tab.locator("main [name=name]").fill(night.member.sign_in_name)
        tab.locator("main [name=code]").fill(totp.code_at(night.member.totp_secret, clock.now().timestamp()))
    asked = tab.locator("main form", has=tab.locator("[name=passphrase]"))
    asked.locator("button[type=submit]").first.click()
    tab.wait_for_url("**/beds")


OTHER = "A colleague is in front at this desk. %(n)s presses are yours: they wait here and are sent when you are back."


def test_what_the_desk_saw_waits_while_a_colleague_is_in_front(house: House, people: list[str]) -> None:
    with house.hand("desk", PHONE_EN) as night:
        night.menu("Roll call")
        meanwhile(house, night, "ended")
        night.press("Here", within=line(night, people[0]))
        says(night, LOCKED)
        with night.page.context.new_page() as tab:
            rosa = Hand(house, tab, PHONE_EN, house.world.members["caseworker"])
            rosa.sign_in()
            says(night, OTHER)
        assert seen(house, people[0]) == []


def test_leaving_asks_while_presses_wait_and_leaving_at_once_never_does(house: House, people: list[str]) -> None:
    asked: list[str] = []
    with house.hand("desk", PHONE_EN) as night:
        night.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        night.menu("Roll call")
        night.page.context.set_offline(True)
        night.press("Here", within=line(night, people[0]))
        says(night, AWAY)
        night.page.get_by_role("link", name="Arrivals").first.click(no_wait_after=True)
        night.page.wait_for_timeout(300)
        assert asked == ["beforeunload"]
        pressed(night, people[0], "Here")  # she stays, and so do they
        night.page.evaluate("document.querySelector('[data-exit]').dataset.exit = 'about:blank'")
        for _press in range(3):
            night.page.keyboard.press("Shift")
        night.page.wait_for_url("about:blank")
        assert asked == ["beforeunload"]
