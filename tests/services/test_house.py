"""What the desk gives: for who sleeps here tonight, sealed with the house, counted as anybody's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Missing
from shelter.funders.records.history import history_of
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.rules.clock import frozen, now
from shelter.services import actions, queries
from shelter.services.actions import EnterService
from shelter.services.models import Service
from shelter.stays.changes import UNDO_FOR
from tests.factories.agency import World
from tests.factories.clients import Desk, begin
from tests.factories.services import enter, told
from tests.factories.stays import make_beds, resident

WORDS = "sat with her until she slept"


@pytest.fixture
def her(world: World) -> str:
    return resident(world, make_beds(world)["A"], called="Lin", since=agency_today() - timedelta(days=3))


def give(world: World, code: str, who: str = "desk", **more: Any) -> bytes:
    said = {"what": "crisis", "on": agency_today(), "minutes": 30, "words": WORDS} | more
    return actions.give_in_house(world.actor(who), EnterService((code,), **said))


def test_its_words_lie_with_the_house_and_her_caseworker_reads_them(world: World, her: str) -> None:
    service = give(world, her)
    row = db.session.get_one(Service, service)
    assert row.shelter is not None
    assert (row.advocacy, row.legal) == (None, None)
    (given,) = queries.given_to(world.actor("caseworker"), her).services
    assert (given.text.words, given.by) == (WORDS, "Desk")


def test_both_ledgers_hear_of_it_and_not_of_its_words(world: World, her: str) -> None:
    give(world, her)
    (fact,) = told(world, "service")
    assert (fact.values["service"], fact.values["minutes"]) == ("crisis", 30)
    assert WORDS not in str(fact.values)
    (event,) = [one for one in history_of(world.actor("preparer")).events if one.what == "service"]
    assert event.day == agency_today()


def test_a_lawyer_reads_nothing_of_it(world: World, her: str) -> None:
    from tests.factories.clients import give_advocate

    give_advocate(world, her)
    give(world, her)
    assert queries.given_to(world.actor("advocate"), her).services == ()


def test_only_for_who_sleeps_here_and_by_the_desk_alone(world: World, her: str) -> None:
    away = begin(world, called="Mei")
    assert [code for code, _ in queries.in_the_house(world.actor("desk"))] == [her]
    with pytest.raises(Missing):
        give(world, away)
    for who in ("volunteer", "advocate", "director", "stranger"):
        with pytest.raises((Missing, Denied)):
            give(world, her, who)
        db.session.rollback()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"what": "legal_advice"}, "what"),
        ({"what": "nothing"}, "what"),
        ({"on": "future"}, "on"),
        ({"on": "before"}, "why"),
    ],
)
def test_what_is_unusual_is_refused_beside_the_field(world: World, her: str, said: dict[str, Any], field: str) -> None:
    days = {"future": agency_today() + timedelta(days=1), "before": agency_today() - timedelta(days=9)}
    said = {name: days.get(value, value) for name, value in said.items()}
    with pytest.raises(Broken) as broken:
        give(world, her, **said)
    assert broken.value.field == field


def test_her_own_entry_is_taken_back_for_ten_minutes(world: World, her: str) -> None:
    service, theirs = give(world, her), enter(world, her)[0]
    desk = world.actor("desk")
    with pytest.raises(Missing):
        actions.take_back_in_house(desk, her, theirs, "")
    db.session.rollback()
    with frozen(now() + UNDO_FOR + timedelta(minutes=1)), pytest.raises(Missing):
        actions.take_back_in_house(desk, her, service, "")
    db.session.rollback()
    actions.take_back_in_house(desk, her, service, "undone at once")
    assert [fact for fact in told(world, "service") if not fact.deleted and fact.values["service"] == "crisis"] == []
    with pytest.raises(Missing):
        actions.take_back_in_house(desk, her, service, "")


def test_a_caseworkers_own_entry_lies_in_her_own_compartment_still(world: World, her: str) -> None:
    row = db.session.get_one(Service, enter(world, her)[0])
    assert row.advocacy is not None
    assert row.shelter is None


def test_the_desk_enters_it_by_keyboard_and_takes_it_back(world: World, app: Any, her: str) -> None:
    desk = Desk(app, world, "desk")
    page = desk.get("/services/house").text
    assert f"Lin {her}" in page
    assert "Custody, divorce" not in page
    fields = {"who": her, "what": "food_and_clothes", "on": agency_today().isoformat(), "minutes": "5"}
    assert desk.post("/services/house", **fields).status_code == 302
    shown = desk.get("/services/house").text
    assert "/undo" in shown
    (given,) = queries.given_to(world.actor("caseworker"), her).services
    at = f"/services/house/{her}/{given.id.hex()}/undo"
    assert desk.post(at, "/services/house").status_code == 302
    (given,) = queries.given_to(world.actor("caseworker"), her).services
    assert given.text.taken_back is not None
