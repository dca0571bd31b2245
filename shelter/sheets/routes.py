"""Pages on which a supervisor brings in a spreadsheet, step by step, and takes it back."""

from typing import Any

from flask import Blueprint, Response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from shelter.accounts.queries import my_sites
from shelter.erasing.copies import when_erased
from shelter.policy.acts import Act
from shelter.restricting.moving import when_restricted
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.sheets import actions, books, queries, words
from shelter.sheets.erased import take_out
from shelter.sheets.forms import BackForm, BringForm, SendForm, SheetForm, match_form
from shelter.sheets.kinds import KINDS, kinds_for
from shelter.sheets.queries import Waiting
from shelter.sheets.reading.limits import MOST_BYTES
from shelter.sheets.words import Vocabulary
from shelter.web.forms import Form
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.uploads import takes_files

blueprint = Blueprint("sheets", __name__, url_prefix="/sheets")
for said in words.GLOBALS:
    blueprint.add_app_template_global(said)
when_erased(take_out)
when_restricted(lambda reader, clients, _kind: take_out(reader, clients, now()))


@blueprint.get("/")
@may(Act.SHEETS_PREPARE)
def index() -> Response:
    return page("sheets/index.html", imports=queries.imports(actor()), kinds=kinds_for(actor()))


@blueprint.route("/new", methods=["GET", "POST"])
@may(Act.SHEETS_PREPARE)
@takes_files(MOST_BYTES)
def new() -> AnyResponse:
    form = SendForm()
    form.what.choices = words.kind_choices(kinds_for(actor()))
    if form.validate_on_submit():
        try:
            return _on(actions.take_in(actor(), form.what.data, form.sent()))
        except Broken as broken:
            form.refuse(broken)
    return page("sheets/new.html", form=form, kinds=kinds_for(actor()))


@blueprint.get("/templates/<any({}):what>".format(",".join(KINDS)))
@may(Act.SHEETS_PREPARE)
def template(what: str) -> Response:
    """An empty sheet with the headings that are understood."""
    return _book(books.template(KINDS[what]), f"template {what}")


@blueprint.route("/<id:sheet_import>/sheet", methods=["GET", "POST"])
@may(Act.SHEETS_PREPARE)
def sheet(sheet_import: bytes) -> AnyResponse:
    one = queries.waiting(actor(), sheet_import)
    form = SheetForm()
    form.sheet.choices = [
        (str(place), table.name or _("Sheet %(number)s", number=place + 1), _("%(rows)s rows", rows=table.rows))
        for place, table in enumerate(one.text.tables)
    ]
    done = _tried(form, lambda: actions.choose(actor(), sheet_import, int(form.sheet.data)), sheet_import)
    return done or page("sheets/sheet.html", form=form, one=one)


@blueprint.route("/<id:sheet_import>/columns", methods=["GET", "POST"])
@may(Act.SHEETS_PREPARE)
def columns(sheet_import: bytes) -> AnyResponse:
    one = queries.waiting(actor(), sheet_import)
    matched, is_known = queries.suggested(actor(), one, words.labels(one.kind))
    form = match_form(one, matched)
    if one.kind.at_a_site:
        form.site.choices = [(site.id.hex(), site.code_name) for site in my_sites(actor())]
    count = len(one.table.headings)
    done = _tried(form, lambda: actions.match(actor(), form.command(sheet_import, count)), sheet_import)
    return done or page("sheets/columns.html", form=form, one=one, is_known=is_known)


@blueprint.get("/<id:sheet_import>/check")
@may(Act.SHEETS_PREPARE)
def check(sheet_import: bytes) -> Response:
    one, found = queries.checked(actor(), sheet_import, Vocabulary())
    return page("sheets/check.html", one=one, found=found, shown=50)


@blueprint.get("/<id:sheet_import>/wrong")
@may(Act.SHEETS_PREPARE)
def wrong(sheet_import: bytes) -> Response:
    """The rows that cannot come in, as a sheet with the reason behind each."""
    one, found = queries.checked(actor(), sheet_import, Vocabulary())
    rows = queries.rows_again(actor(), one, found.wrong | set(found.twins))
    return _book(books.wrong_rows(one, found, rows), "rows to look at")


@blueprint.route("/<id:sheet_import>/bring", methods=["GET", "POST"])
@may(Act.SHEETS_IMPORT)
def bring(sheet_import: bytes) -> AnyResponse:
    one, found = queries.checked(actor(), sheet_import, Vocabulary())
    if found.wrong:
        return redirect(url_for(".check", sheet_import=sheet_import))
    form = BringForm(data={"twins": actions.LEAVE_OUT})
    if form.validate_on_submit():
        try:
            actions.bring_in(actor(), form.command(sheet_import))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("All of it is in."), then=_("It can be taken back for a week."))
            return redirect(url_for(".show", sheet_import=sheet_import))
    return page("sheets/bring.html", form=form, one=one, found=found)


@blueprint.get("/<id:sheet_import>")
@may(Act.SHEETS_PREPARE)
def show(sheet_import: bytes) -> Response:
    return page("sheets/show.html", one=queries.done(actor(), sheet_import))


@blueprint.route("/<id:sheet_import>/back", methods=["GET", "POST"])
@may(Act.SHEETS_IMPORT)
def back(sheet_import: bytes) -> AnyResponse:
    one = queries.done(actor(), sheet_import)
    form = BackForm()
    if form.validate_on_submit():
        try:
            actions.take_back(actor(), sheet_import)
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("The whole sheet was taken back."))
            return redirect(url_for(".index"))
    return page("sheets/back.html", form=form, one=one, codes=queries.in_the_way(actor(), sheet_import))


@blueprint.post("/<id:sheet_import>/away")
@may(Act.SHEETS_PREPARE)
def away(sheet_import: bytes) -> AnyResponse:
    actions.throw_away(actor(), sheet_import)
    tell(_("The file is gone. Nothing of it came in."))
    return redirect(url_for(".index"))


def _on(sheet_import: bytes) -> AnyResponse:
    """To the next step that this one needs."""
    one: Waiting = queries.waiting(actor(), sheet_import)
    step = "sheet" if one.text.chosen is None else "columns" if one.text.targets is None else "check"
    return redirect(url_for(f".{step}", sheet_import=sheet_import))


def _tried(form: Form, do: Any, sheet_import: bytes) -> AnyResponse | None:
    """Does what was sent where it holds, and goes on; None where the page has to be shown (again)."""
    if not form.validate_on_submit():
        return None
    try:
        do()
    except Broken as broken:
        form.refuse(broken)
        return None
    return _on(sheet_import)


def _book(content: bytes, name: str) -> Response:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return as_download(Response(content, mimetype=kind), f"{name}.xlsx")
