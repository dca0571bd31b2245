"""Two servers on one PostgreSQL: one session works at both, and what one learns the other knows."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from shelter.accounts import actions as accounts
from shelter.db.keystore import KeyDek, KeyVersion
from shelter.stewards import renewing
from shelter.stewards.actions import unbind_colleague
from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows
from tests.factories.clients import named
from tests.hosts.conftest import Hosts

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(600)]


def test_two_hosts_are_one_agency(hosts: Hosts, db: Any) -> None:
    world = hosts.world
    code = named(world, "Oksana Melnyk", called="Oksana")
    db.session.remove()

    # One session, used at both in turn; what is written at one is read at the other.
    visitor = hosts.sign_in("caseworker", at=0)
    for turn in range(4):
        visitor.url = hosts.urls[turn % 2]
        status, shown = visitor.get(f"/people/{code}")
        assert (status, "Oksana" in shown) == (200, True), turn
    visitor.url = hosts.urls[0]
    token = visitor.token(f"/people/{code}")
    visitor.url = hosts.urls[1]
    assert visitor.post("/sign-out", token)[0] == 200, "a form of one host is taken by the other"
    for url in hosts.urls:
        visitor.url = url
        assert 'name="passphrase"' in visitor.get("/people")[1], "signed out at one is signed out at both"

    # A code that was used at one is used at the other; failures at both are counted together.
    again, desk = hosts.visitor(), world.members["desk"]
    for turn in range(6):
        again.url = hosts.urls[turn % 2]
        hosts.try_in(again, desk, passphrase="not hers")
    told = hosts.try_in(again, desk)
    assert "wait" in told[1].lower() or told[0] == 429, "the right passphrase too waits, at either"

    # Keys renewed in one process open and seal in the others.
    boss = hosts.sign_in("supervisor", at=1)
    accounts.dismiss(world.actor("administrator"), world.members["caseworker_two"].id)
    unbind_colleague(world.actor("steward"), world.members["caseworker_two"].id)
    renewing.begin(world.actor("supervisor"))
    renewing.go_on(world.actor("supervisor"), None)
    newest = db.session.scalar(select(func.max(KeyVersion.version)))
    assert newest == 2
    assert set(db.session.scalars(select(KeyDek.ck_version).distinct())) <= {1, 2}
    db.session.remove()
    for url in hosts.urls:
        boss.url = url
        assert "Oksana" in boss.get(f"/people/{code}")[1]

    # Somebody who is dismissed is out at both with that commit.
    accounts.dismiss(world.actor("administrator"), world.members["supervisor"].id)
    db.session.remove()
    for url in hosts.urls:
        boss.url = url
        assert "Oksana" not in boss.get(f"/people/{code}")[1]
    assert prove().holds
    assert wrong_rows() == []
    db.session.remove()

    # One of them dies: whoever it served goes on at the other.
    director = hosts.sign_in("director", at=0)
    hosts.processes[0].kill()
    director.url = hosts.urls[1]
    assert director.get("/")[0] == 200
