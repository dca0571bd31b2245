"""The smallest agency that can run it: two stewards who also do the work, an administrator, and the kit in a drawer.

One steward is also the supervisor and the caseworker, the other also the director; the auditor's place is vacant.
Each act that takes two people is done here by these three and the kit, and by nobody alone.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from shelter.accounts import actions as accounts
from shelter.accounts.enrolling import give_keys
from shelter.accounts.keys import Factors
from shelter.accounts.models import Staff
from shelter.accounts.people import actor_for
from shelter.accounts.taking_in import take_in_grants
from shelter.clients.models import IDENTITY, Client
from shelter.db.keystore import KeyUser
from shelter.db.roll import current_roll
from shelter.db.sections import open_section
from shelter.erasing import actions as erasing
from shelter.erasing.actions import Ask
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.restricting import actions as restricting
from shelter.restricting import moving
from shelter.restricting import queries as restrictions
from shelter.restricting.actions import Restrict
from shelter.rules.broken import Broken
from shelter.stewards import actions, duties, kit_page, membership, queries, seconds
from shelter.trail.proof import prove
from shelter.trail.record import recorded
from tests.factories import agency
from tests.factories.agency import World
from tests.factories.clients import client_id, named
from tests.stewards.test_backups import sheet
from tests.stewards.test_membership import waiting

THREE = {
    "steward": (frozenset({Role.STEWARD, Role.SUPERVISOR, Role.CASEWORKER}), "north"),
    "steward_two": (frozenset({Role.STEWARD, Role.DIRECTOR}), "north"),
    "administrator": (frozenset({Role.ADMINISTRATOR}), "north"),
}


@pytest.fixture
def small(app: Flask, db: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    duties._looked.clear()
    monkeypatch.setattr(agency, "CAST", THREE)
    world = agency._found_world(app, fictional=False)
    for who in ("steward", "steward_two"):
        actions.sign_rosters(world.actor("steward"), world.members[who].id)
    hand_round(world)
    return world


def hand_round(world: World) -> None:
    for who in THREE:
        duties.hand_on(world.actor(who))
        with recorded(None, "in"):
            for member in world.members.values():
                take_in_grants(member.keys)


def enrolled_again(world: World, db: Any, who: str) -> Staff:
    """She comes in person with her new link and makes keys."""
    staff: Staff = db.session.get(Staff, world.members[who].id, populate_existing=True)
    with recorded(None, "enrolled"):
        db.session.execute(delete(KeyUser).where(KeyUser.user_id == staff.id))
        world.members[who].keys = give_keys(staff, "another passphrase of hers", Factors())
        staff.state = "waiting"
    return staff


def test_everything_is_opened_by_two_the_kit_among_them(small: World) -> None:
    assert kit_page.try_it(small.actor("steward"), sheet(small))
    assert [one.kind for one in queries.compartments() if one.is_thin] == []


def test_a_colleague_is_let_in_by_two_and_by_no_one_alone(small: World, db: Any) -> None:
    staff, keys = waiting(small, db, Role.CASEWORKER)
    actions.bind_colleague(small.actor("steward"), staff.id, membership.mark_of(staff.id))
    hand_round(small)
    with recorded(None, "in"):
        take_in_grants(keys)
    client = client_id(named(small, "Oksana Melnyk", who="steward"))
    row = db.session.get(Client, client)
    told = open_section(actor_for(keys.uk, keys.uk_id, staff.id), row, IDENTITY)
    assert told is not None
    assert told.legal_name == "Oksana Melnyk"


def test_a_steward_who_forgot_comes_back_with_administrator_other_steward_and_kit(small: World, db: Any) -> None:
    client = client_id(named(small, "Oksana Melnyk", who="steward"))
    accounts.new_link(small.actor("administrator"), small.members["steward"].id)
    staff = enrolled_again(small, db, "steward")
    mark = membership.mark_of(staff.id)
    with pytest.raises(Broken, match="two-sign"):
        actions.bind_colleague(small.actor("steward_two"), staff.id, mark)
    kit = seconds.the_kit(sheet(small))
    actions.bind_colleague(small.actor("steward_two"), staff.id, mark, kit)
    hand_round(small)
    assert staff.id in current_roll().stewards
    her = small.actor("steward")
    assert not her.keyring.holds(Kind.IDENTITY), "nobody else held it"
    kit_page.try_it(small.actor("steward_two"), sheet(small))
    with recorded(None, "in"):
        take_in_grants(small.members["steward"].keys)
    told = open_section(small.actor("steward"), db.session.get(Client, client, populate_existing=True), IDENTITY)
    assert told is not None
    assert told.legal_name == "Oksana Melnyk"


def test_an_administrator_who_forgot_is_helped_by_both_stewards(small: World, db: Any) -> None:
    actions.reset_administrator(small.actor("steward"), small.members["administrator"].id)
    staff = enrolled_again(small, db, "administrator")
    mark = membership.mark_of(staff.id)
    with pytest.raises(Broken, match="not-by-the-maker"):
        actions.bind_colleague(small.actor("steward"), staff.id, mark)
    actions.bind_colleague(small.actor("steward_two"), staff.id, mark)
    assert staff.id in current_roll().bindings


def test_a_file_is_erased_by_both_stewards(small: World) -> None:
    code = named(small, "Oksana Melnyk", who="steward")
    asked = erasing.ask(small.actor("steward"), Ask(code, "whole", "she-asked"))
    with pytest.raises(Broken):
        erasing.agree(small.actor("steward"), asked)
    erasing.agree(small.actor("steward_two"), asked)
    erasing.erase(small.actor("steward"), asked)
    assert prove().holds


def test_a_person_is_restricted_by_both_stewards(small: World) -> None:
    code = named(small, "Oksana Melnyk", who="steward")
    restricting.ask(small.actor("steward"), Restrict(code, frozenset({small.members["steward"].id})))
    ((asked,), _) = restrictions.for_steward(small.actor("steward_two"))
    with pytest.raises(Broken, match="not-your-own"):
        restricting.sign(small.actor("steward"), asked.id)
    restricting.sign(small.actor("steward_two"), asked.id)
    moving.begin(small.actor("steward"))
    assert restrictions.of_client(small.actor("steward"), code).done


def test_the_stewards_change_with_the_kit_where_one_of_them_is_gone(small: World, db: Any) -> None:
    kit = seconds.the_kit(sheet(small))
    accounts.dismiss(small.actor("administrator"), small.members["steward_two"].id)
    actions.unbind_colleague(small.actor("steward"), small.members["steward_two"].id, kit)
    staff, _ = waiting(small, db, Role.STEWARD)
    actions.bind_colleague(small.actor("steward"), staff.id, membership.mark_of(staff.id))
    actions.change_office(small.actor("steward"), staff.id, kit)
    assert current_roll().stewards == {small.members["steward"].id, staff.id}
