"""Nights for supervisors, and for directors how full the beds were."""

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.census import queries
from shelter.census.forms import PeriodForm
from shelter.clients.queries import agency_today
from shelter.policy.acts import Act
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page

blueprint = Blueprint("census", __name__, url_prefix="/census")


@blueprint.app_template_global()
def one_decimal(number: float | None) -> str:
    return _("–") if number is None else f"{number:.1f}"


@blueprint.get("/nights")
@may(Act.NIGHTS_COUNT)
def nights() -> Response:
    form = _form()
    period = form.period(agency_today())
    sites, lengths = queries.nights_of(actor(), *period), queries.lengths_of(actor(), *period)
    return page("census/nights.html", form=form, period=period, sites=zip(sites, lengths, strict=True))


@blueprint.get("/beds")
@may(Act.BEDS_COUNT)
def beds() -> Response:
    form = _form()
    period = form.period(agency_today())
    return page("census/beds.html", form=form, period=period, sites=queries.occupancy(actor(), *period))


def _form() -> PeriodForm:
    form = PeriodForm(request.args, meta={"csrf": False})
    form.validate()
    return form
