"""`import-hmis`: a supervisor brings an HMIS export in; it is judged whole before anybody is asked who she is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from shelter.cli.person import open_person
from shelter.db.agency import the_agency
from shelter.db.errors import Conflict
from shelter.exchange.actions import Imported, import_plan
from shelter.exchange.hands import ChildFailed
from shelter.exchange.hmis import Plan, Progress, build_plan, open_export, summary
from shelter.exchange.words import note, problem
from shelter.policy.errors import Denied, StepUpNeeded
from shelter.rules.broken import Broken
from shelter.rules.clock import today
from shelter.trail.record import record_alone
from shelter.web.i18n import language_of_terminal
from shelter.web.sentences import sentence

_WIDTH = 30


@click.command("import-hmis")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--as", "name", required=True, help="Your sign-in name; supervisors import.")
@click.option("--passphrase-fd", type=int, help="Read passphrase and code, a line each, from this descriptor.")
@click.option("--problems", is_flag=True, help="List every problem by file, line and column; no value is printed.")
@with_appcontext
def import_hmis(path: Path, name: str, passphrase_fd: int | None, problems: bool) -> None:
    """Import an HMIS CSV export, a ZIP or a folder; the same file again adds nothing."""
    with force_locale(language_of_terminal()), _said():
        agency = the_agency()
        if agency is None:
            raise click.ClickException(_("There is no agency here yet."))
        bar = Bar()
        with open_export(path, progress=bar.reading) as export:
            plan = build_plan(export, today=today(agency.zone))
            bar.clear()
            _tell_what_was_read(plan, problems)
            actor = open_person(name, passphrase_fd)
            try:
                done = import_plan(actor, plan, bar.sealing)
            except Denied as denied:
                record_alone(actor, f"refused:{denied.act}")
                raise
            finally:
                bar.clear()
        _tell_what_was_done(done)


@contextmanager
def _said() -> Iterator[None]:
    """What went wrong, in a sentence and without a trace."""
    try:
        yield
    except Broken as broken:
        raise click.ClickException(sentence(broken.message_key, broken.values)) from None
    except Denied:
        raise click.ClickException(_("Supervisors import. Your role does not.")) from None
    except StepUpNeeded:
        raise click.ClickException(_("Your passphrase was given too long ago. Start again.")) from None
    except Conflict:
        text = _("Somebody changed a record meanwhile. Nothing was imported. Start again.")
        raise click.ClickException(text) from None
    except ChildFailed:
        raise click.ClickException(_("A process that was sealing ended early. Nothing was imported.")) from None


def _tell_what_was_read(plan: Plan, problems: bool) -> None:
    counts = summary(plan)
    rows = sum(one.read for one in counts.files.values())
    left_out = sum(one.left_out for one in counts.files.values())
    click.echo(_("%(year)s: %(rows)s rows in %(files)s files.", year=counts.year, rows=rows, files=len(counts.files)))
    for about in counts.notes:
        click.echo(f"  {note(about)}")
    for reason, count in counts.problems.items():
        click.echo(f"  {count:>8}  {problem(reason)}")
    if left_out:
        click.echo(_("Rows that cannot be placed and are left out: %(count)s", count=left_out))
    if problems:
        for one in plan.problems:
            click.echo(f"{one.file}.csv:{one.line} {one.column or '-'} ({one.fate.value}): {problem(one.reason)}")
    elif counts.problems:
        click.echo(_("--problems lists them by file, line and column."))


def _tell_what_was_done(done: Imported) -> None:
    click.echo(_("New people: %(count)s", count=done.new))
    click.echo(_("Brought up to date: %(count)s", count=done.changed))
    click.echo(_("Unchanged: %(count)s", count=done.unchanged))
    if done.out_of_reach:
        click.echo(_("With news, but you may not change their records: %(count)s", count=done.out_of_reach))
    click.echo(_("Stays: %(count)s", count=done.stays))


class Bar:
    """A progress bar on a terminal, and nothing where the output goes elsewhere."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._last = ""

    def reading(self, step: Progress) -> None:
        words = {"checking": _("Checking"), "reading": _("Reading")}.get(step.phase, _("Gathering"))
        self._draw(words, step.done, step.total)

    def sealing(self, done: int, total: int) -> None:
        self._draw(_("Sealing"), done, total)

    def clear(self) -> None:
        if self._shows and self._last:
            click.echo("\r" + " " * len(self._last) + "\r", nl=False, err=True)
            self._last = ""

    def _draw(self, words: str, done: int, total: int) -> None:
        if not self._shows:
            return
        share = min(done / total, 1.0) if total else 1.0
        full = int(share * _WIDTH)
        line = f"{words:<12} [{'#' * full}{'.' * (_WIDTH - full)}] {share:>4.0%}"
        if line != self._last:
            click.echo("\r" + line, nl=False, err=True)
            self._last = line
