"""Who belongs: two people let a colleague in, any member hands the keys on, and leaving is a signature away."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from shelter.accounts import actions as accounts
from shelter.accounts.actions import Invite
from shelter.accounts.enrolling import NewColleague, account, give_keys
from shelter.accounts.keys import Factors, OwnKeys
from shelter.accounts.models import Staff, StaffRole
from shelter.accounts.people import actor_for
from shelter.accounts.taking_in import take_in_grants
from shelter.crypto.kit import kit_sheet
from shelter.crypto.statements import confirmation_words
from shelter.db.deployment import deployment
from shelter.db.errors import Missing
from shelter.db.keystore import Compartment, KeyGrant, KeyUser
from shelter.db.roll import current_roll
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind, held_by
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.stewards import actions, duties, marks, membership, queries, seconds
from shelter.trail.record import recorded
from tests.factories.agency import World


def waiting(world: World, db: Any, *roles: Role, by: str = "administrator") -> tuple[Staff, OwnKeys]:
    """A colleague who has made her keys and waits."""
    with recorded(world.actor(by), "invited"):
        new = NewColleague("new-person-10", "New Person", "New", frozenset(roles), (world.sites["north"],))
        staff = account(world.actor(by), new)
        keys = give_keys(staff, "a passphrase of hers", Factors())
        staff.state = "waiting"
    return staff, keys


def let_in(world: World, staff: Staff, who: str = "steward") -> None:
    actions.bind_colleague(world.actor(who), staff.id, membership.mark_of(staff.id))


def compartment(db: Any, kind: Kind) -> bytes:
    return bytes(db.session.scalar(select(Compartment.id).where(Compartment.kind == kind)))


def the_kit(world: World) -> membership.Second:
    roll = current_roll()
    key, _ = kit_sheet(world.kit_seed, number=1, agency=roll.agency, fingerprint=roll.fingerprint)
    return seconds.the_kit(" ".join(key))


def test_she_and_the_steward_see_the_same_six_words_and_then_she_belongs(world: World, db: Any) -> None:
    staff, keys = waiting(world, db, Role.CASEWORKER)
    hers = confirmation_words(keys.binding(), deployment().fingerprint or b"")
    assert queries.candidate(world.actor("steward"), staff.id).words == hers
    let_in(world, staff)
    assert current_roll().binding(staff.id) == keys.binding()
    kinds = held_by({Role.CASEWORKER})
    for kind in Kind:
        if kind is not Kind.CLINICAL:
            assert (staff.id in current_roll().members(compartment(db, kind))) is (kind in kinds)


def test_any_member_hands_on_what_she_holds_and_nothing_else(world: World, db: Any) -> None:
    staff, keys = waiting(world, db, Role.CASEWORKER)
    let_in(world, staff)
    duties.hand_on(world.actor("desk"))
    with recorded(None, "in"):
        take_in_grants(keys)
    her = actor_for(keys.uk, keys.uk_id, staff.id)
    assert her.keyring.holds(Kind.SHELTER)
    assert not her.keyring.holds(Kind.ADVOCACY)
    duties.hand_on(world.actor("supervisor"))
    with recorded(None, "in"):
        take_in_grants(keys)
    her = actor_for(keys.uk, keys.uk_id, staff.id)
    assert {kind for kind in Kind if her.keyring.holds(kind)} == held_by({Role.CASEWORKER})


def test_who_made_the_account_does_not_bind_it(world: World, db: Any) -> None:
    staff, _ = waiting(world, db, Role.VOLUNTEER, by="steward")
    with pytest.raises(Broken) as broken:
        let_in(world, staff)
    assert broken.value.message_key == "stewards.not-by-the-maker"
    let_in(world, staff, "steward_two")


def test_the_database_says_so_too(world: World, db: Any) -> None:
    from sqlalchemy import CheckConstraint

    rules = [str(one.sqltext) for one in Staff.__table__.constraints if isinstance(one, CheckConstraint)]
    assert any("made_by <> bound_by" in rule for rule in rules)


@pytest.mark.parametrize("who", ["administrator", "caseworker", "auditor", "director"])
def test_nobody_but_a_steward_lets_anybody_in(world: World, db: Any, who: str) -> None:
    staff, _ = waiting(world, db, Role.VOLUNTEER)
    with pytest.raises(Denied):
        let_in(world, staff, who)


def test_the_role_of_steward_alone_signs_nothing(world: World, db: Any) -> None:
    staff, keys = waiting(world, db, Role.STEWARD)
    let_in(world, staff)
    duties.hand_on(world.actor("steward"))
    new = actor_for(keys.uk, keys.uk_id, staff.id)
    other = accounts.invite(world.actor("administrator"), Invite("N", "", frozenset({Role.VOLUNTEER}), ()))
    with pytest.raises(Broken) as broken:
        actions.unbind_colleague(new, other.staff_id)
    assert broken.value.message_key == "stewards.not-in-office"


def test_two_make_a_steward_another_steward_or_the_kit(world: World, db: Any) -> None:
    staff, _ = waiting(world, db, Role.STEWARD)
    let_in(world, staff)
    assert [one.id for one in queries.overview(world.actor("steward")).offices] == [staff.id]
    alone = membership.Second(world.members["steward"].id, world.members["steward"].keys.signing.private)
    with pytest.raises(Broken) as broken:
        actions.change_office(world.actor("steward"), staff.id, alone)
    assert broken.value.message_key == "stewards.two-sign"
    actions.change_office(world.actor("steward"), staff.id, the_kit(world))
    assert staff.id in current_roll().stewards


@pytest.mark.parametrize("typed", ["", "0400 AAAA", "not a sheet at all", "0000 " * 16])
def test_what_is_not_the_sheet_is_refused_in_words(world: World, typed: str) -> None:
    with pytest.raises(Broken) as broken:
        seconds.the_kit(typed)
    assert broken.value.message_key.startswith("stewards.kit-")


class TestLeaving:
    def test_she_is_unbound_marked_and_never_handed_a_key_again(self, world: World, db: Any) -> None:
        who = world.members["caseworker"]
        accounts.dismiss(world.actor("administrator"), who.id)
        assert [one.id for one in queries.overview(world.actor("steward")).to_unbind] == [who.id]
        duties._looked.clear()
        duties.hand_on(world.actor("supervisor"))
        assert not list(db.session.scalars(select(KeyGrant).where(KeyGrant.member_id == who.id)))
        actions.unbind_colleague(world.actor("steward"), who.id)
        assert who.id not in current_roll().bindings
        marked = {Kind(db.session.get(Compartment, one).kind) for one in marks.to_renew()}
        assert marked == held_by({Role.CASEWORKER})
        with pytest.raises(Missing):
            actions.unbind_colleague(world.actor("steward"), who.id)

    def test_nobody_who_works_here_is_unbound(self, world: World) -> None:
        with pytest.raises(Missing):
            actions.unbind_colleague(world.actor("steward"), world.members["caseworker"].id)

    def test_a_steward_goes_by_two_signatures(self, world: World, db: Any) -> None:
        who = world.members["steward_two"].id
        accounts.dismiss(world.actor("administrator"), who)
        with pytest.raises(Broken) as broken:
            actions.unbind_colleague(world.actor("steward"), who)
        assert broken.value.message_key == "stewards.two-sign"
        actions.unbind_colleague(world.actor("steward"), who, the_kit(world))
        assert current_roll().stewards == {world.members["steward"].id}

    def test_a_founder_who_leaves_a_roster_by_herself_marks_nothing(self, world: World) -> None:
        assert not marks.to_renew()


class TestRosters:
    def test_they_follow_roles_by_a_stewards_signature(self, world: World, db: Any) -> None:
        who = world.members["volunteer"]
        change = accounts.Change(who.id, 1, "V", "", "", 0, frozenset({Role.LEGAL_ADVOCATE}), (world.sites["north"],))
        accounts.change_colleague(world.actor("administrator"), change)
        assert [one.id for one in queries.overview(world.actor("steward")).rosters] == [who.id]
        actions.sign_rosters(world.actor("steward"), who.id)
        assert who.id in current_roll().members(compartment(db, Kind.LEGAL))
        assert not queries.overview(world.actor("steward")).rosters

    def test_no_voluntary_change_leaves_fewer_than_two(self, world: World, db: Any) -> None:
        """The auditor's compartment has her and the kit."""
        who = world.members["auditor"]
        change = accounts.Change(who.id, 1, "A", "", "", 0, frozenset({Role.VOLUNTEER}), ())
        with pytest.raises(Broken) as broken:
            accounts.change_colleague(world.actor("administrator"), change)
        assert broken.value.message_key == "accounts.two-openers"
        assert world.actor("auditor").keyring.holds(Kind.AUDIT), "she keeps what she had"

    def test_nor_does_a_roster_that_follows_roles(self, world: World, db: Any) -> None:
        who = world.members["auditor"].id
        db.session.execute(update(StaffRole).where(StaffRole.staff_id == who).values(role="volunteer"))
        db.session.commit()
        with pytest.raises(Broken) as broken:
            actions.sign_rosters(world.actor("steward"), who)
        assert broken.value.message_key == "stewards.two-openers"

    def test_a_compartment_that_one_alone_opens_is_shown(self, world: World, db: Any) -> None:
        where = compartment(db, Kind.AUDIT)
        assert not any(one.is_thin for one in queries.compartments())
        db.session.execute(delete(KeyGrant).where(KeyGrant.compartment_id == where, KeyGrant.wrap == "uk"))
        db.session.commit()
        assert [one.kind for one in queries.compartments() if one.is_thin] == [Kind.AUDIT]


