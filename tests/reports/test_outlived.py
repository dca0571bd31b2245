"""A purge is no un-happening: a count whose record is no more stays through a retelling, or is given up by a person.

And what waits of a telling is named by the doctor, with what to do.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from shelter.cli.examining import with_key_of
from shelter.clients.queries import agency_today
from shelter.db.inbox import ANEW, FIRST
from shelter.db.packed import Inbox
from shelter.db.transaction import write_transaction
from shelter.desk.actions import requests
from shelter.desk.models import RequestTurnedAway
from shelter.erasing import actions as erasing
from shelter.erasing import upkeep
from shelter.erasing.actions import Ask
from shelter.plans import actions as plans
from shelter.plans.actions import ChangeGoal, SetGoal
from shelter.policy.kinds import Kind
from shelter.reports import anew, folding
from shelter.reports.ledger import broken, current, opened
from shelter.reports.runs import OUTLIVE, runs
from shelter.rules.broken import Broken
from shelter.rules.clock import frozen, now
from tests.factories.agency import World
from tests.factories.clients import begin
from tests.reports.test_anew import fold_all, spoil, told

LONG_AFTER = timedelta(days=366 * 4 + 40)
"""Later than the years for which requests that were turned away are kept."""


def turn_away(world: World) -> bytes:
    command = requests.TurnAway(world.sites["north"], agency_today(), 1, 2, "capacity", "")
    return requests.turn_away(world.actor("desk"), command)


def run_the_clock() -> None:
    for duty in upkeep.DUTIES:
        with write_transaction():
            duty(now())


def turned_away(world: World) -> list[dict[str, Any]]:
    return [fact.values for fact in current(world.actor("director")) if fact.what == "turned_away"]


def of_ledgers(world: World, who: str = "director") -> list[tuple[str, str]]:
    found = with_key_of(world.actor(who))
    return [(one.what, one.what_to_do) for one in found if one.bad and one.what.startswith("ledger of")]


def test_what_the_clock_took_stays_counted_through_a_retelling(world: World, db: Any) -> None:
    turn_away(world), turn_away(world)
    run_the_clock()
    fold_all(world)
    before = turned_away(world)
    with frozen(now() + LONG_AFTER):
        turn_away(world)
        run_the_clock()
        assert db.session.scalar(select(func.count()).select_from(RequestTurnedAway)) == 1
        anew.tell(world.actor("supervisor"), Kind.SHELTER)
        fold_all(world)
        after = turned_away(world)
        assert len(before) == 2
        assert len(after) == 3
        assert all(one in after for one in before)


def test_a_request_taken_back_stays_so(world: World) -> None:
    kept = turn_away(world)
    requests.take_back_request(world.actor("desk"), turn_away(world))
    assert kept
    fold_all(world)
    before = told(world)
    anew.tell(world.actor("supervisor"), Kind.SHELTER)
    fold_all(world)
    assert told(world) == before


def test_goals_reached_outlive_their_words(world: World, db: Any) -> None:
    code, worker = begin(world, called="Lin"), world.actor("caseworker")
    goal = plans.set_goal(worker, SetGoal(code, "My own door", "", "housing"))
    plans.change_goal(worker, ChangeGoal(code, goal, 1, "My own door", "", "housing", "reached"))
    fold_all(world)
    asked = erasing.ask(world.actor("supervisor"), Ask(code, "narrative", "she-asked"))
    erasing.agree(world.actor("steward"), asked)
    erasing.erase(world.actor("supervisor"), asked)
    fold_all(world)
    before = told(world)
    assert "goal" in {what for what, *_ in before}
    anew.tell(world.actor("supervisor"), Kind.ADVOCACY)
    fold_all(world)
    assert told(world) == before


def test_lost_counts_of_what_is_no_more_are_given_up_by_a_person_alone(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "MOST_YOUNG", 1)
    turn_away(world)
    run_the_clock()
    fold_all(world)
    with frozen(now() + LONG_AFTER):
        turn_away(world)
        run_the_clock()
        spoil(world, db, Kind.SHELTER)
        anew.tell(world.actor("supervisor"), Kind.SHELTER)
        fold_all(world)
        with pytest.raises(Broken):
            turned_away(world)
        ((lost, _), (waits, then)) = of_ledgers(world)
        assert "do not open" in lost
        assert "a lost part may hold counts whose records are no more" in waits
        assert "--give-up-lost" in then
        anew.tell(world.actor("supervisor"), Kind.SHELTER, gives_up=True)
        fold_all(world)
        assert broken(world.actor("director"), Kind.FACTS) == {}
        assert len(turned_away(world)) == 1
        assert of_ledgers(world) == []
        assert db.session.scalars(select(Inbox.id)).all() == [], "the one that waited is over"


def test_a_lost_part_in_a_young_agency_is_simply_told_anew(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "MOST_YOUNG", 1)
    turn_away(world)
    run_the_clock()
    fold_all(world)
    before = turned_away(world)
    spoil(world, db, Kind.SHELTER)
    anew.tell(world.actor("supervisor"), Kind.SHELTER)
    fold_all(world)
    assert turned_away(world) == before


@pytest.mark.parametrize("end", [True, False], ids=["without-a-part", "without-the-end"])
def test_the_doctor_names_a_telling_of_which_something_is_missing(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch, end: bool
) -> None:
    for name in ("Lin", "Sol"):
        begin(world, called=name)
    fold_all(world)
    monkeypatch.setattr("shelter.db.inbox.BATCH", 1)
    anew.tell(world.actor("supervisor"), Kind.IDENTITY)
    assert of_ledgers(world) == [], "it is whole and only waits"
    facts = world.actor("director").keyring.compartment(Kind.FACTS)  # type: ignore[attr-defined]
    rows = db.session.scalars(select(Inbox.id).where(Inbox.compartment_id == facts).order_by(Inbox.id)).all()
    db.session.execute(delete(Inbox).where(Inbox.id == rows[0 if end else -1]))
    db.session.commit()
    ((what, then),) = of_ledgers(world)
    assert "what identity told anew is not whole" in what
    assert ("without the end" in what) is not end
    assert then == "Run tell-anew identity again."
    anew.tell(world.actor("supervisor"), Kind.IDENTITY)
    fold_all(world)
    assert of_ledgers(world) == []
    assert [row for row in db.session.scalars(select(Inbox.id)) if row.startswith(FIRST)] == []


@pytest.mark.parametrize("origin", [Kind.SHELTER, Kind.ADVOCACY])
def test_a_host_of_the_version_before_drops_no_such_count_either(world: World, origin: Kind) -> None:
    """It drops the kinds that stand in the closing under the name it knows."""
    anew.tell(world.actor("supervisor"), origin)
    facts = [fact for batch in opened(world.actor("director"), anew=True) for fact in batch.facts]
    (closing,) = (fact for fact in facts if fact.what == ANEW)
    assert not OUTLIVE & set(str(closing.values["kinds"]).split())
    (run,) = runs(world.actor("director"), Kind.FACTS)
    assert run.kinds & OUTLIVE
