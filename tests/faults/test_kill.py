"""kill -9 at any moment of what changes much: what is there opens for exactly its holders, and the work goes on.

Each job runs in a process of its own that is killed after a random part of the time it takes; a sample in `make
test`, hundreds in `make drill`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from shelter.accounts import actions as accounts
from shelter.cli.tick import tick_once
from shelter.clients.models import IDENTITY, Client
from shelter.crypto.backup import Part
from shelter.db import migrated
from shelter.db.batch import open_each
from shelter.db.keyring import keyring_of
from shelter.db.keystore import KeyDek, KeyVersion
from shelter.db.migrated import Schema
from shelter.db.roll import current_roll
from shelter.db.sections import row_of, take_refusals
from shelter.exchange import newcomers
from shelter.rules import clock
from shelter.stewards import actions, backing_up, backups, renewing
from shelter.stewards.backups import sweep
from shelter.stewards.kit_member import kit_as_actor
from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows
from tests.exchange.hmis.sample import tables
from tests.factories import notes
from tests.factories.agency import World
from tests.factories.clients import named
from tests.factories.exports import bring_in_tables, identities
from tests.faults.conftest import Killer
from tests.support import databases

PEOPLE = 12


@pytest.fixture
def settled(world: World, db: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    """Some people with notes, and work cut small, so that there are many moments to be killed at."""
    monkeypatch.setattr(renewing, "PORTION", 3)
    monkeypatch.setattr(newcomers, "PORTION", 1)
    for number in range(PEOPLE):
        code = named(world, f"Person {number}", called="x", who="supervisor")
        notes.sign(world, code, "Words.", who="supervisor")
    return world


def sound(world: World, db: Any, people: int = PEOPLE) -> None:
    """Every name opens for those who hold it, the kit among them; for nobody else; and the trail proves."""
    rows = [row_of(row, IDENTITY) for row in db.session.scalars(select(Client).order_by(Client.id))]
    assert len(rows) >= people
    for who in (world.actor("supervisor"), world.actor("caseworker"), kit_as_actor(world.kit, current_roll())):
        assert None not in open_each(who, rows, IDENTITY).values
    assert not take_refusals()
    assert prove().holds
    assert wrong_rows() == []
    db.session.rollback()


def test_new_keys(settled: World, db: Any, killer: Killer, rounds: Callable[[int, int], int]) -> None:
    leaving = iter(["caseworker_two", "stranger", "advocate", "legal_supervisor", "desk", "volunteer"])
    somebody_leaves(settled, next(leaving))

    def renew() -> None:
        renewing.begin(settled.actor("supervisor"))
        renewing.go_on(settled.actor("supervisor"), None)

    killer.measure(renew)
    for _ in range(rounds(4, 60)):
        if not renewing.unfinished(settled.actor("supervisor")) and (who := next(leaving, None)):
            somebody_leaves(settled, who)
        killer.run(renew)
        sound(settled, db)
    renew()
    versions = db.session.scalars(select(KeyVersion).order_by(KeyVersion.version))
    newest = {row.compartment_id: row.version for row in versions}
    held = keyring_of(settled.actor("supervisor")).held()
    deks = [one for one in db.session.scalars(select(KeyDek)) if one.compartment_id in held]
    assert [one for one in deks if one.ck_version < newest[one.compartment_id]] == [], "finished by whoever came next"
    sound(settled, db)


def somebody_leaves(world: World, who: str) -> None:
    accounts.dismiss(world.actor("administrator"), world.members[who].id)
    actions.unbind_colleague(world.actor("steward"), world.members[who].id)


def test_a_backup(settled: World, db: Any, killer: Killer, tmp_path: Path, rounds: Callable[[int, int], int]) -> None:
    folder = tmp_path / "backups"

    def back_up() -> None:
        backing_up.back_up(folder, clock.now(), {"pepper": "00"}, timedelta(days=30))

    killer.measure(back_up)
    for _ in range(rounds(4, 80)):
        killer.run(back_up)
        for path in (*folder.glob("*.records"), *folder.glob("*.keys")):
            with path.open("rb") as file:  # what is there is whole
                output = backups.read(file, settled.kit)
                assert sum(1 for _ in output.rows())
                assert output.header.part in set(Part)
    sound(settled, db)
    sweep(folder, clock.now() + timedelta(days=1))
    assert not list(folder.glob("*.part"))


def test_ordinary_writes(settled: World, db: Any, killer: Killer, rounds: Callable[[int, int], int]) -> None:
    done = count()

    def write() -> None:
        for _ in range(4):
            code = named(settled, f"Later {os.getpid()} {next(done)}", called="y", who="supervisor")
            notes.sign(settled, code, "More words.", who="supervisor")

    killer.measure(write)
    for _ in range(rounds(4, 80)):
        killer.run(write)
        sound(settled, db)
    killer.measure(write)


def test_an_import(
    app: Flask, settled: World, db: Any, killer: Killer, tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    places = count()

    def bring_in() -> None:
        folder = tmp_path / f"in-{next(places)}-{os.getpid()}"
        folder.mkdir()
        bring_in_tables(settled, folder, tables())

    killer.lasts = 0.6
    for _ in range(rounds(3, 60)):
        killer.run(bring_in)
        sound(settled, db)
        found = {key for key in identities(settled) if key.startswith("c")}
        assert len(found) in (0, 3), "all of it or nothing"
    with clock.frozen(clock.now() + timedelta(days=2)):
        tick_once(app)
        bring_in_tables(settled, tmp_path, tables())
    assert {key for key in identities(settled) if key.startswith("c")} == {"c1", "c2", "c3"}
    sound(settled, db, PEOPLE + 3)


def test_a_migration(app: Flask, settled: World, db: Any, killer: Killer, rounds: Callable[[int, int], int]) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    far = f"{int(migrated.newest()) - 6:04}"

    def down_and_up() -> None:
        databases.step_down(url, far)
        databases.migrate(url)

    killer.lasts = 1.5
    for _ in range(rounds(2, 40)):
        killer.run(down_and_up)
        assert migrated.schema() in (Schema.OLDER, Schema.CURRENT)
        databases.migrate(url)
        assert migrated.schema() is Schema.CURRENT
        assert prove().holds
        db.session.rollback()
    assert db.session.execute(text("select count(*) from client")).scalar() == PEOPLE
