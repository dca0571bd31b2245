"""Leaving at once, hiding from a glance, being called away while writing, and working without any script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shelter.db import db as database
from tests.factories.clients import begin
from tests.journeys.hand import DESK_EN, PHONE_ES, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
VIEWS = pytest.mark.parametrize("view", [DESK_EN, PHONE_ES], ids=str)
IDLE_MS = 16 * 60 * 1000


def somebody(house: House) -> str:
    code = begin(house.world, called="Lucero")
    database.session.remove()
    return code


@VIEWS
@pytest.mark.parametrize("way", ["button", "shift"])
def test_quick_exit_ends_the_session_and_there_is_no_way_back(house: House, view: View, way: str) -> None:
    code = somebody(house)
    with house.hand("caseworker", view) as rosa:
        rosa.go(f"/people/{code}")
        leave(rosa, way)
        rosa.page.wait_for_url("**/away")
        assert "Lucero" not in rosa.page.content()
        rosa.page.go_back()
        rosa.page.wait_for_load_state()
        expect(rosa.page.get_by_text("Lucero")).to_have_count(0)
        rosa.page.goto(f"/people/{code}")
        assert "/sign-in" in rosa.page.url
        assert [cookie for cookie in rosa.page.context.cookies() if "sid" in cookie["name"]] == []


def leave(rosa: Hand, way: str) -> None:
    if way == "button":
        rosa.page.get_by_role("button", name=rosa.say("Leave this page")).click(no_wait_after=True)
        return
    for _press in range(3):
        rosa.page.keyboard.press("Shift")


@VIEWS
def test_a_signed_out_page_is_not_shown_again_by_the_back_button(house: House, view: View) -> None:
    """Signing out and going back asks anew, also where the browser kept the page whole."""
    code = somebody(house)
    with house.hand("caseworker", view) as rosa:
        rosa.go(f"/people/{code}")
        rosa.page.locator("details.account summary").click()
        rosa.press("Sign out", within=rosa.page.locator("details.account"))
        rosa.page.wait_for_url("**/sign-in")
        rosa.page.go_back()
        rosa.page.wait_for_url(lambda url: "/sign-in?next=" in url)
        expect(rosa.page.get_by_text("Lucero")).to_have_count(0)


@VIEWS
def test_the_blind_hides_names_on_this_page_and_the_next(house: House, view: View) -> None:
    code = somebody(house)
    with house.hand("caseworker", view) as rosa:
        rosa.go(f"/people/{code}")
        assert blurred(rosa) == [False]
        rosa.page.keyboard.press("Control+Shift+B")
        rosa.page.wait_for_function("() => getComputedStyle(document.querySelector('h1 .person')).filter !== 'none'")
        rosa.sound("person-blind")
        rosa.go(f"/people/{code}/stay")
        assert blurred(rosa) == [True]
        rosa.page.keyboard.press("Control+Shift+B")
        expect(rosa.page.locator("html")).not_to_have_class(re.compile("blind"))


def blurred(rosa: Hand) -> list[bool]:
    found: list[bool] = rosa.page.locator("h1 .person").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).filter.includes('blur'))"
    )
    return found


@VIEWS
def test_what_was_being_written_is_there_after_the_screen_locked(house: House, view: View) -> None:
    code = somebody(house)
    with house.hand("caseworker", view) as rosa:
        rosa.page.clock.install()
        rosa.go(f"/people/{code}/dangers/new")
        rosa.fill(description="He waits in a green car", vehicle="Green Subaru")
        with rosa.page.expect_response(re.compile("/drafts")):
            rosa.page.clock.run_for(3_000)
        rosa.house.hours.later(timedelta(minutes=16))
        rosa.page.clock.run_for(IDLE_MS)
        rosa.page.wait_for_url(lambda url: "/unlock" in url)
        rosa.sound("locked")
        assert "Subaru" not in rosa.page.content()
        rosa.fill(passphrase=rosa.member.passphrase)
        rosa.press("Go on")
        expect(rosa.main.locator("[name=description]")).to_have_value("He waits in a green car")
        expect(rosa.main.locator("[name=vehicle]")).to_have_value("Green Subaru")
        rosa.sound("draft")
        rosa.press("Save this person")
        rosa.reads("He waits in a green car")


@VIEWS
def test_everything_works_without_script(house: House, view: View) -> None:
    with house.hand("caseworker", view, script=False) as rosa:
        rosa.menu("People")
        rosa.press("Somebody new has come")
        rosa.press("Begin the record")
        found = re.search(r"/people/([^/]+)/intake", rosa.page.url)
        assert found is not None
        rosa.follow("/intake/names")
        rosa.fill(legal_name="Xiomara Baldomar", progress="done")
        rosa.press("Save this part")
        rosa.reads("Saved.")
        rosa.go(f"/people/{found[1]}/plan/")
        rosa.press("Set a goal")
        rosa.press("Save this goal")
        expect(rosa.page.locator("#error-summary")).to_be_visible()
        rosa.fill(words="Quiero aprender a manejar.")
        rosa.press("Save this goal")
        rosa.reads("Quiero aprender a manejar.")
        rosa.page.get_by_role("button", name=rosa.say("Leave this page")).click()
        rosa.page.wait_for_url("**/away")  # an empty page goes on to it by itself
        assert rosa.page.goto(f"/people/{found[1]}") is not None
        assert "/sign-in" in rosa.page.url
