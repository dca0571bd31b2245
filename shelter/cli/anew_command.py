"""`tell-anew`: whoever holds a compartment tells the ledgers again all that its records say."""

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from shelter.cli.person import open_person
from shelter.db.agency import the_agency
from shelter.db.errors import NoKey, Spoiled
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.reports import anew
from shelter.trail.record import record_alone
from shelter.web.i18n import language_of_terminal


@click.command("tell-anew")
@click.argument("origin", type=click.Choice([kind.value for kind in anew.ORIGINS]))
@click.option("--as", "name", required=True, help="Your sign-in name; supervisors tell.")
@click.option("--passphrase-fd", type=int, help="Read passphrase and code, a line each, from this descriptor.")
@click.option("--give-up-lost", is_flag=True, help="Also where counts were lost whose records are no more.")
@with_appcontext
def tell_anew(origin: str, name: str, passphrase_fd: int | None, give_up_lost: bool) -> None:
    """Tell the ledgers again what the records of ORIGIN say; folded as a whole or not at all."""
    with force_locale(language_of_terminal()):
        if the_agency() is None:
            raise click.ClickException(_("There is no agency here yet."))
        actor = open_person(name, passphrase_fd)
        try:
            told = anew.tell(actor, Kind(origin), gives_up=give_up_lost)
        except Denied as denied:
            record_alone(actor, f"refused:{denied.act}")
            raise click.ClickException(_("Supervisors tell the ledgers anew. Your role does not.")) from None
        except (NoKey, Spoiled):
            raise click.ClickException(
                _("A record does not open with your keys, so nothing was told: a ledger without it would be wrong.")
            ) from None
        for ledger, count in told.items():
            click.echo(_("%(ledger)s: %(count)s facts told anew.", ledger=ledger.value, count=count))
        click.echo(_("They replace what was told before when the next holder of facts takes in what waits."))
        if anew.has_outlived(Kind(origin)) and not give_up_lost:
            click.echo(
                _(
                    "Where a lost part may hold counts whose records are no more, they wait: doctor says so. Bring a "
                    "backup back, or tell anew with --give-up-lost."
                )
            )
