"""Finding people, beginning a record, looking at one, printing it."""

from flask import jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.accounts.queries import me, my_sites
from shelter.clients import actions, queries
from shelter.clients.forms import BeginForm, FindForm, NamesTyped
from shelter.clients.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.printing import PrintMark, print_page
from shelter.web.render import page, tell


@blueprint.get("/people")
@may(Act.CLIENTS_READ)
def index() -> Response:
    people = queries.my_people(actor(), request.args.get("after", "")[:12])
    return page("clients/index.html", people=people)


@blueprint.route("/people/find", methods=["GET", "POST"])
@may(Act.CLIENTS_SEARCH)
def search() -> Response:
    form, found = FindForm(), None
    if form.validate_on_submit():
        try:
            found = queries.find(actor(), form.words.data)
        except Broken as broken:
            form.refuse(broken)
    return page("clients/search.html", form=form, found=found)


@blueprint.route("/people/new", methods=["GET", "POST"])
@may(Act.CLIENTS_CREATE)
def new() -> Response:
    form = drafted(BeginForm)
    sites = my_sites(actor())
    form.site.choices = [(site.id.hex(), site.code_name) for site in sites]
    if sites and request.method == "GET" and not form.site.data:
        form.site.data = sites[0].id.hex()
    if form.validate_on_submit():
        code = actions.begin(actor(), form.command())
        saved()
        tell(_("The record has begun. There is enough for a bed."), then=_("Go on with any part when it suits."))
        return redirect(url_for("clients.intake", code=code))
    return page("clients/new.html", form=form)


@blueprint.post("/people/matches")
@may(Act.CLIENTS_CREATE)
def matches_now() -> Response:
    """Who may be here already, while a form is being filled: codes she may open, and one sentence about others."""
    form = NamesTyped()
    found = queries.matches(actor(), form.names(), but_code=request.args.get("code", ""))
    here = [{"url": url_for("clients.show", code=row.code), "words": f"{row.called} {row.code}"} for row in found.rows]
    others = _("Somebody may match. Ask a supervisor.") if found.others else ""
    return jsonify(here=here, others=others)


@blueprint.get("/people/<code>")
@may(Act.CLIENTS_READ)
def show(code: str) -> Response:
    return page("clients/show.html", overview=queries.overview(actor(), code), revealed=None)


@blueprint.post("/people/<code>/reveal")
@may(Act.CLIENTS_REVEAL)
def reveal(code: str) -> Response:
    what = "ssn" if request.form.get("what") == "ssn" else "names"
    revealed = actions.reveal(actor(), code, what)
    return page("clients/show.html", overview=queries.overview(actor(), code), revealed=revealed, what=what)


@blueprint.get("/people/<code>/print")
@may(Act.CLIENTS_PRINT)
def print_record(code: str) -> Response:
    """Our own print: code, reader and time on every sheet, legal names on none."""
    record = queries.whole(actor(), code, Act.CLIENTS_PRINT, reveals=False)
    mark = PrintMark(record.client.code, me(actor()).working_name, now())
    return print_page("clients/print_record.html", mark, record=record, back_url=url_for("clients.show", code=code))
