"""What is kept for somebody, and what the desk must know of her animal or of a child."""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from msgspec.structs import asdict
from werkzeug.wrappers import Response

from shelter.desk import actions, queries
from shelter.desk.forms import KeptForm, ToKnowForm
from shelter.desk.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.rules.clock import now
from shelter.web.conflict import BothTexts, Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route("/people/<code>/kept", methods=["GET", "POST"])
@may(Act.DESK_FACTS_KEEP)
def kept(code: str) -> Response:
    known, form = queries.known_of(actor(), code), KeptForm()
    if form.validate_on_submit():
        thing = actions.keep(actor(), form.command(code))
        back = url_for(".undo_kept", code=code, thing=thing)
        tell(_("Kept for her, with your name and the time."), undo=back)
        return redirect(url_for(".kept", code=code))
    return page("desk/kept.html", form=form, card=known.card, known=known)


@blueprint.post("/people/<code>/kept/<id:thing>")
@may(Act.DESK_FACTS_KEEP)
def handle(code: str, thing: bytes) -> Response:
    actions.handle(actor(), code, thing, request.form.get("move", ""))
    back = url_for(".undo_kept", code=code, thing=thing)
    tell(_("Written down, with your name and the time."), undo=back)
    return redirect(url_for(".kept", code=code))


@blueprint.route("/people/<code>/desk-facts", methods=["GET", "POST"])
@may(Act.DESK_FACTS_KEEP)
def facts(code: str) -> Response:
    known = queries.known_of(actor(), code)
    form, both = ToKnowForm(data=_filled(known)), None
    if form.validate_on_submit():
        try:
            actions.know(actor(), code, form.version.data, form.facts())
        except Conflict:
            both = _both(form, code)
        else:
            tell(_("Saved."), undo=url_for(".undo_facts", code=code))
            return redirect(url_for(".kept", code=code))
    return page("desk/facts.html", status=409 if both else None, form=form, card=known.card, both=both)


@blueprint.post("/people/<code>/desk-facts/undo")
@may(Act.DESK_FACTS_KEEP)
def undo_facts(code: str) -> Response:
    actions.take_back_facts(actor(), code)
    tell(_("Taken back."))
    return redirect(url_for(".kept", code=code))


def _filled(known: queries.Known) -> dict[str, Any]:
    return asdict(known.facts) | {"version": known.facts_version}


def _both(form: ToKnowForm, code: str) -> BothTexts:
    saved = queries.known_of(actor(), code)
    filled = {name: value for name, value in asdict(saved.facts).items() if name in form}
    return both_texts(form, filled, version=saved.facts_version, by=saved.by, at=saved.facts.at or now())
