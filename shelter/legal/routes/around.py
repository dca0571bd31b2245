"""Certifications asked for, the family tree, trips: one page that shows them, and a form for each."""

from flask import redirect, url_for
from flask_babel import gettext as _
from msgspec import structs
from werkzeug.wrappers import Response

from shelter.legal import actions, queries, words
from shelter.legal.forms import AnswerAskForm, AskAgainForm, AskForm, JourneyForm, MemberForm, ReturnForm, TellForm
from shelter.legal.routes.blueprint import ONE, blueprint, kept
from shelter.policy.acts import Act
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell

ASK = f"{ONE}/asks/<id:ask>"


def _there(code: str, matter: bytes) -> Response:
    return redirect(url_for("legal.around", code=code, matter=matter))


@blueprint.get(f"{ONE}/around")
@may(Act.MATTERS_READ)
def around(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    return page("legal/around.html", matter=found, around=queries.around(actor(), code, matter))


@blueprint.route(f"{ONE}/asks/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def new_ask(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = AskForm(data={"asked_on": found.today, "move": True})
    form.offer(words.stages_after(found, "asked"))
    if form.validate_on_submit() and kept(form, lambda: actions.add_ask(actor(), form.command(code, matter))):
        tell(_("Saved. Where the agency has a clock, the day of its answer stands among the dates."))
        return _there(code, matter)
    return page("legal/new_ask.html", form=form, matter=found)


@blueprint.route(f"{ASK}/again", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def again(code: str, matter: bytes, ask: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    line, both = queries.around(actor(), code, matter).line(ask), None
    before = line[-1]
    same = {name: getattr(before, name) for name in ("kind", "certifier", "agency", "contact", "urgent")}
    form = AskAgainForm(data={"asked_on": found.today, "move": True, "version": len(line), **same})
    form.offer(words.stages_after(found, "asked", before.kind))
    try:
        if form.validate_on_submit() and kept(form, lambda: actions.add_ask(actor(), form.command(code, matter, ask))):
            tell(_("Asked again. The one before is kept."))
            return _there(code, matter)
    except Conflict:
        around = queries.around(actor(), code, matter)
        line = around.line(ask)
        newer, by = line[-1], around.names.get(line[-1].by, "")
        both = both_texts(form, structs.asdict(newer), version=len(line), by=by, at=newer.at)
        form.form_errors.append(_("It was asked again meanwhile: see below. Save again if yours goes out as well."))
    return page("legal/again.html", status=409 if both else None, form=form, matter=found, both=both)


@blueprint.route(f"{ASK}/said", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def said_ask(code: str, matter: bytes, ask: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    view = queries.around(actor(), code, matter).ask(ask)
    form = TellForm(data={"on": found.today, "remind": True})
    if view.now.answer:
        del form.remind
    if form.validate_on_submit() and kept(form, lambda: actions.tell_ask(actor(), form.command(code, matter, ask))):
        tell(_("Saved."))
        return _there(code, matter)
    return page("legal/said_ask.html", form=form, matter=found, ask=view)


@blueprint.route(f"{ASK}/answer", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def answer_ask(code: str, matter: bytes, ask: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    view, both = queries.around(actor(), code, matter).ask(ask), None
    form = AnswerAskForm(data=_answered(view.now) | {"on": view.now.answered_on or found.today, "move": True})
    form.offer(
        words.stages_after(found, "signed", view.now.kind) or words.stages_after(found, "refused", view.now.kind)
    )
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.answer_ask(actor(), form.command(code, matter, ask))
        ):
            tell(_("Saved. What was signed and does not last brings its safe last day."))
            return _there(code, matter)
    except Conflict:
        around = queries.around(actor(), code, matter)
        view = around.ask(ask)
        now = view.now
        by, at = around.names.get(now.answered_by, ""), now.answered_at or now.at
        both = both_texts(form, _answered(now), version=now.version, by=by, at=at)
        if now.again is not None and now.answer:
            form.form_errors.append(_("It was asked again meanwhile: its answer changes no more."))
    return page("legal/answer_ask.html", status=409 if both else None, form=form, matter=found, ask=view, both=both)


def _answered(ask: queries.Ask) -> dict[str, object]:
    answer = "signed" if ask.answer == "lapsed" else ask.answer
    return {"answer": answer or None, "on": ask.answered_on, "why": ask.why, "version": ask.version}


# -- the family ------------------------------------------------------------------


@blueprint.route(f"{ONE}/family/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def new_member(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = MemberForm(data={"version": 0})
    form.stage.choices = words.kin_stages_on_offer(found.kind)
    if form.validate_on_submit() and kept(form, lambda: actions.keep_member(actor(), form.command(code, matter))):
        tell(_("Added to the family."))
        return _there(code, matter)
    return page("legal/new_member.html", form=form, matter=found)


@blueprint.route(f"{ONE}/family/<id:member>", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def member(code: str, matter: bytes, member: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, both = MemberForm(data=_as_they_are(queries.around(actor(), code, matter).member(member).now)), None
    form.stage.choices = words.kin_stages_on_offer(found.kind)
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.keep_member(actor(), form.command(code, matter, member))
        ):
            tell(_("Saved. As it was before stays readable."))
            return _there(code, matter)
    except Conflict:
        around = queries.around(actor(), code, matter)
        now = around.member(member).now
        both = both_texts(form, _as_they_are(now), version=now.version, by=around.names.get(now.by, ""), at=now.at)
    return page("legal/member.html", status=409 if both else None, form=form, matter=found, both=both)


def _as_they_are(member: queries.Member) -> dict[str, object]:
    return {name: value or None for name, value in structs.asdict(member).items()}


# -- trips -------------------------------------------------------------------------


@blueprint.route(f"{ONE}/trips/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def new_trip(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    family, form = queries.around(actor(), code, matter).members, JourneyForm()
    form.member.choices = [(one.now.id.hex(), one.now.name) for one in family]
    if form.validate_on_submit() and kept(form, lambda: actions.add_journey(actor(), form.command(code, matter))):
        tell(_("Saved. The days are counted against continuous presence."))
        return _there(code, matter)
    return page("legal/new_trip.html", form=form, matter=found)


@blueprint.route(f"{ONE}/trips/<id:journey>", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def trip(code: str, matter: bytes, journey: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    view, both = queries.around(actor(), code, matter).journey(journey), None
    form = ReturnForm(data=structs.asdict(view))
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.end_journey(actor(), form.command(code, matter, journey))
        ):
            tell(_("Saved."))
            return _there(code, matter)
    except Conflict:
        around = queries.around(actor(), code, matter)
        view = around.journey(journey)
        by, at = around.names.get(view.changed_by, ""), view.changed_at or view.at
        both = both_texts(form, structs.asdict(view), version=view.version, by=by, at=at)
    return page("legal/trip.html", status=409 if both else None, form=form, matter=found, journey=view, both=both)
