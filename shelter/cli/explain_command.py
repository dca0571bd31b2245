"""`explain`: how a number of a funder's form was counted, and which of one's own people stand behind it.

A preparer reads rule and records and no name; who may see people reads her own. Each is that person's session.
"""

import click
from flask.cli import with_appcontext
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from shelter.cli.person import open_person
from shelter.db.agency import the_agency
from shelter.funders import queries, words
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.rules.performance import FORMS
from shelter.trail.record import record_alone
from shelter.web.i18n import language_of_terminal


@click.command("explain")
@click.argument("number", nargs=-1)
@click.option("--as", "name", required=True, help="Your sign-in name.")
@click.option("--passphrase-fd", type=int, help="Read passphrase and code, a line each, from this descriptor.")
@with_appcontext
def explain(number: tuple[str, ...], name: str, passphrase_fd: int | None) -> None:
    """Say how NUMBER (such as 8 B9) of the newest form was counted, or whose records are asked about."""
    with force_locale(language_of_terminal()):
        if the_agency() is None:
            raise click.ClickException(_("There is no agency here yet."))
        actor = open_person(name, passphrase_fd)
        if may_ever(actor, Act.FUNDER_FILES_PREPARE):
            _how_counted(actor, number)
        elif may_ever(actor, Act.NUMBERS_EXPLAIN):
            _who_stands_behind(actor)
        else:
            record_alone(actor, f"refused:{Act.NUMBERS_EXPLAIN}")
            raise click.ClickException(
                _("Your role sees neither how these numbers are counted nor who is behind them.")
            )


def _how_counted(actor: Actor, number: tuple[str, ...]) -> None:
    """Of the newest form that is not handed over; each number with its records and its rule, and nobody's name."""
    newest = next(
        (one for one in queries.files(actor) if one.about.report in FORMS and one.state in ("waiting", "agreed")), None
    )
    if newest is None:
        raise click.ClickException(_("No form waits to be handed over."))
    form, found = queries.worked(actor, newest.id), 0
    click.echo(f"{words.PORTALS[form.about.report]}, {form.about.first} - {form.about.last}")
    for question in form.questions:
        for line in question.lines:
            if number[:1] in ((), (question.code,)) and number[1:2] in ((), (line.code,)):
                found += 1
                for told in line.told:
                    records = ngettext("%(num)d record", "%(num)d records", told.records)
                    value = "-" if told.number is None else told.number
                    click.echo(f"{question.code} {line.code} {line.line}, {told.column}: {value} ({records})")
                if number:
                    click.echo(f"  {_(question.rule)}")
    if not found:
        raise click.ClickException(_("This form has no such number."))
    if number:
        click.echo(_("Source: %(source)s.", source=form.source))


def _who_stands_behind(actor: Actor) -> None:
    asked = queries.asked(actor)
    if not asked:
        click.echo(_("Nobody asks about a number."))
    for one in asked:
        click.echo(f"{one.form}: {one.line}\n  {one.words}")
        for each in one.people:
            records = ", ".join(f"{words.RECORDS.get(told.what, told.what)} {told.day}" for told in each.counted)
            click.echo(f"  {each.code} {each.called}: {records}")
        if one.others:
            click.echo(
                "  "
                + ngettext(
                    "%(num)d record is of somebody whom you do not see.",
                    "%(num)d records are of people whom you do not see.",
                    one.others,
                )
            )
