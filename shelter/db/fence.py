"""The second fence, on PostgreSQL alone: rows about a client whom somebody is denied are not there in her requests.

The first fence is policy. This one stands in the database (row-level security), where a query that forgot its scope
runs too. It holds for a role that does not own the tables; whoever owns them, as a migration does, walks over it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Connection, Engine, create_engine, text

from shelter.db.base import db

MACHINE = "machine"
"""Outside a request: commands, `tick`, work that is about everybody. Every row is there."""
NOBODY = ""
"""In a request in which nobody is signed in: no row of a fenced table is there."""
UNFENCED = {
    "assignment": "relations by which access is judged",
    "breach_person": "a breach is told to everybody it reached",
    "broken_glass": "what a supervisor reviews",
    "coming": "a bed is kept for whoever comes",
    "compartment": "keys",
    "conflict_check": "a check is against everybody",
    "demand_person": "a demand names whom it names",
    "denial": "relations by which access is judged",
    "erasure": "stewards answer for it, who open nobody's record",
    "household_member": "who belongs together counts for beds",
    "intake_item": "what is told at the door, before anybody is known",
    "legal_hold": "it binds whoever would erase",
    "message": "read by whom it was sent to",
    "owed": "sent on by whoever holds the keys next",
    "restriction": "a steward signs it, who opens nobody's record",
    "roll_mark": "a roll counts everybody in the house",
    "stay": "a bed that is taken is taken, whoever lies in it",
    "trail_subject": "the auditor's",
}
"""Tables that name a client and are seen by everybody who works here, with the reason. All others are fenced."""
APPEND_ONLY = ("key_statement", "key_tombstone", "trail", "trail_signature", "trail_subject", "trail_write")
"""What the application may only add to."""
_SAID = "select current_setting('shelter.who', true)"
_SET = "select set_config('shelter.who', %s, true)"
_HERE = "shelter.fence"


def begin(connection: Connection) -> None:
    """Says who works, at the start of every transaction; it ends with the transaction, so no pool keeps it."""
    connection.exec_driver_sql(_SET, (who(),))


def enter(person: bytes) -> None:
    """From now on, in this request, `person` works. Outside a request the machine goes on."""
    if not has_request_context():
        return
    request.environ[_HERE] = person.hex()
    if db.session().in_transaction() and db.engine.dialect.name == "postgresql":
        db.session.connection().exec_driver_sql(_SET, (who(),))


@contextmanager
def everybody() -> Iterator[None]:
    """For work that reaches its rows whoever does it: erasing takes also what its steward would not see.

    It may stand inside another; what was made or changed in it is written before it ends.
    """
    if db.engine.dialect.name != "postgresql":
        yield
        return
    connection = db.session.connection()
    before = connection.exec_driver_sql(_SAID).scalar()
    connection.exec_driver_sql(_SET, (MACHINE,))
    try:
        yield
        db.session.flush()
    finally:
        if db.session().is_active:
            connection.exec_driver_sql(_SET, (before,))


def who() -> str:
    if not has_request_context():
        return MACHINE
    found: str = request.environ.get(_HERE, NOBODY)
    return found


def grant(owner_url: str, role: str) -> None:
    """Lets `role` do what the application does and no more: no tables of its own, the trail only added to."""
    engine: Engine = create_engine(owner_url, hide_parameters=True)
    name = engine.dialect.identifier_preparer.quote(role)
    only = ", ".join(APPEND_ONLY)
    with engine.begin() as connection:
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {name}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}",
            f"REVOKE UPDATE, DELETE ON {only} FROM {name}",
            f"REVOKE UPDATE ON trail_detail FROM {name}",
            f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
            f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {name}",
        ):
            connection.execute(text(statement))
    engine.dispose()


def stands() -> bool:
    """Whether this process works as a role that the fence holds for. Says no on SQLite, which has none."""
    if db.engine.dialect.name != "postgresql":
        return False
    owned: Any = db.session.scalar(
        text(
            "select rolsuper or rolbypassrls or pg_get_userbyid(relowner) = current_user"
            " from pg_roles, pg_class where rolname = current_user and relname = 'client' and relkind = 'r'"
        )
    )
    return not owned
