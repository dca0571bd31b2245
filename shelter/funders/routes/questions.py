"""Asking about a number, and the page where those who may see them find their own people behind it."""

from flask import Response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from shelter.funders import actions, queries
from shelter.funders.forms import AskForm
from shelter.funders.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route("/funder-files/<id:file>/ask", methods=["GET", "POST"])
@may(Act.FUNDER_FILES_PREPARE)
def ask(file: bytes) -> AnyResponse:
    worked = queries.worked(actor(), file)
    form = AskForm()
    form.offer(worked.numbers)
    if form.validate_on_submit():
        try:
            actions.ask_number(actor(), form.command(file))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Asked. Whoever works with these people sees which of hers are counted; you learn no name."))
            return redirect(url_for(".counted", file=file))
    return page("funders/ask.html", form=form, worked=worked)


@blueprint.get("/numbers-asked-about")
@may(Act.NUMBERS_EXPLAIN)
def asked() -> Response:
    return page("funders/asked.html", asked=queries.asked(actor()))
