"""The page from which a record of one person leaves, under her own release."""

from flask import Response
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from shelter.funders import actions
from shelter.funders.forms import RecordForm
from shelter.funders.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.releases.queries import one
from shelter.rules.broken import Broken
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.may import may
from shelter.web.render import page


@blueprint.route("/people/<code>/releases/<id:release>/case-record", methods=["GET", "POST"])
@may(Act.HARM_WRITE)
def case_record(code: str, release: bytes) -> AnyResponse:
    card, found, _scans = one(actor(), code, release)
    form = RecordForm()
    form.offer(found.terms.items, found.terms.methods)
    if form.validate_on_submit():
        try:
            record = actions.make_record(actor(), form.command(code, release))
        except Broken as broken:
            form.refuse(broken)
        else:
            return as_download(Response(record, content_type="application/json"), _("case-record") + ".json")
    return page("funders/case_record.html", form=form, card=card, found=found)
