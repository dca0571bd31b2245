"""Beside the id of somebody erased or restricted no digest stays of what an import said, and none comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from shelter.clients.models import Client
from shelter.db import db, segments
from shelter.exchange.families import PERSON
from shelter.exchange.ledger import NOTHING, Ledger, shelf
from shelter.restricting import actions as restricting
from shelter.restricting import queries
from shelter.restricting.actions import Restrict
from shelter.stays.models import Stay
from shelter.stewards import duties
from tests.erasing.conftest import Her, erased
from tests.exchange.hmis.sample import tables
from tests.factories.agency import World
from tests.factories.exports import bring_in_tables, identities
from tests.restricting.test_restricting import take_over

SUPERVISOR = ("supervisor", "caseworker", "legal_supervisor")


@pytest.fixture
def ana(world: World, tmp_path: Path) -> Her:
    bring_in_tables(world, tmp_path, tables())
    client = identities(world)["c1"][0]
    assert db.session.get(Client, client.id) is not None
    return Her(world, client.code, client.id)


def said(world: World) -> dict[bytes, set[bytes]]:
    """Every digest of the ledger, by whose it is; older entries too."""
    found: dict[bytes, set[bytes]] = {}
    actor = world.actor("supervisor")
    with segments.scanning(actor, shelf(actor)) as contents:
        for _, content in contents:
            raw = bytes(content)
            for at in range(0, len(raw), 48):
                found.setdefault(raw[at + 32 : at + 48], set()).add(raw[at + 16 : at + 32])
    db.session.rollback()
    return found


def test_of_somebody_erased_nothing_is_left_and_an_import_does_not_bring_her_back(ana: Her, tmp_path: Path) -> None:
    world, others = ana.world, {one: digests for one, digests in said(ana.world).items() if one != ana.id}
    assert said(world)[ana.id] != {NOTHING}
    _left(ana)
    erased(ana)
    after = said(world)
    assert after.pop(ana.id) == {NOTHING}
    assert after == others
    done = bring_in_tables(world, tmp_path, tables())
    assert (done.new, done.changed) == (0, 0)
    assert db.session.get_one(Client, ana.id, populate_existing=True).state == "erased"
    assert said(world)[ana.id] == {NOTHING}


def _left(her: Her) -> None:
    """Nobody who stays here is erased."""
    db.session.execute(update(Stay).where(Stay.client_id == her.id).values(state="ended"))
    db.session.commit()


def test_of_somebody_restricted_neither_before_nor_after_an_import_by_who_knows_her(ana: Her, tmp_path: Path) -> None:
    world = ana.world
    duties._looked.clear()
    duties._marks_seen.clear()
    people = frozenset(world.members[who].id for who in SUPERVISOR)
    restricting.ask(world.actor("supervisor"), Restrict(ana.code, people))
    ((asked,), _) = queries.for_steward(world.actor("steward"))
    restricting.sign(world.actor("steward"), asked.id)
    take_over(ana, *SUPERVISOR)
    assert said(world)[ana.id] == {NOTHING}
    later = tables()
    later["Client"][0]["FirstName"] = "Anita"
    done = bring_in_tables(world, tmp_path, later)
    assert (done.new, done.changed) == (0, 1), "she is found by her key, and no second record is made"
    assert said(world)[ana.id] == {NOTHING}
    assert Ledger(world.actor("supervisor"), "nobody").find(PERSON, "c1") is None
