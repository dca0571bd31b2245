"""The tables that the migrations make are the tables that the models describe, on both databases."""

from collections.abc import Iterable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.engine.interfaces import ReflectedColumn, TableKey

from tests.support import databases

REVISIONS = [
    revision.revision
    for revision in reversed(list(ScriptDirectory.from_config(databases.alembic_config("")).walk_revisions()))
]

pytestmark = pytest.mark.skipif(not REVISIONS, reason="no migration stands yet")


def differences(url: str) -> list[object]:
    from shelter.db import db

    databases.import_all_models()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        found = compare_metadata(context, db.metadata)
    engine.dispose()
    return list(found)


def test_the_migrated_schema_is_the_models_schema(database_url: str) -> None:
    assert differences(database_url) == []


def test_every_migration_goes_down_and_up_again(database_url: str) -> None:
    for revision in reversed(REVISIONS):
        databases.step_down(database_url, f"{revision}-1" if revision != REVISIONS[0] else "base")
    engine = create_engine(database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    for revision in REVISIONS:
        databases.migrate(database_url, revision)
    assert differences(database_url) == []


EXPANDED_FROM = "0053"


def test_a_migration_adds_no_column_that_a_host_of_the_version_before_cannot_leave_out(database_url: str) -> None:
    newest = REVISIONS[REVISIONS.index(EXPANDED_FROM) :]
    databases.step_down(database_url, f"{EXPANDED_FROM}-1")
    engine = create_engine(database_url)
    for revision in newest:
        before = {table: {one["name"] for one in columns} for (_, table), columns in columns_of(engine)}
        databases.migrate(database_url, revision)
        needed = [
            f"{table}.{one['name']}"
            for (_, table), columns in columns_of(engine)
            for one in columns
            if table in before and one["name"] not in before[table] and not one["nullable"] and one["default"] is None
        ]
        assert needed == [], revision
    engine.dispose()


def columns_of(engine: Engine) -> Iterable[tuple[TableKey, list[ReflectedColumn]]]:
    return inspect(engine).get_multi_columns().items()
