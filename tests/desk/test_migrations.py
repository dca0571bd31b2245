"""Going back behind the numbers of those turned away, and forward again, with a book that has entries."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from shelter.db import db
from shelter.db.transaction import write_transaction
from shelter.desk import actions, queries
from shelter.desk.actions import TurnAway
from shelter.desk.models import RequestTurnedAway
from shelter.desk.upkeep import number_late
from shelter.rules import clock
from shelter.trail.rows import wrong_rows
from tests.documents.test_migrations import moved
from tests.factories.agency import World
from tests.factories.stays import tonight

EVENING = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_the_book_of_those_turned_away_is_numbered_house_by_house_as_it_was_written(world: World) -> None:
    for children in range(3):
        with clock.frozen(EVENING + timedelta(days=children)):
            actions.turn_away(world.actor("desk"), TurnAway(world.sites["north"], tonight(), 1, children, "capacity"))
            actions.turn_away(
                world.actor("stranger"), TurnAway(world.sites["south"], tonight(), 2, children, "capacity")
            )
    moved("0052", back=True)
    moved("head", back=False)
    rows = db.session.execute(select(RequestTurnedAway.site_id, RequestTurnedAway.no)).all()
    assert sorted(rows) == sorted((world.sites[site], no) for site in ("north", "south") for no in (1, 2, 3))
    with clock.frozen(EVENING + timedelta(days=3)):
        actions.turn_away(world.actor("desk"), TurnAway(world.sites["north"], tonight(), 1, 3, "capacity"))
        shown = queries.turned_away(world.actor("desk")).shown
    assert [one.request.children for one in shown] == [3, 2, 1, 0]


def test_what_a_host_of_the_version_before_writes_gets_the_next_number_of_its_house(world: World) -> None:
    for place in ("north", "south", "north"):
        where, who = world.sites[place], "stranger" if place == "south" else "desk"
        actions.turn_away(world.actor(who), TurnAway(where, tonight(), 1, 0, "capacity"))
    north = select(RequestTurnedAway.id).where(RequestTurnedAway.site_id == world.sites["north"])
    late = db.session.scalars(north).all()
    db.session.execute(update(RequestTurnedAway).where(RequestTurnedAway.id.in_(late)).values(no=0))
    db.session.commit()
    with write_transaction():
        number_late(clock.now())
    rows = db.session.execute(select(RequestTurnedAway.site_id, RequestTurnedAway.no)).all()
    assert sorted(rows) == sorted([(world.sites["north"], 1), (world.sites["north"], 2), (world.sites["south"], 1)])
    actions.turn_away(world.actor("desk"), TurnAway(world.sites["north"], tonight(), 1, 0, "capacity"))
    assert db.session.scalar(select(func.max(RequestTurnedAway.no))) == 3
    assert wrong_rows() == []
