"""Two records of one person: the other one's code, both side by side, one press; and back again."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.clients import actions, queries
from shelter.clients.forms import MergeForm
from shelter.clients.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route("/people/<code>/merge", methods=["GET", "POST"])
@may(Act.CLIENTS_MERGE)
def merge(code: str) -> Response:
    """Which record is of the same person, and what was merged before."""
    merges, form = queries.merges(actor(), code), MergeForm()
    if form.validate_on_submit():
        try:
            return redirect(url_for("clients.compare", code=code, other=form.other()))
        except Broken as broken:
            form.refuse(broken)
    near = queries.matches_of(actor(), code)
    return page("clients/merge.html", form=form, card=queries.card_of(actor(), code), merges=merges, near=near)


@blueprint.route("/people/<code>/merge/<other>", methods=["GET", "POST"])
@may(Act.CLIENTS_MERGE)
def compare(code: str, other: str) -> Response:
    """Both records side by side; the one of this page is kept, the other is read with it."""
    records = [queries.whole(actor(), one, Act.CLIENTS_MERGE, reveals=True) for one in (code, other)]
    form = MergeForm(data={"code": other})
    if form.validate_on_submit():
        try:
            actions.merge(actor(), other, code)
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Two records, one person. Both codes go on working."), then=_("It can be undone here."))
            return redirect(url_for("clients.merge", code=code))
    return page("clients/compare.html", form=form, card=queries.card_of(actor(), code), records=records, other=other)


@blueprint.post("/people/<code>/merge/undo")
@may(Act.CLIENTS_MERGE)
def undo_merge(code: str) -> Response:
    try:
        actions.undo_merge(actor(), code)
    except Broken as broken:
        form = MergeForm(formdata=None)
        form.refuse(broken)
        merges, near = queries.merges(actor(), code), queries.matches_of(actor(), code)
        card = queries.card_of(actor(), code)
        return page("clients/merge.html", form=form, card=card, merges=merges, near=near)
    tell(_("Two records again, as they were."))
    return redirect(url_for("clients.merge", code=code))
