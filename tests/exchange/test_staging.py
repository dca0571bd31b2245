"""An import that ends in the middle: nothing of it is ever seen, and what it leaves is deleted without a key."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import find, my_people
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.aside import StagedImport, StagedRow
from shelter.db.errors import Missing
from shelter.db.transaction import write_transaction
from shelter.exchange import newcomers, staging
from shelter.exchange.upkeep import DUTIES
from shelter.policy.acts import Act
from shelter.policy.relations import Relation
from shelter.rules.broken import Broken
from shelter.rules.clock import frozen, now
from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows
from tests.exchange.hmis.sample import person, tables
from tests.factories.agency import World
from tests.factories.exports import WRITTEN_ALONG, bring_in_tables, everything, identities

Tell = Callable[[int, int], object]


@pytest.fixture(autouse=True)
def _two_people_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newcomers, "PORTION", 2)


def tick() -> None:
    """What `tick` does for imports: it holds no key."""
    for duty in DUTIES:
        with write_transaction():
            duty(now())


def killed_in_the_middle(app: Flask, world: World, folder: Path) -> None:
    """A process of its own imports and is killed when the first portion is written."""
    db.session.remove()
    child = os.fork()
    if child == 0:
        db.engine.dispose(close=False)
        bring_in_tables(world, folder, tables(), tell=lambda done, total: os.kill(os.getpid(), signal.SIGKILL))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    db.session.rollback()


def test_nobody_sees_anything_before_the_last_transaction(world: World, tmp_path: Path) -> None:
    seen: list[object] = []

    def look(done: int, total: int) -> None:
        for who in ("supervisor", "caseworker", "legal_supervisor", "desk"):
            actor = world.actor(who)
            for act in Act:
                seen.extend(db.session.scalars(select(Client.id).where(scope.scope(actor, act))))
                hers = scope.reach(actor, act)
                nightly = any(Relation.RESIDENT_HERE in clause.relations for clause in hers.clauses)
                for branch in () if nightly else scope.branches(hers):
                    seen.extend(db.session.scalars(select(Client.id).where(branch)))
        supervisor = world.actor("supervisor")
        seen.extend(my_people(supervisor).rows)
        seen.extend(find(supervisor, "prueba"))
        for code in db.session.scalars(select(Client.code)):
            with pytest.raises(Missing):
                scope.get_by_code(supervisor, Act.CLIENTS_READ, code)
        seen.extend(
            site for site in db.session.scalars(select(Site)) if site.code_name.startswith("P") and not site.closed
        )

    bring_in_tables(world, tmp_path, tables(), tell=look)
    assert seen == []
    assert len(my_people(world.actor("supervisor")).rows) == 3


def test_what_fails_in_the_middle_leaves_nothing_but_its_trail(world: World, tmp_path: Path) -> None:
    before = everything(but=WRITTEN_ALONG)

    def fail(done: int, total: int) -> None:
        raise Broken("import.changed")

    with pytest.raises(Broken):
        bring_in_tables(world, tmp_path, tables(), tell=fail)
    assert everything(but=WRITTEN_ALONG) == before
    assert bring_in_tables(world, tmp_path, tables()).new == 3
    assert wrong_rows() == []
    assert prove().holds


def test_a_killed_import_is_unseen_then_deleted_by_tick_and_can_be_begun_again(
    app: Flask, world: World, tmp_path: Path
) -> None:
    before = everything(but=WRITTEN_ALONG)
    killed_in_the_middle(app, world, tmp_path)
    assert db.session.scalar(select(func.count()).select_from(Client)) == 2
    assert my_people(world.actor("supervisor")).rows == []
    with pytest.raises(Broken) as refused:
        bring_in_tables(world, tmp_path, tables())
    assert refused.value.message_key == "import.running"
    tick()
    assert db.session.scalar(select(func.count()).select_from(Client)) == 2  # it may only be slow
    with frozen(now() + staging.ALIVE + timedelta(seconds=1)):
        tick()
        assert everything(but=WRITTEN_ALONG) == before
        tick()
    assert bring_in_tables(world, tmp_path, tables()).new == 3
    assert len(identities(world)) == 3
    assert wrong_rows() == []


def test_an_import_that_was_taken_for_abandoned_does_not_come_back(world: World, tmp_path: Path) -> None:
    before = everything(but=WRITTEN_ALONG)

    def sleep_long(done: int, total: int) -> None:
        with frozen(now() + staging.ALIVE + timedelta(seconds=1)):
            tick()

    with pytest.raises(Broken) as refused:
        bring_in_tables(world, tmp_path, tables(), tell=sleep_long)
    assert refused.value.message_key == "import.abandoned"
    assert everything(but=WRITTEN_ALONG) == before


def test_a_large_abandoned_import_goes_in_parts(world: World, tmp_path: Path) -> None:
    of = tables()
    of["Client"] += [person(f"m{number}", FirstName="Many") for number in range(9)]

    def stop(done: int, total: int) -> None:
        if done > 8:
            with write_transaction():
                stage = db.session.scalars(select(StagedImport.id)).one()
                left = staging.staged(stage, "client")
                assert staging.discard(stage, 3) is False
                assert len(staging.staged(stage, "client")) < len(left)
            raise Broken("import.changed")

    with pytest.raises(Broken):
        bring_in_tables(world, tmp_path, of, tell=stop)
    assert db.session.scalar(select(func.count()).select_from(StagedRow)) == 0
    assert db.session.scalar(select(func.count()).select_from(Client)) == 0
