"""Renewing keys: who has left opens nothing with what she copied, everybody else everything, at every moment."""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from shelter.accounts import actions as accounts
from shelter.accounts.people import actor_for
from shelter.accounts.taking_in import take_in_grants
from shelter.clients.models import IDENTITY, Client, Identity
from shelter.crypto.compartments import dek_context, grant_context, key_id_of, unwrap_dek
from shelter.crypto.errors import Unopenable
from shelter.crypto.hpke import unseal_from
from shelter.db import deks
from shelter.db.errors import Conflict
from shelter.db.keystore import Compartment, KeyDek, KeyGrant, KeyVersion
from shelter.db.roll import current_roll
from shelter.db.sections import drop, open_section, save
from shelter.policy.kinds import Kind, held_by
from shelter.policy.roles import Role
from shelter.stewards import actions, duties, marks, queries, renewing
from shelter.stewards.kit_member import kit_as_actor
from shelter.trail.models import Trail
from shelter.trail.proof import prove
from shelter.trail.record import recorded
from shelter.trail.rows import wrong_rows
from tests.accounts.browser import At, at
from tests.factories.agency import World
from tests.factories.clients import begin, client_id, named
from tests.stewards.test_membership import compartment, waiting

__all__ = ["at"]
HERS = sorted(held_by({Role.CASEWORKER}))


