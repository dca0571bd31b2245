"""What doctor says of keys, backups and files: each fault is named with what to do, and a sound agency has none."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from shelter.accounts import actions as accounts
from shelter.cli import examining
from shelter.clients.models import Client
from shelter.db import new_id
from shelter.db.keystore import KeyDek, KeyGrant, KeyVersion
from shelter.rules import clock
from shelter.stewards import backing_up
from tests.factories.agency import World
from tests.factories.clients import client_id, named


def bad(findings: Any) -> list[str]:
    return [one.what for one in findings if one.bad]


def test_a_sound_agency_has_nothing_wrong_with_its_keys(world: World, db: Any) -> None:
    named(world, "Lin", called="Lin")
    assert bad(examining.of_keys()) == []
    assert bad(examining.with_key_of(world.actor("supervisor"))) == []


@pytest.mark.parametrize("fault", ["thin", "left", "unsigned", "stranger", "orphan"])
def test_each_fault_is_named(world: World, db: Any, fault: str) -> None:
    grant = db.session.query(KeyGrant).filter_by(member_id=world.members["auditor"].id, wrap="uk").first()
    match fault:
        case "thin":
            db.session.execute(delete(KeyGrant).where(KeyGrant.member_id == world.members["auditor"].id))
            said = "Only 1 can open audit"
        case "left":
            accounts.dismiss(world.actor("administrator"), world.members["caseworker"].id)
            said = "who left are still on the signed list"
        case "unsigned":
            where = grant.compartment_id
            row = KeyVersion(compartment_id=where, version=9, key_id=new_id(), public=b"", private_sealed=b"")
            db.session.add(row)
            said = "keys that nobody signed"
        case "stranger":
            db.session.add(
                KeyGrant(compartment_id=grant.compartment_id, version=1, member_id=new_id(), wrap="hpke", sealed=b"")
            )
            said = "grants to people who do not belong"
        case _:
            db.session.execute(update(KeyDek).values(compartment_id=new_id()))
            said = "data keys of no compartment"
    db.session.commit()
    assert any(said in one for one in bad(examining.of_keys()))


def test_with_a_key_a_seal_that_does_not_hold_is_found(world: World, db: Any) -> None:
    one, two = (client_id(named(world, name, called="x")) for name in ("One", "Two"))
    first, second = db.session.get(Client, one), db.session.get(Client, two)
    second.identity, second.identity_version = first.identity, first.identity_version
    db.session.commit()
    found = bad(examining.with_key_of(world.actor("supervisor")))
    assert any("identity" in each for each in found)
    assert not bad(examining.with_key_of(world.actor("desk"))), "she has no key for it"


def test_old_backups_and_missed_drills(world: World, db: Any, tmp_path: Any) -> None:
    assert any("never" in one for one in bad(examining.of_backups()))
    settings = {"pepper": "00"}
    backing_up.back_up(tmp_path, clock.now(), settings, timedelta(days=30))
    assert bad(examining.of_backups()) == []
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert any("last backup" in one for one in bad(examining.of_backups()))
    with clock.frozen(clock.now() + timedelta(days=400)):
        assert any("not tried for a year" in one for one in bad(examining.of_backups()))


def test_a_clock_that_went_back_and_files_that_are_gone(world: World, db: Any) -> None:
    from shelter.db.deployment import deployment
    from shelter.files.models import StoredFile

    with clock.frozen(clock.now() - timedelta(days=1)):
        assert any("The clock is behind" in one for one in bad(examining.of_machine()))
    client = client_id(named(world, "Lin", called="Lin"))
    stored = StoredFile(client_id=client)
    db.session.add(stored)
    db.session.commit()
    assert any("1 sealed files are missing" in one for one in bad(examining.of_machine()))
    place = deployment().files / stored.id.hex()[:2] / stored.id.hex()
    place.parent.mkdir(parents=True)
    place.write_bytes(os.urandom(10))
    assert not any("missing" in one for one in bad(examining.of_machine()))
