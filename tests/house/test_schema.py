"""The tables that the migrations make are the tables that the models describe, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

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