@pytest.fixture(autouse=True)
def _look_anew() -> None:
    duties._looked.clear()
    duties._marks_seen.clear()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of three, so that a small world has many."""
    monkeypatch.setattr(renewing, "PORTION", 3)


def somebody_leaves(world: World, who: str = "caseworker_two") -> None:
    member = world.members[who]
    accounts.dismiss(world.actor("administrator"), member.id)
    actions.unbind_colleague(world.actor("steward"), member.id)


def read(world: World, who: str, client: bytes) -> str:
    database = world_db()
    database.session.rollback()
    row = database.session.get(Client, client, populate_existing=True)
    opened = open_section(world.actor(who), row, IDENTITY)
    return opened.legal_name if opened else ""


def world_db() -> Any:
    from shelter.db import db

    return db


def versions_named(db: Any, where: bytes) -> set[int]:
    return set(db.session.scalars(select(KeyDek.ck_version).where(KeyDek.compartment_id == where)))


def test_everything_she_opened_gets_a_new_key_and_everybody_else_goes_on(world: World, db: Any) -> None:
    client = client_id(named(world, "Oksana Melnyk", called="Oksana"))
    somebody_leaves(world)
    assert {Kind(db.session.get(Compartment, one).kind) for one in marks.marked()} == set(HERS)
    duties.begin_renewals(world.actor("supervisor"))
    assert not marks.marked() - {compartment(db, Kind.HOUSE)}
    where = compartment(db, Kind.IDENTITY)
    assert current_roll().newest_version(where).version == 2
    assert read(world, "caseworker", client) == "Oksana Melnyk", "between the new key and the wraps"
    renewing.go_on(world.actor("supervisor"), None)
    assert versions_named(db, where) == {2}
    assert db.session.get(KeyVersion, (where, 1), populate_existing=True).retired
    for who in ("caseworker", "supervisor", "advocate"):
        assert read(world, who, client) == "Oksana Melnyk", who
    assert prove().holds
    assert wrong_rows() == []


def test_the_one_who_left_opens_nothing_with_what_she_copied(world: World, db: Any) -> None:
    """She has every key she ever held in her memory, and steals the database a week later."""
    client = client_id(named(world, "Before", called="B"))
    who = world.members["caseworker_two"]
    kept = world.actor("caseworker_two").keyring
    secrets = {one: kept.secret(one, 1) for one in kept.held()}  # type: ignore[attr-defined]
    somebody_leaves(world)
    duties.begin_renewals(world.actor("supervisor"))
    renewing.go_on(world.actor("supervisor"), None)
    actor = world.actor("supervisor")
    row = db.session.get(Client, client, populate_existing=True)
    with recorded(actor, "changed"):
        save(actor, row, IDENTITY, Identity(legal_name="After"), row.identity_version)
    where = compartment(db, Kind.IDENTITY)
    for dek in db.session.execute(select(*deks.WRAPS).where(KeyDek.compartment_id == where)):
        for version in (1, 2):
            place = (dek.subject_kind, dek.subject_id, where, dek.id, version)
            context = dek_context(actor.agency, *place, public=False)
            with pytest.raises(Unopenable):
                unwrap_dek(secrets[where], key_id_of(secrets[where]), dek.sealed, context)
    for grant in db.session.scalars(select(KeyGrant).where(KeyGrant.compartment_id == where)):
        context = grant_context(actor.agency, where, grant.version, who.id)
        with pytest.raises(Unopenable):
            unseal_from(who.keys.exchange.private, who.id, context, grant.sealed)


def test_it_is_done_in_slices_by_whoever_is_here_and_resumed_by_another(world: World, db: Any, few: None) -> None:
    clients = [client_id(named(world, f"Person {n}", called=f"P{n}")) for n in range(8)]
    where = compartment(db, Kind.IDENTITY)
    somebody_leaves(world)
    duties.begin_renewals(world.actor("supervisor"))
    slices = 0
    hands = ["supervisor", "caseworker"]
    while renewing.unfinished(world.actor(hands[0])) and slices < 100:
        with recorded(None, "in"):
            take_in_grants(world.members["caseworker"].keys)
        shown = next(one for one in queries.compartments() if one.kind is Kind.IDENTITY)
        assert (shown.left or 0) == db.session.scalar(
            select(func.count()).where(KeyDek.compartment_id == where, KeyDek.ck_version == 1)
        )
        assert renewing.go_on(world.actor(hands[slices % 2]), 0) <= renewing.PORTION
        assert read(world, "caseworker", clients[slices % 8]).startswith("Person")
        slices += 1
    assert slices > 3
    assert versions_named(db, where) == {2}


def test_a_member_who_was_away_opens_all_of_it_when_she_comes_back(world: World, db: Any) -> None:
    client = client_id(named(world, "Lin", called="Lin"))
    for leaver in ("caseworker_two", "stranger"):
        somebody_leaves(world, leaver)
        duties.begin_renewals(world.actor("supervisor"))
        renewing.go_on(world.actor("supervisor"), None)
    where = compartment(db, Kind.IDENTITY)
    assert current_roll().newest_version(where).version == 3
    assert read(world, "caseworker", client) == "Lin", "by the grants that wait for her"
    with recorded(None, "in"):
        assert take_in_grants(world.members["caseworker"].keys) > 0
    left = db.session.scalars(
        select(KeyGrant.version).where(
            KeyGrant.compartment_id == where, KeyGrant.member_id == world.members["caseworker"].id
        )
    ).all()
    assert left == [3], "what is retired she keeps no longer"
    assert read(world, "caseworker", client) == "Lin"


def test_the_kit_opens_it_afterwards(world: World, db: Any) -> None:
    client = client_id(named(world, "Lin", called="Lin"))
    somebody_leaves(world)
    duties.begin_renewals(world.actor("supervisor"))
    renewing.go_on(world.actor("supervisor"), None)
    kit = kit_as_actor(world.kit, current_roll())
    opened = open_section(kit, db.session.get(Client, client, populate_existing=True), IDENTITY)
    assert opened is not None
    assert opened.legal_name == "Lin"


def test_a_newcomer_in_the_midst_of_it_opens_old_and_new(world: World, db: Any, few: None) -> None:
    clients = [client_id(named(world, f"Person {n}", called="P")) for n in range(5)]
    somebody_leaves(world)
    duties.begin_renewals(world.actor("supervisor"))
    renewing.go_on(world.actor("supervisor"), 0)
    staff, keys = waiting(world, db, Role.SUPERVISOR)
    from shelter.stewards import membership

    actions.bind_colleague(world.actor("steward"), staff.id, membership.mark_of(staff.id))
    duties.hand_on(world.actor("supervisor"))
    with recorded(None, "in"):
        take_in_grants(keys)
    her = actor_for(keys.uk, keys.uk_id, staff.id)
    for one in clients:
        opened = open_section(her, db.session.get(Client, one, populate_existing=True), IDENTITY)
        assert opened is not None


def test_what_was_dropped_by_somebody_who_could_not_read_it_is_carried_along(world: World, db: Any) -> None:
    client = client_id(begin(world))
    row = db.session.get(Client, client, populate_existing=True)
    with recorded(world.actor("volunteer"), "dropped"):
        row.identity, row.identity_version = None, 0
        drop(world.actor("volunteer"), row, IDENTITY, Identity(legal_name="Said at the door"))
    somebody_leaves(world)
    duties.begin_renewals(world.actor("supervisor"))
    assert read(world, "supervisor", client) == "Said at the door"
    renewing.go_on(world.actor("supervisor"), None)
    assert read(world, "supervisor", client) == "Said at the door"
    actor = world.actor("supervisor")
    row = db.session.get(Client, client, populate_existing=True)
    with recorded(actor, "changed"):
        save(actor, row, IDENTITY, Identity(legal_name="Known"), row.identity_version)
    newest = db.session.scalars(
        select(KeyDek.epoch).where(KeyDek.subject_id == client, KeyDek.compartment_id == compartment(db, Kind.IDENTITY))
    ).all()
    assert max(newest) == 2, "the first write after a renewal is under a data key of its own"


def test_two_who_begin_at_once_make_one_key(world: World, db: Any) -> None:
    somebody_leaves(world)
    one, other = world.actor("supervisor"), world.actor("caseworker")
    assert renewing.begin(one) == len(HERS)
    assert renewing.begin(other) == 0
    assert current_roll().newest_version(compartment(db, Kind.IDENTITY)).version == 2


def test_a_data_key_made_from_what_somebody_knew_before_holds_the_old_version(world: World, db: Any) -> None:
    stale = world.actor("caseworker")  # her request began before
    somebody_leaves(world)
    duties.begin_renewals(world.actor("supervisor"))
    client = client_id(begin(world, "supervisor"))
    where = compartment(db, Kind.DOCUMENTS)
    with recorded(stale, "late"):
        made = deks.to_seal(stale.keyring, deks.Subject("client", client, client), where)  # type: ignore[arg-type]
        assert made.epoch == 1
    renewing.go_on(world.actor("supervisor"), None)
    assert versions_named(db, where) == {2}
    with recorded(stale, "later still"):
        again = deks.to_seal(stale.keyring, deks.Subject("client", os.urandom(16)), where)  # type: ignore[arg-type]
    assert again.epoch == 2, "a retired version is named by no new data key"


def test_bulk_work_does_not_name_a_retired_version(world: World, db: Any) -> None:
    from shelter.db.bulk import Sealing, deliver

    sealing = Sealing(world.actor("supervisor").keyring)  # type: ignore[arg-type]
    sealing.seal(IDENTITY, os.urandom(16), deks.Subject("client", os.urandom(16)), Identity(legal_name="x"))
    somebody_leaves(world)
    duties.begin_renewals(world.actor("supervisor"))
    renewing.go_on(world.actor("supervisor"), None)
    with pytest.raises(Conflict), recorded(world.actor("supervisor"), "import"):
        deliver(sealing.deks, sealing.writes)


def test_a_wrap_that_does_not_open_is_kept_for_mending_and_stops_nothing(world: World, db: Any) -> None:
    good, bad = (client_id(named(world, name, called="x")) for name in ("Good", "Bad"))
    where = compartment(db, Kind.IDENTITY)
    broken = (KeyDek.subject_id == bad) & (KeyDek.compartment_id == where)
    whole = db.session.scalar(select(KeyDek.sealed).where(broken))
    db.session.execute(update(KeyDek).where(broken).values(sealed=whole[:-1] + bytes([whole[-1] ^ 1])))
    db.session.commit()
    somebody_leaves(world)
    duties.begin_renewals(world.actor("supervisor"))
    renewing.go_on(world.actor("supervisor"), None)
    assert read(world, "supervisor", good) == "Good"
    assert not db.session.get(KeyVersion, (where, 1), populate_existing=True).retired
    db.session.execute(update(KeyDek).where(broken).values(sealed=whole))
    db.session.commit()
    renewing.go_on(world.actor("supervisor"), None)
    assert read(world, "supervisor", bad) == "Bad"
    assert db.session.get(KeyVersion, (where, 1), populate_existing=True).retired


def test_nobody_who_lacks_the_key_or_the_roster_begins_one(world: World, db: Any) -> None:
    somebody_leaves(world)
    assert renewing.begin(world.actor("auditor")) == 1, "everybody holds the house"
    where = compartment(db, Kind.IDENTITY)
    assert current_roll().newest_version(where).version == 1


def test_it_happens_by_itself_while_a_colleague_works(at: At, world: World, db: Any) -> None:
    client = client_id(named(world, "Lin", called="Lin"))
    somebody_leaves(world)
    db.session.rollback()
    at.sign_in(world.members["supervisor"])
    where = compartment(db, Kind.IDENTITY)
    assert current_roll().newest_version(where).version == 2
    for _ in range(3):
        at.post("/stay", "/sessions").close()
    db.session.rollback()
    assert versions_named(db, where) == {2}
    assert read(world, "caseworker", client) == "Lin"
    acts = set(db.session.scalars(select(Trail.act)))
    assert {"key-renewal-begun", "key-version-retired"} <= acts


def test_the_steward_sees_how_far_it_is(at: At, world: World, db: Any) -> None:
    named(world, "Lin", called="Lin")
    somebody_leaves(world)
    duties.begin_renewals(world.actor("supervisor"))
    at.sign_in(world.members["steward"])
    shown = at.get("/keys").text
    assert "still under the old key" in shown
    renewing.go_on(world.actor("supervisor"), None)
    db.session.rollback()
    shown = at.get("/keys").text
    assert shown.count("still under the old key") < len(HERS)


@pytest.mark.parametrize("seed", [1])
def test_at_random_moments_of_random_lives_each_opens_what_is_hers(
    world: World, db: Any, few: None, seed: int, rounds: Callable[[int, int], int], app: Flask
) -> None:
    """Leaving, coming, writing and renewing in any order: who holds identity reads every person, always."""
    luck, known, gone = Random(seed), {}, iter(["caseworker_two", "stranger", "advocate"])
    for step in range(rounds(14, 120)):
        act = luck.choice(["write", "slice", "slice", "leave", "take-in"])
        actor = world.actor("supervisor")
        if act == "write":
            name = f"Person {step}"
            known[client_id(named(world, name, who="supervisor", called="x"))] = name
        elif act == "leave" and (who := next(gone, None)):
            somebody_leaves(world, who)
        elif act == "slice":
            renewing.begin(actor)
            renewing.go_on(world.actor("supervisor"), 0)
        else:
            with recorded(None, "in"):
                take_in_grants(world.members["caseworker"].keys)
        for client, name in known.items():
            assert read(world, "caseworker", client) == name
    renewing.begin(world.actor("supervisor"))
    renewing.go_on(world.actor("supervisor"), None)
    assert prove().holds
    assert wrong_rows() == []
