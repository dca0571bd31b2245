"""The first page of caseworkers and supervisors."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.policy.acts import Act
from shelter.today import queries
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.nav import NavItem
from shelter.web.render import page

blueprint = Blueprint("today", __name__, url_prefix="/today")
NAV = (NavItem(_l("Today"), "today.day", frozenset({"caseworker", "supervisor"}), order=10),)


@blueprint.get("/")
@may(Act.TODAY_SEE)
def day() -> Response:
    return page("today/day.html", day=queries.day(actor()))
