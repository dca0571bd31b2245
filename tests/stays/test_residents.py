"""Who sleeps here tonight: the same in SQL and in memory, by the site's own clock, through both of its changes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from shelter.clients import scope
from shelter.clients.models import Assignment, Client
from shelter.db import db, new_id
from shelter.db.agency import Site
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.rules import clock
from shelter.rules.codes import new_code
from shelter.rules.staydays import day_of_arrival, night_at
from shelter.stays import queries
from shelter.stays.models import Stay, StayBed
from shelter.trail.record import recorded
from tests.factories.agency import World

ZONE = "America/Los_Angeles"


def populate(world: World, drawn: list[dict[str, Any]], today: date) -> list[Client]:
    """People with nights at a site, in no bed: what the overlap rule leaves alone."""
    with recorded(None, "drawn"):
        for table in (StayBed, Stay, Assignment, Client):
            db.session.execute(delete(table))
        clients = [Client(id=new_id(), code=new_code()) for _ in drawn]
        db.session.add_all(clients)
        db.session.flush()
        for client, one in zip(clients, drawn, strict=True):
            for site, first, nights in one["stays"]:
                stay = Stay(client_id=client.id, site_id=world.sites[site], party_id=new_id())
                db.session.add(stay)
                db.session.flush()
                from_day = today + timedelta(days=first)
                until = None if nights is None else from_day + timedelta(days=nights)
                db.session.add(StayBed(stay_id=stay.id, bed_number=None, from_day=from_day, until_day=until))
    return clients


stays = st.tuples(
    st.sampled_from(["north", "south", "east"]), st.integers(-3, 3), st.one_of(st.none(), st.integers(0, 4))
)
people = st.lists(st.fixed_dictionaries({"stays": st.lists(stays, max_size=2)}), max_size=6)
instants = st.integers(0, 245 * 24 * 4).map(lambda n: datetime(2026, 3, 5, tzinfo=UTC) + timedelta(minutes=15 * n))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=people, at=instants, hour=st.sampled_from([0, 6, 12, 18, 23]), zone=st.sampled_from([ZONE, "Pacific/Guam"])
)
def test_the_list_and_the_record_agree_on_who_sleeps_here(
    world: World, drawn: list[dict[str, Any]], at: datetime, hour: int, zone: str
) -> None:
    with clock.frozen(at):
        clients = populate(world, drawn, clock.today(ZONE))
        with recorded(None, "set"):
            db.session.execute(update(Site).where(Site.id == world.sites["south"]).values(zone=zone, night_begins=hour))
        facts = scope.facts_of_many(clients)
        for who in ("desk", "caseworker", "supervisor", "volunteer", "director"):
            actor = world.actor(who)
            for act in (Act.RESIDENTS_SEE, Act.STAYS_READ, Act.STAYS_WRITE):
                listed = set(db.session.scalars(select(Client.id).where(scope.scope(actor, act))))
                assert listed == {c.id for c in clients if decide(actor, act, facts[c.id]).allowed}


@pytest.mark.parametrize(
    ("at", "night", "today"),
    [
        # Spring forward, 8 March 2026: the night of the 7th has 23 hours.
        ("2026-03-08T01:59:00+00:00", date(2026, 3, 6), date(2026, 3, 7)),
        ("2026-03-08T02:00:00+00:00", date(2026, 3, 7), date(2026, 3, 7)),
        ("2026-03-09T00:59:00+00:00", date(2026, 3, 7), date(2026, 3, 8)),
        ("2026-03-09T01:00:00+00:00", date(2026, 3, 8), date(2026, 3, 8)),
        # Fall back, 1 November 2026: the night of 31 October has 25 hours.
        ("2026-11-01T00:59:00+00:00", date(2026, 10, 30), date(2026, 10, 31)),
        ("2026-11-01T01:00:00+00:00", date(2026, 10, 31), date(2026, 10, 31)),
        ("2026-11-02T01:59:00+00:00", date(2026, 10, 31), date(2026, 11, 1)),
        ("2026-11-02T02:00:00+00:00", date(2026, 11, 1), date(2026, 11, 1)),
    ],
)
def test_tonight_changes_at_six_in_the_evening_through_both_clock_changes(
    world: World, at: str, night: date, today: date
) -> None:
    with recorded(None, "set"):
        db.session.execute(update(Site).values(night_begins=18))
    with clock.frozen(datetime.fromisoformat(at)):
        site = next(one for one in queries.sites_now() if one.id == world.sites["north"])
        assert (site.night.night, site.night.today) == (night, today)
        assert queries.board(world.actor("desk"))[0].day == night


@pytest.mark.parametrize(
    ("at", "hour", "expected"),
    [
        ("2026-11-21T11:00:00+00:00", 18, date(2026, 11, 20)),  # three in the morning joins the night that is running
        ("2026-11-21T22:00:00+00:00", 18, date(2026, 11, 21)),  # two in the afternoon, the one to come
        ("2026-11-21T22:00:00+00:00", 12, date(2026, 11, 21)),
        ("2026-11-21T17:00:00+00:00", 8, date(2026, 11, 21)),
    ],
)
def test_who_stands_at_the_door_joins_the_night_she_will_sleep_through(at: str, hour: int, expected: date) -> None:
    assert day_of_arrival(datetime.fromisoformat(at), ZONE, hour) == expected


def test_who_came_this_afternoon_and_who_leaves_today_are_known_to_the_desk_until_the_night_begins() -> None:
    afternoon = night_at(datetime(2026, 11, 21, 22, tzinfo=UTC), ZONE, 18)
    evening = night_at(datetime(2026, 11, 22, 4, tzinfo=UTC), ZONE, 18)
    today = date(2026, 11, 21)
    assert afternoon.covers(today, None)
    assert afternoon.covers(today - timedelta(days=3), today)
    assert evening.covers(today, None)
    assert not evening.covers(today - timedelta(days=3), today)
    assert not afternoon.covers(today, today)
    assert not evening.covers(today + timedelta(days=1), None)
