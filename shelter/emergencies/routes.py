"""Pages of opening in an emergency, of its review, and of the auditor."""

from datetime import datetime

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.emergencies import actions, queries, words
from shelter.emergencies.forms import BreakForm, ReviewForm
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell

blueprint = Blueprint("emergencies", __name__)
for _said in words.GLOBALS:
    blueprint.add_app_template_global(_said)


@blueprint.app_template_global("glass_until")
def glass_until(code: str) -> datetime | None:
    """Until when this record stands open to her in an emergency."""
    return queries.open_until(actor(), code)


@blueprint.route("/break-glass", methods=["GET", "POST"])
@may(Act.GLASS_BREAK)
def break_glass() -> Response:
    queries.may_break(actor())
    form = BreakForm()
    if form.validate_on_submit():
        try:
            code = actions.break_glass(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(
                _("Open for an hour."),
                then=_("Those who work with her were told; somebody will ask you about it."),
            )
            return redirect(url_for("clients.show", code=code))
    return page("emergencies/break_glass.html", form=form)


@blueprint.get("/break-glass/review")
@may(Act.GLASS_REVIEW)
def review() -> Response:
    return page("emergencies/review.html", openings=queries.to_review(actor()))


@blueprint.route("/break-glass/<id:glass_id>", methods=["GET", "POST"])
@may(Act.GLASS_REVIEW)
def look(glass_id: bytes) -> Response:
    opening, form = queries.opening(actor(), glass_id), ReviewForm()
    if form.validate_on_submit():
        try:
            actions.review(actor(), form.command(glass_id))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Reviewed."), then=_("It stays in the trail with what you found."))
            return redirect(url_for("emergencies.review"))
    return page("emergencies/look.html", form=form, opening=opening)
