"""Behind the database's fence a restriction takes over all that is hers, whoever's request it happens in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from shelter.accounts.taking_in import take_in_grants
from shelter.clients.models import Denial
from shelter.db import db as database
from shelter.db import fence
from shelter.restricting import actions, lifting, moving
from shelter.stewards.restricted import compartments_of
from shelter.trail.record import recorded
from tests.erasing.conftest import Her, her
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.restricting.test_lifting import asked, each
from tests.restricting.test_restricting import CHOSEN, _look_anew, ask, told

__all__ = ["_look_anew", "her"]
pytestmark = pytest.mark.postgres


def deny(world: World, client: bytes, who: str) -> None:
    with recorded(None, "denied"):
        database.session.add(Denial(client_id=client, staff_id=world.members[who].id))


def in_her_request(app: Flask, world: World, who: str, work: Callable[..., int], *more: Any) -> int:
    """What `who` does, where the fence holds for her."""
    with app.test_request_context():
        actor = world.actor(who)
        fence.enter(actor.id)
        done = work(actor, *more)
        database.session.rollback()
    return done


def all_take_in(world: World) -> None:
    with recorded(None, "in"):
        for member in world.members.values():
            take_in_grants(member.keys)


def test_whoever_signs_in_takes_all_of_hers_over(app: Flask, her: Her, db: Any) -> None:
    assert fence.stands()
    before = each(her)
    actions.sign(her.world.actor("steward"), ask(her))
    for who in CHOSEN:
        Desk(app, her.world, who)
    all_take_in(her.world)
    for who in CHOSEN:
        moving.go_on(her.world.actor(who), None)
    assert all(own.done for own in compartments_of([her.id]))
    after = each(her)
    assert {who: after[who] for who in CHOSEN} == {who: before[who] for who in CHOSEN}


def test_somebody_on_the_roster_who_is_denied_her_takes_all_of_hers_over_and_back(
    app: Flask, her: Her, db: Any
) -> None:
    before = each(her)
    actions.sign(her.world.actor("steward"), ask(her))
    for who in CHOSEN:
        deny(her.world, her.id, who)
    for who in CHOSEN:
        in_her_request(app, her.world, who, moving.begin)
        all_take_in(her.world)
        in_her_request(app, her.world, who, moving.go_on, None)
    assert all(own.done for own in compartments_of([her.id]))
    assert told(her, *CHOSEN).keys() == {key for who in CHOSEN for key in before[who]}
    with recorded(None, "undone"):
        db.session.execute(delete(Denial))
    actions.sign(her.world.actor("steward"), asked(her))
    for who in CHOSEN:
        deny(her.world, her.id, who)
        in_her_request(app, her.world, who, lifting.go_on, None)
    assert compartments_of([her.id]) == []
    assert each(her) == before
