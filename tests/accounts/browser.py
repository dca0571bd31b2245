"""A person at a browser: gets pages, sends their forms, signs in with passphrase and a fresh code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from shelter import create_app
from shelter.crypto import totp
from shelter.rules import clock
from tests.factories.agency import Member, World
from tests.support import databases

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
CODE_LASTS = timedelta(seconds=30)


@dataclass
class At:
    """One browser at one application; time stands still until `later` moves it."""

    app: Flask
    client: FlaskClient
    base: str = "http://localhost"
    now: datetime = field(default_factory=clock.now)

    def get(self, path: str, **more: Any) -> TestResponse:
        with self.app.app_context(), clock.frozen(self.now):  # a context of its own, as a served request has
            return self.client.get(path, base_url=self.base, **more)

    def post(self, path: str, page: str | None = None, /, **fields: Any) -> TestResponse:
        """Sends fields with the token of `page`, or of the address itself."""
        return self.send(path, **({"csrf_token": self.token(page or path)} | fields))

    def send(self, path: str, **sent: Any) -> TestResponse:
        """Sends exactly these fields."""
        with self.app.app_context(), clock.frozen(self.now):
            return self.client.post(path, base_url=self.base, data=sent)

    def token(self, page: str) -> str:
        shown = self.get(page, follow_redirects=True).text
        found = TOKEN.search(shown)
        assert found, f"{page} has no form"
        return found.group(1)

    def sign_in(self, member: Member, *, after: timedelta = CODE_LASTS * 3, **instead: str) -> TestResponse:
        """Signs in once the last code is over, unless `after` says otherwise."""
        self.later(after)
        code = totp.code_at(member.totp_secret, self.now.timestamp())
        sent = {"name": member.sign_in_name, "passphrase": member.passphrase, "code": code} | instead
        return self.post("/sign-in", **sent)

    def later(self, how: timedelta) -> None:
        self.now += how

    def sid(self, name: str = "sid") -> str:
        cookie = self.client.get_cookie(name, "localhost")
        return cookie.value if cookie else ""


@contextmanager
def another_worker(settings: Settings) -> Iterator[Flask]:
    """A second instance of the application on the same database and the same settings file."""
    twin = create_app(settings)
    try:
        yield twin
    finally:
        databases.let_go(twin)


@pytest.fixture
def at(app: Flask, world: World) -> At:
    return At(app, app.test_client())