def test_a_founder_holds_nothing_that_her_roles_do_not_need(world: World) -> None:
    for who in ("steward", "steward_two"):
        actor = world.actor(who)
        assert {kind for kind in Kind if actor.keyring.holds(kind)} == {Kind.HOUSE}


def test_delivering_looks_only_when_the_list_has_moved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    duties._looked.clear()
    looked: list[bytes] = []

    def counted(actor: Any) -> list[Any]:
        looked.append(actor.id)
        return membership.undelivered(actor)

    monkeypatch.setattr(duties, "undelivered", counted)
    for _ in range(3):
        duties.hand_on(world.actor("supervisor"))
    assert len(looked) == 1


class TestAnAdministratorWhoForgot:
    """Nobody else may be there to make her a link: a steward does, and another binds her."""

    def test_one_steward_makes_the_link_and_another_binds(self, world: World, db: Any) -> None:
        who = world.members["administrator"]
        link = actions.reset_administrator(world.actor("steward"), who.id)
        staff = db.session.get(Staff, who.id, populate_existing=True)
        assert (link.staff_id, staff.state) == (who.id, "invited")
        assert not list(db.session.scalars(select(KeyGrant).where(KeyGrant.member_id == who.id)))
        with recorded(None, "enrolled"):
            db.session.execute(delete(KeyUser).where(KeyUser.user_id == who.id))
            keys = give_keys(staff, "another passphrase of hers", Factors())
            staff.state = "waiting"
        with pytest.raises(Broken) as broken:
            let_in(world, staff, "steward")
        assert broken.value.message_key == "stewards.not-by-the-maker"
        let_in(world, staff, "steward_two")
        assert current_roll().binding(who.id) == keys.binding()

    @pytest.mark.parametrize("who", ["caseworker", "steward_two", "auditor"])
    def test_for_nobody_else(self, world: World, who: str) -> None:
        with pytest.raises(Missing):
            actions.reset_administrator(world.actor("steward"), world.members[who].id)
        with pytest.raises(Denied):
            actions.reset_administrator(world.actor("caseworker"), world.members["administrator"].id)
