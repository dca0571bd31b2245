"""Accounts: a link handed over once, keys she makes herself, roles that do not meet, an end that ends everything."""

from __future__ import annotations

import re
from base64 import b32decode
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from shelter.accounts import actions
from shelter.accounts.actions import ArrangeCover, Change, Invite
from shelter.accounts.models import Invitation, Staff, StaffRole
from shelter.accounts.people import actor_for
from shelter.crypto import totp
from shelter.db.errors import Conflict, Missing
from shelter.db.keystore import KeyGrant, KeyUser
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import today
from shelter.trail.models import Trail
from tests.accounts.browser import At
from tests.factories.agency import World

LINK = re.compile(r"http://localhost(/invitation/[\w-]+)")
OFFER = re.compile(r'name="offer"[^>]*value="([^"]+)"')
DRAWN = re.compile(r'class="drawn person">([^<]+)<')


def invite(world: World, *roles: Role) -> actions.Link:
    sites = (world.sites["north"],)
    return actions.invite(world.actor("administrator"), Invite("New Person", "New", frozenset(roles), sites))


def offered(page: str) -> tuple[str, str, bytes]:
    """The hidden offer, the drawn passphrase and the secret that a page shows."""
    drawn, letters = DRAWN.findall(page)
    plain = letters.replace(" ", "")
    return OFFER.search(page).group(1), drawn, b32decode(plain + "=" * (-len(plain) % 8))  # type: ignore[union-attr]


def accept(at: At, link: actions.Link, **instead: str) -> tuple[Any, str, bytes]:
    path = f"/invitation/{link.token}"
    offer, drawn, secret = offered(at.get(path).text)
    code = totp.code_at(secret, at.now.timestamp())
    fields = {"offer": offer, "passphrase": drawn, "again": "", "code": code} | instead
    return at.post(path, **fields), drawn, secret


def test_from_the_link_to_waiting_and_nobody_but_she_knows_her_passphrase(at: At, world: World, db: Any) -> None:
    at.sign_in(world.members["administrator"])
    sent = {"name": "New Person", "working_name": "New", "roles": "caseworker", "sites": world.sites["north"].hex()}
    page = at.post("/staff/new", **sent).text
    path = LINK.search(page).group(1)  # type: ignore[union-attr]
    name = re.search(r"<code>([\w-]+)</code>", page).group(1)  # type: ignore[union-attr]
    assert re.fullmatch(r"[a-z]+-[a-z]+-\d\d", name)
    her = At(at.app, at.app.test_client(), now=at.now)
    answer, drawn, secret = accept(her, actions.Link(b"", name, path.rpartition("/")[2]))
    words = re.findall(r"<strong>([a-z-]+)</strong>", answer.text)
    assert len(words) == 6
    assert len(drawn.split()) == 4
    assert her.get(path).status_code == 404
    her.later(timedelta(minutes=2))
    code = totp.code_at(secret, her.now.timestamp())
    again = her.post("/sign-in", name=name, passphrase=drawn, code=code)
    assert re.findall(r"<strong>([a-z-]+)</strong>", again.text) == words
    assert not her.sid()


def test_a_link_lasts_a_day_and_a_new_one_ends_the_old(at: At, world: World, db: Any) -> None:
    link = invite(world, Role.CASEWORKER)
    assert at.get(f"/invitation/{link.token}").status_code == 200
    newer = actions.new_link(world.actor("administrator"), link.staff_id)
    assert at.get(f"/invitation/{link.token}").status_code == 404
    at.later(timedelta(hours=24, minutes=1))
    assert at.get(f"/invitation/{newer.token}").status_code == 404
    assert db.session.scalars(select(Invitation)).one().token_hash not in newer.token.encode()


