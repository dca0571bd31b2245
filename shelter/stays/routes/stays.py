"""One person's stays: where she has slept, a bed for her, another bed, leaving, and taking an act back."""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shelter.clients.queries import Held, Holding, one_line, register_own
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.rules.broken import Broken
from shelter.stays import actions, queries
from shelter.stays.forms import CorrectBedForm, CorrectForm, LeaveForm, MoveForm, RoomForm, admit_form, offer
from shelter.stays.queries import StayView
from shelter.stays.routes.arrivals import bed_asked
from shelter.stays.routes.blueprint import blueprint
from shelter.stays.routes.board import as_it_is_now, can
from shelter.stays.words import correction_words, leaving_lines
from shelter.web.conflict import BothTexts, both_texts
from shelter.web.forms import EditForm
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.times import day_full


@blueprint.get("/people/<code>/stay")
@may(Act.STAYS_READ)
def show(code: str) -> Response:
    card, stays = queries.stays_of(actor(), code)
    return page("stays/show.html", card=card, stays=stays, can_plan=may_ever(actor(), Act.STAYS_PLAN))


@blueprint.route("/people/<code>/stay/new", methods=["GET", "POST"])
@may(Act.STAYS_WRITE)
def admit(code: str) -> Response:
    card, people = queries.person(actor(), code), queries.companions(actor(), code)
    here, free = queries.household_here(actor(), code), queries.free_beds(actor())
    form = admit_form(people, here, free, bed_asked(), queries.default_day(actor()))
    now_shown = None
    if form.validate_on_submit():
        try:
            undo_id = actions.admit(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
            now_shown = queries.board(actor())
        else:
            tell(_("The bed is hers."), undo=url_for(".undo", act=undo_id))
            return redirect(url_for(".board") if request.args.get("bed") else url_for(".show", code=code))
    named = {one.code: one.name for one in (*people, *here)}
    return page("stays/admit.html", form=form, card=card, named=named, sites=now_shown, can=can())


@blueprint.route("/people/<code>/stay/<id:stay>/move", methods=["GET", "POST"])
@may(Act.STAYS_WRITE)
def move(code: str, stay: bytes) -> Response:
    card, found = queries.stay_of(actor(), code, stay)
    form = MoveForm(data={"day": queries.default_day(actor()), "version": found.version})
    shown: dict[str, Any] = {}
    if form.validate_on_submit():
        try:
            undo_id = actions.move(actor(), form.command(code, stay))
        except actions.Conflict:
            shown = _moved_meanwhile(form, code, stay)
        except Broken as broken:
            form.refuse(broken)
            shown = {"sites": queries.board(actor())}
        else:
            tell(_("She sleeps in the other bed from that night on."), undo=url_for(".undo", act=undo_id))
            return redirect(url_for(".show", code=code))
    offer(form.bed, _beds_of(found), bed_asked())
    return page("stays/move.html", **{"form": form, "card": card, "stay": found, "can": can(), **shown})


def _moved_meanwhile(form: MoveForm, code: str, stay: bytes) -> dict[str, Any]:
    """Her days changed since the form was made: where she sleeps now, over a form that keeps what was chosen."""
    _card, saved = queries.stay_of(actor(), code, stay)
    form.version.data, form.version.raw_data = saved.version, None
    form.form_errors.append(
        _("Somebody changed her days while you were choosing. Look at where she sleeps now, then save again.")
    )
    return {"stay": saved, "status": 409}


def _beds_of(stay: StayView) -> list[queries.FreeBed]:
    """Free beds of the site of a stay."""
    return [bed for bed in queries.free_beds(actor()) if bed.site == stay.site]


@blueprint.route("/people/<code>/stay/<id:stay>/leave", methods=["GET", "POST"])
@may(Act.STAYS_WRITE)
def leave(code: str, stay: bytes) -> Response:
    card, found = queries.stay_of(actor(), code, stay)
    people = queries.party(actor(), code, found)
    form = LeaveForm(data={"exit_day": found.until or found.today, "version": found.version})
    form.others.choices = [(one.code, one.code) for one in people]
    shown: dict[str, Any] = {}
    if form.validate_on_submit():
        try:
            undo_id = actions.leave(actor(), form.command(code, stay))
        except actions.Conflict:
            shown = _both(form, code, stay, "exit_day")
        except Broken as broken:
            form.refuse(broken)
            shown = {"sites": queries.board(actor())}
        else:
            tell(_("The day of leaving is kept."), undo=url_for(".undo", act=undo_id))
            return redirect(url_for(".board"))
    filled = {"form": form, "card": card, "stay": found, "people": people, "can": can()}
    return page("stays/leave.html", **{**filled, **shown})


@blueprint.route("/people/<code>/stay/<id:stay>/correct", methods=["GET", "POST"])
@may(Act.STAYS_WRITE)
def correct(code: str, stay: bytes) -> Response:
    card, found = queries.stay_of(actor(), code, stay)
    form = CorrectForm(data={"arrived": found.arrived, "left": found.until, "version": found.version})
    shown: dict[str, Any] = {}
    if form.validate_on_submit():
        try:
            undo_id = actions.correct(actor(), form.command(code, stay))
        except actions.Conflict:
            shown = _both(form, code, stay, "arrived", "left")
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("The days are put right. What stood before is kept."), undo=url_for(".undo", act=undo_id))
            return redirect(url_for(".show", code=code))
    return page("stays/correct.html", **{"form": form, "card": card, "stay": found, **shown})


