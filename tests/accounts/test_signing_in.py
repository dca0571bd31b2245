"""One way in: all three together, at once or not at all; the same no for everybody."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import create_environ, run_wsgi_app

from shelter.accounts import signing_in
from shelter.accounts.models import SignedIn, Staff, Throttle
from shelter.crypto import totp
from shelter.crypto.gate import Gate
from shelter.crypto.passwords import current_gate, share_gate
from shelter.db.deployment import deploy, deployment
from shelter.db.keystore import KeyUser
from shelter.trail.models import Trail
from tests.accounts.browser import CODE_LASTS, At, another_worker
from tests.factories.agency import World

NOW = timedelta(0)
WAIT = re.compile(r"wait (\d+) second")
TOKEN = re.compile(r'name="csrf_token" type="hidden" value="[^"]+"|name="csrf_token" value="[^"]+"')


def sessions(db: Any) -> int:
    return int(db.session.scalar(select(func.count()).select_from(SignedIn)))


def plain(text: str) -> str:
    return TOKEN.sub("", text)


def test_name_passphrase_and_code_together_open_a_session(at: At, world: World, db: Any) -> None:
    assert at.sign_in(world.members["caseworker"]).status_code == 302
    assert at.get("/sessions").status_code == 200
    assert sessions(db) == 1


@pytest.mark.parametrize("wrong", [{"name": "nobody-here-10"}, {"passphrase": "not hers at all"}, {"code": "000000"}])
def test_one_of_the_three_wrong_gives_the_same_page_and_no_session(
    at: At, world: World, db: Any, wrong: dict[str, str]
) -> None:
    who = world.members["caseworker"]
    expected = at.sign_in(who, passphrase="another wrong one", name=who.sign_in_name)
    answer = at.sign_in(who, **wrong)
    assert answer.status_code == expected.status_code == 422
    typed = re.compile(r'(id="name"[^>]*value=")[^"]*|(id="code"[^>]*value=")[^"]*')
    assert typed.sub("", plain(answer.text)) == typed.sub("", plain(expected.text))
    assert sessions(db) == 0
    assert not at.sid()


def test_a_name_that_does_not_exist_costs_one_derivation_like_any_other(
    at: At, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[float] = []

    class Counting(Gate):
        def turn(self) -> Any:
            turns.append(time.perf_counter())
            return super().turn()

    before = current_gate()
    share_gate(Counting())
    try:
        at.sign_in(world.members["caseworker"], name="nobody-here-10")
        unknown, turns[:] = len(turns), []
        at.sign_in(world.members["caseworker"], passphrase="not hers at all")
    finally:
        share_gate(before)
    assert unknown == len(turns) == 1


def test_a_code_serves_once(at: At, app: Flask, world: World) -> None:
    who = world.members["caseworker"]
    at.later(timedelta(minutes=2))
    code = totp.code_at(who.totp_secret, at.now.timestamp())
    fields = {"name": who.sign_in_name, "passphrase": who.passphrase, "code": code}
    assert at.post("/sign-in", **fields).status_code == 302
    elsewhere = At(app, app.test_client(), now=at.now)
    assert elsewhere.post("/sign-in", **fields).status_code == 422


def test_a_code_of_an_hour_ago_or_to_come_is_refused(at: At, world: World) -> None:
    who = world.members["caseworker"]
    for off in (-3600, -90, 90, 3600):
        code = totp.code_at(who.totp_secret, (at.now + timedelta(minutes=10, seconds=off)).timestamp())
        at.now += timedelta(minutes=8, seconds=30)
        assert at.sign_in(who, code=code).status_code == 422


def test_a_session_id_from_before_signing_in_is_never_taken_over(at: At, world: World) -> None:
    at.client.set_cookie("sid", "A" * 43, domain="localhost")
    at.sign_in(world.members["caseworker"])
    first = at.sid()
    assert "A" * 43 not in first
    at.post("/confirm", passphrase=world.members["caseworker"].passphrase, passkey="", kept="")
    assert at.sid()
    assert at.sid() != first
    at.client.set_cookie("sid", first, domain="localhost")
    assert at.get("/sessions").status_code == 302


@pytest.mark.parametrize(
    ("base", "name", "secure"), [("http://localhost", "sid", False), ("https://localhost", "__Host-sid", True)]
)
def test_the_cookie_is_for_this_host_this_site_and_no_script(
    at: At, world: World, base: str, name: str, secure: bool
) -> None:
    at.base = base
    answer = at.sign_in(world.members["caseworker"])
    (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(f"{name}=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert ("Secure" in cookie) is secure


def test_a_restart_of_the_server_ends_every_session(at: At, world: World) -> None:
    at.sign_in(world.members["caseworker"])
    deploy(replace(deployment(), boot_secret=b"another start of the same server"))
    answer = at.get("/sessions")
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]


def test_dismissed_or_ended_everywhere_means_the_next_request(at: At, app: Flask, world: World, db: Any) -> None:
    who = world.members["caseworker"]
    other = At(app, app.test_client(), now=at.now)
    at.sign_in(who)
    other.now = at.now
    other.sign_in(who)
    assert at.get("/sessions").status_code == other.get("/sessions").status_code == 200
    db.session.execute(update(Staff).where(Staff.id == who.id).values(epoch=Staff.epoch + 1))
    db.session.commit()
    assert at.get("/sessions").status_code == other.get("/sessions").status_code == 302


def test_too_many_at_the_gate_are_turned_away_before_the_form_is_read(at: At, world: World) -> None:
    class Full(Gate):
        @property
        def is_full(self) -> bool:
            return True

    before = current_gate()
    share_gate(Full())
    try:
        environ = create_environ("/sign-in", at.base, method="POST", data={"name": "x" * 10_000})
        body, status, headers = run_wsgi_app(at.app, environ | {"wsgi.input": Unreadable()})
    finally:
        share_gate(before)
    assert status.startswith("503")
    assert int(headers["Retry-After"]) > 0
    assert b"".join(body)


class Unreadable:
    """A body that fails the test when anybody reads it."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")

    readline = readlines = read


