"""The way to a confiscated passport in a real browser: through the gate, with a photograph; each page sound."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.factories import clients
from tests.factories.agency import World, make_world
from tests.factories.documents import picture
from tests.support.live_server import served
from tests.support.pages import DESK, PHONE, assert_sound, opened, shoot

pytestmark = pytest.mark.journey


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def world(app: Flask, db: object) -> World:
    """A fictional agency, which asks no second factor."""
    return make_world(app, fictional=True)


def sign_in(page: Page, world: World, who: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=name]", world.members[who].sign_in_name)
    page.fill("[name=passphrase]", world.members[who].passphrase)
    page.locator("main .btn-primary").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def press(page: Page, words: str) -> None:
    page.locator("main").get_by_role("button", name=words).or_(
        page.locator("main").get_by_role("link", name=words)
    ).first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("size", "look"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_a_passport_is_on_its_way_back(
    app: Flask, world: World, chromium: Browser, shots: Path | None, size: dict[str, int], look: str
) -> None:
    code = clients.begin(world, called="Marivic")
    clients.give_advocate(world, code)
    with served(app) as url:
        with opened(chromium, url, viewport=size, color_scheme=look) as page:
            sign_in(page, world, "caseworker")
            add_and_ask(page, code)
            shoot(page, shots, f"papers-asked-{look}-{size['width']}")
        with opened(chromium, url, viewport=size, color_scheme=look, language="es") as page:
            sign_in(page, world, "advocate")
            answer(page)
        with opened(chromium, url, viewport=size, color_scheme=look) as page:
            sign_in(page, world, "caseworker")
            go_on(page, code)
            shoot(page, shots, f"papers-on-the-way-{look}-{size['width']}")


def add_and_ask(page: Page, code: str) -> None:
    page.goto(f"/people/{code}/papers")
    assert_sound(page)
    press(page, "Add a paper")
    assert_sound(page)
    press(page, "Save this paper")  # nothing chosen: said, and nothing lost
    assert_sound(page)
    page.get_by_label("Which paper is it?").select_option("foreign_passport")
    page.get_by_label("Which country or office issued it?").select_option("PHL")
    page.get_by_label("Where is it now?").select_option("with_employer")
    press(page, "Save this paper")
    expect(page.locator("main")).to_contain_text("held by the employer")
    press(page, "Begin a way back")
    assert_sound(page)
    page.get_by_label("A new passport of another country").check()
    press(page, "Begin this way")
    expect(page.locator("main")).to_contain_text("nobody has asked counsel yet")
    assert page.get_by_role("link", name="Done or left out").count() == 0
    press(page, "Ask counsel")
    assert_sound(page)
    press(page, "Ask counsel")
    expect(page.locator("main")).to_contain_text("Caseworker asked Advocate on")
    assert_sound(page)


def answer(page: Page) -> None:
    page.goto("/papers")
    assert_sound(page)
    page.get_by_role("link", name="Marivic: Pasaporte, Filipinas").click()
    assert_sound(page)
    press(page, "Responder")
    assert_sound(page)
    page.get_by_label("Sí, se pueden dar los siguientes pasos").check()
    press(page, "Guardar esta respuesta")
    expect(page.locator("main")).to_contain_text("que se pueden dar los siguientes pasos")


def go_on(page: Page, code: str) -> None:
    page.goto(f"/people/{code}/papers")
    page.get_by_role("link", name="Passport, Philippines").click()
    press(page, "Done or left out")
    assert_sound(page)
    page.get_by_label("What did it cost, in dollars?").fill("26")
    press(page, "Save this step")
    press(page, "Add a photograph or scan")
    assert_sound(page)
    page.set_input_files("[name=file]", {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.get_by_label("What does it show?").fill("page with the photograph")
    press(page, "Store it")
    assert_sound(page)
    page.get_by_role("link", name="page with the photograph").click()
    assert_sound(page)
    assert page.evaluate("document.querySelector('main img').naturalWidth") == 320
    with page.expect_download() as kept:
        page.get_by_role("link", name="Keep a copy on this device").click()
    assert kept.value.suggested_filename == f"{code} picture.jpg"
    page.go_back()
    page.goto(f"/people/{code}/papers")
    page.get_by_role("link", name="Passport, Philippines").click()
