"""Keys at a terminal: renewing at once what members do in slices, and the office of steward where nobody has it."""

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from shelter.cli.person import open_person, typed_kit
from shelter.db.deployment import settings
from shelter.rules.broken import Broken
from shelter.rules.clock import today
from shelter.stewards import refounding, renewing
from shelter.web.i18n import language_of_terminal
from shelter.web.sentences import sentence


@click.command("renew-keys")
@click.option("--as", "name", required=True, help="The sign-in name of a member.")
@click.option("--passphrase-fd", type=int, help="Read the passphrase, then the code, from this descriptor.")
@with_appcontext
def renew_keys(name: str, passphrase_fd: int | None) -> None:
    """Make and finish the new keys of compartments that somebody was taken off, as far as a member holds them."""
    with force_locale(language_of_terminal()):
        actor = open_person(name, passphrase_fd)
        begun = renewing.begin(actor)
        moved = renewing.go_on(actor, None)
        left = len(renewing.unfinished(actor))
        click.echo(_("%(begun)s new keys, %(moved)s data keys wrapped again.", begun=begun, moved=moved))
        if left:
            click.echo(_("%(left)s old keys stay: some data keys do not open. Run doctor.", left=left))


@click.command("renew-secret")
@with_appcontext
def renew_secret() -> None:
    """Make the secret that signs forms anew; start every server again afterwards. Forms that are open stay good."""
    settings().with_new_secret(today("UTC").isoformat())
    with force_locale(language_of_terminal()):
        click.echo(_("settings.toml has a new secret. Copy it to every other host, and start them all again."))


@click.command("take-office")
@click.option("--as", "name", required=True, help="The sign-in name of a colleague who belongs.")
@click.option("--passphrase-fd", type=int, help="Read the passphrase, then the code, from this descriptor.")
@click.option("--kit-fd", type=int, help="Read the recovery kit from this descriptor.")
@with_appcontext
def take_office(name: str, passphrase_fd: int | None, kit_fd: int | None) -> None:
    """Where every steward is gone: a colleague becomes the steward with the recovery kit in her hands."""
    with force_locale(language_of_terminal()):
        actor = open_person(name, passphrase_fd)
        try:
            refounding.refound(actor, typed_kit(kit_fd))
        except Broken as broken:
            raise click.ClickException(sentence(broken.message_key, broken.values)) from None
        click.echo(_("You are the steward. Sign another in now, with the kit beside you: two are the least."))
