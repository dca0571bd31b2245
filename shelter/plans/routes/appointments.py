"""Appointments and follow-ups of one client."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted
from shelter.clients.queries import agency_today
from shelter.plans import actions, queries
from shelter.plans.forms import AppointmentForm, ChangeAppointmentForm, SettleForm
from shelter.plans.routes.blueprint import blueprint
from shelter.plans.routes.saving import done
from shelter.policy.acts import Act
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell

_ONE = "/appointments/<id:appointment>"
_FIELDS = ("kind", "what", "on", "at", "where", "goes_along", "interpreter", "language", "transport", "childcare")


@blueprint.get("/appointments")
@may(Act.PLANS_READ)
def appointments(code: str) -> Response:
    card, coming, past, _today = queries.appointments(actor(), code)
    return page("plans/appointments.html", card=card, coming=coming, past=past)


@blueprint.route("/appointments/new", methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def new_appointment(code: str) -> Response:
    form = drafted(AppointmentForm, data={"kind": "meeting", "on": agency_today()})
    shown = done(
        form,
        lambda: actions.arrange(actor(), form.command(code)),
        url_for(".appointments", code=code),
        _("Saved. It will stand on the first page when it comes near."),
        lambda: 0,
    )
    return shown or page("plans/new_appointment.html", form=form, card=queries.agreement(actor(), code).card)


@blueprint.route(_ONE, methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def edit_appointment(code: str, appointment: bytes) -> Response:
    card, found = queries.appointment(actor(), code, appointment)
    said = {name: getattr(found.text, name) for name in _FIELDS}
    form = drafted(ChangeAppointmentForm, data=said | {"version": found.version})
    shown = done(
        form,
        lambda: actions.change_appointment(actor(), form.change(code, appointment)),
        url_for(".appointments", code=code),
        _("Saved."),
        lambda: queries.appointment(actor(), code, appointment)[1].version,
    )
    return shown or page("plans/edit_appointment.html", form=form, card=card, found=found)


@blueprint.route(f"{_ONE}/settle", methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def settle(code: str, appointment: bytes) -> Response:
    card, found = queries.appointment(actor(), code, appointment)
    form = SettleForm(data={"version": found.version, "state": "done"})
    shown = done(
        form,
        lambda: actions.settle(actor(), form.command(code, appointment)),
        url_for(".appointments", code=code),
        _("Saved."),
        lambda: queries.appointment(actor(), code, appointment)[1].version,
    )
    return shown or page("plans/settle.html", form=form, card=card, found=found)


@blueprint.post(f"{_ONE}/<any(done, planned):state>")
@may(Act.PLANS_WRITE)
def tick(code: str, appointment: bytes, state: str) -> Response:
    """Done in place, or put back: one press."""
    version = request.values.get("version", default=0, type=int)
    back = url_for("today.day") if request.form.get("back") == "today" else url_for(".appointments", code=code)
    try:
        actions.settle(actor(), actions.Settle(code, appointment, version, state))
    except Conflict:
        tell(_("Somebody changed this meanwhile. Look at it and press again."))
        return redirect(back)
    other = "planned" if state == "done" else "done"
    undo = url_for(".tick", code=code, appointment=appointment, state=other, version=version + 1)
    tell(_("Done.") if state == "done" else _("Opened again."), undo=undo)
    return redirect(back)
