"""A copy for somebody outside: under a release, marked, written down."""

from flask import make_response
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.documents import actions, queries
from shelter.documents.forms import CopyForm
from shelter.documents.routes.blueprint import ONE, blueprint
from shelter.documents.words import copy_mark
from shelter.files.checking import portions
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.settings.words import choices_of
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.may import may
from shelter.web.render import page


@blueprint.route(f"{ONE}/copies/new", methods=["GET", "POST"])
@may(Act.RELEASES_DISCLOSE)
def give_copy(code: str, paper: bytes) -> Response:
    card, found, scans = queries.one(actor(), code, paper)
    covers = queries.covers(actor(), code, paper)
    form = CopyForm()
    form.offer(scans, covers, choices_of("release_methods"))
    if form.validate_on_submit():
        try:
            given = actions.give_copy(actor(), form.command(code, paper, copy_mark))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            form.form_errors.append(_("This paper or her release was changed meanwhile. Look again, then give it out."))
        else:
            return _sent(code, given)
    return page("documents/give_copy.html", form=form, card=card, paper=found, scans=scans, covers=covers)


def _sent(code: str, given: actions.Given) -> Response:
    response = make_response(portions(given.copy))
    response.mimetype = "image/jpeg" if given.picture else "application/pdf"
    return as_download(response, f"{code} {_('copy')}.{'jpg' if given.picture else 'pdf'}")
