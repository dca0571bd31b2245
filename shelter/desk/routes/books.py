"""The books of a house: hand-over, incidents, the door, who is on call."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.queries import my_sites
from shelter.clients.queries import agency_today
from shelter.desk import actions, queries
from shelter.desk.forms import (
    DoorForm,
    FollowUpForm,
    HandOverForm,
    IncidentForm,
    OfHouseForm,
    OnCallForm,
    UntilForm,
    offer_people,
)
from shelter.desk.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.rules.broken import Broken
from shelter.stays.queries import default_day
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell

HouseForm = TypeVar("HouseForm", bound=OfHouseForm)


def at_my_house(form: HouseForm) -> HouseForm:
    """The form with the reader's houses on offer."""
    form.offer([(site.id, site.code_name) for site in my_sites(actor())])
    return form


@dataclass(frozen=True, slots=True)
class UpTo:
    """The question up to which day a book is shown, and the day where one was asked for."""

    form: UntilForm
    day: date | None


def up_to() -> UpTo:
    form = UntilForm(request.args, meta={"csrf": False})
    asked = "until" in request.args and form.validate()
    return UpTo(form, form.until.data if asked else None)


@blueprint.get("/hand-over")
@may(Act.HAND_OVER_KEEP)
def hand_over() -> Response:
    until = up_to()
    return page(
        "desk/hand_over.html",
        notes=queries.hand_overs(actor(), until.day),
        until=until.form,
        rolls=queries.roll(actor()),
        arrived=queries.arrived(actor()),
        on_call=[turn for turn in queries.on_call(actor()) if turn.today],
        incidents=queries.open_incidents(actor()),
    )


@blueprint.route("/hand-over/new", methods=["GET", "POST"])
@may(Act.HAND_OVER_KEEP)
def new_hand_over() -> Response:
    form = at_my_house(HandOverForm())
    if form.validate_on_submit():
        try:
            note = actions.hand_over(actor(), form.house_id, form.house.data, form.people.data)
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("The next shift reads it first."), undo=url_for(".undo_note", note=note))
            return redirect(url_for(".hand_over"))
    return page("desk/new_hand_over.html", form=form)


@blueprint.get("/incidents")
@may(Act.INCIDENTS_KEEP)
def incidents() -> Response:
    until = up_to()
    done = queries.done_incidents(actor(), until.day)
    return page("desk/incidents.html", incidents=queries.open_incidents(actor()), done=done, until=until.form)


@blueprint.route("/incidents/new", methods=["GET", "POST"])
@may(Act.INCIDENTS_KEEP)
def new_incident() -> Response:
    form = at_my_house(IncidentForm(data={"day": agency_today()}))
    offer_people(form.owner, queries.who_follows_up(actor()))
    if form.validate_on_submit():
        try:
            found = actions.report(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            back = url_for(".undo_incident", incident=found)
            tell(_("Written down."), then=_("Whoever follows it up sees it first."), undo=back)
            return redirect(url_for(".incident", incident=found))
    return page("desk/new_incident.html", form=form)


@blueprint.route("/incidents/<id:incident>", methods=["GET", "POST"])
@may(Act.INCIDENTS_KEEP)
def incident(incident: bytes) -> Response:
    found = queries.incident(actor(), incident)
    form = FollowUpForm(data={"version": found.version, "done": found.report.done})
    if form.validate_on_submit():
        done, told = form.done.data, form.told_funder.data
        try:
            actions.follow_up(actor(), incident, form.version.data, form.words.data, done=done, told_funder=told)
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            found = queries.incident(actor(), incident)
            form.version.data, form.version.raw_data = found.version, None
            form.form_errors.append(_("A colleague wrote here meanwhile. Read it above, then save again."))
        else:
            tell(_("Saved."), undo=url_for(".undo_incident", incident=incident))
            return redirect(url_for(".incident", incident=incident))
    return page("desk/incident.html", status=409 if form.form_errors else None, form=form, incident=found)


@blueprint.route("/door-log", methods=["GET", "POST"])
@may(Act.DOOR_LOG_KEEP)
def door_log() -> Response:
    form = at_my_house(DoorForm())
    if form.validate_on_submit():
        try:
            entry = actions.write_door(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Written down, with your name and the time."), undo=url_for(".undo_door", entry=entry))
            return redirect(url_for(".door_log"))
    whom, until = may_ever(actor(), Act.HAND_OVER_KEEP), up_to()
    entries = queries.door_log(actor(), until.day)
    return page("desk/door_log.html", form=form, entries=entries, whom=whom, until=until.form)


@blueprint.post("/door-log/<id:entry>/gone")
@may(Act.DOOR_LOG_KEEP)
def gone(entry: bytes) -> Response:
    actions.went(actor(), entry)
    tell(_("Gone again."), undo=url_for(".undo_door", entry=entry))
    return redirect(url_for(".door_log"))


@blueprint.get("/on-call")
@may(Act.ON_CALL_SEE)
def on_call() -> Response:
    turns, keeps = queries.on_call(actor()), may_ever(actor(), Act.ON_CALL_KEEP)
    return page("desk/on_call.html", turns=turns, keeps=keeps)


@blueprint.route("/on-call/new", methods=["GET", "POST"])
@may(Act.ON_CALL_KEEP)
def new_on_call() -> Response:
    day = default_day(actor())
    form = at_my_house(OnCallForm(data={"first": day, "last": day}))
    offer_people(form.staff, sorted(queries.who_may_be_on_call(actor()).items(), key=lambda pair: pair[1]))
    if form.validate_on_submit():
        try:
            turn = actions.put_on_call(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("On the list."), undo=url_for(".undo_on_call", turn=turn))
            return redirect(url_for(".on_call"))
    return page("desk/new_on_call.html", form=form)


@blueprint.post("/on-call/<id:turn>/end")
@may(Act.ON_CALL_KEEP)
def end_on_call(turn: bytes) -> Response:
    actions.take_off_call(actor(), turn)
    tell(_("No longer on the list."), undo=url_for(".undo_on_call", turn=turn))
    return redirect(url_for(".on_call"))


@blueprint.post("/on-call/<id:turn>/undo")
@may(Act.ON_CALL_KEEP)
def undo_on_call(turn: bytes) -> Response:
    back = actions.take_back_turn(actor(), turn)
    tell(_("Back on the list.") if back else _("Taken back."))
    return redirect(url_for(".on_call"))
