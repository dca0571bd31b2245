"""Reports for a director: what is due, one released table in every form, and releasing it. Never a client's row."""

from collections.abc import Callable

from flask import Blueprint, Response, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from shelter.policy.acts import Act
from shelter.reports import actions, chart, labels, paper, queries, sheets, words
from shelter.reports.catalogue import Quarter
from shelter.reports.forms import PublishForm, counts_of
from shelter.reports.queries import Published
from shelter.reports.shown import Sheet, sheet_of, trend_of
from shelter.rules.broken import Broken
from shelter.rules.disclosure.primary import DEFAULT_K
from shelter.web.drawing import drawing
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.may import may
from shelter.web.nav import NavItem
from shelter.web.render import page, tell
from shelter.web.sentences import sentence

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
NAV = (NavItem(_l("Reports"), "reports.index", frozenset({"director"}), order=10),)

SLICES = 12
"""Slices of taking in that one press may last, each under a second."""

_FILES: dict[str, tuple[str, Callable[[Sheet, Published], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", lambda sheet, found: sheets.csv_of(sheet)),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda sheet, found: sheets.xlsx_of(sheet, found.on),
    ),
    "pdf": ("application/pdf", lambda sheet, found: paper.pdf_of(sheet, found.on)),
}


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {
        "report_title": words.title_words,
        "report_name": words.report_words,
        "report_period": words.period_words,
        "report_says": labels.SAYS,
        "report_day": words.day_words,
        "counts_of": counts_of,
        "hidden_mark": words.HIDDEN_MARK,
        "sentence_of": sentence,
    }


@blueprint.get("/")
@may(Act.REPORTS_SEE)
def index() -> Response:
    return page("reports/index.html", gallery=queries.gallery(actor()))


@blueprint.post("/take-in")
@may(Act.REPORTS_SEE)
def take_in() -> AnyResponse:
    """What colleagues' changes left in the inbox, in slices; pressed again it goes on."""
    taken = 0
    for _slice in range(SLICES):
        folded = actions.fold_inbox(actor())
        taken += folded
        if not folded:
            break
    tell(
        ngettext("%(num)d new entry taken in.", "%(num)d new entries taken in.", taken)
        if taken
        else _("Nothing could be taken in. Ask an administrator to run the doctor.")
    )
    return redirect(url_for(".index"))


@blueprint.get("/how")
@may(Act.REPORTS_SEE)
def how() -> Response:
    return page("reports/how.html", least=DEFAULT_K)


@blueprint.get("/trends")
@may(Act.REPORTS_SEE)
def trends() -> Response:
    found = [(one, trend_of(one.report, one.points)) for one in queries.trends(actor())]
    hidden = sentence("disclosure.hidden")
    drawn = [(one, bars, drawing(chart.draw(bars, hidden), bars.title)) for one, bars in found]
    return page("reports/trends.html", drawn=drawn, hidden=hidden)


@blueprint.get("/wall")
@may(Act.REPORTS_SEE)
def wall() -> Response:
    """For a board meeting: what was published last, large, and nothing else."""
    shown = []
    for found in queries.wall(actor()):
        sheet = sheet_of(found)
        bars = sheet.charts[0]
        shown.append((found, sheet, bars, drawing(chart.draw(bars, sheet.hidden), bars.title)))
    return page("reports/wall.html", shown=shown)


@blueprint.get("/<report>/<period>/")
@blueprint.get("/<report>/<period>/<int:number>")
@may(Act.REPORTS_SEE)
def show(report: str, period: str, number: int | None = None) -> Response:
    quarter = queries.report_of(report, period)
    found = queries.published(actor(), report, quarter, number)
    if found is None:
        return _prepare(report, quarter, PublishForm())
    sheet = sheet_of(found)
    drawn = [(bars.title, drawing(chart.draw(bars, sheet.hidden), bars.title)) for bars in sheet.charts]
    return page("reports/show.html", found=found, sheet=sheet, drawn=drawn)


@blueprint.get("/<report>/<period>/prepare")
@may(Act.REPORTS_SEE)
def prepare(report: str, period: str) -> Response:
    """Another version, or the first one."""
    return _prepare(report, queries.report_of(report, period), PublishForm())


@blueprint.post("/<report>/<period>/publish")
@may(Act.REPORTS_PUBLISH)
def publish(report: str, period: str) -> AnyResponse:
    quarter, form = queries.report_of(report, period), PublishForm()
    if form.validate_on_submit():
        actions.fold_inbox(actor())
        try:
            given = actions.publish(actor(), form.command(report, quarter))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(
                _("Published as release %(number)s. It does not change from now on.", number=given.number)
                if given.new
                else _("This table was published before, as release %(number)s.", number=given.number)
            )
            return redirect(url_for(".show", report=report, period=period, number=given.number))
    return _prepare(report, quarter, form)


def _prepare(report: str, quarter: Quarter, form: PublishForm) -> Response:
    """How much each version would show, and not one of its numbers."""
    if queries.is_running(quarter):
        return page("reports/running.html", report=report, quarter=quarter)
    preview = queries.preview(actor(), report, quarter)
    form.offer(preview)
    return page("reports/prepare.html", form=form, preview=preview)


@blueprint.get("/<report>/<period>/<int:number>.<any(csv, xlsx, pdf):kind>")
@may(Act.REPORTS_SEE)
def download(report: str, period: str, number: int, kind: str) -> Response:
    """The same released table as on the page; the file is named for the report and its number."""
    quarter = queries.report_of(report, period)
    found = queries.published(actor(), report, quarter, number)
    if found is None:
        return page("errors/404.html", 404)
    sheet, (mimetype, make) = sheet_of(found), _FILES[kind]
    return as_download(Response(make(sheet, found), content_type=mimetype), f"{sheet.file_stem}.{kind}")
