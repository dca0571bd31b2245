"""A section whose seal does not hold: written down in whatever feature it was opened, shown by none, hurts no other."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from shelter.accounts.models import STAFF_HOUSE, Staff
from shelter.clients.models import DESK_CARD, Client
from shelter.crypto.errors import Unopenable
from shelter.db.errors import Spoiled
from shelter.db.sections import open_rows, open_section, row_of
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import commit_refusals, record_alone
from tests.accounts.browser import At, at
from tests.factories.agency import World
from tests.factories.clients import begin, client_id

__all__ = ["at"]


def spoil_name_of(world: World, db: Any, who: str, by: str) -> Staff:
    """The attacker puts one colleague's sealed name in the place of another's."""
    staff, other = (db.session.get(Staff, world.members[one].id) for one in (who, by))
    staff.house, staff.house_version = other.house, other.house_version
    db.session.commit()
    return staff  # type: ignore[no-any-return]


def refusals(db: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(select(Trail).where(Trail.act == "refused:seal")))


def test_a_list_is_shown_without_it_and_says_so_in_the_trail(at: At, world: World, db: Any) -> None:
    staff = spoil_name_of(world, db, "desk", "volunteer")
    at.sign_in(world.members["administrator"])
    before = len(refusals(db))
    shown = at.get("/staff")
    assert shown.status_code == 200
    assert staff.sign_in_name in shown.text
    assert "Supervisor" in shown.text
    fresh = refusals(db)[before:]
    assert [one.actor_id for one in fresh] == [world.members["administrator"].id], "one row a request"
    assert fresh[0].detail_hash is not None


def test_a_record_of_its_own_is_refused_in_words_and_nothing_is_changed(at: At, world: World, db: Any) -> None:
    staff = spoil_name_of(world, db, "desk", "volunteer")
    at.sign_in(world.members["administrator"])
    before, sealed = len(refusals(db)), staff.house
    shown = at.get(f"/staff/{staff.id.hex()}")
    assert shown.status_code == 500
    assert "does not hold" in shown.text
    assert len(refusals(db)) == before + 1
    assert db.session.get(Staff, staff.id, populate_existing=True).house == sealed


def test_the_row_names_whose_record_it_is_in(world: World, db: Any) -> None:
    one, two = (client_id(begin(world)) for _ in range(2))
    first, second = db.session.get(Client, one), db.session.get(Client, two)
    second.desk_card, second.desk_card_version = first.desk_card, first.desk_card_version
    db.session.commit()
    actor = world.actor("caseworker")
    opened = open_rows(actor, [row_of(row, DESK_CARD) for row in (first, second)], DESK_CARD)
    assert opened[0] is not None
    assert opened[1] is None
    commit_refusals(actor)
    last = refusals(db)[-1]
    named = db.session.scalars(select(TrailSubject.client_id).where(TrailSubject.seq == last.seq)).all()
    assert named == [two]
    commit_refusals(actor)
    assert refusals(db)[-1].seq == last.seq, "said once"


def test_a_feature_that_says_it_at_once_leaves_one_row(world: World, db: Any) -> None:
    staff = spoil_name_of(world, db, "desk", "volunteer")
    actor = world.actor("administrator")
    with pytest.raises(Spoiled) as refused:
        open_section(actor, staff, STAFF_HOUSE)
    assert isinstance(refused.value, Unopenable)
    record_alone(actor, "refused:seal")
    commit_refusals(actor)
    assert len(refusals(db)) == 1
