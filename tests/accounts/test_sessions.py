"""Staying in: idling locks and loses nothing, two share a desk, what was typed survives, an end is an end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from shelter.accounts import sessions
from shelter.accounts.models import SignedIn, StaffSite
from tests.accounts.browser import At
from tests.factories.agency import World
from tests.factories.settings import set_limit

MINUTE = timedelta(minutes=1)
KEPT = re.compile(r'name="kept"[^>]*value="([^"]+)"')


def locked(at: At, path: str = "/sessions") -> bool:
    answer = at.get(path)
    return answer.status_code == 302 and "/unlock" in answer.headers["Location"]


def test_fifteen_minutes_without_a_touch_lock_and_do_not_end(at: At, world: World) -> None:
    who = world.members["caseworker"]
    at.sign_in(who)
    at.later(14 * MINUTE)
    assert not locked(at)
    at.later(16 * MINUTE)
    assert locked(at)
    answer = at.post("/unlock?next=/sessions", passphrase=who.passphrase, passkey="", kept="")
    assert answer.headers["Location"] == "/sessions"
    assert not locked(at)


def test_the_agency_sets_after_how_long_a_screen_locks_and_the_page_knows(at: At, world: World) -> None:
    set_limit(world, "idle_minutes", 25)
    at.sign_in(world.members["caseworker"])
    assert 'data-idle-seconds="1500"' in at.get("/sessions").text
    at.later(24 * MINUTE)
    assert not locked(at)
    at.later(26 * MINUTE)
    assert locked(at)


def test_only_unlock_switch_and_the_ways_out_answer_while_locked(at: At, app: Flask, world: World) -> None:
    at.sign_in(world.members["caseworker"])
    at.later(16 * MINUTE)
    open_while_locked = set()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        asked = "GET" in (rule.methods or ()) and view.policy_mark.act  # type: ignore[attr-defined]
        if asked and not rule.arguments and not locked(at, rule.rule):
            open_while_locked.add(rule.endpoint)
    assert open_while_locked == {"accounts.unlock", "accounts.switch", "accounts.unlock_challenge"}


def test_keeping_a_draft_is_not_a_touch(at: At, world: World) -> None:
    at.sign_in(world.members["caseworker"])
    token = at.token("/sessions")
    for _ in range(4):
        at.later(5 * MINUTE)
        at.send("/drafts?page=/x", csrf_token=token, goal="words")
    assert locked(at)


def test_a_shift_ends_after_twelve_hours_however_busy(at: At, world: World) -> None:
    at.sign_in(world.members["caseworker"])
    for _ in range(71):
        at.later(10 * MINUTE)
        assert at.get("/sessions").status_code == 200
    at.later(11 * MINUTE)
    assert "/sign-in" in at.get("/sessions").headers["Location"]


def test_unlocking_with_a_wrong_passphrase_is_slowed_and_says_nothing(at: At, world: World, db: Any) -> None:
    at.sign_in(world.members["caseworker"])
    at.later(16 * MINUTE)
    said = [at.post("/unlock", passphrase="wrong", passkey="", kept="").text for _ in range(6)]
    assert "not your passphrase" in said[0]
    assert "wait" in said[5]
    assert db.session.scalars(select(SignedIn)).one()


def test_what_was_sent_to_a_locked_session_comes_back_sealed_until_then(at: At, world: World) -> None:
    who = world.members["supervisor"]
    at.sign_in(who)
    token = at.token("/cover")
    at.later(16 * MINUTE)
    page = at.post("/cover", "/unlock", csrf_token=token, for_staff="words she typed", ends="2031-01-01")
    assert page.status_code == 403
    assert "words she typed" not in page.text
    kept = KEPT.search(page.text)
    assert kept
    back = at.post("/unlock", passphrase=who.passphrase, passkey="", kept=kept.group(1))
    assert 'action="/cover"' in back.text
    assert 'value="words she typed"' in back.text


def test_an_act_that_reaches_far_asks_again_after_ten_minutes_and_keeps_what_was_typed(at: At, world: World) -> None:
    who = world.members["administrator"]
    at.sign_in(who)
    assert at.get("/staff/new").status_code == 200
    at.later(11 * MINUTE)
    assert at.get("/staff/new").headers["Location"] == "/confirm?next=/staff/new"
    page = at.post("/staff/new", "/sessions", name="Somebody New")
    assert page.status_code == 403
    kept = KEPT.search(page.text)
    assert kept
    back = at.post("/confirm", passphrase=who.passphrase, passkey="", kept=kept.group(1))
    assert 'action="/staff/new"' in back.text
    assert 'value="Somebody New"' in back.text


def test_nobody_opens_what_another_had_typed(at: At, app: Flask, world: World) -> None:
    first, second = world.members["administrator"], world.members["caseworker"]
    at.sign_in(first)
    at.later(11 * MINUTE)
    kept = KEPT.search(at.post("/staff/new", "/sessions", name="Somebody New").text)
    other = At(app, app.test_client(), now=at.now)
    other.sign_in(second)
    back = other.post("/confirm", passphrase=second.passphrase, passkey="", kept=kept.group(1))  # type: ignore[union-attr]
    assert "Somebody New" not in back.text


class TestADeskForTwo:
    def test_two_clicks_bring_the_other_forward_and_lock_the_first(self, at: At, world: World) -> None:
        rosa, dana = world.members["caseworker"], world.members["advocate"]
        at.sign_in(rosa)
        at.sign_in(dana)
        page = at.get("/switch").text
        assert rosa.sign_in_name in page
        who = re.search(r'name="who" value="([0-9a-f]+)"', page)
        answer = at.post("/switch", who=who.group(1))  # type: ignore[union-attr]
        assert answer.headers["Location"] == "/unlock"
        assert rosa.sign_in_name in at.get("/unlock").text or "Caseworker" in at.get("/unlock").text
        assert locked(at)
        assert at.post("/unlock", passphrase=dana.passphrase, passkey="", kept="").status_code == 422
        at.post("/unlock", passphrase=rosa.passphrase, passkey="", kept="")
        assert not locked(at)

    def test_whoever_signs_in_locks_the_one_before(self, at: At, world: World, db: Any) -> None:
        at.sign_in(world.members["caseworker"])
        at.sign_in(world.members["advocate"])
        at.post("/sign-out", "/sessions")
        assert locked(at)

    def test_the_fifth_at_a_desk_signs_the_first_out(self, at: At, world: World, db: Any) -> None:
        for who in ("caseworker", "advocate", "desk", "supervisor", "director"):
            at.sign_in(world.members[who])
        left = {row.staff_id for row in db.session.scalars(select(SignedIn))}
        assert len(left) == sessions.AT_ONE_DESK
        assert world.members["caseworker"].id not in left

    def test_signing_in_twice_leaves_one_session(self, at: At, world: World, db: Any) -> None:
        at.sign_in(world.members["caseworker"])
        at.sign_in(world.members["caseworker"])
        assert len(list(db.session.scalars(select(SignedIn)))) == 1

    def test_leaving_empties_the_browser_when_nobody_is_left(self, at: At, world: World) -> None:
        at.sign_in(world.members["caseworker"])
        answer = at.post("/sign-out", "/sessions")
        assert '"storage"' in answer.headers["Clear-Site-Data"]
        assert not at.sid()


@pytest.mark.parametrize("which", ["one", "all"])
def test_her_list_ends_one_session_or_all(at: At, app: Flask, world: World, which: str) -> None:
    who = world.members["caseworker"]
    elsewhere = At(app, app.test_client(), now=at.now)
    elsewhere.sign_in(who)
    at.now = elsewhere.now
    at.sign_in(who)
    hashed = re.search(r'name="which" value="([0-9a-f]{64})"', at.get("/sessions").text)
    at.post("/sessions/end", "/sessions", which="all" if which == "all" else hashed.group(1))  # type: ignore[union-attr]
    assert elsewhere.get("/sessions").status_code == 302
    assert at.get("/sessions").status_code == (302 if which == "all" else 200)


def test_nobody_ends_another_persons_session(at: At, app: Flask, world: World, db: Any) -> None:
    other = At(app, app.test_client(), now=at.now)
    other.sign_in(world.members["advocate"])
    hers = db.session.scalars(select(SignedIn)).one().sid_hash.hex()
    at.now = other.now
    at.sign_in(world.members["caseworker"])
    at.post("/sessions/end", "/sessions", which=hers)
    assert other.get("/sessions").status_code == 200


def test_without_a_colleague_who_hands_on_keys_she_is_told_that_she_waits(at: At, world: World, db: Any) -> None:
    from shelter.db.keystore import KeyGrant

    who = world.members["volunteer"]
    db.session.execute(KeyGrant.__table__.delete().where(KeyGrant.member_id == who.id))
    db.session.commit()
    at.sign_in(who)
    assert "wait for your keys" in at.get("/").text


class TestTwoSites:
    """Somebody who works at two sites puts one of them in front; the other stays hers."""

    @pytest.fixture
    def two(self, at: At, world: World, db: Any) -> At:
        db.session.add(StaffSite(staff_id=world.members["desk"].id, site_id=world.sites["east"]))
        db.session.commit()
        at.sign_in(world.members["desk"])
        return at

    def first(self, at: At) -> str:
        """The site that the frame names."""
        found = re.search(r"<summary>(\w+ House)</summary>", at.get("/sessions").text)
        assert found is not None
        return found[1]

    def test_the_one_she_chooses_stands_first_also_after_unlocking(self, two: At, world: World) -> None:
        other = {"East House": "north", "North House": "east"}[self.first(two)]
        before = self.first(two)
        assert two.post("/site", "/sessions", site=world.sites[other].hex(), back="/beds").status_code == 302
        assert self.first(two) != before
        two.later(16 * MINUTE)
        passphrase = world.members["desk"].passphrase
        two.post("/unlock?next=/sessions", passphrase=passphrase, passkey="", kept="")
        assert self.first(two) != before
        assert {"North House", "East House"} <= set(re.findall(r"\w+ House", two.get("/beds").text))

    def test_a_site_where_she_does_not_work_is_none(self, two: At, world: World) -> None:
        before = self.first(two)
        for site in (world.sites["south"].hex(), "nothing", ""):
            assert two.post("/site", "/sessions", site=site).status_code == 404
        assert self.first(two) == before
