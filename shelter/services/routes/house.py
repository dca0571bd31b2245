"""Services given at the desk: one line by keyboard, for somebody who sleeps here."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.clients.queries import agency_today
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.services import actions, queries
from shelter.services.forms import HouseForm
from shelter.services.routes.blueprint import blueprint
from shelter.services.words import service_words
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route("/services/house", methods=["GET", "POST"])
@may(Act.SERVICES_HOUSE)
def house() -> Response:
    form = HouseForm(data={"on": agency_today()})
    form.who.choices = [(code, f"{called} {code}".strip()) for code, called in queries.in_the_house(actor())]
    if form.validate_on_submit():
        command = form.command()
        try:
            service = actions.give_in_house(actor(), command)
        except Broken as broken:
            form.refuse(broken)
        else:
            undo = url_for(".undo_house", code=command.codes[0], service=service)
            tell(_("%(service)s: entered.", service=service_words(command.what)), then=_("The next one?"), undo=undo)
            return redirect(url_for(".house"))
    return page("services/house.html", form=form)


@blueprint.post("/services/house/<code>/<id:service>/undo")
@may(Act.SERVICES_HOUSE)
def undo_house(code: str, service: bytes) -> Response:
    actions.take_back_in_house(actor(), code, service, _("undone at once"))
    tell(_("Taken back. It counts nowhere; that it was entered stays in her file."))
    return redirect(url_for(".house"))
