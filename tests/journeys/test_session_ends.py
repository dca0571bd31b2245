"""The session ends in the middle of a note: what was typed is there after signing in, for its author alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shelter.db import db as database
from tests.factories.clients import begin
from tests.factories.notes import read
from tests.journeys.hand import DESK_ES, PHONE_EN, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
WORDS, MORE = "She slept the whole night for the first time.", " Her daughter too."


@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_a_note_that_the_end_of_a_session_met_is_signed_after_it(house: House, view: View) -> None:
    code = begin(house.world, called="Lucero")
    database.session.remove()
    place = f"/people/{code}/notes/new"
    with house.hand("caseworker", view, WORDS) as rosa:
        rosa.go(place)
        rosa.fill(words=WORDS, present="client")
        expect(rosa.main.get_by_text(rosa.say("Draft kept."))).to_be_visible()
        house.hours.later(timedelta(hours=13))
        rosa.press("Sign this note")
        rosa.page.wait_for_url(lambda url: "/sign-in" in url)
        rosa.reads_not(WORDS)
    assert read(house.world, code) == []
    database.session.remove()
    with house.hand("supervisor", view) as fern:
        assert fern.go(place) == 200
        fern.reads_not(WORDS)
    with house.hand("caseworker", view, WORDS) as rosa:
        rosa.go(place)
        expect(rosa.main.locator("[name=words]")).to_have_value(WORDS)
        rosa.sound("draft-again")
        note = rosa.page.locator("main [name=words]")
        note.press("Control+End")
        note.press_sequentially(MORE)
        rosa.press("Sign this note")
        rosa.reads(WORDS + MORE)
        rosa.go(place)
        expect(rosa.main.locator("[name=words]")).to_have_value("")
    assert read(house.world, code) == [WORDS + MORE]
    database.session.remove()
