"""While an older version runs somewhere no restriction begins or ends; what is under way waits and goes on after it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from shelter.cli.doctor import doctor
from shelter.cli.tick import tick_once
from shelter.db import migrated, running
from shelter.db.lease import Lease, done, take
from shelter.db.transaction import write_transaction
from shelter.restricting import actions, lifting
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.stewards.restricted import compartments_of
from tests.erasing.conftest import Her, her
from tests.restricting.test_lifting import asked
from tests.restricting.test_restricting import CHOSEN, _look_anew, ask, restricted

__all__ = ["_look_anew", "her"]


def runs(name: str, version: str) -> None:
    with write_transaction() as session:
        session.add(running.Running(name=name, version=version, seen=clock.now()))


def refused(her: Her, one: bytes) -> None:
    with pytest.raises(Broken) as broken:
        actions.sign(her.world.actor("steward"), one)
    assert broken.value.message_key == "restricting.two-versions"


def test_nothing_is_signed_and_nothing_goes_back_while_an_older_version_is_alive(her: Her, app: Flask, db: Any) -> None:
    restricted(her)
    one, at = asked(her), clock.now()
    runs("other-7", migrated.newest())
    runs("later-7", "9999")
    assert not running.is_older_here(at), "the same and a newer one do no harm"
    runs("old-7", "0051")
    refused(her, one)
    said = app.test_cli_runner().invoke(doctor).output
    assert "Several versions run" in said
    assert "old-7 at 0051" in said
    with clock.frozen(at + running.ALIVE + timedelta(seconds=1)):
        actions.sign(her.world.actor("steward"), one)
        runs("old-8", "0051")
        for who in CHOSEN:
            assert not lifting.waits(her.world.actor(who))
            assert lifting.go_on(her.world.actor(who), None) == 0
        assert all(own.lifted for own in compartments_of([her.id]))
    with clock.frozen(at + 3 * running.ALIVE):
        for who in CHOSEN:
            lifting.go_on(her.world.actor(who), None)
        assert compartments_of([her.id]) == []


def test_no_restriction_begins_either(her: Her) -> None:
    one = ask(her)
    runs("old-7", "0051")
    refused(her, one)


def test_a_version_that_says_nothing_of_itself_is_known_by_its_tick(her: Her, app: Flask, db: Any) -> None:
    one, at = ask(her), clock.now()
    with write_transaction():
        take(running.TICK, "old-7", at - timedelta(minutes=2), timedelta(seconds=50))
        done(running.TICK, "old-7", at - timedelta(minutes=1))
    refused(her, one)
    tick_once(app)
    assert [seen.version for seen in running.running(clock.now())] == [migrated.newest()]
    actions.sign(her.world.actor("steward"), one)


def test_who_ends_in_order_is_not_waited_for_and_old_rows_go(app: Flask, db: Any) -> None:
    runs(running.name_of(77), "0051")
    assert running.is_older_here(clock.now())
    with write_transaction():
        running.is_gone(77)
    assert not running.is_older_here(clock.now())
    runs("old-7", "0051")
    with clock.frozen(clock.now() + 2 * running.ALIVE):
        tick_once(app)
        assert db.session.get(running.Running, "old-7") is None


def test_what_a_clock_gone_wrong_wrote_years_ahead_holds_nothing_up(her: Her, app: Flask, db: Any) -> None:
    """Its row and its lease would count until that day comes."""
    one, at = ask(her), clock.now()
    with clock.frozen(at + timedelta(days=3000)):
        runs("old-7", "0051")
        with write_transaction():
            take(running.TICK, "older-7", clock.now(), timedelta(seconds=50))
    actions.sign(her.world.actor("steward"), one)
    assert tick_once(app), "nor does the lease"
    assert db.session.get(running.Running, "old-7") is None
    with clock.frozen(at + timedelta(hours=7)):
        runs("old-8", "0051")
    assert running.is_older_here(at), "a clock that is hours ahead is one of a machine that runs"


def test_a_tick_that_makes_a_long_backup_is_known_by_what_it_said_before(app: Flask, db: Any) -> None:
    at = clock.now()
    for name, version in (("same-7", migrated.newest()), ("old-7", "0051")):
        runs(name, version)
        with clock.frozen(at + running.ALIVE + timedelta(seconds=30)), write_transaction() as session:
            assert take(running.TICK, name, at, timedelta(seconds=50))
            done(running.TICK, name, clock.now())
            assert running.is_older_here(clock.now()) is (version == "0051"), name
            session.execute(delete(Lease))
