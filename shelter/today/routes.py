"""The first page of caseworkers and supervisors; for supervisors also who works with whom."""

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.today import actions, queries
from shelter.today.forms import HandOverForm
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.nav import NavItem
from shelter.web.render import page, tell

blueprint = Blueprint("today", __name__)
NAV = (NavItem(_l("Today"), "today.day", frozenset({"caseworker", "supervisor"}), order=10),)


@blueprint.get("/today/")
@may(Act.TODAY_SEE)
def day() -> Response:
    return page("today/day.html", day=queries.day(actor()))


@blueprint.get("/today/caseload")
@may(Act.CASELOADS_SEE)
def caseload() -> Response:
    return page("today/caseload.html", loads=queries.caseloads(actor()))


@blueprint.get("/today/caseload/<id:worker>")
@may(Act.CASELOADS_SEE)
def worker(worker: bytes) -> Response:
    return page("today/worker.html", view=queries.people_of(actor(), worker))


@blueprint.route("/people/<code>/hand-over", methods=["GET", "POST"])
@may(Act.CLIENTS_ASSIGN)
def hand_over(code: str) -> Response:
    card, now, could = queries.hand_over_choices(actor(), code)
    form = drafted(HandOverForm, data={"of": now[0].id.hex() if now else None})
    form.of.choices = [(one.id.hex(), one.working_name) for one in now]
    form.to.choices = [(one.id.hex(), one.working_name) for one in could]
    if form.validate_on_submit():
        try:
            actions.hand_over(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            saved()
            tell(_("Handed over. Both have a notice, and the note is signed into her file."))
            return redirect(url_for("clients.team", code=code))
    return page("today/hand_over.html", form=form, card=card)
