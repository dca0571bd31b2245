"""How alembic reaches the database: the URL that the caller hands over, else the one of the settings."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import MetaData, TypeDecorator, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from config import Settings
from shelter.db import db
from shelter.db.engine import WRITE, prepare
from shelter.features import load_models

# A migration that waits for a lock holds up everybody behind it: give up soon, run it again in a quiet hour.
POSTGRES_LIMITS = ("SET lock_timeout = '5s'", "SET statement_timeout = '15min'")


def database_url() -> str:
    given = context.config.attributes.get("database_url")
    return str(given) if given else Settings.from_environment().database_url


def metadata_of_models() -> MetaData:
    """All tables; loaded only where alembic compares them with the database."""
    load_models()
    return db.metadata


def plain_types(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """A migration never imports our code: it writes the column's own type, not the one that wraps it."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def compares() -> bool:
    options = context.config.cmd_opts
    return options is not None and (getattr(options, "autogenerate", False) or "check" in str(options.cmd))


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata_of_models() if compares() else None,
        render_item=plain_types,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    engine = create_engine(database_url(), poolclass=NullPool, hide_parameters=True)
    prepare(engine)
    if engine.dialect.name == "sqlite":
        # A table rebuilt by copying must not take its children's rows along when the old one is dropped.
        event.listen(engine, "connect", lambda raw, record: raw.execute("PRAGMA foreign_keys=OFF"))
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        if engine.dialect.name == "postgresql":
            for limit in POSTGRES_LIMITS:
                connection.exec_driver_sql(limit)
            connection.commit()
        migrate(connection)
        if engine.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration left {len(broken)} rows that point nowhere")
    engine.dispose()


run()
