"""A client with a T-visa matter, and people of the cast at browsers of their own on Saturday 21 November 2026."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shelter.clients.models import Client
from shelter.crypto import totp
from shelter.db import db as database
from shelter.rules import clock
from tests.factories.agency import Member, World
from tests.factories.legal import make_client, make_matter

SATURDAY = datetime(2026, 11, 21, 18, tzinfo=UTC)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Browser:
    """Somebody signed in, at a moment that stands still until `later` moves it."""

    app: Flask
    client: FlaskClient
    now: datetime = SATURDAY

    def sign_in(self, member: Member) -> None:
        code = totp.code_at(member.totp_secret, self.now.timestamp())
        fields = {"name": member.sign_in_name, "passphrase": member.passphrase, "code": code}
        assert self.post("/sign-in", **fields).status_code == 302

    @contextmanager
    def _there(self) -> Iterator[None]:
        with self.app.app_context(), clock.frozen(self.now):  # a context of its own, as a served request has
            yield
        database.session.remove()

    def get(self, path: str) -> TestResponse:
        with self._there():
            return self.client.get(path, base_url="http://localhost")

    def post(self, path: str, page: str = "", /, **fields: Any) -> TestResponse:
        """Sends fields with the token of `page`, or of the address itself."""
        shown = TOKEN.search(self.get(page or path).text)
        assert shown, "no form on the page"
        with self._there():
            sent = {"csrf_token": shown[1], **fields}
            return self.client.post(path, base_url="http://localhost", data=sent)


@pytest.fixture(autouse=True)
def _saturday() -> Iterator[None]:
    with clock.frozen(SATURDAY - timedelta(minutes=5)):
        yield


@pytest.fixture
def at(app: Flask, world: World) -> Callable[[str], Browser]:
    def sign_in(who: str) -> Browser:
        browser = Browser(app, app.test_client())
        browser.sign_in(world.members[who])
        return browser

    return sign_in


@pytest.fixture
def hers(world: World) -> Client:
    """A client of the caseworker."""
    return make_client(world)


@pytest.fixture
def matter(world: World, hers: Client) -> bytes:
    """Her T-visa matter, opened by the legal supervisor for the advocate."""
    return make_matter(world, hers)
