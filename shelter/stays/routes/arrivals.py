"""Taking in whoever stands at the door, and choosing who gets a bed."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.stays import actions, queries
from shelter.stays.forms import ArrivalForm, PickForm, offer
from shelter.stays.routes.blueprint import blueprint
from shelter.stays.routes.board import can
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


def bed_asked() -> bytes | None:
    """The bed that a page was opened for (`?bed=`), where it is one."""
    try:
        return bytes.fromhex(request.args.get("bed", "")) or None
    except ValueError:
        return None


@blueprint.route("/beds/arrivals/new", methods=["GET", "POST"])
@may(Act.ARRIVALS_TAKE)
def arrive() -> Response:
    form, now_shown = ArrivalForm(data={"arrived": queries.default_day(actor())}), None
    if form.validate_on_submit():
        try:
            arrived = actions.take_arrival(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
            now_shown = queries.board(actor())
        else:
            codes = ", ".join(arrived.codes)
            tell(
                _("She has a bed. Code: %(codes)s.", codes=codes),
                then=_("A caseworker completes the file in the morning."),
                undo=url_for(".undo", act=arrived.undo),
            )
            return redirect(url_for(".board"))
    beds = queries.free_beds(actor())
    offer(form.bed, beds, bed_asked())
    offer(form.more_beds, beds)
    return page("stays/arrive.html", form=form, sites=now_shown, can=can())


@blueprint.route("/beds/<id:bed>/admit", methods=["GET", "POST"])
@may(Act.STAYS_WRITE)
def pick(bed: bytes) -> Response:
    """Who gets this bed: somebody with a code, or somebody new."""
    found, form = queries.bed_of(actor(), bed), PickForm()
    if form.validate_on_submit():
        try:
            code = form.parsed()
            queries.require_known(actor(), code)
        except Broken:
            form.refuse(Broken("stays.no_such_code", "code"))
        else:
            return redirect(url_for(".admit", code=code, bed=bed.hex()))
    return page("stays/pick.html", form=form, bed=found)
