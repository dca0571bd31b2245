"""Bringing the database to the newest migration."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from flask import Flask

ROOT = Path(__file__).resolve().parent.parent.parent


def upgrade(app: Flask, revision: str = "head") -> None:
    """Runs the migrations that are missing up to a revision, in this process and on this application's database."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["database_url"] = app.config["SQLALCHEMY_DATABASE_URI"]
    command.upgrade(config, revision)
