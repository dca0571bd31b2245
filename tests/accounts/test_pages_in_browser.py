"""Every page of accounts and stewards in a real Chromium: sound, on a phone and on a desk, in both languages."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from shelter.accounts import actions
from shelter.accounts.actions import Invite
from shelter.accounts.models import SignedIn
from shelter.crypto import totp
from shelter.policy.roles import Role
from tests.factories.agency import World
from tests.stewards.test_membership import waiting
from tests.support.live_server import served
from tests.support.pages import DESK, PHONE, assert_sound, opened, shoot

pytestmark = pytest.mark.journey
LOOKS = [("en", "light", DESK), ("es", "dark", PHONE)]


def sign_in(page: Page, world: World, who: str) -> None:
    member = world.members[who]
    page.goto("/sign-in")
    page.fill("#name", member.sign_in_name)
    page.fill("#passphrase", member.passphrase)
    page.fill("#code", totp.code_at(member.totp_secret, time.time()))
    page.locator("main .btn-primary").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


@pytest.mark.parametrize(("language", "look", "size"), LOOKS, ids=["desk", "phone"])
def test_every_page_is_sound(
    chromium: Browser,
    app: Flask,
    world: World,
    db: Any,
    shots: Path | None,
    language: str,
    look: str,
    size: dict[str, int],
) -> None:
    staff, _ = waiting(world, db, Role.CASEWORKER)
    link = actions.invite(
        world.actor("administrator"), Invite("N", "", frozenset({Role.STEWARD}), (world.sites["north"],))
    )
    someone = world.members["volunteer"].id.hex()
    left = world.members["desk"].id
    actions.dismiss(world.actor("administrator"), left)
    pages = {
        "administrator": [
            "/staff",
            "/staff/new",
            f"/staff/{someone}",
            f"/staff/{someone}/link",
            f"/staff/{someone}/leave",
        ],
        "steward": ["/keys", f"/keys/{staff.id.hex()}/bind", f"/keys/{left.hex()}/unbind", f"/keys/{someone}/office"],
        "supervisor": ["/cover", "/sessions", "/passkeys", "/confirm", "/switch"],
    }
    with served(app) as url, opened(chromium, url, language=language, color_scheme=look, viewport=size) as page:

        def look_at(path: str, name: str = "") -> None:
            page.goto(path) if path else None
            assert_sound(page)
            shoot(page, shots, f"accounts-{(name or path).strip('/').replace('/', '-')[:30]}-{language}-{look}")

        look_at("/sign-in")
        page.locator("main .btn-primary").click()
        look_at("", "sign-in-wrong")
        look_at(f"/invitation/{link.token}", "invitation")
        page.locator("main .btn-primary").click()
        look_at("", "invitation-wrong")
        look_at("/invitation/none", "invitation-gone")
        for who, addresses in pages.items():
            sign_in(page, world, who)
            for number, address in enumerate(addresses):
                look_at(address, f"{who}-{number}")
        for row in db.session.query(SignedIn).all():
            row.locked = True
        db.session.commit()
        look_at("/unlock")