@pytest.mark.parametrize(
    ("typed", "again", "said"),
    [
        ("short one", "short one", "at least 15"),
        ("Test House North House 2026", "Test House North House 2026", "tried early"),
        ("violet umbrella drifts northward", "", "second time"),
        ("violet umbrella drifts northward", "violet umbrella drifts", "second time"),
    ],
)
def test_a_weak_or_unsure_passphrase_of_her_own_is_refused_and_the_offer_stays(
    at: At, world: World, typed: str, again: str, said: str
) -> None:
    answer, drawn, _ = accept(at, invite(world, Role.CASEWORKER), passphrase=typed, again=again)
    assert answer.status_code == 422
    assert said in answer.text
    assert drawn in answer.text


def test_one_of_her_own_is_taken_with_a_code_that_fits(at: At, world: World) -> None:
    own = "violet umbrella drifts northward"
    link = invite(world, Role.CASEWORKER)
    assert accept(at, link, passphrase=own, again=own, code="000000")[0].status_code == 422
    assert accept(at, link, passphrase=own, again=own)[0].status_code == 200


def test_an_offer_that_this_server_did_not_make_is_not_taken(at: At, world: World, db: Any) -> None:
    link = invite(world, Role.CASEWORKER)
    answer, _, _ = accept(at, link, offer="AAAA", passphrase="a")
    assert answer.status_code == 422
    assert db.session.get(KeyUser, link.staff_id) is None


def test_a_steward_is_offered_six_words(at: At, world: World) -> None:
    page = at.get(f"/invitation/{invite(world, Role.STEWARD).token}").text
    assert len(offered(page)[1].split()) == 6


@pytest.mark.parametrize(
    "roles",
    [
        {Role.ADMINISTRATOR, Role.STEWARD},
        {Role.AUDITOR, Role.VOLUNTEER},
        {Role.DIRECTOR, Role.CASEWORKER},
        {Role.PREPARER, Role.SHELTER_STAFF},
    ],
)
def test_roles_that_may_not_meet_are_refused_at_the_form(at: At, world: World, db: Any, roles: set[Role]) -> None:
    at.sign_in(world.members["administrator"])
    before = db.session.scalar(select(func.count()).select_from(Staff))
    sent = {"name": "N", "roles": sorted(roles), "sites": world.sites["north"].hex()}
    answer = at.post("/staff/new", **sent)
    assert answer.status_code == 422
    assert "may not hold" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Staff)) == before


@pytest.mark.parametrize("who", ["caseworker", "director", "steward", "supervisor", "auditor"])
def test_only_an_administrator_makes_changes_or_ends_accounts(world: World, who: str) -> None:
    colleague, actor = world.members["volunteer"].id, world.actor(who)
    for act in (
        lambda: actions.invite(actor, Invite("N", "", frozenset({Role.VOLUNTEER}), ())),
        lambda: actions.new_link(actor, colleague),
        lambda: actions.dismiss(actor, colleague),
        lambda: actions.change_colleague(actor, Change(colleague, 1, "N", "", "", 0, frozenset({Role.VOLUNTEER}), ())),
    ):
        with pytest.raises(Denied):
            act()


def test_who_has_left_is_out_everywhere_at_once_and_holds_nothing(at: At, app: Flask, world: World, db: Any) -> None:
    who = world.members["caseworker"]
    at.sign_in(who)
    actions.dismiss(world.actor("administrator"), who.id)
    assert at.get("/sessions").status_code == 302
    assert at.sign_in(who).status_code == 422
    assert not list(db.session.scalars(select(KeyGrant).where(KeyGrant.member_id == who.id)))
    assert db.session.scalar(select(func.count()).where(Trail.act == "account-dismissed")) == 1


def test_nobody_dismisses_or_promotes_herself(world: World) -> None:
    me = world.members["administrator"].id
    actor = world.actor("administrator")
    for act in (
        lambda: actions.dismiss(actor, me),
        lambda: actions.new_link(actor, me),
        lambda: actions.change_colleague(actor, Change(me, 1, "A", "", "", 0, frozenset({Role.CASEWORKER}), ())),
    ):
        with pytest.raises(Broken) as broken:
            act()
        assert broken.value.message_key == "accounts.not-yourself"


