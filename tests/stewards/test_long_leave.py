"""Long leave: nothing opens while she is away, two people let her in again, and nothing hangs by one meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, func, select

from shelter.accounts import actions as accounts
from shelter.accounts import long_leave
from shelter.accounts.models import Staff
from shelter.accounts.people import actor_for
from shelter.accounts.taking_in import take_in_grants
from shelter.db.errors import Missing
from shelter.db.keystore import KeyGrant
from shelter.db.roll import current_roll
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind, held_by
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.stewards import actions, duties, marks, queries
from shelter.trail.record import recorded
from tests.accounts.browser import At, at
from tests.factories.agency import World

__all__ = ["at"]
WHO = "caseworker_two"


@pytest.fixture(autouse=True)
def _look_anew() -> None:
    duties._looked.clear()


def away(world: World, who: str = WHO) -> bytes:
    member = world.members[who].id
    long_leave.go_away(world.actor("administrator"), member)
    return member


def handed(world: World, who: str = WHO) -> frozenset[Kind]:
    for one in ("supervisor", "advocate", "desk"):
        duties.hand_on(world.actor(one))
    with recorded(None, "in"):
        take_in_grants(world.members[who].keys)
    her = actor_for(world.members[who].keys.uk, world.members[who].keys.uk_id, world.members[who].id)
    return frozenset(kind for kind in Kind if her.keyring.holds(kind))


def test_while_she_is_away_she_opens_nothing_and_nobody_hands_her_a_key(world: World, db: Any, at: At) -> None:
    at.sign_in(world.members[WHO])
    member = away(world)
    assert at.get("/today/").status_code == 302, "her session has ended"
    assert handed(world) == frozenset()
    assert db.session.scalar(select(func.count()).where(KeyGrant.member_id == member)) == 0
    assert member in current_roll().bindings, "she stays a colleague"
    assert marks.marked() == frozenset(), "she took nothing that must be renewed"


def test_two_people_let_her_in_again_and_then_she_opens_what_she_did(world: World, db: Any) -> None:
    member = away(world)
    with pytest.raises(Missing):
        actions.let_in_again(world.actor("steward"), member)
    long_leave.come_back(world.actor("administrator"), member)
    assert [one.id for one in queries.overview(world.actor("steward")).returning] == [member]
    assert handed(world) == frozenset(), "one alone gives nothing back"
    actions.let_in_again(world.actor("steward"), member)
    assert handed(world) == held_by({Role.CASEWORKER})
    assert db.session.get(Staff, member, populate_existing=True).state == "active"


def test_who_calls_her_back_does_not_let_her_in(world: World, db: Any) -> None:
    member = away(world)
    long_leave.come_back(world.actor("administrator"), member)
    with pytest.raises(Denied):
        actions.let_in_again(world.actor("administrator"), member)
    with pytest.raises(Denied):
        long_leave.come_back(world.actor("steward"), member)
    with recorded(None, "swapped"):
        db.session.get(Staff, member, populate_existing=True).made_by = world.members["steward"].id
    with pytest.raises(Broken, match="not-by-the-caller"):
        actions.let_in_again(world.actor("steward"), member)


def test_nothing_hangs_by_one_because_somebody_is_away(world: World, db: Any) -> None:
    away(world, "legal_supervisor")
    others = {world.members[who].id for who in ("legal_supervisor", "advocate")} | {current_roll().kit_id}
    with recorded(None, "the kit's copy is lost"):
        db.session.execute(delete(KeyGrant).where(KeyGrant.member_kind == "kit"))
    with pytest.raises(Broken, match="two-openers"):
        away(world, "advocate")
    assert current_roll().kit_id in others


def test_nobody_sends_herself_away_and_who_left_is_not_called_back(world: World) -> None:
    with pytest.raises(Broken, match="not-yourself"):
        away(world, "administrator")
    member = world.members[WHO].id
    accounts.dismiss(world.actor("administrator"), member)
    for act in (long_leave.go_away, long_leave.come_back):
        with pytest.raises(Missing):
            act(world.actor("administrator"), member)
