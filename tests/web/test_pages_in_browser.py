"""The pattern page and the frame in a real Chromium: sound, legible, and quick to leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.support.pages import DESK, PHONE, assert_sound, opened, shoot

pytestmark = pytest.mark.journey
ADDRESSES = (
    "/patterns/",
    "/patterns/conflict",
    "/patterns/message",
    "/patterns/signed-out",
    "/patterns/paper",
    "/nowhere",
)
STORAGES = "() => [localStorage.length, sessionStorage.length, document.cookie]"


@pytest.fixture
def page(chromium: Browser, web_url: str) -> Iterator[Page]:
    with opened(chromium, web_url) as one:
        yield one


def submit(page: Page) -> None:
    page.locator("main form .buttons .btn-primary").first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_pattern_is_sound(
    chromium: Browser, web_url: str, shots: Path | None, language: str, look: str, size: dict[str, int]
) -> None:
    with opened(chromium, web_url, language=language, color_scheme=look, viewport=size) as page:
        for address in ADDRESSES:
            page.goto(address)
            assert_sound(page)
            name = address.strip("/").replace("/", "-")
            shoot(page, shots, f"{name}-{language}-{look}-{size['width']}")
        page.goto("/patterns/")
        submit(page)
        assert_sound(page)
        shoot(page, shots, f"patterns-errors-{language}-{look}-{size['width']}")


def test_what_is_wrong_takes_focus_and_leads_to_the_control(page: Page) -> None:
    page.goto("/patterns/")
    submit(page)
    assert page.title().startswith("Error:")
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    for link in summary.get_by_role("link").all():
        target = link.get_attribute("href") or ""
        link.click()
        control = page.locator(target)
        expect(control).to_be_focused()
        said = control.evaluate(
            "e => [e.closest('fieldset'), e].map((one) => one?.getAttribute('aria-describedby')).join(' ')"
        )
        errors = [part for part in said.split() if part.endswith("-error")]
        assert errors, f"{target} does not say what is wrong"
        expect(page.locator(f"#{errors[0]}")).to_be_visible()


def test_without_script_everything_is_there_and_the_summary_still_takes_focus(chromium: Browser, web_url: str) -> None:
    with opened(chromium, web_url, java_script_enabled=False) as page:
        page.goto("/patterns/")
        expect(page.get_by_role("link", name="Blur")).to_be_visible()
        page.get_by_label("What should we call you?").fill("Lin")
        submit(page)
        expect(page.locator("#error-summary")).to_be_visible()
        expect(page.get_by_label("What should we call you?")).to_have_value("Lin")
        page.get_by_role("button", name="Leave this page").click()
        page.wait_for_load_state()
        expect(page.get_by_role("heading", name="This page is empty")).to_be_visible()


def test_the_button_leaves_at_once_ends_the_session_and_leaves_no_way_back(page: Page) -> None:
    page.goto("/away")
    page.goto("/patterns/")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.get_by_role("button", name="Leave this page").click()
    page.wait_for_url("**/away")
    ended = [request for request in asked if request.method == "POST" and request.url.endswith("/leave")]
    assert len(ended) == 1
    assert "csrf_token" in (ended[0].post_data or "")
    page.go_back()
    expect(page.get_by_role("heading", name="This page is empty")).to_be_visible()


def test_shift_three_times_leaves_and_says_so_on_the_way(page: Page) -> None:
    page.goto("/patterns/")
    page.keyboard.press("Shift")
    expect(page.locator("[data-exit-status]")).to_contain_text("2 more times")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.wait_for_url("**/away")


@pytest.mark.parametrize(
    "keys", [["Shift", "Shift"], ["Shift", "Shift", "a", "Shift"], ["Shift+A", "Shift+B", "Shift+C"]]
)
def test_writing_capital_letters_does_not_leave(page: Page, keys: list[str]) -> None:
    page.goto("/patterns/")
    page.get_by_label("What should we call you?").focus()
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert page.url.endswith("/patterns/")


def test_shift_pressed_slowly_does_not_leave(page: Page) -> None:
    page.goto("/patterns/")
    page.keyboard.press("Shift")
    page.wait_for_timeout(5_200)
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.wait_for_timeout(300)
    assert page.url.endswith("/patterns/")


def test_the_page_is_covered_before_anything_answers(page: Page) -> None:
    page.route("**/leave", lambda route: None)
    page.route("**/away", lambda route: route.fulfill(status=204))
    page.goto("/patterns/")
    page.get_by_role("button", name="Leave this page").click(no_wait_after=True)
    expect(page.locator(".leaving")).to_be_visible()
    assert page.locator("main").count() == 0
    assert page.title() == "Leaving this page"


@pytest.mark.parametrize("by", ["button", "keys"])
def test_blur_hides_people_on_this_page_and_the_next_and_is_kept_nowhere(page: Page, by: str) -> None:
    page.goto("/patterns/")
    name = page.locator("main .person").first
    assert name.evaluate("e => getComputedStyle(e).filter") == "none"
    page.get_by_role("button", name="Blur").click() if by == "button" else page.keyboard.press("Control+Shift+B")
    expect(page.get_by_role("button", name="Blur")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => getComputedStyle(document.querySelector('main .person')).filter.includes('blur')")
    page.goto("/patterns/conflict")
    assert "blind" in (page.locator("html").get_attribute("class") or "")
    assert page.evaluate(STORAGES) == [0, 0, ""]
    page.keyboard.press("Control+Shift+B")
    expect(page.locator("html")).not_to_have_class(re.compile("blind"))


def test_nothing_is_ever_kept_in_the_browsers_storages(page: Page) -> None:
    page.goto("/patterns/conflict")
    page.get_by_label("What should we call you?").fill("Lin")
    page.get_by_role("button", name="Dark").click()
    submit(page)
    assert page.evaluate(STORAGES) == [0, 0, ""]
    assert page.evaluate("async () => (await indexedDB.databases()).length + (await caches.keys()).length") == 0


def test_the_look_and_the_language_change_and_stay(page: Page) -> None:
    page.goto("/patterns/")
    with page.expect_response("**/look"):
        page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    dark = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert sum(int(n) for n in re.findall(r"\d+", dark)[:3]) < 150


def test_an_idle_screen_warns_and_then_locks(chromium: Browser, idle_url: str) -> None:
    with opened(chromium, idle_url) as page:
        page.clock.install()
        page.goto("/patterns/message")
        page.clock.run_for(61_000)
        expect(page.get_by_role("dialog", name="Still there?")).to_be_visible()
        with page.expect_request("**/stay") as told:
            page.get_by_role("button", name="Keep working").click()
        assert told.value.method == "POST"
        expect(page.get_by_role("dialog")).to_be_hidden()
        with page.expect_request("**/lock") as locked:
            page.clock.run_for(121_000)
        assert locked.value.method == "POST"


def test_a_draft_is_kept_on_the_server_while_it_is_written(page: Page) -> None:
    page.goto("/patterns/conflict")
    with page.expect_request("**/patterns/draft") as kept:
        page.get_by_label("What should we call you?").fill("Rosalía")
    sent: Any = kept.value
    assert sent.method == "POST"
    assert "Rosalía" in (sent.post_data_buffer or b"").decode()
    expect(page.locator("[data-draft-status]")).not_to_be_empty()


def test_a_list_narrows_while_typing_without_accents(page: Page) -> None:
    page.goto("/patterns/")
    page.get_by_label("Show only rows with these words").fill("MÍRA")
    expect(page.locator("#with-you tbody tr:visible")).to_have_count(1)
    expect(page.locator("#with-you-filter-status")).to_have_text("1 rows shown")


def test_a_long_text_counts_down_and_a_passphrase_is_shown_on_request(page: Page) -> None:
    page.goto("/patterns/")
    page.get_by_label("Is there somebody we should not let in?").first.fill("x" * 395)
    expect(page.locator("#story-count")).to_have_text("5 characters left")
    page.get_by_label("Is there somebody we should not let in?").first.fill("x" * 403)
    expect(page.locator("#story-count")).to_have_text("3 characters too many")
    box = page.locator("#passphrase")
    box.fill("correct horse")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(box).to_have_attribute("type", "text")


def test_a_print_has_no_frame_and_its_mark_on_every_sheet(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/patterns/")
    for gone in (".top", ".foot", ".fictional", "main .buttons"):
        expect(page.locator(gone).first).to_be_hidden()
    page.goto("/patterns/paper")
    assert page.locator(".print-mark").evaluate("e => getComputedStyle(e).display") == "table-header-group"
    expect(page.locator("[data-print]")).to_be_hidden()


def test_a_table_stays_a_table_on_paper_which_is_no_wider_than_a_tablet(page: Page) -> None:
    page.set_viewport_size({"width": 690, "height": 990})
    page.goto("/patterns/")
    cell = page.locator("#with-you tbody td").last
    assert cell.evaluate("e => getComputedStyle(e).display") == "block"
    page.emulate_media(media="print")
    assert cell.evaluate("e => getComputedStyle(e).display") == "table-cell"


def test_the_menu_stands_at_the_bottom_of_a_phone_and_hides_nothing_that_has_focus(
    chromium: Browser, web_url: str
) -> None:
    with opened(chromium, web_url, viewport=PHONE) as page:
        page.goto("/patterns/")
        menu = page.get_by_role("navigation", name="Menu").bounding_box()
        assert menu is not None
        assert menu["y"] + menu["height"] == PHONE["height"]
        for label in ("What should we call you?", "How many people came with you?", "How may we reach you?"):
            control = page.get_by_label(label)
            control.focus()
            box = control.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= menu["y"]
        assert page.get_by_role("button", name="Leave this page").is_visible()