def test_a_role_that_goes_takes_its_keys_along(world: World, db: Any) -> None:
    who = world.members["caseworker"]
    assert world.actor("caseworker").keyring.holds(Kind.ADVOCACY)
    change = Change(who.id, 1, "Rosa", "", "", 0, frozenset({Role.VOLUNTEER}), (world.sites["north"],))
    actions.change_colleague(world.actor("administrator"), change)
    now = actor_for(who.keys.uk, who.keys.uk_id, who.id)
    assert now.roles == {Role.VOLUNTEER}
    assert not now.keyring.holds(Kind.ADVOCACY)
    assert now.keyring.holds(Kind.HOUSE)


def test_two_administrators_change_one_colleague_and_the_slower_one_is_told(world: World) -> None:
    who = world.members["caseworker"].id
    change = Change(who, 1, "Rosa", "", "", 0, frozenset({Role.CASEWORKER}), (world.sites["north"],))
    actions.change_colleague(world.actor("administrator"), change)
    with pytest.raises(Conflict):
        actions.change_colleague(world.actor("administrator"), change)


def test_a_colleagues_name_stands_nowhere_in_clear(world: World, db: Any) -> None:
    link = invite(world, Role.CASEWORKER)
    staff = db.session.get(Staff, link.staff_id)
    assert b"New Person" not in staff.house
    assert db.session.scalars(select(StaffRole.role).where(StaffRole.staff_id == staff.id)).all() == ["caseworker"]


class TestCover:
    def arrange(self, world: World, who: str = "supervisor", **instead: Any) -> None:
        day = today("America/Los_Angeles")
        command = {
            "for_staff": world.members["caseworker"].id,
            "by_staff": world.members["caseworker_two"].id,
            "starts": day,
            "ends": day + timedelta(days=3),
        }
        actions.arrange_cover(world.actor(who), ArrangeCover(**(command | instead)))

    def test_it_lets_her_stand_in_on_those_days_and_no_others(self, world: World) -> None:
        day = today("America/Los_Angeles")
        self.arrange(world, starts=day + timedelta(days=1))
        assert not world.actor("caseworker_two").covers
        self.arrange(world)
        assert world.actor("caseworker_two").covers == {world.members["caseworker"].id}

    @pytest.mark.parametrize(
        ("instead", "key"),
        [
            ({"by": "caseworker"}, "accounts.cover-same"),
            ({"ends": -1}, "accounts.cover-order"),
            ({"ends": 200}, "accounts.cover-long"),
            ({"starts": -5, "ends": -4}, "accounts.cover-past"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, world: World, instead: dict[str, Any], key: str) -> None:
        day = today("America/Los_Angeles")
        given: dict[str, Any] = {k: day + timedelta(days=v) for k, v in instead.items() if k != "by"}
        if "by" in instead:
            given["by_staff"] = world.members[instead["by"]].id
        with pytest.raises(Broken) as broken:
            self.arrange(world, **given)
        assert broken.value.message_key == key

    @pytest.mark.parametrize("who", ["stranger", "advocate", "desk"])
    def test_nobody_outside_her_sites_or_her_kind_of_work_can_be_named(self, world: World, who: str) -> None:
        with pytest.raises(Missing):
            self.arrange(world, by_staff=world.members[who].id)

    def test_a_caseworker_arranges_none(self, world: World) -> None:
        with pytest.raises(Denied):
            self.arrange(world, "caseworker")

    def test_in_one_step_on_the_page(self, at: At, world: World) -> None:
        at.sign_in(world.members["supervisor"])
        away, there = (world.members[one].id.hex() for one in ("caseworker", "caseworker_two"))
        day = at.now.date()
        sent = {"for_staff": away, "by_staff": there, "starts": str(day), "ends": str(day + timedelta(days=2))}
        assert at.post("/cover", **sent).status_code == 302
        assert "Caseworker_Two" in at.get("/cover").text
