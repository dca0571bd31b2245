"""Databases with today's schema: made once a run, cloned for each test that asks, gone after it."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from shelter.db import engine as engines
from shelter.db import fence
from tests.support.postgres import Server
from tests.support.workroom import Workroom

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).parents[2]
CLONE_PREFIX = "shelter_test_"


def alembic_config(url: str) -> Config:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.attributes["database_url"] = url
    return config


def migrate(url: str, revision: str = "head") -> None:
    command.upgrade(alembic_config(url), revision)


def step_down(url: str, revision: str) -> None:
    command.downgrade(alembic_config(url), revision)


def import_all_models() -> None:
    """Fill the metadata with every table under shelter/, also one that `features` has forgotten."""
    import_module("shelter.features").load_models()
    for module in walk_packages(import_module("shelter").__path__, "shelter."):
        if not module.name.startswith("shelter.cli"):
            import_module(module.name)


def bring_up(url: str) -> None:
    """Today's schema: what the migrations make or, until there is one, what the models say."""
    if any((ROOT / "migrations" / "versions").glob("*.py")):
        migrate(url)
        return
    from shelter.db import db

    import_all_models()
    engine = create_engine(url)
    db.metadata.create_all(engine)
    engine.dispose()


def sqlite_clone(workroom: Workroom, folder: Path) -> str:
    template = workroom.path / "template.sqlite"

    def make() -> dict[str, str]:
        bring_up(f"sqlite:///{template}")
        return {"path": str(template)}

    workroom.once("sqlite", make)
    workroom.tell(f"SQLite {sqlite3.sqlite_version}")
    copy = folder / "shelter.sqlite"
    shutil.copy(template, copy)
    return f"sqlite:///{copy}"


def hurry(patch: pytest.MonkeyPatch) -> None:
    """SQLite waits for no disk either: nothing in it outlives the run."""
    careful = engines._open_sqlite

    def open_sqlite(connection: sqlite3.Connection, record: object) -> None:
        careful(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    patch.setattr(engines, "_open_sqlite", open_sqlite)


def application_role(workroom: Workroom, server: Server, owner_url: str) -> str:
    """The address by which the application comes to a database whose tables it does not own."""

    def make() -> dict[str, str]:
        role, secret = f"{CLONE_PREFIX}app_{secrets.token_hex(4)}", secrets.token_hex(16)
        _admin(server, f"CREATE ROLE {role} LOGIN PASSWORD '{secret}'")
        return {"role": role, "secret": secret}

    made = workroom.once("postgres-role", make)
    fence.grant(owner_url, made["role"])
    url = make_url(owner_url).set(username=made["role"], password=made["secret"])
    return url.render_as_string(hide_password=False)


@contextmanager
def postgres_clone(workroom: Workroom, server: Server) -> Iterator[str]:
    def make() -> dict[str, str]:
        name = f"{CLONE_PREFIX}template_{secrets.token_hex(4)}"
        _admin(server, f"CREATE DATABASE {name}")
        bring_up(_named(server, name))
        return {"name": name}

    template = workroom.once("postgres-template", make)["name"]
    name = f"{CLONE_PREFIX}{secrets.token_hex(6)}"
    with workroom.locked("postgres-clone"):  # a template takes one copier at a time
        _admin(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _named(server, name)
    finally:
        _admin(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def let_go(app: Flask) -> None:
    """Close every connection that an application holds."""
    from shelter.db import db

    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def drop_template(workroom: Workroom) -> None:
    """Leave nothing behind on a server that is not ours."""
    answer, template = workroom.known("postgres"), workroom.known("postgres-template")
    if answer and "url" in answer and not answer["data"] and template:
        _admin(Server(**answer), f"DROP DATABASE IF EXISTS {template['name']} WITH (FORCE)")
        if role := workroom.known("postgres-role"):
            _admin(Server(**answer), f"DROP ROLE IF EXISTS {role['role']}")


def _named(server: Server, name: str) -> str:
    return make_url(server.url).set(database=name).render_as_string(hide_password=False)


def _admin(server: Server, statement: str) -> None:
    engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
