"""A number is shown on a channel that is allowed, fresh and at this hour; her words are beside the button."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import msgspec
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from shelter.clients import actions, queries
from shelter.clients.parts import SaveContact
from shelter.db.errors import Missing
from shelter.policy.errors import Denied
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
    _, ways, _ = queries.ways(world.actor("caseworker"), code)
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
    assert f"/people/{code}/contact/mail?then=reach" in page
    assert NUMBER in rosa.post(place, channel="call").text
    refused = rosa.post(place, channel="mail")
    assert refused.status_code == 422
    assert NUMBER not in refused.text


def test_a_stale_way_is_confirmed_where_she_is_called_and_shown_in_the_same_press(
    app: Flask, world: World, code: str
) -> None:
    """Nothing else of her answers changes, an answer written meanwhile is not confirmed, and no other is by this."""
    rosa, place, actor = AtNoon(app, world, "caseworker"), f"/people/{code}/reach", world.actor("caseworker")
    rosa.signed_in = True
    page = rosa.get(place).text
    version = re.search(r'name="channel" value="mail">\s*<input type="hidden" name="version" value="(\d+)"', page)
    assert version
    for channel in ("email", "text", "call"):
        assert f'name="channel" value="{channel}"><input type="hidden" name="version"' not in page.replace("\n", "")
    assert "the dentist, by mail" in page
    before = {kept.channel: kept for kept, _ in queries.contact(actor, code).rules}
    shown = rosa.post(place, channel="mail", version=version[1])
    assert shown.status_code == 200
    assert NUMBER in shown.text
    after = {kept.channel: kept for kept, _ in queries.contact(actor, code).rules}
    assert after.pop("mail") == msgspec.structs.replace(before.pop("mail"), confirmed=NOON.date())
    assert after == before
    again = rosa.post(place, channel="call", version=version[1])
    assert again.status_code == 422
    assert "another answer meanwhile" in again.text
    assert NUMBER not in again.text
    with pytest.raises(Broken):
        actions.confirm(actor, code, "email", int(version[1]) + 1)
    for who in ("advocate", "desk", "stranger"):
        with pytest.raises((Missing, Denied)):
            actions.confirm(world.actor(who), code, "call", int(version[1]) + 1)


def test_confirmed_outside_her_hours_it_holds_and_is_not_shown(world: World, code: str) -> None:
    with clock.frozen(NOON + timedelta(days=40)):
        _, _, version = queries.ways(world.actor("caseworker"), code)
        actions.confirm(world.actor("caseworker"), code, "text", version)
        states = {way.channel: way.state.value for way in queries.ways(world.actor("caseworker"), code)[1]}
    assert (states["text"], states["call"]) == ("not_now", "stale")


def test_her_new_answer_leads_back_to_where_she_was_to_be_called(app: Flask, world: World, code: str) -> None:
    rosa = AtNoon(app, world, "caseworker")
    rosa.signed_in = True
    form = f"/people/{code}/contact/mail?then=reach"
    version = str(queries.ways(world.actor("caseworker"), code)[2])
    typed = {"allowed": "allowed", "value": "PO Box 7", "confirmed": "1", "version": version}
    answer = rosa.post(form, **typed)
    assert answer.headers["Location"].endswith(f"/people/{code}/reach")
    assert "PO Box 7" in rosa.post(f"/people/{code}/reach", channel="mail").text
