"""Sealed sections under attack by somebody who can write the database but holds no key."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from shelter.clients.models import DESK_CARD, IDENTITY, Client, DeskCard, Identity
from shelter.crypto.errors import Unopenable
from shelter.db.errors import Conflict, NoKey
from shelter.db.keystore import KeyDek, KeyGrant, KeyStatement, KeyUser, KeyVersion
from shelter.db.roll import current_roll
from shelter.db.sections import drop, fill, open_section, save
from shelter.policy.acts import Act
from shelter.rules.codes import new_code
from shelter.trail.record import recorded
from shelter.trail.rows import wrong_rows
from tests.factories.agency import World


def a_client(world: World, name: str = "Quirina Vantongeren", who: str = "caseworker") -> Client:
    actor = world.actor(who)
    with recorded(actor, Act.CLIENTS_CREATE) as unit:
        client = Client(code=new_code(), site_id=world.sites["north"])
        fill(actor, client, IDENTITY, Identity(legal_name=name))
        fill(actor, client, DESK_CARD, DeskCard(working_name="Q"))
        world_session(client)
        unit.about(client.id)
    return client


def world_session(row: object) -> None:
    from shelter.db import db

    db.session.add(row)
    db.session.flush()


def name_of(world: World, client: Client, who: str = "caseworker") -> str:
    opened = open_section(world.actor(who), client, IDENTITY)
    return opened.legal_name if opened else ""


def write(db: Any, statement: Any) -> None:
    """What an intruder with the database does: no key, no trail."""
    db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.commit()
    db.session.expire_all()


def test_a_colleague_opens_what_a_colleague_sealed(world: World) -> None:
    client = a_client(world)
    assert name_of(world, client, "advocate") == "Quirina Vantongeren"


@pytest.mark.parametrize("who", ["desk", "director", "preparer", "administrator", "auditor", "steward", "volunteer"])
def test_whoever_is_not_on_the_roster_cannot_open_it(world: World, who: str) -> None:
    client = a_client(world)
    with pytest.raises(NoKey):
        name_of(world, client, who)


def test_a_section_moved_to_another_client_is_refused_and_hurts_no_neighbour(world: World, db: Any) -> None:
    one, two = a_client(world), a_client(world, "Somebody Else")
    write(db, update(Client).where(Client.id == two.id).values(identity=one.identity))
    with pytest.raises(Unopenable):
        name_of(world, db.session.get(Client, two.id))
    assert name_of(world, db.session.get(Client, one.id)) == "Quirina Vantongeren"


def test_a_section_moved_with_its_data_key_is_refused(world: World, db: Any) -> None:
    one, two = a_client(world), a_client(world, "Somebody Else")
    write(db, delete(KeyDek).where(KeyDek.subject_id == two.id))
    write(db, update(KeyDek).where(KeyDek.subject_id == one.id).values(subject_id=two.id))
    write(db, update(Client).where(Client.id == two.id).values(identity=one.identity))
    with pytest.raises(Unopenable):
        name_of(world, db.session.get(Client, two.id))


def test_one_section_in_the_place_of_another_is_refused(world: World, db: Any) -> None:
    client = a_client(world)
    write(db, update(Client).where(Client.id == client.id).values(desk_card=client.identity))
    with pytest.raises(Unopenable):
        open_section(world.actor("caseworker"), db.session.get(Client, client.id), DESK_CARD)


def test_an_older_version_put_back_is_refused_or_found_by_the_doctor(world: World, db: Any) -> None:
    client = a_client(world)
    old = client.identity
    with recorded(world.actor("caseworker"), Act.CLIENTS_UPDATE):
        fresh = db.session.get(Client, client.id)
        save(world.actor("caseworker"), fresh, IDENTITY, Identity(legal_name="Newer"), made_from=1)
    assert wrong_rows() == []
    write(db, update(Client).where(Client.id == client.id).values(identity=old))
    with pytest.raises(Unopenable):
        name_of(world, db.session.get(Client, client.id))
    write(db, update(Client).where(Client.id == client.id).values(identity_version=1))
    assert name_of(world, db.session.get(Client, client.id)) == "Quirina Vantongeren"
    assert [(found.section, found.why) for found in wrong_rows()] == [("identity", "put-back")]


def test_a_save_over_somebody_elses_change_is_a_conflict(world: World, db: Any) -> None:
    client = a_client(world)
    for name in ("First",):
        with recorded(world.actor("caseworker"), Act.CLIENTS_UPDATE):
            save(world.actor("caseworker"), db.session.get(Client, client.id), IDENTITY, Identity(legal_name=name), 1)
    with pytest.raises(Conflict), recorded(world.actor("supervisor"), Act.CLIENTS_UPDATE):
        save(world.actor("supervisor"), db.session.get(Client, client.id), IDENTITY, Identity(legal_name="Second"), 1)
    assert name_of(world, db.session.get(Client, client.id)) == "First"


def test_what_is_dropped_for_a_compartment_cannot_be_read_back_by_its_writer(world: World, db: Any) -> None:
    desk = world.actor("desk")
    with recorded(desk, Act.ARRIVALS_TAKE):
        client = Client(code=new_code(), site_id=world.sites["north"])
        drop(desk, client, IDENTITY, Identity(legal_name="Told at night"))
        world_session(client)
    with pytest.raises(NoKey):
        name_of(world, client, "desk")
    assert name_of(world, db.session.get(Client, client.id)) == "Told at night"


def test_a_swapped_public_key_of_a_compartment_is_not_sealed_to(world: World, db: Any) -> None:
    stranger = KeyVersion.public
    mine = db.session.scalars(select(KeyUser.exchange_public)).first()
    write(db, update(KeyVersion).values({stranger: mine}))
    desk = world.actor("desk")
    with recorded(desk, Act.ARRIVALS_TAKE):
        client = Client(code=new_code(), site_id=world.sites["north"])
        drop(desk, client, IDENTITY, Identity(legal_name="Sealed to the signed key"))
        world_session(client)
    assert name_of(world, db.session.get(Client, client.id)) == "Sealed to the signed key"


def test_a_signed_list_cut_short_or_rewritten_is_refused(world: World, db: Any) -> None:
    last = max(db.session.scalars(select(KeyStatement.seq)))
    write(db, update(KeyStatement).where(KeyStatement.seq == last).values(signatures=b"\x90"))
    with pytest.raises(Unopenable):
        current_roll()


def test_a_grant_copied_to_somebody_else_opens_nothing(world: World, db: Any) -> None:
    desk, worker = world.members["desk"].id, world.members["caseworker"].id
    grants = db.session.scalars(select(KeyGrant).where(KeyGrant.member_id == worker)).all()
    mine = set(db.session.scalars(select(KeyGrant.compartment_id).where(KeyGrant.member_id == desk)))
    stolen = [grant for grant in grants if grant.compartment_id not in mine]
    for grant in stolen:
        db.session.add(
            KeyGrant(compartment_id=grant.compartment_id, version=1, member_id=desk, wrap="uk", sealed=grant.sealed)
        )
    db.session.commit()
    client = a_client(world)
    assert stolen
    with pytest.raises(Unopenable):
        name_of(world, client, "desk")


def test_nothing_typed_is_in_the_database_file(world: World, db: Any) -> None:
    client = a_client(world)
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the file of PostgreSQL is searched by the thief tests")
    path = Path(db.engine.url.database)
    raw = path.read_bytes() + path.with_name(f"{path.name}-wal").read_bytes()
    assert client.code.encode() in raw
    assert b"Vantongeren" not in raw
