"""What a page must hold, measured in a browser: axe at 0, the anatomy axe does not see; and its picture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
AXE = Axe()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

ANATOMY = Path(__file__).with_name("anatomy.js").read_text()


def axe_findings(page: Page) -> list[str]:
    """One line per rule and element that axe finds wrong."""
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": STANDARDS}}
    response: dict[str, Any] = AXE.run(page, options=options).response
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in response["violations"]
        for node in rule["nodes"]
    ]


def anatomy_faults(page: Page) -> list[str]:
    faults: list[str] = page.evaluate(ANATOMY)
    return faults


def assert_sound(page: Page) -> None:
    """The page has axe at 0 and the anatomy of docs: say everything that is wrong at once."""
    wrong = axe_findings(page) + anatomy_faults(page)
    assert not wrong, f"{page.title()} at {page.viewport_size}:\n" + "\n".join(wrong)


def shoot(page: Page, folder: Path | None, name: str) -> None:
    """Keep a picture of the whole page as NAME.png, where `--shots` asked for pictures."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=True)


@contextmanager
def opened(browser: Browser, base_url: str, *, language: str = "en", **context: Any) -> Iterator[Page]:
    """A page in a fresh session; fails afterwards if the page had script errors or broke its own policy."""
    context.setdefault("viewport", DESK)
    context.setdefault("reduced_motion", "reduce")  # a colour on its way from one to the other is no finding
    said: list[str] = []
    with browser.new_context(base_url=base_url, locale=f"{language}-US", **context) as session:
        page = session.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: said.append(message.text) if _breaks_policy(message.text) else None)
        yield page
    assert not said, f"the page's console said: {said}"


def _breaks_policy(text: str) -> bool:
    return "Content Security Policy" in text or "Refused to" in text
