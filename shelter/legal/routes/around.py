"""Certifications asked for, the family tree, trips: one page that shows them, and a form for each."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.legal import actions, queries, words
from shelter.legal.forms import AnswerAskForm, AskForm, JourneyForm, MemberForm, ReturnForm, TellForm
from shelter.legal.routes.blueprint import ONE, blueprint, kept
from shelter.policy.acts import Act
from shelter.web.conflict import Conflict
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
    form = AskForm(data={"asked_on": found.today})
    if form.validate_on_submit() and kept(form, lambda: actions.add_ask(actor(), form.command(code, matter))):
        tell(_("Saved. Where the agency has a clock, the day of its answer stands among the dates."))
        return _there(code, matter)
    return page("legal/new_ask.html", form=form, matter=found)


@blueprint.route(f"{ASK}/again", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def again(code: str, matter: bytes, ask: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    before = queries.around(actor(), code, matter).ask(ask).now
    same = {name: getattr(before, name) for name in ("kind", "certifier", "agency", "contact", "urgent")}
    form, status = AskForm(data={"asked_on": found.today, **same}), None
    try:
        if form.validate_on_submit() and kept(form, lambda: actions.add_ask(actor(), form.command(code, matter, ask))):
            tell(_("Asked again. The one before is kept, lapsed."))
            return _there(code, matter)
    except Conflict:
        status = _meanwhile(form)
    return page("legal/again.html", status=status, form=form, matter=found)


@blueprint.route(f"{ASK}/said", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def said_ask(code: str, matter: bytes, ask: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = TellForm(data={"on": found.today})
    if form.validate_on_submit() and kept(form, lambda: actions.tell_ask(actor(), form.command(code, matter, ask))):
        tell(_("Saved."))
        return _there(code, matter)
    view = queries.around(actor(), code, matter).ask(ask)
    return page("legal/said_ask.html", form=form, matter=found, ask=view)


@blueprint.route(f"{ASK}/answer", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def answer_ask(code: str, matter: bytes, ask: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    view, status = queries.around(actor(), code, matter).ask(ask), None
    form = AnswerAskForm(data={"version": view.now.version, "on": found.today})
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.answer_ask(actor(), form.command(code, matter, ask))
        ):
            tell(_("Saved. What was signed and does not last brings its safe last day."))
            return _there(code, matter)
    except Conflict:
        status = _meanwhile(form)
    return page("legal/answer_ask.html", status=status, form=form, matter=found, ask=view)


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
    view, status = queries.around(actor(), code, matter).member(member).now, None
    form = MemberForm(data={name: getattr(view, name) or None for name in view.__struct_fields__})
    form.stage.choices = words.kin_stages_on_offer(found.kind)
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.keep_member(actor(), form.command(code, matter, member))
        ):
            tell(_("Saved. As it was before stays readable."))
            return _there(code, matter)
    except Conflict:
        status = _meanwhile(form)
    return page("legal/member.html", status=status, form=form, matter=found)


def _meanwhile(form: AskForm | AnswerAskForm | MemberForm | ReturnForm) -> int:
    """What stands now is one page back; what was typed is kept here."""
    form.form_errors.append(_("Somebody changed this meanwhile. Look at it as it is now, and save again."))
    return 409


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
    view, status = queries.around(actor(), code, matter).journey(journey), None
    form = ReturnForm(data={"back": view.back})
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.end_journey(actor(), form.command(code, matter, journey))
        ):
            tell(_("Saved."))
            return _there(code, matter)
    except Conflict:
        status = _meanwhile(form)
    return page("legal/trip.html", status=status, form=form, matter=found, journey=view)
