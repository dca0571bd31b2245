"""`report-compare`: a kit's input counted by our rules and held against the tables that came with it.

It reads files and nothing else: no agency, no key, no passphrase; nothing is written and nothing stays.
"""

import csv
import io
import re
from datetime import date, datetime
from pathlib import Path

import click
import msgspec
from flask_babel import force_locale
from flask_babel import gettext as _

from shelter.exchange.hmis import open_export
from shelter.exchange.hmis.counting import records_of
from shelter.exchange.hmis.reading import Export
from shelter.rules.apr import YEARS, Period, Records, ReportKind, compute, rule_set
from shelter.rules.apr.compare import MISPRINT, NO_TABLE, Comparison, Difference, compare
from shelter.rules.broken import Broken
from shelter.web.i18n import language_of_terminal
from shelter.web.sentences import sentence

_TABLE = re.compile(r"Q\d+\w*\.csv", re.IGNORECASE | re.ASCII)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("report-compare")
@click.argument("given", metavar="INPUT", type=click.Path(path_type=Path, exists=True))
@click.argument("expected", metavar="EXPECTED", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--report", "kind", type=click.Choice(["caper", "apr"]), default="caper", show_default=True)
@click.option("--rules", type=click.Choice(YEARS), help="Otherwise those of the year of the files.")
@click.option("--from", "first", type=_DAY, help="Otherwise as EXPECTED or the export says.")
@click.option("--to", "last", type=_DAY, help="The last day of the period.")
def report_compare(
    given: Path, expected: Path, kind: ReportKind, rules: str | None, first: datetime | None, last: datetime | None
) -> None:
    """Count an HMIS CSV export and compare with the tables (Q*.csv) in EXPECTED, cell by cell."""
    with force_locale(language_of_terminal()):
        theirs = _texts(expected)
        try:
            with open_export(given) as export:
                records = _chosen(records_of(export), theirs)
                rules = rules or ("fy2022" if export.layout.year == "FY2022" else "fy2026")
                period = _period(export, theirs, first, last)
        except Broken as broken:
            raise click.ClickException(sentence(broken.message_key, broken.values)) from None
        found = compare(compute(records, period, rules), theirs)
        click.echo(f"{kind.upper()} {rules} {period.first.isoformat()} - {period.last.isoformat()}")
        _tell(found, set(rule_set(rules).names(kind)))


def _texts(expected: Path) -> dict[str, str]:
    theirs = {path.stem: _text(path) for path in sorted(expected.iterdir()) if _TABLE.fullmatch(path.name)}
    if not theirs:
        raise click.ClickException(_("EXPECTED holds no table: no file Q*.csv."))
    return theirs


def _text(path: Path) -> str:
    """UTF-8, or what spreadsheet programs of the West wrote before it."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _tell(found: Comparison, of_report: set[str]) -> None:
    for one in found.differences:
        said = _("ours %(ours)s, theirs %(theirs)s", ours=one.ours or "-", theirs=one.theirs or "-")
        click.echo(f"{one.table} {one.row} [{one.label}] [{one.column}]: {said} ({_reason(one, of_report)})")
    click.echo(f"{found.agree} of {found.cells} cells agree")  # the same in every language, for scripts


def _reason(one: Difference, of_report: set[str]) -> str:
    if one.reason == MISPRINT:
        return _("the kit contradicts its own input here")
    if one.reason == NO_TABLE:
        return _("we have no such table")
    return _("reason not known") if one.table in of_report else _("not a table of this report")


def _project_rows(theirs: dict[str, str]) -> list[dict[str, str]]:
    text = next((text for name, text in theirs.items() if name.casefold() == "q4a"), "")
    return list(csv.DictReader(io.StringIO(text)))


def _chosen(records: Records, theirs: dict[str, str]) -> Records:
    """The projects that the expected report names; all of them where it names none of ours."""
    named = {row.get("Project ID", "") for row in _project_rows(theirs)} & records.projects.keys()
    if not named:
        return records
    return msgspec.structs.replace(records, projects={key: records.projects[key] for key in sorted(named)})


def _period(export: Export, theirs: dict[str, str], first: datetime | None, last: datetime | None) -> Period:
    """As asked; else as the expected report says of itself; else as the export does."""
    row = next(iter(_project_rows(theirs)), {})
    about = export.about.row.values
    begins = first.date() if first else _day(row.get("Report Start Date")) or about.get("ExportStartDate")
    ends = last.date() if last else _day(row.get("Report End Date")) or about.get("ExportEndDate")
    if not isinstance(begins, date) or not isinstance(ends, date):
        raise click.ClickException(_("Neither side says the period. Give --from and --to."))
    return Period(begins, ends)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        return None
