"""An old and a new version side by side: the schema is expanded first, and nobody migrates who may not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click
import pytest
from flask import Flask
from sqlalchemy import text

from shelter.cli import schema
from shelter.cli.serve import NotLoopback, require_private_line
from shelter.db import migrated
from shelter.db.migrated import Schema
from shelter.trail.rows import wrong_rows
from tests.factories import notes
from tests.factories.agency import World
from tests.factories.clients import Desk, named
from tests.hosts.conftest import as_owner
from tests.support import databases

EXPANDED = (
    "alter table client add column new_thing varchar(20)",
    "alter table note add column counted integer not null default 0",
    "create table newer (id integer primary key)",
    "update alembic_version set version_num = '9999'",
)


def test_the_old_version_works_on_while_the_schema_is_already_the_new_ones(
    app: Flask, world: World, db: Any, request: pytest.FixtureRequest
) -> None:
    code = named(world, "Oksana Melnyk", called="Oksana")
    db.session.remove()
    as_owner(app, request, *EXPANDED)
    assert migrated.schema() is Schema.NEWER
    schema.bring_up(app)
    desk = Desk(app, world, "caseworker")
    assert "Oksana" in desk.get(f"/people/{code}").text
    notes.sign(world, code, "Written by the old version.")
    assert notes.read(world, code) == ["Written by the old version."]
    assert wrong_rows() == []
    said = app.test_cli_runner().invoke(schema.migrate)
    assert "newer than this version" in said.output, "an old version never migrates backwards"


BEFORE_COPIES = (
    "delete from section_copy where row_id in (select id from note)",
    "select id, reader_id, table_name, row_id, section, ends, sealed from section_copy",
)
"""What 0051's version says of the table in which copies lie now: at every erasing, and at every backup."""


def test_an_erasing_and_a_backup_of_the_version_before_copies_go_on(app: Flask, db: Any) -> None:
    for statement in BEFORE_COPIES:
        db.session.execute(text(statement))
    db.session.remove()


def test_one_of_several_hosts_waits_until_somebody_who_may_has_migrated(
    app: Flask, db: Any, request: pytest.FixtureRequest
) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    owner = as_owner(app, request)
    databases.step_down(owner, "-1")
    assert migrated.schema() is Schema.OLDER
    app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], boot_secret_shared=True)
    if url.startswith("postgresql"):
        with pytest.raises(click.ClickException, match="migrate"):
            schema.bring_up(app)
        app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], owner_url=owner)
    schema.bring_up(app)
    assert migrated.schema() is Schema.CURRENT
    db.session.execute(text("select count(*) from note"))
    db.session.remove()


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("sqlite:///x", True),
        ("postgresql+psycopg://a@/x?host=/run/postgresql", True),
        ("postgresql+psycopg://a@localhost/x", True),
        ("postgresql+psycopg://a@db.office/x", False),
        ("postgresql+psycopg://a@db.office/x?sslmode=require", False),
        ("postgresql+psycopg://a@db.office/x?sslmode=verify-full", True),
        ("postgresql+psycopg://a@/x?host=db.office", False),
    ],
)
def test_a_database_elsewhere_is_spoken_to_under_a_proved_certificate(url: str, fine: bool) -> None:
    if fine:
        require_private_line(url)
        return
    with pytest.raises(NotLoopback):
        require_private_line(url)
