"""The safety plan: read, written by version, gone through together."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.plans import actions, queries
from shelter.plans.forms import ReviewSafetyForm, SafetyForm
from shelter.plans.forms.around import SAFETY_PARTS
from shelter.plans.routes.blueprint import blueprint
from shelter.plans.routes.saving import done
from shelter.policy.acts import Act
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route("/safety", methods=["GET", "POST"])
@may(Act.PLANS_READ)
def safety(code: str) -> Response:
    view = queries.safety(actor(), code)
    form = ReviewSafetyForm(data={"version": view.version})
    shown = done(
        form,
        lambda: actions.review_safety(actor(), form.command(code)),
        url_for(".safety", code=code),
        _("Written down that you went through it together."),
        lambda: queries.safety(actor(), code).version,
    )
    return shown or page("plans/safety.html", form=form, view=view)


@blueprint.route("/safety/edit", methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def edit_safety(code: str) -> Response:
    view = queries.safety(actor(), code)
    form, both = drafted(SafetyForm, data=_filled(view)), None
    if form.validate_on_submit():
        try:
            actions.save_safety(actor(), form.command(code))
        except Conflict:
            now = queries.safety(actor(), code)
            both = both_texts(form, _filled(now), version=now.version, by=now.by, at=now.at)
        else:
            saved()
            tell(_("Safety plan saved."), then=_("Print the lines for her pocket if she wants them."))
            return redirect(url_for(".safety", code=code))
    return page("plans/edit_safety.html", 409 if both else None, form=form, view=view, both=both)


def _filled(view: queries.SafetyView) -> dict[str, object]:
    parts = {part: "\n".join(view.text.parts.get(part, [])) for part in SAFETY_PARTS}
    rest = {"pocket": "\n".join(view.text.pocket), "language": view.text.language, "version": view.version}
    return parts | rest


@blueprint.get("/safety/earlier")
@may(Act.PLANS_READ)
def earlier_safety(code: str) -> Response:
    card, texts, names = queries.safety_earlier(actor(), code)
    return page("plans/earlier_safety.html", card=card, texts=texts, names=names)
