"""Passkeys in a real Chromium with a virtual authenticator: a second factor, an unlocker, and never the only one."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from shelter.accounts import keys, passkeys
from shelter.accounts.models import SignedIn, UsedChallenge
from shelter.accounts.passkeys import BadPasskey, Place
from shelter.crypto import totp
from shelter.db.keystore import KeyUser
from shelter.rules import clock
from tests.factories.agency import Member, World
from tests.support.live_server import served
from tests.support.pages import assert_sound, opened

pytestmark = pytest.mark.journey
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(chromium: Browser, app: Flask, world: World) -> Iterator[Page]:
    with served(app) as url, opened(chromium, url) as one:
        yield one


@pytest.fixture
def device(page: Page) -> Any:
    """A security key plugged into this browser; `send` speaks to it."""
    speaking = page.context.new_cdp_session(page)
    speaking.send("WebAuthn.enable")
    made = speaking.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return speaking, made["authenticatorId"]


def sign_in_with_code(page: Page, who: Member) -> None:
    page.goto("/sign-in")
    page.fill("#name", who.sign_in_name)
    page.fill("#passphrase", who.passphrase)
    page.fill("#code", totp.code_at(who.totp_secret, time.time()))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def add_passkey(page: Page) -> None:
    page.goto("/passkeys")
    page.get_by_label("What is this device called?").fill("blue key")
    page.get_by_role("button", name="Add this device").click()
    expect(page.get_by_text("Passkey added.")).to_be_visible()


def test_one_is_added_signs_in_beside_the_passphrase_and_unlocks(
    page: Page, device: Any, world: World, db: Any
) -> None:
    who = world.members["caseworker"]
    sign_in_with_code(page, who)
    add_passkey(page)
    assert_sound(page)
    db.session.execute(update(SignedIn).values(locked=True))
    db.session.commit()
    page.goto("/sessions")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your sessions")).to_be_visible()
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in")
    assert_sound(page)
    page.fill("#name", who.sign_in_name)
    page.fill("#passphrase", who.passphrase)
    page.get_by_role("button", name="Use a passkey instead of the code").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    db.session.expire_all()
    assert db.session.scalars(select(SignedIn)).one().factors == "passkey"


@pytest.mark.parametrize("missing", ["passphrase", "verification"])
def test_it_does_not_replace_the_passphrase_nor_do_without_her(
    page: Page, device: Any, world: World, missing: str
) -> None:
    who, (speaking, authenticator) = world.members["caseworker"], device
    sign_in_with_code(page, who)
    add_passkey(page)
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.fill("#name", who.sign_in_name)
    page.fill("#passphrase", "not hers" if missing == "passphrase" else who.passphrase)
    if missing == "verification":
        speaking.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Use a passkey instead of the code").click()
    if missing == "passphrase":
        expect(page.get_by_text("That did not match").first).to_be_visible()
    else:
        expect(page.get_by_text("The device gave no answer")).to_be_visible()


def test_an_answer_serves_once_within_five_minutes_for_this_host_and_this_person(
    page: Page, device: Any, world: World, db: Any
) -> None:
    who = world.members["caseworker"]
    sign_in_with_code(page, who)
    add_passkey(page)
    row = db.session.get(KeyUser, who.id, populate_existing=True)
    known = keys.factors_of(row, who.keys).passkeys
    answer = _answer(page)
    here = Place("localhost", page.url.partition("/passkeys")[0])
    other = world.members["advocate"].id
    for wrong in (
        lambda: passkeys.assertion(answer, who.id, known, Place("localhost", "http://localhost:1"), passkeys.SIGN_IN),
        lambda: passkeys.assertion(answer, who.id, known, Place("example.org", here.origin), passkeys.SIGN_IN),
        lambda: passkeys.assertion(answer, other, known, here, passkeys.SIGN_IN),
        lambda: passkeys.assertion(answer, who.id, [], here, passkeys.SIGN_IN),
        lambda: passkeys.assertion(answer, who.id, known, here, passkeys.UNLOCK),
        lambda: passkeys.assertion(_without_her(answer), who.id, known, here, passkeys.SIGN_IN),
    ):
        db.session.rollback()
        with pytest.raises(BadPasskey):
            wrong()
    db.session.rollback()
    with clock.frozen(clock.now() + timedelta(minutes=6)), pytest.raises(BadPasskey):
        passkeys.assertion(answer, who.id, known, here, passkeys.SIGN_IN)
    db.session.rollback()
    passkeys.assertion(answer, who.id, known, here, passkeys.SIGN_IN)
    db.session.commit()
    assert db.session.scalars(select(UsedChallenge)).all()
    with pytest.raises(BadPasskey):
        passkeys.assertion(answer, who.id, known, here, passkeys.SIGN_IN)


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", '{"response": 1}', '{"response": {"clientDataJSON": "e30"}}', "[" * 9000]
)
def test_whatever_else_is_sent_is_refused_without_a_fault(world: World, answer: str) -> None:
    with pytest.raises(BadPasskey):
        passkeys.assertion(answer, world.members["caseworker"].id, [], passkeys.NOWHERE, passkeys.SIGN_IN)


def _answer(page: Page) -> str:
    """What the device says to a challenge for signing in, without sending it."""
    script = """async () => {
      const b = (t) => Uint8Array.from(atob(t.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
      const o = await (await fetch("/passkeys/sign-in")).json();
      o.challenge = b(o.challenge);
      return JSON.stringify((await navigator.credentials.get({ publicKey: o })).toJSON());
    }"""
    return str(page.evaluate(script))


def _without_her(answer: str) -> str:
    """The same with the bit cleared that says that the device verified its owner."""
    sent = json.loads(answer)
    data = sent["response"]["authenticatorData"]
    raw = bytearray(urlsafe_b64decode(data + "=" * (-len(data) % 4)))
    raw[32] &= ~0x04
    sent["response"]["authenticatorData"] = urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    return json.dumps(sent)
