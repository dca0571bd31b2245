"""`export-hmis`: a supervisor takes the HMIS files of her agency, and is told what differs from what came in."""

import os
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from shelter.cli.import_command import Bar
from shelter.cli.person import open_person
from shelter.db.agency import the_agency
from shelter.exchange.leaving import difference_words
from shelter.exchange.out import Exported, export_hmis
from shelter.policy.errors import Denied, StepUpNeeded
from shelter.trail.record import record_alone
from shelter.web.i18n import language_of_terminal


@click.command("export-hmis")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "name", required=True, help="Your sign-in name; supervisors export.")
@click.option("--passphrase-fd", type=int, help="Read passphrase and code, a line each, from this descriptor.")
@with_appcontext
def export_hmis_command(path: Path, name: str, passphrase_fd: int | None) -> None:
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
                done = export_hmis(actor, target, bar.sealing)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, Denied):
                record_alone(actor, f"refused:{error.act}")
                raise click.ClickException(_("Supervisors export. Your role does not.")) from None
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
