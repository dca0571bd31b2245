"""The database's own fence: for a role that owns no table, whom she is denied is not there, whatever a query forgot."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from shelter.accounts.actions import dismiss
from shelter.cli import examining
from shelter.clients.models import Denial
from shelter.db import Base, fence, new_id
from shelter.db import db as database
from shelter.db.aside import SectionCopy
from shelter.db.forgetting import forget
from shelter.db.owed import Owing, is_owed, owe
from shelter.db.traces import may_write_anew, write_anew
from shelter.notes.models import Note
from shelter.rules.clock import now
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, client_id, named
from tests.hosts.conftest import as_owner

pytestmark = pytest.mark.postgres


def notes_about(world: World, *codes: str) -> None:
    with recorded(None, "noted"):
        for code in codes:
            database.session.add(Note(client_id=client_id(code), place=1))


def seen_by(app: Flask, db: Any, person: bytes | None) -> int:
    """How many notes a query without any scope finds in a request of hers."""
    with app.test_request_context():
        if person is not None:
            fence.enter(person)
        found: int = db.session.scalar(select(func.count()).select_from(Note))
        db.session.rollback()
    return found


def test_a_query_that_forgot_its_scope_finds_nobody_whom_she_is_denied(app: Flask, world: World, db: Any) -> None:
    assert fence.stands()
    hers, another = begin(world), begin(world)
    notes_about(world, hers, another)
    me, colleague = world.members["caseworker"].id, world.members["caseworker_two"].id
    with recorded(None, "denied"):
        db.session.add(Denial(client_id=client_id(hers), staff_id=me))
    assert seen_by(app, db, me) == 1
    assert seen_by(app, db, colleague) == 2
    assert seen_by(app, db, None) == 0, "nobody is signed in: nobody is there"
    assert db.session.scalar(select(func.count()).select_from(Note)) == 2, "a command is about everybody"
    db.session.rollback()
    with app.test_request_context():
        fence.enter(me)
        changed = db.session.execute(text("delete from note")).rowcount
        db.session.rollback()
    assert changed == 1, "nor can she write over it"


def test_erasing_reaches_a_row_that_its_steward_would_not_see(app: Flask, world: World, db: Any) -> None:
    code = begin(world)
    notes_about(world, code)
    me, client = world.members["steward"].id, client_id(code)
    with recorded(None, "denied"):
        db.session.add(Denial(client_id=client, staff_id=me))
    with app.test_request_context():
        fence.enter(me)
        assert db.session.scalar(select(func.count()).select_from(Note)) == 0
        assert len(forget([client], now()).rows["note"]) == 1
        begin_again = db.session.connection().exec_driver_sql("select current_setting('shelter.who')").scalar()
        assert begin_again == me.hex()
        db.session.rollback()


def test_a_dismissal_reaches_a_copy_that_its_administrator_would_not_see(app: Flask, world: World, db: Any) -> None:
    client, leaving = client_id(begin(world)), world.members["caseworker_two"].id
    administrator = world.actor("administrator")
    with recorded(None, "denied"):
        db.session.add(Denial(client_id=client, staff_id=administrator.id))
        db.session.add(SectionCopy(id=new_id(), client_id=client, reader_id=leaving, ends=now(), sealed=b"x"))
    with app.test_request_context():
        fence.enter(administrator.id)
        dismiss(administrator, leaving)
    assert db.session.scalar(select(func.count()).select_from(SectionCopy)) == 0


def test_the_person_of_one_transaction_is_not_the_next_ones(app: Flask, world: World, db: Any) -> None:
    code = begin(world)
    notes_about(world, code)
    me = world.members["caseworker"].id
    assert [seen_by(app, db, who) for who in (me, None, me)] == [1, 0, 1], "one pooled connection, three requests"


def test_pages_go_on_working_behind_the_fence(app: Flask, world: World, db: Any) -> None:
    code = named(world, "Oksana Melnyk", called="Oksana")
    desk = Desk(app, world, "caseworker")
    assert "Oksana" in desk.get(f"/people/{code}").text
    with recorded(None, "denied"):
        db.session.add(Denial(client_id=client_id(code), staff_id=world.members["caseworker"].id))
    assert desk.get(f"/people/{code}").status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "update trail set act = 'nothing'",
        "delete from trail where seq = 1",
        "delete from trail_subject",
        "update key_statement set body = ''",
        "delete from key_tombstone",
        "update trail_detail set sealed = ''",
        "update alembic_version set version_num = '0001'",
        "truncate note",
        "alter table note disable row level security",
        "drop policy fence on note",
        "create table mine (id int)",
        "set session authorization postgres",
    ],
)
def test_the_application_may_not(world: World, db: Any, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_a_role_that_owns_nothing_leaves_the_keys_to_be_written_anew_by_who_does(
    app: Flask, world: World, db: Any, request: pytest.FixtureRequest
) -> None:
    with recorded(None, "erased"):
        owe(Owing.VACUUM)
    assert not may_write_anew()
    assert not write_anew()
    assert is_owed(Owing.VACUUM), "it would have been passed over with a warning"
    assert [one.what for one in examining.of_erasings() if one.bad] == [
        "An erasing waits for the table of keys to be written anew, which this role may not."
    ]
    db.session.rollback()
    assert write_anew(as_owner(app, request))
    assert not is_owed(Owing.VACUUM)
    assert [one.what for one in examining.of_erasings() if one.bad] == []


def test_every_table_that_names_a_client_is_fenced_or_says_why_not(db: Any) -> None:
    named_tables = {str(one.name) for one in Base.metadata.tables.values() if "client_id" in one.columns}
    on = db.session.scalars(text("select relname from pg_class where relrowsecurity and relkind = 'r'")).all()
    assert named_tables - set(on) == set(fence.UNFENCED)
