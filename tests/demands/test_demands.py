"""A demand from the door to the answer: counsel first, she is told, as little as possible, and nobody sees too much."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from shelter.accounts.notices import mine as notices_of
from shelter.clients.models import Client, Denial
from shelter.clients.queries import agency_today, own_file
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.demands import actions, queries
from shelter.demands.actions import Answer, Arrived, Counsel, Give, Notice
from shelter.demands.models import Demand
from shelter.erasing.models import LegalHold
from shelter.policy.errors import Denied
from shelter.releases.proof import proof
from shelter.releases.queries import events
from shelter.rules.broken import Broken
from shelter.rules.demands import breach_clocks, guide, load_guide
from shelter.rules.rulefile import BadRuleFile
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import recorded
from tests.factories import releases
from tests.factories.agency import World
from tests.factories.clients import begin, client_id


def arrives(world: World, who: str = "desk") -> bytes:
    today = agency_today()
    paper = Arrived("subpoena", "Superior Court", "all notes", "23-CV-9", "no", today, today + timedelta(days=10))
    return actions.arrived(world.actor(who), paper)


def counsel_asked(world: World, demand: bytes, who: str = "supervisor") -> None:
    known = queries.demand(world.actor(who), demand)
    db.session.rollback()
    asked = Answer(demand, known.version, "all notes", "23-CV-9", "no", known.about.due, "Ms Ode", agency_today())
    actions.answer(world.actor(who), asked)


@pytest.fixture
def code(world: World, db: Any) -> str:
    return begin(world)


def test_the_desk_writes_it_down_and_cannot_read_it_again(world: World, db: Any) -> None:
    demand = arrives(world)
    desk = world.actor("desk")
    with pytest.raises(Denied):
        queries.demands(desk)
    for who in ("supervisor", "legal_supervisor"):
        found = queries.demand(world.actor(who), demand)
        assert (found.about.from_whom, found.about.covers) == ("Superior Court", "all notes")
        assert found.name(found.about.taken_by)
        assert "demand" in [one.kind for one in notices_of(world.actor(who))]
        db.session.rollback()
    for who in ("director", "caseworker", "steward", "administrator", "auditor", "volunteer"):
        with pytest.raises(Denied):
            queries.demand(world.actor(who), demand)


def test_nothing_is_given_before_counsel_and_before_she_is_told(world: World, code: str) -> None:
    demand = arrives(world)
    actions.add_person(world.actor("supervisor"), demand, code)
    give = Give(demand, code, 1, ("served",), "sealed", "notes are privileged")
    for message, mend in (
        ("demands.ask-counsel-first", lambda: counsel_asked(world, demand)),
        (
            "demands.tell-her-first",
            lambda: actions.tried_notice(
                world.actor("supervisor"), Notice(demand, code, 1, "in_person", "yes", "she has a plan")
            ),
        ),
    ):
        with pytest.raises(Broken) as broken:
            actions.give(world.actor("supervisor"), give)
        assert broken.value.message_key == message
        db.session.rollback()
        mend()
    with pytest.raises(Conflict):
        actions.give(world.actor("supervisor"), give)
    db.session.rollback()
    actions.give(world.actor("supervisor"), Give(demand, code, 2, ("served",), "sealed", "notes are privileged"))
    given = queries.demand(world.actor("supervisor"), demand).people[0].part.produced
    assert [(one.items, one.to, one.withheld) for one in given] == [
        (["served"], "Superior Court", "notes are privileged")
    ]
    told = events(world.actor("supervisor"), db.session.get_one(Client, client_id(code)))
    assert ("compelled", "Superior Court") in [(what, where) for _, what, where, _ in told]
    shown = proof(world.actor("supervisor"))
    assert (shown.total["compelled"], shown.total["notice"], shown.total["shared"]) == (1, 1, 0)
    assert shown.uncovered == 0, "what a court compelled is not what somebody forged"


def test_her_own_file_is_silent_of_it_while_nobody_may_tell_her(app: Flask, world: World, code: str) -> None:
    """A caseworker who prints it sees no register of demands: she cannot know that a court forbids to tell."""

    def told() -> str:
        with app.test_request_context():
            held = own_file(world.actor("caseworker"), code)[1]
            return "\n".join(f"{line.label} {line.words}" for one in held for line in one.lines)

    demand = arrives(world)
    actions.add_person(world.actor("supervisor"), demand, code)
    counsel_asked(world, demand)
    not_tried = Notice(demand, code, 1, "", "not-tried", "an order of the court")
    actions.tried_notice(world.actor("supervisor"), not_tried)
    actions.give(world.actor("supervisor"), Give(demand, code, 2, ("served",), "sealed", "the heron diary"))
    assert not [one for one in ("Superior Court", "heron", "compelled") if one in told()]
    tried = Notice(demand, code, 3, "in_person", "yes", "the order ended")
    actions.tried_notice(world.actor("supervisor"), tried)
    assert "Superior Court" in told()


def test_under_a_release_of_hers_it_goes_through_the_same_door(world: World, code: str) -> None:
    demand = arrives(world)
    actions.add_person(world.actor("supervisor"), demand, code)
    counsel_asked(world, demand)
    actions.tried_notice(world.actor("supervisor"), Notice(demand, code, 1, "call", "yes", ""))
    release = releases.asked(world, code)
    unsigned = Give(demand, code, 2, ("name",), "paper", "", release)
    with pytest.raises(Broken):
        actions.give(world.actor("supervisor"), unsigned)
    db.session.rollback()
    assert db.session.scalar(select(Trail.seq).where(Trail.act == "refused:release"))
    assert queries.demand(world.actor("supervisor"), demand).people[0].part.produced == []


def test_a_hold_keeps_what_is_demanded_and_why_not_has_to_be_said(world: World, code: str) -> None:
    demand, supervisor = arrives(world), world.actor("supervisor")
    actions.add_person(supervisor, demand, code)
    assert db.session.scalars(select(LegalHold).where(LegalHold.ended.is_(False))).one().client_id == client_id(code)
    db.session.rollback()
    with pytest.raises(Broken) as broken:
        actions.tried_notice(supervisor, Notice(demand, code, 1, "", "not-tried", ""))
    assert broken.value.message_key == "demands.say-why-not"
    for wrong in (code, "K7-4QM2-C"):
        with pytest.raises(Broken):
            actions.add_person(supervisor, demand, wrong)
        db.session.rollback()


def test_what_counsel_says_is_read_by_legal_staff_alone(world: World, code: str) -> None:
    demand, counsel = arrives(world), world.actor("legal_supervisor")
    with pytest.raises(Denied):
        actions.counsel_said(world.actor("supervisor"), Counsel(demand, 0, "quash it"))
    actions.counsel_said(counsel, Counsel(demand, 0, "move to quash"))
    assert queries.demand(world.actor("supervisor"), demand).counsel is None
    said = queries.demand(counsel, demand).counsel
    assert said
    assert said.words == "move to quash"


def test_whoever_has_a_conflict_with_one_of_the_people_sees_nothing_of_it(world: World, code: str) -> None:
    demand = arrives(world)
    actions.add_person(world.actor("supervisor"), demand, code)
    with recorded(None, "denied"):
        db.session.add(Denial(client_id=client_id(code), staff_id=world.members["legal_supervisor"].id))
    with pytest.raises(Missing):
        queries.demand(world.actor("legal_supervisor"), demand)
    assert queries.demands(world.actor("legal_supervisor")) == []
    assert len(queries.demands(world.actor("supervisor"))) == 1


def test_people_of_another_site_are_counted_and_not_named(world: World, db: Any) -> None:
    demand, hers = arrives(world), begin(world, "stranger", "south")
    actions.add_person(world.actor("legal_supervisor"), demand, hers)
    found = queries.demand(world.actor("supervisor"), demand)
    assert (found.people, found.hidden) == ([], 1)
    assert [one.code for one in queries.demand(world.actor("legal_supervisor"), demand).people] == [hers]
    subjects = select(TrailSubject.client_id).join(Trail, Trail.seq == TrailSubject.seq)
    db.session.rollback()
    assert client_id(hers) in set(db.session.scalars(subjects.where(Trail.act == "demands:answer")))


def test_it_stands_on_the_first_page_until_it_is_closed(world: World, code: str) -> None:
    demand, supervisor = arrives(world), world.actor("supervisor")
    waits = queries.waiting(supervisor)
    assert (waits.demands, waits.due, waits.late) == (1, agency_today() + timedelta(days=10), False)
    assert queries.waiting(world.actor("caseworker")).demands == 0
    db.session.rollback()
    known = queries.demand(supervisor, demand)
    db.session.rollback()
    actions.close(supervisor, demand, known.version, "quashed", "the judge agreed")
    assert queries.waiting(supervisor).demands == 0
    with pytest.raises(Broken):
        actions.add_person(supervisor, demand, code)
    assert db.session.scalars(select(Demand.state)).all() == ["closed"]


def test_every_kind_has_its_steps_and_its_source(tmp_path: Path) -> None:
    assert {one.code for one in guide().kind} >= {"judge_warrant", "immigration_warrant", "subpoena", "court_order"}
    for one in guide().kind:
        assert len(guide().steps(one.code)) >= 3
        assert one.source
    assert breach_clocks()[0].hours == 24
    stray = tmp_path / "demands.toml"
    stray.write_text('kind = []\n[[step]]\nkind = "x"\nlabel = "y"\n')
    with pytest.raises(BadRuleFile):
        load_guide(stray)
