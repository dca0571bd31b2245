"""`export-hmis`: a supervisor takes the HMIS files of her agency, and is told what differs from what came in."""

import os
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from shelter.cli.import_command import Bar
from shelter.cli.person import open_person
from shelter.db.agency import the_agency
from shelter.exchange.out import Exported, export_hmis
from shelter.exchange.words import difference_words
from shelter.policy.errors import Denied, StepUpNeeded
from shelter.rules.broken import Broken
from shelter.trail.record import record_alone
from shelter.web.i18n import language_of_terminal
from shelter.web.sentences import sentence


@click.command("export-hmis")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "name", required=True, help="Your sign-in name; supervisors export.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day of the period; else the beginning.")
@click.option("--until", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the period; else today.")
@click.option("--passphrase-fd", type=int, help="Read passphrase and code, a line each, from this descriptor.")
@with_appcontext
def export_hmis_command(
    path: Path, name: str, first: datetime | None, last: datetime | None, passphrase_fd: int | None
) -> None:
    """Write an HMIS CSV export (FY2026, a ZIP) for the agency itself; the file names people."""
    with force_locale(language_of_terminal()):
        if the_agency() is None:
            raise click.ClickException(_("There is no agency here yet."))
        actor, bar = open_person(name, passphrase_fd), Bar()
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            raise click.ClickException(_("This file is there already, or cannot be written.")) from None
        try:
            with os.fdopen(descriptor, "wb") as target:
                days = {"first": first.date() if first else None, "last": last.date() if last else None}
                done = export_hmis(actor, target, bar.sealing, **days)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, Denied):
                record_alone(actor, f"refused:{error.act}")
                raise click.ClickException(_("Supervisors export. Your role does not.")) from None
            if isinstance(error, Broken):
                raise click.ClickException(sentence(error.message_key, error.values)) from None
            if isinstance(error, StepUpNeeded):
                raise click.ClickException(_("Your passphrase was given too long ago. Start again.")) from None
            raise
        finally:
            bar.clear()
        _tell(done)


def _tell(done: Exported) -> None:
    rows = sum(done.rows.values())
    click.echo(
        _("%(people)s people, %(rows)s rows in %(files)s files.", people=done.people, rows=rows, files=len(done.rows))
    )
    for one in done.differences:
        place = f"{one.file}.{one.column}" if one.column else one.file
        click.echo(f"  {one.count:>8}  {place}: {difference_words(one)}")
    click.echo(_("This file names people, hashed or not. It is for the agency alone: upload it nowhere."))
