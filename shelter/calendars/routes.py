"""The one public page of a calendar: a fetch by a telephone, which signs in with nothing but the address."""

from flask import Blueprint, abort, make_response
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.calendars import queries
from shelter.calendars.ics import Words
from shelter.web.may import public

blueprint = Blueprint("calendars", __name__)


@blueprint.get("/calendar/<address>.ics")
@public("A telephone fetches its calendar here; the address is the key, and nothing else opens what stands in it.")
def fetch(address: str) -> Response:
    text = queries.fetched(address, Words(_("Deadline"), _("Appointment")))
    if text is None:
        abort(404)
    response = make_response(text)
    response.mimetype = "text/calendar"
    response.headers["Cache-Control"] = "no-store"
    return response
