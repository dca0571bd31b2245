"""What happened and who she is, in codes: two pages, each skippable question by question."""

from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.clients import actions, queries
from shelter.clients.forms.coded import HappenedForm, HerselfForm
from shelter.clients.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


def _filled(view: Any, form: Any) -> dict[str, Any]:
    return {name: getattr(view.said, name) or None for name in form.asked} | {"version": view.version}


@blueprint.route("/people/<code>/happened", methods=["GET", "POST"])
@may(Act.HARM_WRITE)
def happened(code: str) -> Response:
    view, both = queries.happened(actor(), code), None
    form = drafted(HappenedForm, data=_filled(view, HappenedForm), skips=view.said.skipped)
    if form.validate_on_submit():
        try:
            actions.save_happened(actor(), form.command(code))
        except Conflict:
            now = queries.happened(actor(), code)
            both = both_texts(form, _filled(now, HappenedForm), version=now.version, by=now.by, at=now.at)
        else:
            return _saved(code)
    return page("clients/happened.html", 409 if both else None, card=view.card, form=form, both=both)


@blueprint.route("/people/<code>/herself", methods=["GET", "POST"])
@may(Act.CLIENTS_UPDATE)
def herself(code: str) -> Response:
    view, both = queries.herself(actor(), code), None
    form = drafted(HerselfForm, data=_filled(view, HerselfForm), skips=view.said.skipped)
    if form.validate_on_submit():
        try:
            actions.save_herself(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            now = queries.herself(actor(), code)
            both = both_texts(form, _filled(now, HerselfForm), version=now.version, by=now.by, at=now.at)
        else:
            return _saved(code)
    return page("clients/herself.html", 409 if both else None, card=view.card, form=form, both=both)


def _saved(code: str) -> Response:
    saved()
    tell(_("Saved."), then=_("Go on with any part when it suits."))
    return redirect(url_for("clients.intake", code=code))
