"""The drill: a working agency, two files and the kit; an empty machine; everybody opens again what was hers."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select

from config import Settings
from shelter import create_app
from shelter.clients.actions import save_danger
from shelter.clients.directory import by_name
from shelter.clients.models import IDENTITY, Client, DoorAlert, Identity
from shelter.clients.parts import SaveDanger
from shelter.clients.queries.agreeing import directory_agrees
from shelter.crypto.backup import Part
from shelter.crypto.errors import Unopenable
from shelter.crypto.kit import kit_from_seed, kit_sheet, new_seed
from shelter.crypto.shares import split
from shelter.db import Base
from shelter.db.deployment import deployment
from shelter.db.keystore import KeyDek
from shelter.db.sections import open_section, save
from shelter.db.snapshot import KEY_STORE, LEFT_OUT, tables
from shelter.erasing import actions as erasing
from shelter.erasing.actions import Ask
from shelter.erasing.copies import do_what_is_owed
from shelter.notes.models import Note
from shelter.rules.clock import now
from shelter.stewards import backing_up, backups
from shelter.trail.models import Trail
from shelter.trail.proof import head, prove
from shelter.trail.record import recorded
from shelter.trail.rows import wrong_rows
from tests.accounts.browser import At
from tests.conftest import CHEAP_KDF
from tests.factories import notes
from tests.factories.agency import World
from tests.factories.clients import client_id, named
from tests.support import databases

MONTH = timedelta(days=30)
Machine = Callable[[], Flask]


@pytest.fixture
def machine(
    database_kind: str, workroom: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Flask]]:
    """An empty machine: no settings, no rows."""
    with_database = (
        databases.postgres_clone(workroom, request.getfixturevalue("postgres_server"))
        if database_kind == "postgresql"
        else None
    )
    folder = tmp_path / "another-machine"
    url = with_database.__enter__() if with_database else f"sqlite:///{folder / 'shelter.db'}"
    made: list[Flask] = []

    def fresh() -> Flask:
        settings = Settings.from_environment({"SHELTER_DATA": str(folder), "SHELTER_DATABASE_URL": url})
        app = create_app(replace(settings, testing=True, kdf=CHEAP_KDF))
        made.append(app)
        return app

    yield fresh
    for app in made:
        databases.let_go(app)
    if with_database:
        with_database.__exit__(None, None, None)


def sheet(world: World, seed: bytes | None = None) -> str:
    place = deployment()
    key, _ = kit_sheet(
        seed or world.kit_seed, number=1, agency=place.agency, fingerprint=place.fingerprint or bytes(32)
    )
    return " ".join(key)


def back_up(folder: Path) -> backups.Made:
    settings = {"pepper": deployment().pepper.hex(), "secret_key": "00" * 32, "agency_id": deployment().agency.hex()}
    settings |= {"fingerprint": (deployment().fingerprint or b"").hex(), "fictional": "no"}
    return backing_up.back_up(folder, now(), settings, MONTH)


def restore(app: Flask, made: backups.Made, kit: str, *more: str) -> Any:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as pipe:
        pipe.write(kit)
    command = ["restore", str(made.records), str(made.keys), "--kit-fd", str(reader), *more]
    with app.app_context():  # not the one of the machine that was lost
        return app.test_cli_runner().invoke(args=command)


def restored(result: Any) -> None:
    """Restored; doctor may still ask for tick and for newer backups."""
    assert "The kit opens all" in result.output, result.output


def test_everybody_opens_again_what_was_hers(world: World, db: Any, machine: Machine, tmp_path: Path) -> None:
    client = client_id(named(world, "Oksana Melnyk", called="Oksana"))
    (deployment().files / "ab").mkdir(parents=True)
    (deployment().files / "ab" / "sealed").write_bytes(b"\x00" * 100)
    outside = head()
    made = back_up(tmp_path / "backups")
    counts = {one.name: db.session.scalar(select(func.count()).select_from(one)) for one in tables(Part.RECORDS)}
    app = machine()
    result = restore(app, made, sheet(world), "--head", f"2026-11-27 {outside}")
    restored(result)
    with app.app_context():
        then = {one.name: db.session.scalar(select(func.count()).select_from(one)) for one in tables(Part.RECORDS)}
        assert then == counts, "the row about the backup came after it; the one about the restore is in its place"
        assert prove(outside).holds
        assert wrong_rows() == []
        opened = open_section(world.actor("caseworker"), db.session.get(Client, client), IDENTITY)
        assert opened is not None
        assert opened.legal_name == "Oksana Melnyk"
    at = At(app, app.test_client())
    assert at.sign_in(world.members["caseworker"]).status_code == 302, "her passphrase, by the pepper of the backup"
    assert "Oksana" in at.get("/people", follow_redirects=True).text


def test_shares_of_the_kit_do_as_well(world: World, db: Any, machine: Machine, tmp_path: Path) -> None:
    made = back_up(tmp_path / "backups")
    shares = split(world.kit_seed, 2, 3)
    app = machine()
    refused = restore(app, made, shares[2])
    assert refused.exit_code
    assert "These shares together are not the kit" in refused.output
    restored(restore(machine(), made, f"{shares[2]}\n{shares[0]}"))


def test_neither_file_tells_anything_without_the_kit(world: World, db: Any, tmp_path: Path) -> None:
    named(world, "Oksana Melnyk", called="Oksana")
    made = back_up(tmp_path / "backups")
    other = kit_from_seed(new_seed(), agency=deployment().agency, number=1)
    for path in (made.records, made.keys):
        raw = path.read_bytes()
        for word in (b"Oksana", deployment().pepper, world.members["desk"].sign_in_name.encode(), b"client"):
            assert word not in raw
        assert path.stat().st_mode & 0o077 == 0
        with path.open("rb") as file, pytest.raises(Unopenable):
            backups.read(file, other)


def test_the_records_hold_no_key_and_no_table_is_forgotten() -> None:
    records, keys = ({one.name for one in tables(part)} for part in Part)
    assert records.isdisjoint(keys)
    assert records | keys | LEFT_OUT == {one.name for one in Base.metadata.sorted_tables}
    assert keys == KEY_STORE
    assert not [name for name in records if name.startswith("key_") or name in {"segment", "inbox", "trail_detail"}]


def test_a_key_store_may_be_newer_than_the_records_and_never_older(
    world: World, db: Any, machine: Machine, tmp_path: Path
) -> None:
    client = client_id(named(world, "Before", called="B"))
    first = back_up(tmp_path / "backups")
    actor, row = world.actor("supervisor"), db.session.get(Client, client)
    with recorded(actor, "changed"):
        save(actor, row, IDENTITY, Identity(legal_name="After"), row.identity_version)
    second = back_up(tmp_path / "backups")
    refused = restore(machine(), replace(first, records=second.records), sheet(world))
    assert "The keys are older than the records" in refused.output
    app = machine()
    restored(restore(app, replace(first, keys=second.keys), sheet(world), "--head", str(head())))
    with app.app_context():
        opened = open_section(world.actor("supervisor"), db.session.get(Client, client), IDENTITY)
        assert opened is not None
        assert opened.legal_name == "Before"
        assert prove().holds


def test_whoever_was_erased_stays_erased(world: World, db: Any, machine: Machine, tmp_path: Path) -> None:
    """The backup is from before; the list beside it is from after."""
    code, other = named(world, "Quirina Gone", called="x"), client_id(named(world, "Other", called="y"))
    gone, supervisor = client_id(code), world.actor("supervisor")
    save_danger(supervisor, SaveDanger(code, 0, "", ("Mortimer",), description="scar"))
    made = back_up(tmp_path / "backups")
    asked = erasing.ask(supervisor, Ask(code, "whole", "she-asked"))
    erasing.agree(world.actor("steward"), asked)
    erasing.erase(supervisor, asked)
    back_up(tmp_path / "backups")
    app = machine()
    result = restore(app, made, sheet(world))
    restored(result)
    assert re.search(r"\d+ data keys of erased records were destroyed again", result.output)
    with app.app_context():
        actor, client = world.actor("supervisor"), db.session.get(Client, gone)
        assert (client.state, client.identity) == ("erased", None)
        assert db.session.scalars(select(KeyDek.id).where(KeyDek.subject_id == gone)).all() == []
        assert db.session.scalars(select(DoorAlert.id)).all() == [], "an alert is hers though no column says so"
        assert open_section(actor, db.session.get(Client, other), IDENTITY) is not None
        assert by_name(actor, "Quirina Gone"), "the directory of the older key store still knows her"
        db.session.rollback()
        do_what_is_owed(actor)
        assert by_name(actor, "Quirina Gone") == []
        assert directory_agrees(actor).holds
        assert wrong_rows() == []


@pytest.mark.parametrize("keys", ["of before", "of after"])
def test_words_that_were_erased_stay_erased(world: World, db: Any, machine: Machine, tmp_path: Path, keys: str) -> None:
    """From a backup from before: the old words open for nobody, names do, and what is counted now opens as now."""
    code, supervisor = named(world, "Quirina Quiet", called="x"), world.actor("supervisor")
    notes.sign(world, code, "what was told")
    made = back_up(tmp_path / "backups")
    asked = erasing.ask(supervisor, Ask(code, "narrative", "she-asked"))
    erasing.agree(world.actor("steward"), asked)
    erasing.erase(supervisor, asked)
    notes.sign(world, code, "what was told later")
    later = back_up(tmp_path / "backups")
    app = machine()
    restored(restore(app, made if keys == "of before" else replace(made, keys=later.keys), sheet(world)))
    with app.app_context():
        actor, row = world.actor("supervisor"), db.session.get(Client, client_id(code))
        assert open_section(actor, row, IDENTITY).legal_name == "Quirina Quiet"
        assert db.session.scalars(select(Note)).all() == []
        assert notes.read(world, code) == []
        assert wrong_rows() == []
        db.session.rollback()
        notes.sign(world, code, "work goes on")
        assert notes.read(world, code) == ["work goes on"]


@pytest.mark.parametrize("how", ["cut", "flipped", "swapped", "another kit", "not empty", "a head of another trail"])
def test_what_does_not_hold_restores_nothing(
    world: World, db: Any, machine: Machine, tmp_path: Path, app: Flask, how: str
) -> None:
    made, kit, more, place = back_up(tmp_path / "backups"), sheet(world), (), machine
    match how:
        case "cut":
            made.keys.write_bytes(made.keys.read_bytes()[:-20_000])
        case "flipped":
            raw = bytearray(made.records.read_bytes())
            raw[len(raw) // 2] ^= 1
            made.records.write_bytes(raw)
        case "swapped":
            made = replace(made, records=made.keys, keys=made.records)
        case "another kit":
            kit = sheet(world, new_seed())
        case "not empty":
            place = lambda: app  # noqa: E731
        case _:
            more = ("--head", f"3:{'ab' * 32}")
    target = place()
    result = restore(target, made, kit, *more)
    assert result.exit_code == 1, result.output
    assert "Error: " in result.output
    if how != "not empty":
        with target.app_context():
            assert deployment().fingerprint is None
            if inspect(db.engine).has_table("trail"):
                assert db.session.scalar(select(func.count()).select_from(Trail)) == 0


def test_old_key_stores_go_and_records_stay(world: World, db: Any, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in ("2025-01-01", "2025-01-02"):
        for name in ("records", "keys"):
            (folder / f"{day}T000000Z-00000000.{name}").write_bytes(b"old")
    made = back_up(folder)
    left = {path.name for path in folder.iterdir()} - {backups.TOMBSTONES}
    assert left == {
        "2025-01-01T000000Z-00000000.records", "2025-01-02T000000Z-00000000.records", made.records.name, made.keys.name
    }  # fmt: skip


def test_what_is_saved_meanwhile_is_in_both_outputs_or_in_neither(
    world: World, db: Any, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saves between the first output and the second."""
    client = client_id(named(world, "Before", called="B"))
    write, written = backups._write, []

    def slowly(path: Path, pieces: Any) -> None:
        write(path, pieces)
        if not written:
            written.append(client_id(named(world, "Meanwhile", called="M", who="supervisor")))

    monkeypatch.setattr(backups, "_write", slowly)
    made = back_up(tmp_path / "backups")
    app = machine()
    restored(restore(app, made, sheet(world)))
    with app.app_context():
        assert db.session.get(Client, client) is not None
        assert db.session.get(Client, written[0]) is None
        assert not list(db.session.scalars(select(KeyDek).where(KeyDek.subject_id == written[0])))
