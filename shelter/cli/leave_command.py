"""`export-agency`: a steward and a second person take everything along, sealed to a key that the agency brings."""

import os
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from shelter.cli.import_command import Bar
from shelter.cli.person import open_person, typed_kit
from shelter.crypto.errors import Unopenable
from shelter.crypto.outgoing import read_recipient
from shelter.db.agency import the_agency
from shelter.db.roll import current_roll
from shelter.exchange.whole import Done, export_agency
from shelter.policy.actor import Actor
from shelter.policy.errors import Denied, StepUpNeeded
from shelter.rules.broken import Broken
from shelter.stewards import seconds
from shelter.stewards.kit_member import kit_as_actor
from shelter.trail.record import commit_refusals, record_alone
from shelter.web.i18n import language_of_terminal
from shelter.web.sentences import sentence


@click.command("export-agency")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--to", "recipient", required=True, help="The age recipient that the file is sealed to: age1...")
@click.option("--as", "name", required=True, help="Your sign-in name; a steward takes everything out.")
@click.option("--with", "others", multiple=True, help="The sign-in name of a colleague beside you; may be repeated.")
@click.option("--kit", is_flag=True, help="Type the recovery kit: it opens every compartment.")
@click.option("--passphrase-fd", type=int, help="Read your passphrase and code, a line each, from this descriptor.")
@click.option("--with-fd", "fds", type=int, multiple=True, help="The same for each colleague, in their order.")
@click.option("--kit-fd", type=int, help="Read the sheet, or the shares, from this descriptor.")
@with_appcontext
def export_agency_command(
    path: Path,
    recipient: str,
    name: str,
    others: tuple[str, ...],
    kit: bool,
    passphrase_fd: int | None,
    fds: tuple[int, ...],
    kit_fd: int | None,
) -> None:
    """Take everything out of Shelter: CSV, JSON and files, sealed to a key of yours; two people."""
    with force_locale(language_of_terminal()):
        if the_agency() is None:
            raise click.ClickException(_("There is no agency here yet."))
        try:
            public = read_recipient(recipient)
        except Unopenable:
            raise click.BadParameter(_("A recipient begins with age1 and has no letter wrong.")) from None
        actor = open_person(name, passphrase_fd)
        beside = [open_person(one, fds[at] if at < len(fds) else None) for at, one in enumerate(others)]
        try:
            if kit or kit_fd is not None:
                roll = current_roll()
                beside.append(kit_as_actor(seconds.kit_of(typed_kit(kit_fd), roll), roll))
            _tell(_written(path, actor, beside, public))
        except Broken as broken:
            raise click.ClickException(sentence(broken.message_key, broken.values)) from None


def _written(path: Path, actor: Actor, beside: list[Actor], public: bytes) -> Done:
    """The file, whole or not there."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        raise click.ClickException(_("This file is there already, or cannot be written.")) from None
    bar = Bar()
    try:
        with os.fdopen(descriptor, "wb") as target:
            done = export_agency(actor, beside, target, public, bar.sealing)
            target.flush()
            os.fsync(target.fileno())
        commit_refusals(actor)
        return done
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, Denied):
            record_alone(actor, f"refused:{error.act}")
            raise click.ClickException(_("A steward takes everything out. Your role does not.")) from None
        if isinstance(error, StepUpNeeded):
            raise click.ClickException(_("Your passphrase was given too long ago. Start again.")) from None
        raise
    finally:
        bar.clear()


def _tell(done: Done) -> None:
    click.echo(
        _(
            "%(rows)s rows of %(tables)s tables, %(files)s files.",
            rows=sum(done.rows.values()),
            tables=len(done.rows),
            files=done.files.get("opened", 0),
        )
    )
    for name, count in sorted(done.closed.items()):
        click.echo(_("Not opened: %(count)s of %(name)s", count=count, name=name))
    if shut := done.files.get("not opened", 0):
        click.echo(_("Not opened: %(count)s of %(name)s", count=shut, name="files"))
    if done.closed or done.files.get("not opened"):
        click.echo(_("Somebody else, or the recovery kit, opens what is closed here: bring them with --with or --kit."))
    click.echo(_("How to open and read the file stands in docs/leaving.md."))
