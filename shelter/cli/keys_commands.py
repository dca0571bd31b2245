"""`renew-keys`: what members do in slices, done at once by one of them at a terminal."""

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from shelter.cli.person import open_person
from shelter.stewards import renewing


@click.command("renew-keys")
@click.option("--as", "name", required=True, help="The sign-in name of a member.")
@click.option("--passphrase-fd", type=int, help="Read the passphrase, then the code, from this descriptor.")
@with_appcontext
def renew_keys(name: str, passphrase_fd: int | None) -> None:
    """Make and finish the new keys of compartments that somebody was taken off, as far as a member holds them."""
    actor = open_person(name, passphrase_fd)
    begun = renewing.begin(actor)
    moved = renewing.go_on(actor, None)
    left = len(renewing.unfinished(actor))
    click.echo(_("%(begun)s new keys, %(moved)s data keys wrapped again.", begun=begun, moved=moved))
    if left:
        click.echo(_("%(left)s old keys stay: some data keys do not open. Run doctor.", left=left))
