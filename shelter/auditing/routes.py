"""What the auditor sees: the days, one colleague's day, the proof, and a head on paper."""

from datetime import date

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.accounts.queries import me
from shelter.auditing import queries
from shelter.auditing.forms import DaysForm
from shelter.auditing.words import ODDITIES, WHY_BROKEN, deed_words
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.nav import NavItem
from shelter.web.printing import PrintMark, print_page
from shelter.web.render import page

blueprint = Blueprint("auditing", __name__, url_prefix="/trail")
NAV = (
    NavItem(_l("Who has looked"), "auditing.index", frozenset({"auditor"}), order=10),
    NavItem(_l("Proof"), "auditing.proof", frozenset({"auditor"}), order=20),
)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"oddity_words": ODDITIES, "why_broken": WHY_BROKEN, "deed_words": deed_words}


@blueprint.get("/")
@may(Act.AUDIT_READ)
def index() -> Response:
    form = DaysForm(request.args, meta={"csrf": False})
    asked = form.validate()
    try:
        found = queries.period(actor(), form.first.data if asked else None, form.last.data if asked else None)
    except Broken as broken:
        form.refuse(broken)
        found = queries.period(actor())
    form.first.data, form.last.data = found.first, found.last
    return page("auditing/index.html", form=form, period=found)


@blueprint.get("/<id:staff>/<day>")
@may(Act.AUDIT_READ)
def colleague(staff: bytes, day: str) -> Response:
    try:
        on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    who, links = queries.colleague(actor(), staff, on)
    return page("auditing/colleague.html", who=who, day=on, links=links)


@blueprint.get("/proof")
@may(Act.AUDIT_READ)
def proof() -> Response:
    return page("auditing/proof.html", proof=queries.proof(actor()))


@blueprint.get("/proof/paper")
@may(Act.AUDIT_READ)
def paper() -> Response:
    """The head as of now, to be kept off this machine: later it shows whether the end of the trail was cut."""
    found, reader = queries.proof(actor()), me(actor()).working_name
    mark = PrintMark(_("Head of the trail"), reader, now())
    return print_page("auditing/paper.html", mark, proof=found, back_url=url_for(".proof"))
