"""`setup`: a real agency begins here and goes on in the browser, with the one-use link that this prints."""

import os

import click
from flask.cli import with_appcontext

from config import Settings
from shelter.cli import schema
from shelter.cli.serve import serve
from shelter.db import db
from shelter.db.deployment import settings as settings_here
from shelter.policy.roles import FACT_READERS, FACT_WRITERS, Role, clashes
from shelter.stewards import setting_up, setup_link
from shelter.web.application import this_app


@click.command("setup")
@click.option("--no-serve", is_flag=True, help="Print the link only; a server is running already.")
@with_appcontext
def setup(no_serve: bool) -> None:
    """Start a real agency: migrate, print a one-use link, serve the loopback until it is set up and after."""
    app = this_app()
    schema.upgrade(app)
    if settings_here().again().fingerprint is not None:
        _lost_link(settings_here().again())
        return
    link = f"{_base()}/setup/{setup_link.new_setup()}"
    for line in who_may_do_what():
        click.echo(line)
    click.echo(f"\nGo on in a browser on this machine. The link works once, for a day:\n\n  {link}\n")
    if not no_serve:
        db.session.remove()
        serve(app, "127.0.0.1", _port())


def who_may_do_what() -> list[str]:
    """The roles, and which of them one person may never hold together; read from the same rule that refuses them."""
    lines = ["One person may hold several roles, except these together:"]
    for role in Role:
        apart = sorted(other for other in Role if other is not role and clashes((role, other)))
        if apart and role not in FACT_WRITERS:
            alone = len(apart) == len(Role) - 1
            lines.append(f"  {role:<16} not with {'any other role' if alone else ', '.join(apart)}")
    lines.append(f"({' and '.join(sorted(FACT_READERS))} read counts that the others write, so nobody does both.)")
    lines.append("The smallest agency: two stewards, one administrator, and an auditor from outside or a vacancy;")
    lines.append("the printed recovery kit stands in for a missing second steward.")
    return lines


def _base() -> str:
    host = settings_here().trusted_hosts[0]
    return f"http://{host}:{_port()}"


def _port() -> int:
    return int(os.environ.get("PORT", "8000"))


def _lost_link(settings: Settings) -> None:
    if settings.fictional:
        raise click.ClickException("This folder holds the fictional agency; choose another SHELTER_DATA.")
    link = setting_up.link_for_a_lost_one()
    if link is None:
        raise click.ClickException("There is an agency here already. `run-server` serves it.")
    click.echo("The agency is set up, and its first administrator has not come yet. A new link for her:\n")
    click.echo(f"  {_base()}/invitation/{link.token}\n")
