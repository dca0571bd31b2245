"""Somebody of the cast at a browser of her own: presses what it says in her language, and finds every page sound.

What must never be in an address, in a title or on a page that did not reveal it is given to her as `secrets`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from shelter.crypto import totp
from shelter.rules import clock
from shelter.web.i18n import catalogue
from tests.support.pages import DESK, PHONE, assert_sound, opened, shoot

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    from tests.factories.agency import Member, World
    from tests.journeys.conftest import Hours

CODE_LASTS = timedelta(seconds=31)


@dataclass(frozen=True, slots=True)
class View:
    """How a journey is looked at: language, light or dark, window."""

    language: str
    look: str
    size: dict[str, int]

    def __str__(self) -> str:
        return f"{self.language}-{self.look}-{self.size['width']}"


PHONE_EN, DESK_ES = View("en", "light", PHONE), View("es", "dark", DESK)
PHONE_ES, DESK_EN = View("es", "dark", PHONE), View("en", "light", DESK)


@dataclass
class House:
    """One served world that everybody of a journey works in, and what has been looked at already."""

    browser: Browser
    url: str
    world: World
    hours: Hours
    shots: Path | None
    journey: str
    seen: set[str] = field(default_factory=set)

    @contextmanager
    def hand(self, who: str, view: View, *secrets: str, script: bool = True) -> Iterator[Hand]:
        """`who` of the cast, signed in with passphrase and code."""
        how = {"viewport": view.size, "color_scheme": view.look, "java_script_enabled": script}
        with opened(self.browser, self.url, language=view.language, **how) as page:
            one = Hand(self, page, view, self.world.members[who], secrets, script)
            page.on("request", lambda request: one.asked.append(request.url))
            page.on("framenavigated", lambda frame: one.asked.append(frame.url))
            one.sign_in()
            yield one
            one.nothing_leaked()


@dataclass
class Hand:
    """One person, one window."""

    house: House
    page: Page
    view: View
    member: Member
    secrets: tuple[str, ...] = ()
    script: bool = True
    asked: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        self.page.goto("/sign-in")
        self.sound("sign-in")
        self.house.hours.later(CODE_LASTS)
        self.fill(
            name=self.member.sign_in_name,
            passphrase=self.member.passphrase,
            code=totp.code_at(self.member.totp_secret, clock.now().timestamp()),
        )
        self.press("Sign in")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def say(self, words: str) -> str:
        """The sentence as the pages word it in her language."""
        return catalogue(self.view.language).gettext(words)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def go(self, path: str) -> int:
        """Opens an address; the status of the answer."""
        answer = self.page.goto(path)
        assert answer is not None
        self.looked()
        return answer.status

    def press(self, words: str, *, within: Locator | None = None) -> None:
        """The button or link with these words; what it is about may follow them."""
        place = within or self.main
        named = re.compile(rf"^\s*{re.escape(self.say(words))}\s*(:.*)?$", re.DOTALL)
        place.get_by_role("button", name=named).or_(place.get_by_role("link", name=named)).first.click()
        self.page.wait_for_load_state()
        self.looked()

    def follow(self, end: str) -> None:
        """The first link of the page whose address ends so."""
        self.main.locator(f'a[href$="{end}"]').first.click()
        self.page.wait_for_load_state()
        self.looked()

    def menu(self, words: str) -> None:
        self.press(words, within=self.page.locator("nav.menu"))

    def fill(self, **fields: str) -> None:
        """Answers by the names of the questions, `__` for a hyphen; lists, radios and ticks are chosen by value."""
        for name, answer in fields.items():
            self._answer(self.page.locator(f'main [name="{name.replace("__", "-")}"]'), answer)

    def _answer(self, control: Locator, answer: str) -> None:
        kind = control.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            control.and_(self.page.locator(f'[value="{answer}"]')).check()
        elif control.locator("option").count():
            control.select_option(answer)
        else:
            control.fill(answer)

    def sound(self, name: str) -> None:
        """The page has axe at 0 and its anatomy, and is kept as a picture: once in each look."""
        seen = f"{name}-{self.view}"
        if self.script and seen not in self.house.seen:  # axe is script itself
            self.house.seen.add(seen)
            assert_sound(self.page)
            shoot(self.page, self.house.shots, f"{self.house.journey}-{name}-{self.view}")

    def reads(self, *words: str) -> None:
        """The page says this, in her language."""
        shown = " ".join(self.main.inner_text().split())
        for one in words:
            assert self.say(one) in shown, f"{self.say(one)!r} is not on {self.page.title()}: {shown[:600]}"

    def reads_not(self, *words: str) -> None:
        shown = self.page.content()
        for one in words:
            assert one not in shown, f"{one!r} is on {self.page.title()}"

    def looked(self) -> None:
        assert not any(secret in self.page.title() for secret in self.secrets), self.page.title()

    def nothing_leaked(self) -> None:
        leaked = [url for url in self.asked for secret in self.secrets if secret.casefold() in url.casefold()]
        assert not leaked, leaked

    def hides(self) -> None:
        """None of her secrets is on this page, shown or not."""
        self.reads_not(*self.secrets)
