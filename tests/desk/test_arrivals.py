"""The desk alone takes somebody in and reads no name back; a caseworker makes the file in the morning."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from shelter.clients import directory, scope
from shelter.clients.models import DESK_CARD, IDENTITY, Client, DoorAlert
from shelter.crypto.errors import Unopenable
from shelter.db import db, deks
from shelter.db.errors import Missing, NoKey
from shelter.db.keyring import keyring_of
from shelter.db.keystore import KeyDek
from shelter.db.sections import open_section
from shelter.desk import actions, queries
from shelter.desk.actions import Arrival, Complete
from shelter.desk.forms.arrivals import companion
from shelter.desk.models import TOLD, IntakeItem
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.trail.rows import wrong_rows
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.stays import stay_of, tonight

Beds = dict[str, bytes]
SignedIn = Callable[[str], Desk]
FEARED = "Mortimer Grauwacke"


@pytest.fixture(autouse=True)
def _an_evening() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        yield


def take(world: World, beds: Beds, who: str = "desk") -> tuple[str, str]:
    """A mother and a child, with all that can be told at the door; their codes."""
    told = Arrival(
        beds=(beds["A"], beds["B"]),
        arrived=tonight(),
        working_name="Sol",
        companions=("Little one",),
        needs=("ground_floor",),
        allergies="nuts",
        alerts=("infant",),
        legal_name="Quirina Vantongeren",
        precision="exact",
        born=(1990, 2, 3),
        danger_names=(FEARED,),
        danger="a man in a white van",
        at_door="Grey beard, white van",
    )
    mother, child = actions.take_arrival(world.actor(who), told).codes
    return mother, child


def client(code: str) -> Client:
    return db.session.scalars(select(Client).where(Client.code == code)).one()


def item(code: str) -> IntakeItem:
    return db.session.scalars(select(IntakeItem).where(IntakeItem.client_id == client(code).id)).one()


def test_what_is_told_at_the_door_opens_with_none_of_the_desks_own_keys(world: World, beds: Beds) -> None:
    mother, child = take(world, beds)
    desk, sealed = world.actor("desk"), item(mother)
    card = open_section(desk, client(mother), DESK_CARD)
    assert card is not None
    assert (card.working_name, card.allergies, card.alerts) == ("Sol", "nuts", ["infant"])
    assert client(mother).identity is None
    with pytest.raises(NoKey):
        open_section(desk, sealed, TOLD)
    (dek,) = db.session.scalars(select(KeyDek).where(KeyDek.subject_id == sealed.id))
    assert dek.wrap == "public"
    keyring = keyring_of(desk)
    for compartment in keyring.held():  # nor with a key of hers in the place of the right one
        dek.compartment_id = compartment
        with pytest.raises(Unopenable):
            deks.to_open(keyring, sealed.subject(), compartment, sealed.told or b"")
    db.session.rollback()
    assert stay_of(mother).party_id == stay_of(child).party_id
    assert wrong_rows() == []


def test_an_arrival_needs_a_bed_for_each(world: World, beds: Beds) -> None:
    with pytest.raises(Broken) as refused:
        actions.take_arrival(world.actor("desk"), Arrival((beds["A"],), tonight(), "Sol", companions=("Bo",)))
    assert (refused.value.message_key, refused.value.field) == ("stays.beds_for_all", "more_beds")
    assert db.session.scalars(select(Client)).all() == []


def test_in_the_morning_the_item_becomes_her_file_and_is_gone_with_its_key(world: World, beds: Beds) -> None:
    mother, _ = take(world, beds)
    worker, before, gone = world.actor("caseworker"), client(mother).id, item(mother).id
    assert directory.by_name(world.actor("supervisor"), "Quirina Vantongeren") == []
    told = queries.told(worker, mother)
    assert (told.legal_name, told.birth.year, told.danger_names) == (
        "Quirina Vantongeren",
        1990,
        ["Mortimer Grauwacke"],
    )
    file = Complete(
        mother, "Sol", "Quirina Vantongeren Diaz", "exact", (1990, 2, 3), ("Mortimer Grauwacke",), told.danger
    )
    actions.complete(worker, file)
    her = client(mother)
    identity = open_section(world.actor("supervisor"), her, IDENTITY)
    assert identity is not None
    assert (her.id, identity.legal_name, identity.birth.day) == (before, "Quirina Vantongeren Diaz", 3)
    assert [(one.names, one.description) for one in identity.dangers] == [
        (["Mortimer Grauwacke"], "a man in a white van")
    ]
    alert = db.session.scalars(select(DoorAlert)).one()
    assert identity.dangers[0].alert == alert.id.hex()
    assert [hit.client_id for hit in directory.by_name(world.actor("supervisor"), "Quirina Diaz")] == [before]
    assert db.session.get(IntakeItem, gone) is None
    assert db.session.scalars(select(KeyDek).where(KeyDek.subject_id == gone)).all() == []
    assert scope.may(worker, Act.CLIENTS_READ, her)
    assert wrong_rows() == []
    with pytest.raises(Missing):
        queries.told(worker, mother)
    with pytest.raises(Broken):
        actions.complete(worker, file)


def test_what_was_written_into_her_file_meanwhile_stands(world: World, beds: Beds) -> None:
    from tests.factories.clients import save_names

    mother, _ = take(world, beds, who="caseworker")
    save_names(world.actor("caseworker"), mother, "Quirina Other", version=0)
    actions.complete(world.actor("supervisor"), Complete(mother, "Sol", "Quirina Vantongeren"))
    identity = open_section(world.actor("supervisor"), client(mother), IDENTITY)
    assert identity is not None
    assert identity.legal_name == "Quirina Other"


def test_a_restart_of_the_server_in_the_middle_leaves_item_and_file_as_they_were(
    world: World, beds: Beds, monkeypatch: pytest.MonkeyPatch
) -> None:
    mother, _ = take(world, beds)

    def stops(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("shelter.desk.actions.arrivals.discard", stops)
    with pytest.raises(RuntimeError):
        actions.complete(world.actor("caseworker"), Complete(mother, "Sol", "Quirina"))
    db.session.rollback()
    assert client(mother).identity is None
    assert queries.told(world.actor("caseworker"), mother).legal_name == "Quirina Vantongeren"


def test_the_queue_is_for_the_site_and_tells_the_desk_no_more_than_that_it_waits(
    world: World, beds: Beds, desk: SignedIn
) -> None:
    mother, child = take(world, beds)
    assert {(one.code, one.waits, one.completes) for one in queries.arrived(world.actor("desk"))} == {
        (mother, True, False),
        (child, True, False),
    }
    assert {one.code for one in queries.arrived(world.actor("caseworker_two")) if one.completes} == {mother, child}
    assert queries.arrived(world.actor("stranger")) == []
    for who in ("stranger", "advocate"):
        with pytest.raises((Missing, Denied)):
            queries.told(world.actor(who), mother)
    night = desk("desk")
    page = night.get("/arrivals").text
    assert "file waits for a caseworker" in page
    assert "Vantongeren" not in page
    assert "Grauwacke" not in page
    assert night.get(f"/arrivals/{mother}/complete").status_code == 403
    morning = desk("caseworker")
    assert "Quirina Vantongeren" in morning.get(f"/arrivals/{mother}/complete").text
    done = morning.post(f"/arrivals/{mother}/complete", working_name="Sol", legal_name="Quirina Vantongeren")
    assert done.headers["Location"] == f"/people/{mother}"
    assert not keyring_of(world.actor("desk")).holds(Kind.INTAKE)


def test_those_who_come_along_are_sealed_each_by_name_and_birth(app: Flask, world: World, beds: Beds) -> None:
    with app.test_request_context():
        told = [companion(line) for line in ("Nino Baldomar, 2019-03-02", "", "Ana Baldomar, Ruiz", "Eva, 2021")]
    assert [(one.legal_name, one.born) for one in told] == [
        ("Nino Baldomar", (2019, 3, 2)),
        ("", (None, None, None)),
        ("Ana Baldomar, Ruiz", (None, None, None)),
        ("Eva", (2021, None, None)),
    ]
    who = Arrival((beds["A"], beds["B"]), tonight(), "Sol", companions=("Bo",), companions_told=(told[0],))
    _mother, child = actions.take_arrival(world.actor("desk"), who).codes
    with pytest.raises(NoKey):
        open_section(world.actor("desk"), item(child), TOLD)
    sealed = queries.told(world.actor("caseworker"), child)
    assert (sealed.legal_name, sealed.birth.year, sealed.birth.day) == ("Nino Baldomar", 2019, 2)
    more = Arrival((beds["C"],), tonight(), "Sol", companions_told=(told[0],))
    with pytest.raises(Broken) as refused:
        actions.take_arrival(world.actor("desk"), more)
    assert refused.value.field == "companions_told"
