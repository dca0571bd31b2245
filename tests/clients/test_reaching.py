"""A number is shown on a channel that is allowed, fresh and at this hour; her words are beside the button."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from shelter.clients import actions, queries
from shelter.clients.parts import SaveContact
from shelter.db.errors import Missing
from shelter.rules import clock
from shelter.rules.broken import Broken
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk

NOON = datetime(2026, 11, 20, 20, tzinfo=UTC)  # noon where the house is
NUMBER = "2135550143"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def code(world: World) -> str:
    found = clients.begin(world)
    for version, (channel, answer, hours, days) in enumerate(
        [
            ("call", "allowed", (time(9), time(17)), 3),
            ("voicemail", "allowed", (None, None), 3),
            ("text", "allowed", (time(18), time(22)), 3),
            ("mail", "allowed", (None, None), 31),
            ("email", "never", (None, None), 3),
        ]
    ):
        rule = SaveContact(
            code=found,
            version=version,
            channel=channel,
            allowed=answer,
            value=NUMBER,
            hours_from=hours[0],
            hours_to=hours[1],
            say=f"the dentist, by {channel}",
            code_word="girasol",
            confirmed=(NOON - timedelta(days=days)).date(),
        )
        actions.save_contact(world.actor("caseworker"), rule)
    return found


def test_each_way_is_judged_at_this_hour_of_her_house(world: World, code: str) -> None:
    _, ways = queries.ways(world.actor("caseworker"), code)
    assert {way.channel: way.state.value for way in ways} == {
        "call": "fresh",
        "voicemail": "fresh",
        "text": "not_now",
        "mail": "stale",
        "email": "never",
    }
    call = next(way for way in ways if way.channel == "call")
    assert (call.code_word, call.voicemail) == ("girasol", "the dentist, by voicemail")
    assert NUMBER not in repr(ways)


def test_a_number_is_shown_only_where_it_is_safe_now(world: World, code: str) -> None:
    actor = world.actor("caseworker")
    assert actions.reach(actor, code, "call")[1] == NUMBER
    for channel, why in (("text", "not_now"), ("mail", "stale"), ("email", "never")):
        with pytest.raises(Broken) as no:
            actions.reach(actor, code, channel)
        assert no.value.message_key == f"contact.{why}"
    with pytest.raises(Missing):
        actions.reach(actor, code, "in_person")
    with clock.frozen(NOON + timedelta(hours=6)), pytest.raises(Broken):
        actions.reach(actor, code, "call")


class AtNoon(Desk):
    """Somebody who signs in now and works at noon: what is open must not hang on the hour of the test."""

    signed_in = False

    def _alone(self, send: Callable[..., TestResponse], url: str, **more: Any) -> TestResponse:
        def sent(*_: object, **__: object) -> TestResponse:
            with clock.frozen(NOON if self.signed_in else clock.now()):
                return send(url, **more)

        return super()._alone(sent, url)


def test_the_page_offers_what_is_open_and_asks_again_for_what_is_stale(app: Flask, world: World, code: str) -> None:
    rosa, place = AtNoon(app, world, "caseworker"), f"/people/{code}/reach"
    rosa.signed_in = True
    assert NUMBER not in rosa.get(f"/people/{code}").text
    page = rosa.get(place).text
    assert NUMBER not in page
    assert "girasol" in page
    assert page.count("Show what to dial or write to") == 2
    assert f"/people/{code}/contact/mail" in page
    assert NUMBER in rosa.post(place, channel="call").text
    refused = rosa.post(place, channel="mail")
    assert refused.status_code == 422
    assert NUMBER not in refused.text
