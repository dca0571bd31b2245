"""A new kit in the place of the old, and the office of steward taken with it where every steward is gone."""

from __future__ import annotations

import os
import re
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from shelter.accounts import actions as accounts
from shelter.accounts.taking_in import take_in_grants
from shelter.clients.models import IDENTITY, Client
from shelter.crypto import totp
from shelter.crypto.bodies import Roster, id_set
from shelter.crypto.errors import Unopenable
from shelter.crypto.statements import extend, next_statement
from shelter.db.keystore import Compartment
from shelter.db.roll import current_roll
from shelter.db.sections import open_section
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.stewards import actions, duties, kit_page, membership, new_kit, queries, refounding, seconds
from shelter.stewards.kit_member import kit_as_actor
from shelter.stewards.membership import Second
from shelter.trail.record import recorded
from tests.accounts.browser import At, at
from tests.factories.agency import World
from tests.factories.clients import client_id, named
from tests.stewards.test_backups import sheet
from tests.stewards.test_membership import compartment, waiting

__all__ = ["at"]


@pytest.fixture(autouse=True)
def _look_anew() -> None:
    duties._looked.clear()


def another(world: World, who: str = "steward_two") -> Second:
    member = world.members[who]
    return Second(member.id, member.keys.signing.private)


def opens(world: World, db: Any, typed: str, client: bytes) -> str:
    db.session.rollback()
    kit = kit_as_actor(seconds.kit_of(typed, current_roll()), current_roll())
    found = open_section(kit, db.session.get(Client, client, populate_existing=True), IDENTITY)
    return found.legal_name if found else ""


def test_with_the_old_kit_the_new_one_opens_everything_at_once_and_the_old_is_void(world: World, db: Any) -> None:
    client, old = client_id(named(world, "Oksana Melnyk")), sheet(world)
    fresh = new_kit.with_the_old(world.actor("steward"), old)
    typed = " ".join(fresh.key)
    assert (fresh.number, current_roll().kit.number) == (2, 2)
    assert kit_page.try_it(world.actor("steward"), typed) == len(list(db.session.scalars(select(Compartment.id))))
    assert opens(world, db, typed, client) == "Oksana Melnyk"
    assert not [one for one in queries.compartments() if one.is_thin]
    with pytest.raises(Broken, match="kit-other"):
        seconds.the_kit(old)
    shares = kit_page.divide(world.actor("steward"), typed, 2, 3)
    assert seconds.the_kit(f"{shares[1]} {shares[2]}") == seconds.the_kit(typed)


def test_without_the_old_kit_members_hand_everything_on(world: World, db: Any) -> None:
    client = client_id(named(world, "Oksana Melnyk"))
    typed = " ".join(new_kit.without_the_old(world.actor("steward"), another(world)).key)
    with pytest.raises(Broken):
        kit_page.try_it(world.actor("steward"), typed)
    for who in ("supervisor", "legal_supervisor", "director", "preparer", "auditor"):
        duties.hand_on(world.actor(who))
    assert opens(world, db, typed, client) == "Oksana Melnyk"
    assert kit_page.try_it(world.actor("steward"), typed)


def test_one_alone_makes_no_kit(world: World) -> None:
    with pytest.raises(Broken, match="two-sign"):
        new_kit.without_the_old(world.actor("steward"), another(world, "steward"))
    with pytest.raises(Broken, match="list-refused"):
        new_kit.without_the_old(world.actor("steward"), another(world, "caseworker"))
    with pytest.raises(Denied):
        new_kit.with_the_old(world.actor("supervisor"), sheet(world))
    assert current_roll().kit.number == 1


def test_the_page_shows_the_sheet_once_and_what_was_typed_wrong(at: At, world: World) -> None:
    at.sign_in(world.members["steward"])
    refused = at.post("/keys/kit/new", kit="0000 " * 16)
    assert refused.status_code in (200, 422)
    told = at.post("/keys/kit/new", kit=sheet(world)).text
    groups = re.findall(r"<code>([0-9A-Z]{4})</code>", told)
    assert len(groups) > 16
    assert seconds.the_kit(" ".join(groups[:16])).id == current_roll().kit_id
    assert not any(group in at.get("/keys/kit").text for group in groups)


# -- every steward is gone ---------------------------------------------------------------


def all_gone(world: World) -> None:
    for who in ("steward", "steward_two"):
        accounts.dismiss(world.actor("administrator"), world.members[who].id)


def test_a_colleague_takes_the_office_with_the_kit_and_signs_another_in(world: World, db: Any) -> None:
    all_gone(world)
    refounding.refound(world.actor("supervisor"), sheet(world))
    her = world.members["supervisor"].id
    assert current_roll().stewards == {her}
    assert Role.STEWARD in world.actor("supervisor").roles
    for who in ("steward", "steward_two"):
        actions.unbind_colleague(world.actor("supervisor"), world.members[who].id)
    staff, keys = waiting(world, db, Role.STEWARD)
    kit = seconds.the_kit(sheet(world))
    actions.bind_colleague(world.actor("supervisor"), staff.id, membership.mark_of(staff.id), kit)
    actions.change_office(world.actor("supervisor"), staff.id, kit)
    assert current_roll().stewards == {her, staff.id}
    duties.hand_on(world.actor("supervisor"))
    with recorded(None, "in"):
        assert take_in_grants(keys)


def test_nobody_takes_the_office_while_a_steward_works_here_or_without_the_kit(world: World) -> None:
    with pytest.raises(Broken, match="still-there"):
        refounding.refound(world.actor("supervisor"), sheet(world))
    all_gone(world)
    with pytest.raises(Broken):
        refounding.refound(world.actor("supervisor"), "0000 " * 16)
    with pytest.raises(Broken, match="roles-clash"):
        refounding.refound(world.actor("administrator"), sheet(world))
    with pytest.raises(Broken, match="roles-clash"):
        refounding.refound(world.actor("auditor"), sheet(world))


def test_the_list_itself_refuses_every_other_way_into_the_office(world: World, db: Any) -> None:
    """Somebody who can write the database, and has a kit or a colleague's key, but not both for the one who enters."""
    all_gone(world)
    roll, house = current_roll(), compartment(db, Kind.HOUSE)
    kit, her = seconds.the_kit(sheet(world)), another(world, "supervisor")
    third = world.members["caseworker"].id
    members = roll.members(house)
    for signers, present, stewards in (
        ([kit], members, {her.id}),
        ([her], members, {her.id}),
        ([kit, her], members, {third}),
        ([kit, her], members, {her.id, third}),
        ([kit, her], members - {third}, {her.id}),
        ([her, another(world, "caseworker")], members, {her.id}),
    ):
        body = Roster(house, id_set(present), id_set(stewards))
        statement = next_statement(roll, body, [(one.id, one.signing_private) for one in signers])
        with pytest.raises(Unopenable):
            extend(roll, statement)
    body = Roster(house, id_set(members), id_set({her.id}))
    extend(roll, next_statement(roll, body, [(one.id, one.signing_private) for one in (kit, her)]))


def _piped(text: str) -> str:
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return str(reading)


def test_the_office_is_taken_at_a_terminal(app: Flask, world: World) -> None:
    all_gone(world)
    member = world.members["supervisor"]
    hers = _piped(f"{member.passphrase}\n{totp.code_at(member.totp_secret, time.time())}\n")
    command = ["take-office", "--as", member.sign_in_name, "--passphrase-fd", hers, "--kit-fd", _piped(sheet(world))]
    done = app.test_cli_runner().invoke(args=command)
    assert done.exit_code == 0, (done.output, done.exception)
    assert current_roll().stewards == {member.id}
