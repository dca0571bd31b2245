"""Who is erased is gone from sheets too: from those that wait, and from what is kept to take one back."""

from __future__ import annotations

from sqlalchemy import select

from shelter.clients.models import Client
from shelter.db import db
from shelter.db.keystore import KeyDek, KeyTombstone
from shelter.db.sections import open_section
from shelter.erasing import actions as erasing
from shelter.erasing.actions import Ask
from shelter.sheets import actions, staging
from shelter.sheets.models import Made, SheetImport, SheetRows
from tests.factories.agency import World
from tests.factories.sheets import brought, sent

ROWS = [["Client ID", "Name"], ["OWN-1042", "Ana Prueba"], ["OWN-1043", "Luz Muestra"]]


def kept(world: World) -> dict[str, Made]:
    supervisor = world.actor("supervisor")
    parts = [open_section(supervisor, row, staging.section_of(row)) for row in db.session.scalars(select(SheetRows))]
    return {one.key: one for part in parts if part for one in part.made}


def erase(world: World, client: bytes) -> None:
    code = db.session.get_one(Client, client).code
    asked = erasing.ask(world.actor("supervisor"), Ask(code, "whole", "she-asked"))
    erasing.agree(world.actor("steward"), asked)
    erasing.erase(world.actor("supervisor"), asked)


def test_her_own_number_goes_with_her_and_the_others_stay(world: World) -> None:
    coming = brought(world.actor("supervisor"), "clients", ROWS)
    before = kept(world)
    old = set(db.session.scalars(select(SheetRows.id)))
    erase(world, before["OWN-1042"].client)
    assert set(kept(world)) == {"OWN-1043"}
    assert not old & set(db.session.scalars(select(SheetRows.id))), "the row that named her is gone"
    assert not old & set(db.session.scalars(select(KeyDek.subject_id))), "with its key"
    assert old <= set(db.session.scalars(select(KeyTombstone.subject_id))), "from backups too"
    db.session.rollback()
    assert actions.take_back(world.actor("supervisor"), coming) == 1, "the others can still be taken back"


def test_a_part_that_names_only_others_is_left_as_it_is(world: World) -> None:
    supervisor = world.actor("supervisor")
    brought(supervisor, "clients", ROWS)
    first = set(db.session.scalars(select(SheetRows.id)))
    brought(supervisor, "clients", [["Client ID", "Name"], ["OWN-7", "Eva Solo"]])
    erase(world, kept(world)["OWN-7"].client)
    assert first <= set(db.session.scalars(select(SheetRows.id)))


def test_what_waits_may_name_her_and_is_thrown_away(world: World) -> None:
    supervisor = world.actor("supervisor")
    brought(supervisor, "clients", ROWS)
    waits = sent(supervisor, "clients", [["Client ID", "Name"], ["OWN-1044", "Ana Prueba once more"]])
    erase(world, kept(world)["OWN-1042"].client)
    assert db.session.get(SheetImport, waits) is None
    assert db.session.scalars(select(SheetRows.id).where(SheetRows.import_id == waits)).all() == []
