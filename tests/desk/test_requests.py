"""Requests that cannot be met, and who waits: as little as possible, by danger, and gone when it is over."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Conflict, Missing
from shelter.db.keystore import KeyDek
from shelter.db.packed import Inbox
from shelter.db.sections import SealedRow, Section
from shelter.desk import actions, queries
from shelter.desk.actions import PutOnList, TurnAway
from shelter.desk.models import RequestTurnedAway, RequestWaiting
from shelter.desk.queries import books, pages
from shelter.desk.upkeep import forget_served
from shelter.policy.actor import Actor
from shelter.policy.errors import Denied
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.trail.rows import wrong_rows
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.stays import DAY, tonight

SignedIn = Callable[[str], Desk]


@pytest.fixture(autouse=True)
def _an_evening() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        yield


def asked(world: World, called: str = "Sol", danger: str = "soon", **more: object) -> PutOnList:
    told = {"called": called, "adults": 1, "children": 2, "needs": (), "danger": danger, "channel": "she_calls"}
    return PutOnList(world.sites["north"], **(told | more))  # type: ignore[arg-type]


def test_a_request_turned_away_is_told_to_the_ledger_and_can_be_taken_back(world: World) -> None:
    desk, before = world.actor("desk"), _inbox()
    made = actions.turn_away(desk, TurnAway(world.sites["north"], tonight(), 1, 2, "capacity", "the county line"))
    assert _inbox() == before + 1
    (view,) = queries.turned_away(world.actor("caseworker")).shown
    assert (view.request.adults, view.request.reason, view.by) == (1, "capacity", "Desk")
    assert queries.turned_away(world.actor("stranger")).shown == []
    actions.take_back_request(desk, made)
    assert _inbox() == before + 2
    assert db.session.scalars(select(RequestTurnedAway)).all() == []
    assert db.session.scalars(select(KeyDek).where(KeyDek.subject_id == made)).all() == []
    assert wrong_rows() == []


def _inbox() -> int:
    return db.session.scalar(select(func.count()).select_from(Inbox)) or 0


def test_what_cannot_be_meant_is_refused_beside_its_field(world: World) -> None:
    desk, north = world.actor("desk"), world.sites["north"]
    for wrong, field in (
        (TurnAway(north, tonight() + DAY, 1, 0, "capacity"), "day"),
        (TurnAway(north, tonight(), 0, 0, "capacity"), "adults"),
    ):
        with pytest.raises(Broken) as refused:
            actions.turn_away(desk, wrong)
        assert refused.value.field == field
    for more, field in (({"channel": "text"}, "value"), ({"value": "555 0100"}, "channel")):
        with pytest.raises(Broken) as refused:
            actions.put_on_list(desk, asked(world, **more))
        assert refused.value.field == field
    with pytest.raises(Missing):
        actions.turn_away(desk, TurnAway(world.sites["south"], tonight(), 1, 0, "capacity"))
    with pytest.raises(Denied):
        actions.turn_away(world.actor("volunteer"), TurnAway(north, tonight(), 1, 0, "capacity"))


def test_who_is_in_most_danger_stands_first_and_nothing_is_left_of_who_was_served(world: World) -> None:
    desk = world.actor("desk")
    for called, danger in (("Ada", "later"), ("Sol", "soon"), ("Bo", "now")):
        actions.put_on_list(desk, asked(world, called, danger))
    assert [one.request.called for one in queries.waiting(desk)] == ["Bo", "Sol", "Ada"]
    assert queries.waiting(world.actor("stranger")) == []
    first = queries.waiting(desk)[0]
    actions.change_waiting(desk, first.id, first.version, asked(world, "Bo", "later"))
    with pytest.raises(Conflict):
        actions.change_waiting(world.actor("caseworker"), first.id, first.version, asked(world, "Bo", "now"))
    with pytest.raises(Missing):
        actions.served(world.actor("stranger"), first.id)
    actions.served(desk, first.id)
    assert first.id not in {one.id for one in queries.waiting(desk)}
    actions.take_back_waiting(desk, first.id)
    assert first.id in {one.id for one in queries.waiting(desk)}
    actions.served(desk, first.id)
    with pytest.raises(Missing):
        actions.take_back_waiting(world.actor("caseworker"), first.id)
    forget_served(clock.now() + timedelta(minutes=11))
    db.session.commit()
    assert first.id not in set(db.session.scalars(select(RequestWaiting.id)))
    assert db.session.scalars(select(KeyDek).where(KeyDek.subject_id == first.id)).all() == []


def test_the_pages_of_requests(world: World, desk: SignedIn) -> None:
    night, north = desk("desk"), world.sites["north"].hex()
    day = tonight().isoformat()
    told = night.post("/requests/turned-away", reason="capacity", adults="1", day=day, site=north)
    assert told.status_code == 302
    wrong = night.post("/requests/waiting/new", called="Sol", danger="now", channel="text", adults="1", site=north)
    assert wrong.status_code == 422
    assert "Say the number or address" in wrong.text
    answered = {"called": "Sol", "danger": "now", "channel": "text", "value": "555 0100", "adults": "1", "site": north}
    assert night.post("/requests/waiting/new", **answered).status_code == 302
    (waits,) = queries.waiting(world.actor("desk"))
    page = f"/requests/waiting/{waits.id.hex()}"
    assert night.post(page, **(answered | {"danger": "soon", "version": "1"})).status_code == 302
    behind = night.post(page, **(answered | {"called": "Ana", "version": "1"}))
    assert behind.status_code == 409
    assert night.post(f"{page}/served", "/requests").status_code == 302
    assert "Nobody waits" in night.get("/requests").text


def test_the_book_of_those_turned_away_opens_the_page_it_shows_and_not_every_row(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SHOWN", 4)
    desk, evening = world.actor("desk"), clock.now()
    for day in range(40):
        with clock.frozen(evening - timedelta(days=40 - day)):
            actions.turn_away(desk, TurnAway(world.sites["north"], tonight(), 1, day, "capacity"))
    opened: set[bytes] = set()

    def counted(actor: Actor, rows: list[SealedRow], section: Section[Any]) -> Any:
        opened.update(row.row_id for row in rows)
        return open_each(actor, rows, section)

    monkeypatch.setattr(books, "open_each", counted)
    page = queries.turned_away(desk)
    assert [one.request.children for one in page.shown] == [39, 38, 37, 36]
    assert len(opened) == 5
    opened.clear()
    older = queries.turned_away(desk, page.older)
    assert [one.request.children for one in older.shown] == [35, 34, 33, 32]
    assert len(opened) <= 5 + 6  # and what halving looks at
