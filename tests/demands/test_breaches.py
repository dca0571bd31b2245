"""Breaches: a clock of a day, people seen by those who open their records, letters on paper that name nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from shelter.accounts.notices import mine as notices_of
from shelter.clients.queries import agency_today
from shelter.demands import actions, queries
from shelter.demands.actions import Affected, Change, Found, Tell
from shelter.policy.errors import Denied
from shelter.releases.proof import BREACHES, proof
from shelter.rules.broken import Broken
from shelter.rules.clock import frozen, now
from tests.factories.agency import World
from tests.factories.clients import Desk, begin

DATABASES = ("sqlite",)  # who sees what and when is asked of policy and of a clock


def got_out(world: World, who: str = "director") -> bytes:
    return actions.found(world.actor(who), Found("lost", "a telephone on the bus", now() - timedelta(hours=2), False))


def test_the_clock_runs_for_a_day_and_knows_whether_it_was_kept(world: World, db: Any) -> None:
    breach, director = got_out(world), world.actor("director")
    clock = queries.breach(director, breach).clocks[0]
    assert clock.ends == queries.breach(director, breach).about.found + timedelta(hours=24)
    assert not clock.over
    assert [one.clock.code for one in queries.waiting(world.actor("steward")).clocks] == ["funder"]
    assert "breach" in [one.kind for one in notices_of(world.actor("supervisor"))]
    db.session.rollback()
    with frozen(now() + timedelta(hours=23)):
        assert queries.breach(director, breach).clocks[0].over
        db.session.rollback()
    with pytest.raises(Broken):
        actions.told(director, Tell(breach, 1, "funder", now() + timedelta(hours=1), ""))
    actions.told(director, Tell(breach, 1, "funder", now(), "by telephone"))
    assert queries.breach(director, breach).clocks[0].kept
    assert queries.waiting(world.actor("steward")).clocks == []


def test_only_those_who_open_her_record_see_that_it_concerns_her(world: World, db: Any) -> None:
    breach, code = got_out(world), begin(world)
    for who in ("director", "steward", "administrator"):
        with pytest.raises(Broken):
            actions.add_affected(world.actor(who), breach, code)
        db.session.rollback()
        assert queries.breach(world.actor(who), breach).people is None
        db.session.rollback()
    actions.add_affected(world.actor("supervisor"), breach, code)
    with pytest.raises(Broken):
        actions.add_affected(world.actor("supervisor"), breach, begin(world, "stranger", "south"))
    db.session.rollback()
    told = Affected(breach, code, 1, "her telephone number", agency_today(), "in_person", "")
    actions.told_her(world.actor("supervisor"), told)
    found = queries.breach(world.actor("legal_supervisor"), breach).people
    assert found
    assert [(one.code, one.part.what) for one in found] == [(code, "her telephone number")]
    for who in ("caseworker", "desk", "auditor"):
        with pytest.raises(Denied):
            queries.breach(world.actor(who), breach)


def test_it_is_closed_once_somebody_said_how_it_was_contained(world: World, db: Any) -> None:
    breach, director = got_out(world), world.actor("director")
    with pytest.raises(Broken):
        actions.close_breach(director, breach, 1)
    db.session.rollback()
    actions.change_breach(director, Change(breach, 1, "a telephone", "wiped from afar", "We lost a telephone."))
    actions.close_breach(director, breach, 2)
    assert queries.breach(director, breach).state == "closed"
    assert queries.waiting(director).clocks == []


def test_the_proof_for_a_monitor_counts_who_was_told_of_a_breach_and_names_nobody(app: Flask, world: World) -> None:
    breach, sofia = got_out(world), world.actor("supervisor")
    codes = [begin(world) for _ in range(3)]
    for code in codes:
        actions.add_affected(sofia, breach, code)
    actions.told_her(sofia, Affected(breach, codes[0], 1, "her number", agency_today(), "in_person", ""))
    actions.told_her(sofia, Affected(breach, codes[1], 1, "her number", None, "", "she cannot be reached safely"))
    found = proof(sofia)
    assert {what: found.total[what] for what in BREACHES} == dict.fromkeys(BREACHES, 1)
    assert (found.total["notice"], found.uncovered) == (0, 0)
    shown = Desk(app, world, "supervisor").get("/releases/proof").text
    assert "When something of theirs got out" in shown
    assert not [one for one in (*codes, "telephone on the bus", "her number", "reached safely") if one in shown]