def test_who_signs_in_signs_the_head_of_the_trail_and_leaves_a_row(at: At, world: World, db: Any) -> None:
    at.sign_in(world.members["caseworker"])
    last = db.session.execute(select(Trail.act, Trail.actor_id).where(Trail.act == "signed-in")).one()
    assert last.actor_id == world.members["caseworker"].id


def test_a_changed_list_opens_nothing(at: At, world: World, db: Any) -> None:
    """Her pin remembers how far the list went: one that is shorter is not believed."""
    who = world.members["caseworker"]
    at.sign_in(who)
    from shelter.db.keystore import KeyStatement

    last = db.session.scalar(select(func.max(KeyStatement.seq)))
    db.session.execute(KeyStatement.__table__.delete().where(KeyStatement.seq == last))
    db.session.commit()
    assert at.sign_in(who).status_code == 422
    assert "not the one you last saw" in at.sign_in(who).text


class TestThrottling:
    """The counts live in the database: two instances of the application see the same."""

    def wrong(self, at: At, world: World) -> str:
        return at.sign_in(world.members["caseworker"], passphrase="wrong again and again", after=NOW).text

    def test_it_grows_across_two_instances_and_always_ends(self, at: At, app: Flask, world: World) -> None:
        here = deployment()
        with another_worker(world.settings) as twin:
            with twin.app_context():
                deploy(here)
            self.fail_and_wait(at, At(twin, twin.test_client(), now=at.now), world)
        at.later(timedelta(seconds=61))
        assert at.sign_in(world.members["caseworker"]).status_code == 302

    def fail_and_wait(self, at: At, other: At, world: World) -> None:
        for browser in (at, other, at, other, at):
            assert "did not match" in self.wrong(browser, world)
        for browser in (at, other):
            assert "wait 1 second" in self.wrong(browser, world)
        waits = []
        for _ in range(12):
            at.later(timedelta(minutes=1, seconds=1))
            self.wrong(at, world)
            other.now = at.now
            waits.append(int(WAIT.search(self.wrong(other, world)).group(1)))  # type: ignore[union-attr]
        assert waits == sorted(waits)
        assert (waits[0], waits[-1]) == (2, 60)

    def test_an_attacker_elsewhere_cannot_keep_her_out(self, at: At, app: Flask, world: World, db: Any) -> None:
        who = world.members["caseworker"]
        at.sign_in(who)
        stranger = At(app, app.test_client(), now=at.now)
        for turn in range(26):
            stranger.client.environ_base["REMOTE_ADDR"] = f"127.0.0.{turn + 2}"
            said = self.wrong(stranger, world)
        assert "wait" in said
        assert at.sign_in(who, after=CODE_LASTS).status_code == 302

    def test_nothing_of_who_tried_stands_in_the_table(self, at: At, world: World, db: Any) -> None:
        self.wrong(at, world)
        name = world.members["caseworker"].sign_in_name.encode()
        for row in db.session.scalars(select(Throttle)):
            assert name not in row.key
            assert b"127.0.0.1" not in row.key


def test_a_passphrase_is_compared_whole(at: At, world: World) -> None:
    who = world.members["caseworker"]
    assert at.sign_in(who, passphrase=who.passphrase[:-1]).status_code == 422
    assert at.sign_in(who, passphrase=who.passphrase + "x").status_code == 422


def test_swapped_public_halves_of_her_own_row_make_nobody_her(at: At, world: World, db: Any) -> None:
    """Whoever writes the database may change the halves that others read; her own come from what only she opens."""
    who, other = world.members["caseworker"], world.members["advocate"]
    row, theirs = db.session.get(KeyUser, who.id), db.session.get(KeyUser, other.id)
    row.exchange_public, row.signing_public = theirs.exchange_public, theirs.signing_public
    db.session.commit()
    assert at.sign_in(who).status_code == 302
    with pytest.raises(signing_in.Refused):
        signing_in.prove(signing_in.SignIn(who.sign_in_name, other.passphrase), "test")
