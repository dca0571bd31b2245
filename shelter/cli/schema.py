"""Bringing the database to the newest migration, as the role that owns the tables."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.engine import make_url

from config import Settings
from shelter.db import fence, migrated, traces
from shelter.db.migrated import Schema
from shelter.web.application import this_app

ROOT = Path(__file__).resolve().parent.parent.parent


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database to what this version expects; on PostgreSQL as the owner of the tables."""
    app = this_app()
    if migrated.schema() is Schema.NEWER:
        raise click.ClickException("The database is newer than this version. Upgrade the code, not the database.")
    upgrade(app)
    click.echo(f"The database stands at {migrated.newest()}.")
    if traces.write_anew(app.extensions["shelter_settings"].owner_url or None):
        click.echo("The table of keys was written anew, as an erasing had asked.")


def bring_up(app: Flask) -> None:
    """What a server does when it starts: migrates where it may, goes on where the schema is newer, else refuses.

    With two or more hosts one of them, or nobody, may migrate: those without the owner's address wait until it is done.
    """
    with app.app_context():
        stands = migrated.schema()
    if stands in (Schema.CURRENT, Schema.NEWER):
        return
    settings: Settings = app.extensions["shelter_settings"]
    if settings.database_url.startswith("postgresql") and _shared(settings):
        raise click.ClickException("The database is older than this version. Run `flask --app wsgi migrate` first.")
    upgrade(app)


def _shared(settings: Settings) -> bool:
    """Whether this is one of several hosts, and not the one that is told who owns the tables."""
    return settings.boot_secret_shared and not settings.owner_url


def upgrade(app: Flask, revision: str = "head") -> None:
    """Runs the migrations that are missing up to a revision, in this process and on this application's database."""
    settings: Settings = app.extensions["shelter_settings"]
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["database_url"] = settings.owner_url or app.config["SQLALCHEMY_DATABASE_URI"]
    command.upgrade(config, revision)
    role = make_url(settings.database_url).username
    if settings.owner_url and role:
        fence.grant(settings.owner_url, role)
