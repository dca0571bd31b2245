"""Services of one person: the list, a new entry, taking one back."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.clients.queries import agency_today
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.services import actions, queries
from shelter.services.forms import ServiceForm, TakeBackForm
from shelter.services.routes.blueprint import blueprint
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell

_ONE = "/people/<code>/services/<id:service>"


@blueprint.get("/people/<code>/services")
@may(Act.SERVICES_READ)
def hers(code: str) -> Response:
    before = request.args.get("before", type=int)
    return page("services/hers.html", view=queries.given_to(actor(), code, before))


@blueprint.route("/people/<code>/services/new", methods=["GET", "POST"])
@may(Act.SERVICES_WRITE)
def new(code: str) -> Response:
    form = drafted(ServiceForm, data={"on": agency_today(), "times": 1})
    if form.validate_on_submit():
        try:
            (service,) = actions.enter(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            saved()
            tell(_("Service entered."), undo=url_for(".undo", code=code, service=service))
            return redirect(url_for(".hers", code=code))
    return page("services/new.html", form=form, card=queries.given_to(actor(), code).card)


@blueprint.route(f"{_ONE}/back", methods=["GET", "POST"])
@may(Act.SERVICES_WRITE)
def back(code: str, service: bytes) -> Response:
    card, found = queries.of_person(actor(), code, service)
    form = TakeBackForm(data={"version": found.version})
    if form.validate_on_submit():
        return _taken_back(code, form.command(code, service))
    return page("services/back.html", form=form, card=card, service=found)


@blueprint.post(f"{_ONE}/undo")
@may(Act.SERVICES_WRITE)
def undo(code: str, service: bytes) -> Response:
    """One press after an entry; it was made in this minute, so nobody asks why."""
    return _taken_back(code, actions.TakeBack(code, service, 1, _("undone at once")))


def _taken_back(code: str, command: actions.TakeBack) -> Response:
    try:
        actions.take_back(actor(), command)
    except Conflict:
        tell(_("Somebody changed this entry meanwhile. Look at it as it is now."))
    else:
        tell(_("Taken back. It counts nowhere; that it was entered stays in her file."))
    return redirect(url_for("services.hers", code=code))
