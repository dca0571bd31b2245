"""Nights of an import, beds that close, and who is told of a change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Missing
from shelter.places import actions as places
from shelter.policy.errors import Denied
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.stays import actions, changes, queries
from shelter.stays.actions import ImportedStay, Leave, Move, NoteRoom
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.clients import begin, client_id
from tests.factories.stays import DAY, days_of, resident, stay_of, tonight

Beds = dict[str, bytes]


@pytest.fixture(autouse=True)
def _an_evening() -> Iterator[None]:
    """Eight in the evening in Los Angeles, when the night that is running is today's."""
    with clock.frozen(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        yield


def refused(error: pytest.ExceptionInfo[Broken]) -> tuple[str, str | None]:
    return error.value.message_key, error.value.field


# -- coming ---------------------------------------------------------------------------


def test_an_import_lays_overlapping_nights_into_the_unassigned_bed(world: World, beds: Beds) -> None:
    code = begin(world)
    spans = [(date(2024, 1, 1), date(2024, 3, 1)), (date(2024, 2, 1), None)]
    stays = [ImportedStay(client_id(code), world.sites["north"], first, last) for first, last in spans]
    assert actions.admit_imported(world.actor("supervisor"), stays) == 2
    assert {row.place for stay in queries.stays_of(world.actor("caseworker"), code)[1] for row in stay.rows} == {""}
    site = queries.board(world.actor("caseworker"))[0]
    assert (site.unassigned, [one.code for one in site.without_bed]) == (1, [code])
    with pytest.raises(Denied):
        actions.admit_imported(world.actor("caseworker"), stays)


def test_somebody_from_an_import_is_given_a_bed_by_a_move(world: World, beds: Beds) -> None:
    code = begin(world)
    here = ImportedStay(client_id(code), world.sites["north"], tonight() - 40 * DAY, None)
    actions.admit_imported(world.actor("supervisor"), [here])
    actions.move(world.actor("caseworker"), Move(code, stay_of(code).id, beds["A"], tonight(), 1))
    assert days_of(code) == [("", tonight() - 40 * DAY, tonight()), ("Room 1, A", tonight(), None)]


def test_every_change_is_told_to_whoever_listens(world: World, beds: Beds, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(changes, "_listeners", [])
    changes.listen(lambda _actor, change: told.append(change.kind))
    code, desk = resident(world, beds["A"]), world.actor("desk")
    actions.note_room(desk, NoteRoom(code, stay_of(code).id, 0, notes="x"))
    actions.undo(desk, actions.move(desk, Move(code, stay_of(code).id, beds["C"], tonight(), 1)))
    actions.leave(desk, Leave(code, stay_of(code).id, tonight() + DAY, 3))
    assert told == ["admitted", "noted", "moved", "undone", "left"]


def test_a_bed_that_closes_keeps_its_history_and_is_not_closed_under_anybody(world: World, beds: Beds) -> None:
    code, admin = resident(world, beds["A"], since=tonight() - 5 * DAY), world.actor("administrator")
    with pytest.raises(Broken) as error:
        places.close_bed(admin, beds["A"], tonight() + 9 * DAY)
    assert refused(error) == ("stays.bed_in_use", "until_day")
    actions.leave(world.actor("desk"), Leave(code, stay_of(code).id, tonight(), 1))
    places.close_bed(admin, beds["A"], tonight())
    labels = {
        day: [bed.label for bed in queries.board(world.actor("supervisor"), day)[0].beds]
        for day in (tonight(), tonight() - DAY)
    }
    assert labels == {tonight(): ["B", "C", "D"], tonight() - DAY: ["A", "B", "C", "D"]}


def test_the_state_of_a_stay_outside_her_reach_is_missing(world: World, beds: Beds) -> None:
    code = resident(world, beds["A"])
    stay = stay_of(code).id
    for who in ("stranger", "director", "volunteer", "advocate"):
        with pytest.raises(Missing):
            actions.leave(world.actor(who), Leave(code, stay, tonight() + DAY, 1))
    with recorded(None, "moved-away"):
        db.session.execute(update(Client).values(site_id=world.sites["south"]))
    assert stay_of(code).state == "open"
