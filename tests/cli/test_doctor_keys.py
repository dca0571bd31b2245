"""What doctor says of keys, backups and files: each fault is named with what to do, and a sound agency has none."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from shelter.accounts import actions as accounts
from shelter.cli import examining
from shelter.cli.doctor import doctor
from shelter.cli.tick import tick_once
from shelter.clients.models import Client
from shelter.db import new_id
from shelter.db.keystore import KeyDek, KeyGrant, KeyVersion
from shelter.db.lease import last_done
from shelter.erasing import actions as erasing
from shelter.erasing.copies import do_what_is_owed
from shelter.rules import clock
from shelter.stewards import backing_up
from shelter.trail.heads import HEADS, copy_head
from tests.factories.agency import World
from tests.factories.clients import client_id, named


def bad(findings: Any) -> list[str]:
    return [one.what for one in findings if one.bad]


def test_a_sound_agency_has_nothing_wrong_with_its_keys(world: World, db: Any) -> None:
    named(world, "Lin", called="Lin")
    assert bad(examining.of_keys()) == []
    assert bad(examining.with_key_of(world.actor("supervisor"))) == []


def test_an_erasing_that_waits_is_named_until_it_is_done_everywhere(app: Flask, world: World, db: Any) -> None:
    code, supervisor = named(world, "Lin", called="Lin"), world.actor("supervisor")
    said = lambda: {one.what for one in examining.of_erasings()}  # noqa: E731
    assert said() == {"nothing of an erasing is left to be written anew"}
    db.session.rollback()
    asked = erasing.ask(supervisor, erasing.Ask(code, "whole", "she-asked"))
    erasing.agree(world.actor("steward"), asked)
    assert bad(examining.of_erasings()) == ["1 erasings are agreed and not done."]
    db.session.rollback()
    erasing.erase(supervisor, asked)
    assert bad(examining.of_erasings()) == []
    assert "copies of erased people wait (receipts): somebody of the legal staff signs in" in said()
    assert "tick writes the database anew after an erasing" in said()
    db.session.rollback()
    do_what_is_owed(world.actor("advocate"))
    tick_once(app)
    assert said() == {"nothing of an erasing is left to be written anew"}


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


def test_a_clock_that_went_back_is_said(world: World, db: Any) -> None:
    with clock.frozen(clock.now() - timedelta(days=1)):
        assert any("The clock is behind" in one for one in bad(examining.of_machine()))


def test_tick_makes_a_backup_every_hour_and_copies_the_head(app: Flask, world: World, db: Any, tmp_path: Path) -> None:
    folder = tmp_path.parent / f"{tmp_path.name}-another-disk"
    app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], backups=folder)
    assert tick_once(app), "without the folder: the disk is not mounted"
    assert not folder.exists()
    assert "was last copied: never" in examining.of_heads().what
    folder.mkdir()
    for minutes, made in ((0, 1), (30, 1), (61, 2)):
        with clock.frozen(clock.now() + timedelta(minutes=minutes)):
            tick_once(app)
        assert len(list(folder.glob("*.records"))) == len(list(folder.glob("*.keys"))) == made
    assert (folder / "heads.txt").read_text()
    assert not examining.of_heads().bad
    db.session.remove()


def test_a_place_without_heads_is_said_beside_one_that_has_them(
    app: Flask, world: World, db: Any, tmp_path: Path
) -> None:
    backups, second = tmp_path / "backups", tmp_path / "second-host"
    backups.mkdir()
    second.mkdir()
    settings = replace(app.extensions["shelter_settings"], backups=backups, heads=(second,))
    app.extensions["shelter_settings"] = settings
    copy_head(backups)
    found = examining.of_heads()
    assert (found.bad, str(second) in found.what_to_do, str(backups) in found.what_to_do) == (True, True, False)
    copy_head(second)
    assert not examining.of_heads().bad
    long_ago = (clock.now() - timedelta(days=3)).timestamp()
    os.utime(second / HEADS, (long_ago, long_ago))
    assert str(second) in examining.of_heads().what_to_do


def test_a_full_backup_disk_stops_nothing_else(
    app: Flask, world: World, db: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], backups=tmp_path)
    monkeypatch.setattr("shelter.stewards.backups._write", full)
    assert tick_once(app)
    assert last_done("tick") is not None
    assert last_done("backup") is None, "so that it is tried again, and doctor asks for it"


def test_the_command_says_all_of_it(app: Flask, world: World, db: Any) -> None:
    accounts.dismiss(world.actor("administrator"), world.members["caseworker"].id)
    said = app.test_cli_runner().invoke(doctor).output
    asked = (
        "left are still on the signed list",
        "waits to be renewed",
        "last backup was made: never",
        "tick last ran: never",
    )
    for words in (*asked, "disk: ", "heads of the trail are copied nowhere", "the kit was tried"):
        assert words in said, words
