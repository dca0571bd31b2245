"""Counts that belong to nobody: one short form for each kind, and what was counted lately."""

from flask import abort, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.clients.queries import agency_today
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.services import actions, queries
from shelter.services.forms import COUNT_FORMS
from shelter.services.routes.blueprint import blueprint
from shelter.settings.words import choice_words
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.get("/services/counts")
@may(Act.SERVICES_COUNT)
def counts() -> Response:
    return page("services/counts.html", kinds=list(COUNT_FORMS), counts=queries.counts(actor()))


@blueprint.route("/services/counts/<kind>", methods=["GET", "POST"])
@may(Act.SERVICES_COUNT)
def count(kind: str) -> Response:
    if kind not in COUNT_FORMS:
        abort(404)
    places = queries.my_places(actor())
    form = COUNT_FORMS[kind](data={"on": agency_today(), "site": places[0].id.hex() if places else None, "times": 1})
    form.site.choices = [(one.id.hex(), one.name) for one in places]
    if form.validate_on_submit():
        try:
            made = actions.count_nobody(actor(), form.command(kind))
        except Broken as broken:
            form.refuse(broken)
        else:
            what = choice_words("nobody_counts", kind)
            tell(_("%(what)s: counted.", what=what), then=_("The next one?"), undo=url_for(".uncount", count=made))
            return redirect(url_for(".count", kind=kind))
    return page("services/count.html", form=form, kind=kind)


@blueprint.post("/services/counts/<id:count>/undo")
@may(Act.SERVICES_COUNT)
def uncount(count: bytes) -> Response:
    actions.take_count_back(actor(), count)
    tell(_("Taken back. It counts nowhere."))
    return redirect(url_for(".counts"))
