"""Clients of a world, made through the same use-cases as the pages, and people signed in at a browserless desk."""

import re
import time
from collections.abc import Callable
from contextvars import Context
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from shelter.clients import actions
from shelter.clients.models import Assignment, Client
from shelter.clients.parts import Begin, Born, FirstMeeting, Names, Part, Progress, SaveContact, SavePart, Told
from shelter.crypto import totp
from shelter.db import db
from shelter.policy.actor import Actor
from shelter.trail.record import recorded
from tests.factories.agency import World


def begin(world: World, who: str = "caseworker", site: str = "north", called: str = "Lin") -> str:
    """A client after her first meeting with `who`; the code."""
    return actions.begin(world.actor(who), Begin(world.sites[site], FirstMeeting(working_name=called)))


def named(world: World, *names: str, who: str = "caseworker", site: str = "north", called: str = "") -> str:
    """A client with a legal name and aliases; the code."""
    code = begin(world, who, site, called)
    save_names(world.actor(who), code, *names)
    return code


def save_names(actor: Actor, code: str, legal_name: str, *aliases: str, version: int = 0) -> None:
    names = Names(legal_name, aliases)
    actions.save_part(actor, SavePart(code, Part.NAMES, version, names, progress=Progress.DONE))


def save_birth(actor: Actor, code: str, year: int, version: int = 0) -> None:
    """A year is all she said."""
    born = Born(Told("approximate", year))
    actions.save_part(actor, SavePart(code, Part.BIRTH, version, born, progress=Progress.DONE))


def phone(actor: Actor, code: str, number: str, version: int = 0) -> None:
    rule = SaveContact(code=code, version=version, channel="call", allowed="allowed", value=number)
    actions.save_contact(actor, rule)


def give_advocate(world: World, code: str, who: str = "advocate") -> None:
    """What opening a matter does: the advocate works with her from then on."""
    with recorded(None, "given"):
        staff = world.members[who].id
        db.session.add(Assignment(client_id=client_id(code), staff_id=staff, kind="legal"))


def client_id(code: str) -> bytes:
    found = db.session.scalar(select(Client.id).where(Client.code == code))
    assert found is not None
    return found


class Desk:
    """Somebody signed in: `get` and `post` as her browser would, with the token of the page she is on.

    Each request runs in a context of its own, as it does in a server; the test's own session begins afresh after it.
    """

    def __init__(self, app: Flask, world: World, who: str, *, again: bool = False) -> None:
        """`again` signs in a second time within half a minute: a code is used once, so the next one is typed."""
        self.browser = app.test_client()
        member = world.members[who]
        answer = self.post(
            "/sign-in",
            name=member.sign_in_name,
            passphrase=member.passphrase,
            code=totp.code_at(member.totp_secret, time.time() + (30 if again else 0)),
        )
        assert answer.status_code == 302

    def get(self, url: str) -> TestResponse:
        return self._alone(self.browser.get, url)

    def post(self, url: str, page: str = "", **fields: str) -> TestResponse:
        return self.made_ready(url, page, **fields)()

    def made_ready(self, url: str, page: str = "", **fields: str) -> Callable[[], TestResponse]:
        """The page is open and filled; what it gives sends it."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(page or url).text)
        assert token is not None
        return partial(self._alone, self.browser.post, url, data={"csrf_token": token[1], **fields})

    def _alone(self, send: Callable[..., TestResponse], url: str, **more: Any) -> TestResponse:
        db.session.rollback()
        answer = Context().run(send, url, **more)
        db.session.expire_all()
        return answer
