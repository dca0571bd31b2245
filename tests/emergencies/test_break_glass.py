"""Opening in an emergency: an hour, with a reason, told at once, reviewed by another; deny and restricted hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, select

from shelter.accounts.models import BrokenGlass
from shelter.accounts.notices import NoticeKind
from shelter.accounts.notices import mine as notices_of
from shelter.clients import scope
from shelter.clients.models import Client, Denial
from shelter.db.errors import Missing
from shelter.emergencies import queries
from shelter.emergencies.actions import LASTS, Break, Review, break_glass, review
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.policy.errors import Denied
from shelter.policy.kinds import RESTRICTABLE, Kind
from shelter.restricting import moving
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.stewards.restricted import name_members
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import recorded
from tests.accounts.browser import At, at
from tests.factories.agency import World
from tests.factories.clients import begin, client_id

__all__ = ["at"]
WHY = "her brother is at the gate"


def opens(world: World, who: str, code: str, reason: str = "danger") -> str:
    return break_glass(world.actor(who), Break(code, reason, WHY))


def sees(world: World, db: Any, who: str, code: str, act: Act = Act.CLIENTS_READ) -> bool:
    db.session.rollback()
    actor, client = world.actor(who), db.session.get(Client, client_id(code))
    found = db.session.scalar(select(Client.id).where(Client.id == client.id, scope.scope(actor, act))) is not None
    assert found == decide(actor, act, scope.facts_of(client)).allowed, "list and record agree"
    return found


@pytest.fixture
def code(world: World, db: Any) -> str:
    return begin(world)


def test_for_an_hour_and_not_longer(world: World, db: Any, code: str) -> None:
    assert not sees(world, db, "caseworker_two", code)
    at = clock.now()
    with clock.frozen(at):
        assert opens(world, "caseworker_two", code) == code
        assert sees(world, db, "caseworker_two", code)
        assert sees(world, db, "caseworker_two", code, Act.PLANS_READ)
    with clock.frozen(at + LASTS - timedelta(seconds=1)):
        assert sees(world, db, "caseworker_two", code)
        assert queries.open_until(world.actor("caseworker_two"), code) == at + LASTS
    with clock.frozen(at + LASTS):
        assert not sees(world, db, "caseworker_two", code)
        assert queries.open_until(world.actor("caseworker_two"), code) is None


def test_it_copies_and_prints_nothing_and_opens_nobody_else(world: World, db: Any, code: str) -> None:
    other = begin(world)
    opens(world, "caseworker_two", code)
    assert not sees(world, db, "caseworker_two", code, Act.CLIENTS_COPY)
    assert not sees(world, db, "caseworker_two", code, Act.CLIENTS_PRINT)
    assert not sees(world, db, "caseworker_two", other)


def test_it_reaches_as_far_as_her_own_keys(world: World, db: Any, code: str) -> None:
    opens(world, "advocate", code)
    assert sees(world, db, "advocate", code)
    assert not sees(world, db, "advocate", code, Act.PLANS_READ)
    opens(world, "caseworker_two", code)
    assert not sees(world, db, "caseworker_two", code, Act.MATTERS_READ)


def refused(world: World, who: str, code: str) -> str:
    with pytest.raises(Broken) as broken:
        opens(world, who, code)
    return broken.value.message_key


def test_a_conflict_of_interest_a_restricted_person_and_nobody_give_one_answer(
    world: World, db: Any, code: str
) -> None:
    denied, restricted = code, begin(world)
    db.session.add(Denial(client_id=client_id(denied), staff_id=world.members["caseworker_two"].id))
    db.session.commit()
    with recorded(world.actor("steward"), "restricted"):
        chosen = {kind: frozenset({world.members["supervisor"].id}) for kind in RESTRICTABLE - {Kind.LEGAL}}
        name_members(world.actor("steward"), client_id(restricted), chosen)
    assert moving.begin(world.actor("supervisor")) == len(chosen)
    answers = {refused(world, "caseworker_two", one) for one in (denied, restricted, "K9-9999-X")}
    assert answers == {"emergencies.not-this-way"}


def test_a_conflict_entered_meanwhile_closes_it_at_once(world: World, db: Any, code: str) -> None:
    opens(world, "caseworker_two", code)
    db.session.add(Denial(client_id=client_id(code), staff_id=world.members["caseworker_two"].id))
    db.session.commit()
    assert not sees(world, db, "caseworker_two", code)


@pytest.mark.parametrize("who", ["desk", "volunteer", "director", "preparer", "administrator", "steward", "auditor"])
def test_who_reads_no_records_opens_none(world: World, code: str, who: str) -> None:
    with pytest.raises(Denied):
        opens(world, who, code)


def test_her_worker_and_the_stewards_hear_of_it_at_once(world: World, db: Any, code: str) -> None:
    opens(world, "caseworker_two", code)
    for who, named in (("caseworker", code), ("steward", ""), ("steward_two", "")):
        last = notices_of(world.actor(who))[0]
        assert (last.kind, last.code) == (NoticeKind.GLASS, named), who
    assert not [one for one in notices_of(world.actor("advocate")) if one.kind == NoticeKind.GLASS]


def test_the_reason_is_sealed_and_the_act_is_in_the_trail(world: World, db: Any, code: str) -> None:
    opens(world, "caseworker_two", code)
    row = db.session.scalars(select(BrokenGlass)).one()
    assert WHY.encode() not in row.reason
    last = db.session.scalars(select(Trail).where(Trail.act == Act.GLASS_BREAK)).one()
    assert last.actor_id == world.members["caseworker_two"].id
    assert db.session.scalars(select(TrailSubject.client_id).where(TrailSubject.seq == last.seq)).all() == [
        client_id(code)
    ]


def test_somebody_else_reviews_it_once(world: World, db: Any, code: str) -> None:
    opens(world, "caseworker_two", code)
    waiting = queries.to_review(world.actor("supervisor"))
    assert [(one.code, one.reason, one.words) for one in waiting] == [(code, "danger", WHY)]
    with pytest.raises(Missing):
        review(world.actor("caseworker_two"), Review(waiting[0].id, True, ""))
    review(world.actor("supervisor"), Review(waiting[0].id, False, "She could have called."))
    assert queries.to_review(world.actor("supervisor")) == []
    with pytest.raises(Broken) as broken:
        review(world.actor("legal_supervisor"), Review(waiting[0].id, True, ""))
    assert broken.value.message_key == "emergencies.reviewed-already"


def test_nobody_reviews_her_own_and_the_database_says_so_too(world: World, db: Any) -> None:
    far = begin(world, "stranger", "south")
    opens(world, "supervisor", far)
    assert queries.to_review(world.actor("supervisor")) == [], "not her site, once the hour is over or before"
    mine = queries.to_review(world.actor("legal_supervisor"))
    assert len(mine) == 1
    rules = [str(one.sqltext) for one in BrokenGlass.__table__.constraints if isinstance(one, CheckConstraint)]
    assert any("reviewed_by <> staff_id" in rule for rule in rules)


def test_the_page_asks_and_every_page_of_hers_says_until_when(at: At, world: World, db: Any, code: str) -> None:
    db.session.rollback()
    at.sign_in(world.members["caseworker_two"])
    assert at.get(f"/people/{code}").status_code == 404
    empty = at.post("/break-glass", code=code, reason="", words="")
    assert empty.status_code == 422
    answer = at.post("/break-glass", code=code.lower(), reason="danger", words=WHY)
    assert answer.status_code == 302
    shown = at.get(answer.location)
    assert shown.status_code == 200
    assert "Open to you in an emergency until" in shown.text
    assert Kind.IDENTITY
    at.later(LASTS + timedelta(minutes=1))
    assert at.get(f"/people/{code}").status_code in (302, 404)
