"""Pages of the desk; each file serves one part of them on the one blueprint."""

from flask_babel import lazy_gettext as _l

from shelter.desk.routes import roll
from shelter.desk.routes.blueprint import blueprint
from shelter.web.nav import NavItem

NAV = (NavItem(_l("Roll call"), "desk.roll", frozenset({"shelter_staff"}), order=20),)

__all__ = ["NAV", "blueprint", "roll"]
