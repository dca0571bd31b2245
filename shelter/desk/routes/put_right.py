"""What is written in a book of the house: taken back within ten minutes, later put right with a reason."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.desk import actions, queries
from shelter.desk.forms import (
    DoorRightForm,
    IncidentRightForm,
    NoteRightForm,
    RequestRightForm,
    RightForm,
    ThingRightForm,
    offer_people,
)
from shelter.desk.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


def put_right(
    form: RightForm,
    save: Callable[[], None],
    saved: Callable[[], tuple[dict[str, Any], int, str]],
    back: str,
    *but: str,
) -> Response:
    """One page for all books: `save` puts it right, `saved` reads what stands now where a colleague was faster."""
    both = None
    if form.validate_on_submit():
        try:
            save()
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            stands, version, by = saved()
            both = both_texts(form, stands, version=version, by=by, at=_last(stands))
        else:
            tell(_("Put right."), then=_("What stood before is kept beside it."))
            return redirect(back)
    status = 409 if both else None
    return page("desk/put_right.html", status=status, form=form, questions=form.questions(*but), back=back, both=both)


def _last(stands: dict[str, Any]) -> datetime:
    at = stands.get("at")
    return at if isinstance(at, datetime) else now()


# -- hand-over ---------------------------------------------------------------------------


@blueprint.post("/hand-over/<id:note>/undo")
@may(Act.HAND_OVER_KEEP)
def undo_note(note: bytes) -> Response:
    actions.take_back_note(actor(), note)
    tell(_("Taken back."))
    return redirect(url_for(".hand_over"))


@blueprint.route("/hand-over/<id:note>/put-right", methods=["GET", "POST"])
@may(Act.HAND_OVER_KEEP)
def note_right(note: bytes) -> Response:
    def stands() -> tuple[dict[str, Any], int, str]:
        found = queries.hand_over(actor(), note)
        return {"house": found.house.words, "people": found.people}, found.version, found.by

    filled, version, _by = stands()
    form = NoteRightForm(data=filled | {"version": version})

    def save() -> None:
        told = (form.house.data, form.people.data, form.why.data)
        actions.put_note_right(actor(), note, form.version.data, *told)

    return put_right(form, save, stands, url_for(".hand_over"))


# -- incidents ---------------------------------------------------------------------------


@blueprint.post("/incidents/<id:incident>/undo")
@may(Act.INCIDENTS_KEEP)
def undo_incident(incident: bytes) -> Response:
    left = actions.take_back_incident(actor(), incident)
    tell(_("Taken back."))
    return redirect(url_for(".incident", incident=incident) if left else url_for(".incidents"))


@blueprint.route("/incidents/<id:incident>/put-right", methods=["GET", "POST"])
@may(Act.INCIDENTS_KEEP)
def incident_right(incident: bytes) -> Response:
    def stands() -> tuple[dict[str, Any], int, str]:
        found = queries.incident(actor(), incident)
        told = found.report
        filled = {name: getattr(told, name) for name in ("kind", "day", "hour", "words", "injuries", "police", "child")}
        return filled | {"people": "\n".join(told.people), "owner": told.owner.hex()}, found.version, found.by

    filled, version, _by = stands()
    form = IncidentRightForm(data=filled | {"version": version})
    known = queries.who_follows_up(actor())
    offer_people(form.owner, known)

    def save() -> None:
        actions.put_incident_right(actor(), incident, form.version.data, form.command(), form.why.data)

    return put_right(form, save, stands, url_for(".incident", incident=incident))


# -- the door ----------------------------------------------------------------------------


@blueprint.post("/door-log/<id:entry>/undo")
@may(Act.DOOR_LOG_KEEP)
def undo_door(entry: bytes) -> Response:
    actions.take_back_door(actor(), entry)
    tell(_("Taken back."))
    return redirect(url_for(".door_log"))


@blueprint.route("/door-log/<id:entry>/put-right", methods=["GET", "POST"])
@may(Act.DOOR_LOG_KEEP)
def door_right(entry: bytes) -> Response:
    def stands() -> tuple[dict[str, Any], int, str]:
        found = queries.door_entry(actor(), entry)
        told = {name: getattr(found.entry, name) for name in ("kind", "who", "words")}
        return told | {"people": ", ".join(found.people)}, found.version, found.by

    filled, version, _by = stands()
    form = DoorRightForm(data=filled | {"version": version})

    def save() -> None:
        actions.put_door_right(actor(), entry, form.version.data, form.command(), form.why.data)

    hidden = () if may_ever(actor(), Act.HAND_OVER_KEEP) else ("people",)
    return put_right(form, save, stands, url_for(".door_log"), *hidden)


# -- what is kept for somebody, and requests ---------------------------------------------


@blueprint.post("/people/<code>/kept/<id:thing>/undo")
@may(Act.DESK_FACTS_KEEP)
def undo_kept(code: str, thing: bytes) -> Response:
    actions.take_back_thing(actor(), code, thing)
    tell(_("Taken back."))
    return redirect(url_for(".kept", code=code))


@blueprint.route("/people/<code>/kept/<id:thing>/put-right", methods=["GET", "POST"])
@may(Act.DESK_FACTS_KEEP)
def kept_right(code: str, thing: bytes) -> Response:
    def stands() -> tuple[dict[str, Any], int, str]:
        found = queries.thing_of(actor(), code, thing)
        told = {name: getattr(found.thing, name) for name in ("kind", "what", "where")}
        return told | {"move": found.thing.moves[-1].move}, found.version, found.moves[-1][1]

    filled, version, _by = stands()
    form = ThingRightForm(data=filled | {"version": version})

    def save() -> None:
        actions.put_thing_right(actor(), form.right(code, thing))

    return put_right(form, save, stands, url_for(".kept", code=code))


@blueprint.route("/requests/turned-away/<id:made>/put-right", methods=["GET", "POST"])
@may(Act.REQUESTS_KEEP)
def request_right(made: bytes) -> Response:
    def stands() -> tuple[dict[str, Any], int, str]:
        found = queries.turned_away_one(actor(), made)
        names = ("day", "adults", "children", "reason", "referred")
        told = {name: getattr(found.request, name) for name in names}
        return told, found.version, found.by

    filled, version, _by = stands()
    form = RequestRightForm(data=filled | {"version": version})

    def save() -> None:
        actions.put_request_right(actor(), made, form.version.data, form.command(), form.why.data)

    return put_right(form, save, stands, url_for(".requests"))
