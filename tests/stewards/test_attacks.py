"""Somebody who can write the database and holds no key: what she puts there is believed by nobody."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from shelter.accounts import actions as accounts
from shelter.accounts import keys, signing_in
from shelter.accounts.models import Staff, StaffRole
from shelter.accounts.people import actor_for
from shelter.accounts.taking_in import take_in_grants
from shelter.crypto.compartments import grant_context, grant_to, new_compartment_key
from shelter.crypto.errors import Unopenable
from shelter.crypto.signing import new_exchange_pair, new_signing_pair
from shelter.crypto.statements import next_statement
from shelter.db.keystore import Compartment, KeyGrant, KeyStatement, KeyUser, KeyVersion
from shelter.db.roll import as_row, current_roll
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.stewards import actions, duties, membership, queries
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.stewards.test_membership import compartment, waiting


@pytest.fixture(autouse=True)
def _look_anew() -> None:
    duties._looked.clear()


def test_another_key_in_the_place_of_a_waiting_colleagues_gives_other_words(world: World, db: Any) -> None:
    staff, _ = waiting(world, db, Role.CASEWORKER)
    shown = queries.candidate(world.actor("steward"), staff.id)
    row = db.session.get(KeyUser, staff.id)
    row.exchange_public, row.signing_public = new_exchange_pair().public, new_signing_pair().public
    db.session.commit()
    assert queries.candidate(world.actor("steward"), staff.id).words != shown.words
    with pytest.raises(Broken) as broken:  # swapped between the comparison and the click
        actions.bind_colleague(world.actor("steward"), staff.id, shown.mark)
    assert broken.value.message_key == "stewards.other-keys"
    assert staff.id not in current_roll().bindings


def test_a_row_that_says_active_makes_nobody_a_member(world: World, db: Any) -> None:
    staff, own = waiting(world, db, Role.SUPERVISOR)
    db.session.execute(update(Staff).where(Staff.id == staff.id).values(state="active"))
    db.session.commit()
    duties.hand_on(world.actor("supervisor"))
    assert not list(db.session.scalars(select(KeyGrant).where(KeyGrant.member_id == staff.id)))
    opened = signing_in.Opened(staff, db.session.get(KeyUser, staff.id), own)
    with recorded(None, "try"), pytest.raises(signing_in.ListChanged):
        signing_in._begin(opened, signing_in.throttle.sign_in("x", "y"), "none", ())


def test_a_role_written_into_the_table_opens_nothing(world: World, db: Any) -> None:
    who = world.members["volunteer"]
    db.session.add(StaffRole(staff_id=who.id, role="supervisor"))
    db.session.commit()
    duties.hand_on(world.actor("supervisor"))
    with recorded(None, "in"):
        take_in_grants(who.keys)
    assert not world.actor("volunteer").keyring.holds(Kind.ADVOCACY)


def test_a_grant_of_a_key_that_nobody_signed_is_left_alone(world: World, db: Any) -> None:
    """The attacker knows her key and seals it to a member, hoping that she will seal records under it."""
    who, where = world.members["caseworker"], compartment(db, Kind.ADVOCACY)
    forged = new_compartment_key(where, 1)
    grant = db.session.scalars(
        select(KeyGrant).where(KeyGrant.member_id == who.id, KeyGrant.compartment_id == where)
    ).one()
    context = grant_context(current_roll().agency, where, 1, who.id)
    grant.wrap, grant.sealed = "hpke", grant_to(who.keys.exchange.public, who.id, forged, context)
    db.session.commit()
    with recorded(None, "in"):
        assert take_in_grants(who.keys) == 0
    assert not world.actor("caseworker").keyring.holds(Kind.ADVOCACY)


def test_a_grant_moved_from_a_colleague_opens_nothing(world: World, db: Any) -> None:
    hers = db.session.scalars(
        select(KeyGrant).where(
            KeyGrant.member_id == world.members["advocate"].id, KeyGrant.compartment_id == compartment(db, Kind.LEGAL)
        )
    ).one()
    hers.member_id = world.members["caseworker"].id
    db.session.commit()
    actor = world.actor("caseworker")
    with pytest.raises(Unopenable):
        actor.keyring.secret(hers.compartment_id, 1)  # type: ignore[attr-defined]


def test_a_dismissed_members_grants_and_row_put_back_do_not_let_her_in(world: World, db: Any) -> None:
    who = world.members["caseworker"]
    kept = [
        {column.name: getattr(row, column.name) for column in KeyGrant.__table__.columns}
        for row in db.session.scalars(select(KeyGrant).where(KeyGrant.member_id == who.id))
    ]
    accounts.dismiss(world.actor("administrator"), who.id)
    actions.unbind_colleague(world.actor("steward"), who.id)
    db.session.execute(KeyGrant.__table__.insert(), kept)
    db.session.execute(update(Staff).where(Staff.id == who.id).values(state="active"))
    db.session.commit()
    staff, row = db.session.get(Staff, who.id), db.session.get(KeyUser, who.id)
    opened = signing_in.Opened(staff, row, who.keys)
    with recorded(None, "try"), pytest.raises(signing_in.ListChanged):
        signing_in._begin(opened, signing_in.throttle.sign_in("x", "y"), "none", ())
    duties.hand_on(world.actor("supervisor"))
    assert len(kept) == len(list(db.session.scalars(select(KeyGrant).where(KeyGrant.member_id == who.id))))


def test_a_grant_put_back_after_a_change_of_roles_is_dropped_at_her_next_sign_in(world: World, db: Any) -> None:
    who, where = world.members["caseworker"], compartment(db, Kind.ADVOCACY)
    row = db.session.scalars(
        select(KeyGrant).where(KeyGrant.member_id == who.id, KeyGrant.compartment_id == where)
    ).one()
    kept = {column.name: getattr(row, column.name) for column in KeyGrant.__table__.columns}
    change = accounts.Change(who.id, 1, "R", "", "", 0, frozenset({Role.VOLUNTEER}), ())
    accounts.change_colleague(world.actor("administrator"), change)
    actions.sign_rosters(world.actor("steward"), who.id)
    db.session.execute(KeyGrant.__table__.insert(), [kept])
    db.session.commit()
    opened = signing_in.Opened(db.session.get(Staff, who.id), db.session.get(KeyUser, who.id), who.keys)
    with recorded(None, "in"):
        signing_in._begin(opened, signing_in.throttle.sign_in("x", "y"), "none", ())
    assert not actor_for(who.keys.uk, who.keys.uk_id, who.id).keyring.holds(Kind.ADVOCACY)


def test_a_statement_signed_by_somebody_without_the_office_breaks_the_list_for_everybody(world: World, db: Any) -> None:
    """Denial of service is possible for who writes the database; belonging is not."""
    staff, own = waiting(world, db, Role.STEWARD)
    administrator = world.members["administrator"]
    forged = next_statement(current_roll(), own.binding(), [(administrator.id, administrator.keys.signing.private)])
    db.session.add(as_row(forged))
    db.session.commit()
    with pytest.raises(Unopenable):
        current_roll()
    db.session.execute(KeyStatement.__table__.delete().where(KeyStatement.seq == forged.seq))
    db.session.commit()
    assert staff.id not in current_roll().bindings


def test_a_swapped_public_half_of_a_compartment_is_never_handed_on(world: World, db: Any) -> None:
    where = compartment(db, Kind.ADVOCACY)
    staff, _ = waiting(world, db, Role.CASEWORKER)
    actions.bind_colleague(world.actor("steward"), staff.id, membership.mark_of(staff.id))
    row = db.session.get(KeyVersion, (where, 1))
    other = db.session.get(KeyVersion, (compartment(db, Kind.LEGAL), 1))
    row.private_sealed = other.private_sealed
    db.session.commit()
    with pytest.raises(Unopenable), recorded(None, "try"):
        membership.deliver(world.actor("supervisor"))
    assert not list(db.session.scalars(select(KeyGrant).where(KeyGrant.member_id == staff.id)))


def test_a_compartment_row_put_there_gets_no_members(world: World, db: Any) -> None:
    """Nobody makes a key for it or is let into it, and what is hers goes on where the others of its kind lie."""
    row = Compartment(kind=Kind.LEGAL.value, client_id=b"c" * 16)
    db.session.add(row)
    db.session.commit()
    for who in ("advocate", "legal_supervisor"):
        duties.hand_on(world.actor(who))
        keyring = world.actor(who).keyring
        assert row.id not in keyring.held()
        assert keyring.find(Kind.LEGAL, b"c" * 16) == keyring.find(Kind.LEGAL)
    for table in (KeyGrant, KeyVersion):
        assert db.session.scalars(select(table.compartment_id).where(table.compartment_id == row.id)).all() == []


def test_keys_of_somebody_else_in_her_row_open_nothing(world: World, db: Any) -> None:
    """The attacker's own passphrase, user key and halves under a colleague's name."""
    who = world.members["supervisor"]
    theirs, _ = keys.make(who.id, "the attacker's passphrase", keys.Factors())
    mine = db.session.get(KeyUser, who.id)
    for column in KeyUser.__table__.columns:
        if column.name != "user_id":
            setattr(mine, column.name, getattr(theirs, column.name))
    db.session.commit()
    own = keys.open_with(mine, keys.derive_for(mine, "the attacker's passphrase"))
    assert own is not None
    opened = signing_in.Opened(db.session.get(Staff, who.id), mine, own)
    with recorded(None, "try"), pytest.raises(signing_in.ListChanged):
        signing_in._begin(opened, signing_in.throttle.sign_in("x", "y"), "none", ())
