"""Quick entry by keyboard, and one screen for a group."""

from flask import redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.clients.queries import agency_today
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.services import actions, queries
from shelter.services.forms import GroupForm, QuickForm
from shelter.services.routes.blueprint import blueprint
from shelter.services.words import service_words
from shelter.settings.servicelist import service_list
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


def _people() -> list[tuple[str, str]]:
    return [(code, f"{called} {code}".strip()) for code, called in queries.my_choices(actor())]


@blueprint.route("/services", methods=["GET", "POST"])
@may(Act.SERVICES_WRITE)
def index() -> Response:
    form = QuickForm(data={"on": agency_today()})
    form.who.choices = _people()
    if form.validate_on_submit():
        command = form.command()
        try:
            (service,) = actions.enter(actor(), command)
        except Broken as broken:
            form.refuse(broken)
        else:
            undo = url_for(".undo", code=command.codes[0], service=service)
            tell(_("%(service)s: entered.", service=service_words(command.what)), then=_("The next one?"), undo=undo)
            return redirect(url_for(".index"))
    return page("services/index.html", form=form)


@blueprint.route("/services/group", methods=["GET", "POST"])
@may(Act.SERVICES_WRITE)
def group() -> Response:
    form = drafted(GroupForm, data={"on": agency_today()})
    form.codes.choices = _people()
    if form.validate_on_submit():
        try:
            entered = actions.enter(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            saved()
            tell(ngettext("Entered for %(num)d person.", "Entered for %(num)d people.", len(entered)))
            return redirect(url_for(".index"))
    return page("services/group.html", form=form)


@blueprint.get("/services/lines")
@may(Act.SERVICES_WRITE)
def lines() -> Response:
    return page("services/lines.html", book=service_list(), day=agency_today())
