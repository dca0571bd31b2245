"""Pages about beds and stays; each file serves one part of them on the one blueprint."""

from flask_babel import lazy_gettext as _l

from shelter.stays.routes import arrivals, board, person, stays
from shelter.stays.routes.blueprint import blueprint
from shelter.web.nav import NavItem

NAV = (
    NavItem(_l("Beds"), "stays.board", frozenset({"shelter_staff", "volunteer"}), order=10),
    NavItem(_l("Beds"), "stays.board", frozenset({"caseworker", "supervisor"}), order=40),
    NavItem(_l("Beds"), "stays.counts", frozenset({"director"}), order=40),
)

__all__ = ["NAV", "arrivals", "blueprint", "board", "person", "stays"]
