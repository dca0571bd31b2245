"""The menu at the foot of a telephone: no word is cut, whoever signs in, in the language of longer words."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.documents.test_pages_in_browser import sign_in
from tests.factories.agency import World, make_world
from tests.support.live_server import served
from tests.support.pages import PHONE, opened

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
WIDTHS = (390, 320)
"""Of the telephones most people carry, and of the narrowest that WCAG asks for (1.4.10)."""
CUT = """[...document.querySelectorAll('.menu a')]
    .filter((one) => one.scrollWidth > one.clientWidth || one.getBoundingClientRect().right > innerWidth)
    .map((one) => one.textContent.trim())"""


@pytest.fixture
def world(app: Flask, db: object) -> World:
    """A fictional agency, which asks no second factor."""
    return make_world(app, fictional=True)


def test_no_word_is_cut(app: Flask, world: World, chromium: Browser) -> None:
    cut = {}
    with served(app) as url:
        for who in world.members:
            with opened(chromium, url, language="es", viewport=PHONE) as page:
                sign_in(page, world, who)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 800})
                    cut[who, width] = page.evaluate(CUT)
    assert {where: words for where, words in cut.items() if words} == {}
