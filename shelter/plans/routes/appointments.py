"""Appointments and follow-ups of one client."""

from collections.abc import Callable, Sequence

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.clients.queries import agency_today
from shelter.plans import actions, queries
from shelter.plans.forms import AppointmentForm, ChangeAppointmentForm, SettleForm
from shelter.plans.routes.blueprint import blueprint
from shelter.plans.routes.saving import done
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import BothTexts, Conflict, both_texts
from shelter.web.forms import EditForm
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
    form = drafted(ChangeAppointmentForm, data=_filled(found, _FIELDS))

    def act() -> None:
        actions.change_appointment(actor(), form.change(code, appointment))

    saved_now, both = _changed(form, code, appointment, _FIELDS, act)
    if saved_now:
        return redirect(url_for(".appointments", code=code))
    return page("plans/edit_appointment.html", 409 if both else None, form=form, card=card, found=found, both=both)


@blueprint.route(f"{_ONE}/settle", methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def settle(code: str, appointment: bytes) -> Response:
    card, found = queries.appointment(actor(), code, appointment)
    form = SettleForm(data={"version": found.version, "state": "done"})

    def act() -> None:
        actions.settle(actor(), form.command(code, appointment))

    saved_now, both = _changed(form, code, appointment, ("state", "outcome"), act)
    if saved_now:
        return redirect(url_for(".appointments", code=code))
    return page("plans/settle.html", 409 if both else None, form=form, card=card, found=found, both=both)


def _filled(found: queries.AppointmentView, fields: Sequence[str]) -> dict[str, object]:
    return {name: getattr(found.text, name) for name in fields} | {"version": found.version}


def _changed(
    form: EditForm, code: str, appointment: bytes, fields: Sequence[str], act: Callable[[], None]
) -> tuple[bool, BothTexts | None]:
    """Whether it was saved; and, where somebody saved first, both texts over a form that keeps what was typed."""
    if not form.validate_on_submit():
        return False, None
    try:
        act()
    except Broken as broken:
        form.refuse(broken)
        return False, None
    except Conflict:
        _card, now = queries.appointment(actor(), code, appointment)
        stands = _filled(now, fields)
        return False, both_texts(form, stands, version=now.version, by=now.by, at=now.text.changed_at)
    saved()
    tell(_("Saved."))
    return True, None


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
