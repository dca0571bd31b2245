"""A Tuesday in October 2026, after the third quarter, and people of the cast at browsers of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from shelter.crypto import totp
from shelter.db import db as database
from shelter.rules import clock
from tests.factories.agency import Member, World

TUESDAY = datetime(2026, 10, 20, 18, tzinfo=UTC)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Hands:
    """The clock of the whole process, also for requests and racers in threads of their own."""

    now: datetime = TUESDAY

    def later(self, how: timedelta) -> None:
        self.now += how


@pytest.fixture(autouse=True)
def hands() -> Iterator[Hands]:
    told = Hands()
    clock.set_clock(lambda: told.now)
    yield told
    clock.set_clock(None)


@dataclass
class Browser:
    """Somebody signed in; each request runs in a context of its own, as it does in a server."""

    app: Flask
    client: Any = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def sign_in(self, member: Member) -> None:
        code = totp.code_at(member.totp_secret, clock.now().timestamp())
        fields = {"name": member.sign_in_name, "passphrase": member.passphrase, "code": code}
        assert self.post("/sign-in", **fields).status_code == 302

    def get(self, path: str, **more: Any) -> TestResponse:
        return self._alone(self.client.get, path, **more)

    def post(self, path: str, page: str = "", /, **fields: Any) -> TestResponse:
        """Sends fields with the token of `page`, or of the address itself."""
        shown = TOKEN.search(self.get(page or path).text)
        assert shown, "no form on the page"
        return self._alone(self.client.post, path, data={"csrf_token": shown[1], **fields})

    def _alone(self, send: Callable[..., TestResponse], path: str, **more: Any) -> TestResponse:
        database.session.rollback()
        answer = Context().run(send, path, base_url="http://localhost", **more)
        database.session.expire_all()
        return answer


@pytest.fixture
def at(app: Flask, world: World) -> Callable[[str], Browser]:
    def sign_in(who: str) -> Browser:
        browser = Browser(app)
        browser.sign_in(world.members[who])
        return browser

    return sign_in
