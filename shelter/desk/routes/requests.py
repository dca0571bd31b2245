"""Whom there was no bed for, and who waits."""

from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _
from msgspec.structs import asdict
from werkzeug.wrappers import Response

from shelter.desk import actions, queries
from shelter.desk.forms import ChangeWaitingForm, TurnAwayForm, WaitingForm
from shelter.desk.routes.blueprint import blueprint
from shelter.desk.routes.books import at_my_house, up_to
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.stays.queries import default_day
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.get("/requests")
@may(Act.REQUESTS_KEEP)
def requests() -> Response:
    until = up_to()
    turned_away = queries.turned_away(actor(), until.day)
    return page("desk/requests.html", waiting=queries.waiting(actor()), turned_away=turned_away, until=until.form)


@blueprint.route("/requests/turned-away", methods=["GET", "POST"])
@may(Act.REQUESTS_KEEP)
def turn_away() -> Response:
    form = at_my_house(TurnAwayForm(data={"day": default_day(actor())}))
    if form.validate_on_submit():
        try:
            made = actions.turn_away(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Written down. Nobody's name is kept."), undo=url_for(".undo_turn_away", made=made))
            return redirect(url_for(".requests"))
    return page("desk/turn_away.html", form=form)


@blueprint.post("/requests/turned-away/<id:made>/undo")
@may(Act.REQUESTS_KEEP)
def undo_turn_away(made: bytes) -> Response:
    actions.take_back_request(actor(), made)
    tell(_("Taken back."))
    return redirect(url_for(".requests"))


@blueprint.route("/requests/waiting/new", methods=["GET", "POST"])
@may(Act.REQUESTS_KEEP)
def new_waiting() -> Response:
    form = at_my_house(WaitingForm())
    if form.validate_on_submit():
        try:
            waits = actions.put_on_list(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            back = url_for(".undo_waiting", waits=waits)
            tell(_("On the list."), then=_("Who is in most danger stands first."), undo=back)
            return redirect(url_for(".requests"))
    return page("desk/new_waiting.html", form=form)


@blueprint.route("/requests/waiting/<id:waits>", methods=["GET", "POST"])
@may(Act.REQUESTS_KEEP)
def edit_waiting(waits: bytes) -> Response:
    found, both = queries.waiting_one(actor(), waits), None
    form = at_my_house(ChangeWaitingForm(data=_filled(found)))
    if form.validate_on_submit():
        try:
            actions.change_waiting(actor(), waits, form.version.data, form.command())
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            saved = queries.waiting_one(actor(), waits)
            filled = {name: value for name, value in _filled(saved).items() if name in form and name != "version"}
            both = both_texts(form, filled, version=saved.version, by=saved.by, at=saved.request.at)
        else:
            tell(_("Saved."), undo=url_for(".undo_waiting", waits=waits))
            return redirect(url_for(".requests"))
    return page("desk/edit_waiting.html", status=409 if both else None, form=form, waits=found, both=both)


def _filled(found: queries.WaitingView) -> dict[str, Any]:
    return asdict(found.request) | {"version": found.version}


@blueprint.post("/requests/waiting/<id:waits>/served")
@may(Act.REQUESTS_KEEP)
def served(waits: bytes) -> Response:
    actions.served(actor(), waits)
    tell(_("Nothing of her is left on the list."), undo=url_for(".undo_waiting", waits=waits))
    return redirect(url_for(".requests"))


@blueprint.post("/requests/waiting/<id:waits>/undo")
@may(Act.REQUESTS_KEEP)
def undo_waiting(waits: bytes) -> Response:
    back = actions.take_back_waiting(actor(), waits)
    tell(_("Back on the list.") if back else _("Taken back."))
    return redirect(url_for(".requests"))
