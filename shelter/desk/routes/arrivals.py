"""Who stands at the door, who came in the night, and the file made of it in the morning."""

import re

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.accounts.queries import my_sites
from shelter.clients.queries import Block, Line, card_of, register_block
from shelter.desk import actions, queries
from shelter.desk.forms import ArrivalForm, CompleteForm
from shelter.desk.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.rules.broken import Broken
from shelter.stays import queries as stays
from shelter.stays.forms import offer
from shelter.stays.routes.arrivals import bed_asked
from shelter.stays.routes.board import can
from shelter.web.fields import PartialDate
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.times import hour

register_block(
    "arrival",
    5,
    lambda reader, client: (
        Block(_l("Came in the night"), [Line(_l("Her file waits to be completed"))], "", "desk.complete")
        if queries.waits(reader, client)
        else None
    ),
)


@blueprint.get("/arrivals")
@may(Act.ARRIVALS_TAKE)
def arrivals() -> Response:
    settles = my_sites(actor()) if may_ever(actor(), Act.PLACES_MANAGE) else []
    return page("desk/arrivals.html", people=queries.arrived(actor()), settles=settles, calls=_on_call())


def _on_call() -> list[queries.TurnView]:
    """Whom to call now."""
    return [one for one in queries.on_call(actor()) if one.today] if may_ever(actor(), Act.ON_CALL_SEE) else []


@blueprint.route("/arrivals/new", methods=["GET", "POST"])
@may(Act.ARRIVALS_TAKE)
def arrive() -> Response:
    form, now_shown = ArrivalForm(data={"arrived": stays.default_day(actor())}), None
    if form.validate_on_submit():
        try:
            arrived = actions.take_arrival(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
            now_shown = stays.board(actor())
        else:
            _say_taken(arrived)
            return redirect(url_for(".arrivals"))
    beds = stays.free_beds(actor())
    offer(form.bed, beds, bed_asked())
    offer(form.more_beds, beds)
    waits = not all(queries.may_sleep_in(actor()).values())
    return page("desk/arrive.html", form=form, sites=now_shown, can=can(), waits=waits, calls=_on_call())


def _say_taken(arrived: actions.Arrived) -> None:
    codes = ", ".join(arrived.codes)
    undo = url_for(".withdraw", act=arrived.undo, alert=arrived.alert.hex() if arrived.alert else None)
    if arrived.held_until is None:
        then = _("The conflict check waits; a caseworker completes the file in the morning.")
        tell(_("She has a bed. Code: %(codes)s.", codes=codes), then=then, undo=undo)
        return
    until = hour(arrived.held_until)
    then = _("Call the one on call, who compares the names; then give her the bed from this list.")
    tell(
        _("She is written down, and her bed is held until %(hour)s. Code: %(codes)s.", hour=until, codes=codes),
        then=then,
        undo=undo,
    )


@blueprint.post("/arrivals/<id:act>/undo")
@may(Act.STAYS_UNDO)
def withdraw(act: bytes) -> Response:
    alert = request.args.get("alert", "")
    actions.withdraw(actor(), act, bytes.fromhex(alert) if re.fullmatch("[0-9a-f]{32}", alert) else None)
    tell(_("Taken back. Nothing of them is left but what the trail says."))
    return redirect(url_for(".arrivals"))


@blueprint.route("/arrivals/<code>/complete", methods=["GET", "POST"])
@may(Act.ARRIVALS_COMPLETE)
def complete(code: str) -> Response:
    told, head = queries.told(actor(), code), card_of(actor(), code, Act.ARRIVALS_COMPLETE)
    form = CompleteForm(data=_filled(told), skips=told.skipped)
    if form.validate_on_submit():
        actions.complete(actor(), form.command(code))
        tell(_("Her file is made."), then=_("Go on with the parts that are open, when she wants to."))
        return redirect(url_for("clients.show", code=code))
    return page("desk/complete.html", form=form, card=head, told=told)


def _filled(told: queries.Told) -> dict[str, object]:
    born = told.birth
    known = PartialDate(born.year, born.month, born.day, born.precision == "approximate") if born.year else None
    return {
        "working_name": told.working_name,
        "legal_name": told.legal_name,
        "born": known,
        "danger_names": "\n".join(told.danger_names),
        "danger": told.danger,
    }
