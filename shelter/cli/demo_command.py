"""`demo`: the fictional agency, made once; and who can sign in with what, said at every start."""

import json
import os
from collections.abc import Callable
from importlib import import_module

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from config import Settings
from shelter.cli import schema
from shelter.cli.demo.founding import found_fictional_agency
from shelter.cli.demo.staff import STAFF
from shelter.web.application import this_app

Say = Callable[[str], object]


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Make the fictional agency in an empty data folder."""
    settings: Settings = current_app.extensions["shelter_settings"]
    if settings.fingerprint is not None:
        raise click.ClickException("There is an agency here already; choose another SHELTER_DATA.")
    app = this_app()
    schema.upgrade(app)
    announce(make_fictional_agency(app, click.echo), click.echo)


def make_fictional_agency(app: Flask, say: Say) -> Settings:
    """Founds and fills it; the settings that name it."""
    say("Making a fictional agency (this once) ...")
    with app.app_context():
        agency = found_fictional_agency(app)
        import_module("shelter.cli.demo.filling").fill_agency(agency, say)
    _write_accounts(agency.settings)
    return agency.settings


def _write_accounts(settings: Settings) -> None:
    path = settings.folder / "demo-accounts.json"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(accounts(), file, indent=2)


def accounts() -> list[dict[str, object]]:
    return [
        {"username": one.username, "roles": [role.value for role in one.roles], "passphrase": one.passphrase}
        for one in STAFF
    ]


def announce(settings: Settings, say: Say) -> None:
    """Everybody who can sign in at the fictional agency."""
    say("\nThis agency is fictional. Nobody in it exists, and everybody may know its passphrases:\n")
    for one in STAFF:
        say(f"  {one.username:<22} {', '.join(role.value for role in one.roles):<18} {one.passphrase}")
    say("")
