"""The page from which a supervisor takes an HMIS export of her agency."""

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from shelter.erasing.copies import when_erased
from shelter.exchange.leaving import Archive
from shelter.exchange.ledger import forget_said
from shelter.exchange.out import export_hmis
from shelter.exchange.words import difference_words
from shelter.policy.acts import Act
from shelter.restricting.moving import when_restricted
from shelter.rules.broken import Broken
from shelter.web import fields
from shelter.web.forms import Form
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.may import may
from shelter.web.render import page

blueprint = Blueprint("exchange", __name__, url_prefix="/exchange")
blueprint.add_app_template_global(difference_words)
when_erased(forget_said)
when_restricted(forget_said)


class ExportForm(Form):
    """Which period, and a promise that is said by hand each time."""

    first = fields.NearDate(
        _l("First day of the period"), hint=_l("Leave both days open for everything from the beginning until today.")
    )
    last = fields.NearDate(
        _l("Last day of the period"),
        hint=_l("Who was enrolled on a day of the period goes out, with all that happened until its last day."),
    )
    for_us = fields.Tick(
        _l("This file stays with the agency. I send it nowhere and upload it to no shared system."),
        required=_l("Without this the file is not made"),
    )


@blueprint.route("/hmis-out", methods=["GET", "POST"])
@may(Act.HMIS_EXPORT)
def hmis_out() -> AnyResponse:
    form = ExportForm()
    if not form.validate_on_submit():
        return page("exchange/hmis_out.html", form=form)
    archive = Archive(actor().agency)
    try:
        export_hmis(actor(), archive.target, first=form.first.data, last=form.last.data)
    except Broken as broken:
        form.refuse(broken)
        return page("exchange/hmis_out.html", form=form)
    return as_download(Response(archive.blocks(), mimetype="application/zip"), "hmis export.zip")
