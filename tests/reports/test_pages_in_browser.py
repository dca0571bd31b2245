"""The pages of reports in a real Chromium: sound in both languages, looks and sizes; a table released by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from shelter.db import db as database
from tests.factories.agency import Member, World, make_world
from tests.factories.reports import Q3, mixed, publish, tell
from tests.support.live_server import served
from tests.support.pages import DESK, PHONE, assert_sound, opened, shoot

pytestmark = pytest.mark.journey
ADDRESSES = {
    "index": "/reports/",
    "how": "/reports/how",
    "prepare": "/reports/people-served/2026-Q3/",
    "running": "/reports/people-served/2026-Q4/",
    "show": "/reports/people-served/2026-Q2/1",
    "coarser": "/reports/people-served/2026-Q1/2",
}


@pytest.fixture
def world(app: Flask, db: object) -> World:
    """A fictional agency, which asks no second factor, with a quarter to publish and one that is."""
    made = make_world(app, fictional=True)
    for quarter in (Q3, Q3.before(), Q3.before().before()):
        tell(made, *mixed(160, quarter, seed=quarter.number))
    publish(made, "as-asked", Q3.before())
    publish(made, "ages-five", Q3.before().before())
    database.session.remove()
    return made


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


@pytest.mark.parametrize(
    ("language", "look", "size"), [("en", "light", DESK), ("es", "dark", PHONE), ("es", "light", DESK)]
)
def test_every_page_is_sound(
    chromium: Browser, world: World, base: str, shots: Path | None, language: str, look: str, size: dict[str, int]
) -> None:
    with opened(chromium, base, language=language, color_scheme=look, viewport=size) as page:
        sign_in(page, world.members["director"])
        for name, address in ADDRESSES.items():
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            assert_sound(page)
            shoot(page, shots, f"reports-{name}-{language}-{look}-{size['width']}")


def test_a_director_releases_a_table_and_takes_it_to_her_board(chromium: Browser, world: World, base: str) -> None:
    with opened(chromium, base) as page:
        sign_in(page, world.members["director"])
        page.get_by_role("link", name="Reports").click()
        page.get_by_role("link", name="People served, July to September 2026").click()
        expect(page.get_by_text("To see a number is to release it")).to_be_visible()
        page.get_by_role("button", name="Publish this table").click()
        expect(page.get_by_text("Published as release 3")).to_be_visible()
        expect(page.get_by_role("heading", name="People served, July to September 2026")).to_be_visible()
        expect(page.locator("figure svg")).to_have_count(2)
        with page.expect_download() as file:
            page.get_by_role("link", name="PDF").click()
        assert file.value.suggested_filename == "people-served-2026-Q3-no-3.pdf"
        page.get_by_role("link", name="How we check").click()
        expect(page.get_by_text("A second program, written apart from the first")).to_be_visible()
