"""Her own calendar address: off until she turns it on, shown once, taken back at any time."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.occasions import when_somebody_is_here
from shelter.calendars import queries as calendars
from shelter.legal import actions
from shelter.legal.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.web.forms import Form
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route("/matters/calendar", methods=["GET", "POST"])
@may(Act.CALENDAR_OWN)
def calendar() -> Response:
    address = ""
    if request.method == "POST" and Form().validate_on_submit():
        secret = actions.make_calendar(actor())
        address = url_for("calendars.fetch", address=secret, _external=True)
    return page("legal/calendar.html", mine=calendars.mine(actor()), address=address)


@blueprint.post("/matters/calendar/fill")
@may(Act.CALENDAR_OWN)
def refill_calendar() -> Response:
    actions.refill_calendar(actor())
    tell(_("Your calendar holds every open date of your matters now."))
    return redirect(url_for("legal.calendar"))


@blueprint.post("/matters/calendar/end")
@may(Act.CALENDAR_OWN)
def end_calendar() -> Response:
    actions.end_calendar(actor())
    tell(_("The address no longer works."))
    return redirect(url_for("legal.calendar"))


when_somebody_is_here(actions.keep_calendars)
