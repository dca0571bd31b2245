"""Pages of the desk; each file serves one part of them on the one blueprint."""

from flask_babel import lazy_gettext as _l

from shelter.desk.routes import arrivals, belongings, books, conflicts, own_file, put_right, requests, roll
from shelter.desk.routes.blueprint import blueprint
from shelter.web.nav import NavItem

_DESK = frozenset({"shelter_staff"})
NAV = (
    NavItem(_l("Roll call"), "desk.roll", _DESK, order=20),
    NavItem(_l("Arrivals"), "desk.arrivals", _DESK, order=30),
    NavItem(_l("Hand-over"), "desk.hand_over", _DESK, order=40),
    NavItem(_l("Door log"), "desk.door_log", frozenset({"volunteer"}), order=20),
)

__all__ = [
    "NAV",
    "arrivals",
    "belongings",
    "blueprint",
    "books",
    "conflicts",
    "own_file",
    "put_right",
    "requests",
    "roll",
]
