"""The page from which a supervisor takes an HMIS export of her agency."""

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from shelter.exchange.leaving import Archive, difference_words
from shelter.exchange.out import export_hmis
from shelter.policy.acts import Act
from shelter.web import fields
from shelter.web.forms import Form
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.may import may
from shelter.web.render import page

blueprint = Blueprint("exchange", __name__, url_prefix="/exchange")
blueprint.add_app_template_global(difference_words)


class ExportForm(Form):
    """Said by hand, each time."""

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
    export_hmis(actor(), archive.target)
    return as_download(Response(archive.blocks(), mimetype="application/zip"), "hmis export.zip")
