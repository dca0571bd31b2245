"""A service by keyboard alone, at the pace of a hand, and a call by touch: each under ten seconds."""

from __future__ import annotations

import re
import time
from itertools import takewhile

import pytest
from playwright.sync_api import expect

from shelter.db import db as database
from shelter.services import queries as services
from tests.factories.clients import begin
from tests.journeys.hand import DESK_ES, PHONE_EN, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
LIMIT, BETWEEN_KEYS = 10, 150
"""Seconds for one entry, and milliseconds from key to key of somebody who types without hurry."""


@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_a_service_is_entered_by_keyboard_alone_in_under_ten_seconds(house: House, view: View) -> None:
    codes = {name: begin(house.world, called=name) for name in ("Amaranta", "Lucero", "Lucinda", "Mirela")}
    database.session.remove()
    with house.hand("caseworker", view) as rosa:
        rosa.menu("Services")
        entered(rosa, "Lucin", "Case management", "45")
        entered(rosa, "Mir", "Safety planning", "30")
        rosa.reads_not("error-summary")
    worker = house.world.actor("caseworker")
    for name, what, minutes in (("Lucinda", "case_management", 45), ("Mirela", "safety_planning", 30)):
        (one,) = services.given_to(worker, codes[name]).services
        assert (one.text.what, one.text.minutes) == (what, minutes)
    assert services.given_to(worker, codes["Lucero"]).services == ()
    database.session.remove()


@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_a_call_of_somebody_who_says_no_name_is_counted_in_ten_seconds(house: House, view: View) -> None:
    """From the page of counts, by touch: a hand takes a second from one place to the next."""
    database.session.remove()
    with house.hand("desk", view) as nia:
        nia.go("/services/counts")
        began = time.monotonic()
        for press in (
            lambda: nia.follow("/services/counts/call"),
            lambda: nia.fill(flags="repeat"),
            lambda: nia.fill(flags="anonymous"),
            lambda: nia.press("Count it"),
        ):
            nia.page.wait_for_timeout(1000)
            press()
        expect(nia.page.get_by_role("status").first).to_be_visible()
        took = time.monotonic() - began
        assert took < LIMIT, f"{took:.1f} s"
    (one,) = services.counts(house.world.actor("desk"))
    assert (one.text.kind, set(one.text.flags)) == ("call", {"repeat", "anonymous"})
    database.session.remove()


def entered(rosa: Hand, who: str, what: str, minutes: str) -> None:
    """From the page as it stands, without a pointer, to the page that says that it is written down."""
    keys, words = rosa.page.keyboard, rosa.say(what)
    expect(rosa.page.locator("main [name=who]")).to_be_focused()
    began = time.monotonic()
    typed(rosa, who)
    keys.press("Tab", delay=BETWEEN_KEYS)
    typed(rosa, "".join(takewhile(str.isascii, words))[:12])  # a list finds its line by how it begins
    keys.press("Tab", delay=BETWEEN_KEYS)
    typed(rosa, minutes)
    keys.press("Enter")
    expect(rosa.page.get_by_role("status").filter(has_text=re.compile(re.escape(words)))).to_be_visible()
    took = time.monotonic() - began
    assert took < LIMIT, f"{took:.1f} s"


def typed(rosa: Hand, words: str) -> None:
    rosa.page.keyboard.type(words, delay=BETWEEN_KEYS)
