"""A paper from the record, named for her code alone; a third party receives it under a release or not at all."""

from flask import make_response
from werkzeug.wrappers import Response

from shelter.legal import actions, queries
from shelter.legal.forms import PaperForm
from shelter.legal.routes import sheet
from shelter.legal.routes.blueprint import ONE, blueprint, kept
from shelter.policy.acts import Act
from shelter.settings.words import choices_of
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.may import may
from shelter.web.render import page


@blueprint.route(f"{ONE}/paper", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def paper(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = PaperForm(data={"language": "en"})
    form.offer(queries.covers(actor(), code), choices_of("release_methods"))
    made: list[actions.PaperFacts] = []
    if form.validate_on_submit() and kept(
        form, lambda: made.append(actions.make_paper(actor(), form.command(code, matter)))
    ):
        response = make_response(sheet.paper(made[0], form.kind.data, form.language.data, form.words.data))
        response.mimetype = "application/pdf"
        return as_download(response, f"{code} paper.pdf")
    return page("legal/paper.html", form=form, matter=found)