@blueprint.route("/people/<code>/stay/<id:stay>/beds/<id:row>", methods=["GET", "POST"])
@may(Act.STAYS_WRITE)
def correct_bed(code: str, stay: bytes, row: bytes) -> Response:
    card, found = queries.stay_of(actor(), code, stay)
    slept = found.bed_days(row)
    form = CorrectBedForm(data={"day": slept.from_day, "version": found.version})
    offer(form.bed, queries.beds_then(actor(), found.site_id, slept), slept.bed_id)
    shown: dict[str, Any] = {}
    if form.validate_on_submit():
        try:
            undo_id = actions.correct_bed(actor(), form.command(code, stay, row))
        except actions.Conflict:
            shown = _both(form, code, stay)
            form.form_errors.append(_("A colleague changed her days meanwhile. Look at them again, then save."))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("The bed is put right. What stood before is kept."), undo=url_for(".undo", act=undo_id))
            return redirect(url_for(".show", code=code))
    return page("stays/correct_bed.html", **{"form": form, "card": card, "days": slept, **shown})


@blueprint.route("/people/<code>/stay/<id:stay>/room", methods=["GET", "POST"])
@may(Act.STAYS_WRITE)
def room(code: str, stay: bytes) -> Response:
    card, found = queries.stay_of(actor(), code, stay)
    form = RoomForm(data=_filled(found))
    shown: dict[str, Any] = {}
    if form.validate_on_submit():
        try:
            actions.note_room(actor(), form.command(code, stay))
        except actions.Conflict:
            shown = _both(form, code, stay, "expected_exit", "away_from", "back_day", "back_by", "notes")
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Saved."), undo=url_for(".undo_room", code=code, stay=stay))
            return redirect(url_for(".show", code=code))
    return page("stays/room.html", **{"form": form, "card": card, "stay": found, **shown})


@blueprint.post("/people/<code>/stay/<id:stay>/room/undo")
@may(Act.STAYS_WRITE)
def undo_room(code: str, stay: bytes) -> Response:
    actions.take_back_room(actor(), code, stay)
    tell(_("Taken back. Everything is as it was."))
    return redirect(url_for(".show", code=code))


def _filled(stay: StayView) -> dict[str, Any]:
    """What the forms about a stay are filled with, by the names of their questions."""
    away = stay.away
    return {
        "version": stay.room_version,
        "expected_exit": stay.room.expected_exit,
        "away_from": away.from_day if away else None,
        "back_day": away.back_day if away else None,
        "back_by": away.back_by if away else None,
        "notes": stay.room.notes,
        "exit_day": stay.until,
        "arrived": stay.arrived,
        "left": stay.until,
    }


def _both(form: EditForm, code: str, stay: bytes, *asked: str) -> dict[str, Any]:
    """Somebody was faster: both answers side by side, over a form that keeps what was typed."""
    _card, saved = queries.stay_of(actor(), code, stay)
    filled = _filled(saved)
    version = saved.room_version if "notes" in asked else saved.version
    by, at = queries.last_change(actor(), code)
    both: BothTexts = both_texts(form, {name: filled[name] for name in asked}, version=version, by=by, at=at)
    return {"both": both, "stay": saved, "status": 409}


@blueprint.post("/beds/undo/<id:act>")
@may(Act.STAYS_UNDO)
def undo(act: bytes) -> Response:
    try:
        actions.undo(actor(), act)
    except Broken as broken:
        return as_it_is_now(broken)
    tell(_("Taken back. Everything is as it was."))
    return redirect(url_for(".board"))


def _room(one: StayView) -> str:
    """What is noted of it, until when she means to stay, and nights away that were agreed."""
    away = [
        one_line(
            f"{day_full(gone.from_day)} - {day_full(gone.back_day)}", f"{gone.back_by:%H:%M}" if gone.back_by else ""
        )
        for gone in one.room.away
    ]
    expected = (_l("Expected to leave"), day_full(one.room.expected_exit))
    return one_line(one.room.notes, expected, *((_l("Away"), each) for each in away))


def _held(stays: list[StayView]) -> list[Holding]:
    """Her stays, as her own file says them: the day she came and the nights, never where."""
    lines = [Held("", ngettext("%(num)d night", "%(num)d nights", one.nights), one.arrived) for one in stays]
    rooms = [Held(_l("About the room"), words, one.arrived) for one in stays if (words := _room(one))]
    left = [
        Held(line["label"], line["value"], one.until)
        for one in stays
        if one.leaving
        for line in leaving_lines(one.leaving)
    ]
    put_right = [Held(correction_words(was), was.reason, one.arrived) for one in stays for was in one.corrections]
    return [Holding(_l("Stay"), lines, "stay"), Holding(_l("Around her stay"), rooms + left + put_right)]


register_own(
    "stays",
    20,
    lambda reader, client: _held(queries.stays_of(reader, client.code)[1]),
    tells=(
        "stay:room",
        "stay_exit:leaving",
        "stay_correction:correction",
    ),
)
