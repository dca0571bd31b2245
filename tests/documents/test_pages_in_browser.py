"""The way to a confiscated passport in a real browser: through the gate, with a photograph; each page sound."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.factories import clients
from tests.factories.agency import World, make_world
from tests.factories.documents import paper, picture
from tests.support import check_pack
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


def test_an_original_comes_in_goes_out_and_its_pack_proves_itself(
    app: Flask, world: World, chromium: Browser, shots: Path | None, tmp_path: Path
) -> None:
    """At phone width: her page photographed, its lines typed, custody in and out, the pack checked by itself."""
    code = clients.begin(world, called="Marivic")
    clients.give_advocate(world, code)
    found = paper(world, code)
    with served(app) as url:
        with opened(chromium, url, viewport=PHONE, color_scheme="light") as page:
            sign_in(page, world, "caseworker")
            type_its_lines(page, f"/people/{code}/papers/{found.hex()}", shots)
            keep_the_original(page, f"/people/{code}/papers/{found.hex()}/custody", shots)
        with opened(chromium, url, viewport=PHONE, color_scheme="dark", language="es") as page:
            sign_in(page, world, "advocate")
            page.goto(f"/people/{code}/papers/{found.hex()}/custody/pack")
            assert_sound(page)
            shoot(page, shots, "papers-pack-es")
            page.locator("[name=passphrase]").fill(WORDS)
            with page.expect_download() as kept:
                page.locator("main .btn-primary").first.click()
            pack = tmp_path / "pack.zip"
            kept.value.save_as(pack)
    assert check_pack.wrong(str(pack), WORDS) == []


WORDS = "seven words for counsel alone"
LINES = "P<PHLDELACRUZ<<MARIVIC<SANTOS<<<<<<<<<<<<<<<"


def type_its_lines(page: Page, place: str, shots: Path | None) -> None:
    page.goto(f"{place}/scans/new")
    assert_sound(page)
    shoot(page, shots, "papers-scan")
    page.set_input_files("[name=camera]", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.get_by_label("What does it show?").fill("page with the photograph")
    press(page, "Store it")
    page.goto(f"{place}/zone")
    page.locator("[name=zone]").fill(f"{LINES}\n{mrz_line()[:-1]}{(int(mrz_line()[-1]) + 1) % 10}")
    press(page, "Read the lines")
    expect(page.locator("main")).to_contain_text("the check digit of the whole")
    assert_sound(page)
    shoot(page, shots, "papers-zone-wrong")
    page.locator("[name=zone]").fill(f"{LINES}\n{mrz_line()}")
    press(page, "Read again")
    expect(page.locator("main")).to_contain_text("All check digits fit")
    shoot(page, shots, "papers-zone")
    press(page, "Put this into the paper")
    expect(page.locator("main")).to_contain_text("DELACRUZ, MARIVIC SANTOS")
    assert_sound(page)
    shoot(page, shots, "papers-paper")


def mrz_line() -> str:
    """The second line, its check digits counted."""
    number, birth, ends = "P7731204A", "910723", "310309"
    parts = number + str(digit(number)) + "PHL" + birth + str(digit(birth)) + "F" + ends + str(digit(ends)) + "<" * 14
    line = f"{parts}<"
    return line + str(digit(line[:10] + line[13:20] + line[21:43]))


def digit(text: str) -> int:
    values = [0 if mark == "<" else int(mark, 36) for mark in text]
    return sum(value * (7, 3, 1)[at % 3] for at, value in enumerate(values)) % 10


def keep_the_original(page: Page, place: str, shots: Path | None) -> None:
    page.goto(place)
    assert_sound(page)
    press(page, "Take it in")
    assert_sound(page)
    shoot(page, shots, "custody-in")
    page.get_by_label("From whom, or to whom?").fill("Officer Lund")
    page.get_by_label("In what condition is it?").fill("cover torn")
    page.set_input_files("[name=file]", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    press(page, "Write it in the ledger")
    press(page, "Lend it for an appointment")
    assert_sound(page)
    page.get_by_label("From whom, or to whom?").fill("Marivic")
    page.get_by_label("Signed by").fill("M. D.")
    page.locator("canvas").scroll_into_view_if_needed()
    sheet = page.locator("canvas").bounding_box()
    assert sheet is not None
    page.mouse.move(sheet["x"] + 30, sheet["y"] + 30)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 120, sheet["y"] + 50)
    page.mouse.up()
    press(page, "Write it in the ledger")
    expect(page.locator("main svg path")).to_have_count(1)
    press(page, "It is back")
    press(page, "Write it in the ledger")
    expect(page.locator("main")).to_contain_text("It is in our safe")
    assert_sound(page)
    shoot(page, shots, "custody")
