"""The day and a matter in a real Chromium: sound in both languages, looks and sizes; an RFE entered by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from shelter.clients.models import Client
from shelter.db import db as database
from shelter.legal import queries
from shelter.rules import clock
from tests.factories.agency import Member, World, make_world
from tests.factories.legal import RFE, make_client, make_filing, make_matter, make_notice
from tests.legal.conftest import SATURDAY
from tests.support.live_server import served
from tests.support.pages import DESK, PHONE, assert_sound, opened, shoot

pytestmark = pytest.mark.journey
INSIDE = ("", "/change", "/stage", "/filings/new", "/notices/new", "/dates/new", "/earlier")


@pytest.fixture
def world(app: Flask, db: object) -> World:
    """A fictional agency, which asks no second factor."""
    return make_world(app, fictional=True)


@pytest.fixture(autouse=True)
def _saturday_everywhere() -> Iterator[None]:
    """Requests are answered in threads of their own, which a frozen block does not reach."""
    clock.set_clock(lambda: SATURDAY)
    yield
    clock.set_clock(None)


@pytest.fixture
def base(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


def sign_in(page: Page, member: Member) -> None:
    page.goto("/sign-in")
    page.locator("[name=name]").fill(member.sign_in_name)
    page.locator("[name=passphrase]").fill(member.passphrase)
    page.locator("main form .btn-primary").first.click()
    page.wait_for_load_state()


def addresses(world: World, hers: Client, matter: bytes) -> list[str]:
    view = queries.matter(world.actor("advocate"), hers.code, matter)
    hers_all, due = f"/people/{hers.code}/matters", view.dates[0].id.hex()
    home = f"{hers_all}/{matter.hex()}"
    deep = [f"{home}/filings/{view.filings[0].now.id.hex()}", f"{home}/notices/{view.notices[0].now.id.hex()}"]
    deep += [f"{home}/dates/{due}/{what}" for what in ("look", "replace", "done")]
    return ["/matters", "/matters/all", hers_all, f"{hers_all}/new", *(home + end for end in INSIDE), *deep]


@pytest.mark.parametrize(("language", "look", "size"), [("en", "light", DESK), ("es", "dark", PHONE)])
def test_every_page_is_sound(
    chromium: Browser, base: str, world: World, shots: Path | None, language: str, look: str, size: dict[str, int]
) -> None:
    hers = make_client(world)
    matter = make_matter(world, hers)
    make_filing(world, hers, matter, "I-914", "G-28")
    make_notice(world, hers, matter, RFE)
    visited = addresses(world, hers, matter)
    database.session.remove()
    with opened(chromium, base, language=language, color_scheme=look, viewport=size) as page:
        sign_in(page, world.members["legal_supervisor"])
        for number, address in enumerate(visited):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            assert_sound(page)
            shoot(page, shots, f"legal-{number}-{language}-{look}-{size['width']}")


def test_an_advocate_enters_an_rfe_and_her_supervisor_gives_the_second_look(
    chromium: Browser, base: str, world: World
) -> None:
    hers = make_client(world)
    matter = make_matter(world, hers)
    code = hers.code
    database.session.remove()
    with opened(chromium, base) as page:
        sign_in(page, world.members["advocate"])
        page.goto(f"/people/{code}/matters/{matter.hex()}")
        page.get_by_role("link", name="Add a notice").click()
        page.get_by_label("What kind of notice is it?").select_option("rfe")
        page.get_by_label("Date printed on the notice").fill("2026-08-29")
        page.get_by_label("Received on").fill("2026-09-02")
        page.get_by_role("button", name="Save this notice").click()
        expect(page.locator("#error-summary")).to_contain_text("Enter the date printed on the notice.")
        assert_sound(page)
        page.get_by_label("Date that the notice gives").fill("2026-11-24")
        page.get_by_role("button", name="Save this notice").click()
        expect(page.get_by_text("87 = 84 + 3 by mail, notice dated 29 August 2026").first).to_be_visible()
        page.goto("/matters")
        expect(page.get_by_text("second look: waiting for Legal_Supervisor").last).to_be_visible()
    with opened(chromium, base, viewport=PHONE) as page:
        sign_in(page, world.members["legal_supervisor"])
        page.goto("/matters")
        page.get_by_role("link", name="Give the second look").click()
        expect(page.get_by_text("the date printed on the notice controls: Tuesday 24 November 2026")).to_be_visible()
        page.get_by_role("button", name="I have read the paper and the day is right").click()
        expect(page.get_by_text("confirmed by Legal_Supervisor").last).to_be_visible()
