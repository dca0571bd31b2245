"""Two records of one person: both codes work, one person is counted, everybody of both teams sees both; and back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from shelter.clients import actions, queries
from shelter.clients.models import Assignment, Client
from shelter.clients.parts import Born, Part, Progress, SavePart, Told
from shelter.db import db
from shelter.db.errors import Missing
from shelter.plans.actions import SetGoal, set_goal
from shelter.policy.errors import Denied
from shelter.reports import ledger
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk


def two(world: World) -> tuple[str, str]:
    """One person who came twice and was met by two workers, born in the same year."""
    kept, gone = clients.named(world, "Analyn Reyes"), clients.named(world, "Ana Lyn Reyes", who="caseworker_two")
    for who, code in (("caseworker", kept), ("caseworker_two", gone)):
        born = Born(Told("exact", 1998, 3, 4))
        actions.save_part(world.actor(who), SavePart(code, Part.BIRTH, 0, born, progress=Progress.DONE))
    set_goal(world.actor("caseworker_two"), SetGoal(gone, "A room of my own", "", "housing"))
    return kept, gone


def people_counted(world: World) -> int:
    facts = ledger.current(world.actor("director"))
    return len({fact.person for fact in facts}) if facts else 0


def records() -> list[tuple[bytes | None, ...]]:
    rows = db.session.execute(select(Client.identity, Client.desk_card).order_by(Client.id))
    return [tuple(row) for row in rows]


@pytest.mark.usefixtures("in_a_request")
def test_nothing_is_sealed_again_and_one_person_is_counted_until_it_is_undone(world: World) -> None:
    kept, gone = two(world)
    before, sofia = records(), world.actor("supervisor")
    assert people_counted(world) == 2
    actions.merge(sofia, gone, kept)
    assert records() == before
    assert people_counted(world) == 1
    assert len([fact for fact in ledger.current(world.actor("director")) if fact.what == "person"]) == 1
    for who in ("caseworker", "caseworker_two"):
        assert queries.overview(world.actor(who), gone).card.also == (kept,)
        shown = queries.overview(world.actor(who), kept)
        assert shown.card.also == (gone,)
        assert any("A room of my own" in str(line.words) for block in shown.blocks for line in block.lines)
        assert [row.code for row in queries.my_people(world.actor(who)).rows] == [kept]
    actions.undo_merge(sofia, gone)
    assert people_counted(world) == 2
    assert records() == before
    with pytest.raises(Missing):
        queries.overview(world.actor("caseworker"), gone)


def test_the_teams_are_as_they_were_after_it_is_undone(world: World) -> None:
    kept, gone = two(world)
    query = select(Assignment.client_id, Assignment.staff_id, Assignment.kind)
    before = sorted(map(tuple, db.session.execute(query)))
    actions.merge(world.actor("supervisor"), gone, kept)
    assert len(db.session.execute(query).all()) == 4
    actions.undo_merge(world.actor("supervisor"), gone)
    assert sorted(map(tuple, db.session.execute(query))) == before


def test_a_conflict_of_interest_with_one_is_one_with_both(world: World) -> None:
    kept, gone = two(world)
    sofia = world.actor("supervisor")
    actions.deny(sofia, gone, world.members["caseworker"].id)
    actions.merge(sofia, gone, kept)
    with pytest.raises(Missing):
        queries.overview(world.actor("caseworker"), kept)
    actions.undo_merge(sofia, gone)


def test_it_is_a_supervisors_to_do_once_and_to_undo_for_a_month(world: World) -> None:
    kept, gone = two(world)
    third, sofia = clients.begin(world), world.actor("supervisor")
    with pytest.raises(Denied):
        actions.merge(world.actor("caseworker"), third, kept)
    actions.merge(sofia, gone, kept)
    for one, other in ((gone, third), (third, gone), (kept, third), (kept, kept)):
        with pytest.raises(Broken):
            actions.merge(sofia, one, other)
    later = now() + timedelta(days=31)
    with clock.frozen(later), pytest.raises(Broken):
        actions.undo_merge(sofia, gone)


def test_through_the_pages_both_stand_side_by_side_first(app: Flask, world: World) -> None:
    kept, gone = two(world)
    sofia, place = Desk(app, world, "supervisor"), f"/people/{kept}/merge"
    assert "422" in sofia.post(place, code="nonsense").status
    asked = sofia.post(place, code=gone.lower())
    assert asked.headers["Location"].endswith(f"{place}/{gone}")
    both = sofia.get(f"{place}/{gone}").text
    assert "Analyn Reyes" in both
    assert "Ana Lyn Reyes" in both
    assert sofia.post(f"{place}/{gone}", code=gone).status_code == 302
    assert f'One person with <a href="/people/{gone}"' in sofia.get(f"/people/{kept}").text
    assert sofia.post(f"/people/{gone}/merge/undo", place).status_code == 302
    assert "One person with" not in sofia.get(f"/people/{kept}").text


@pytest.fixture
def in_a_request(app: Flask) -> Iterator[None]:
    """The rooms say what they hold in the reader's language."""
    with app.test_request_context():
        yield
