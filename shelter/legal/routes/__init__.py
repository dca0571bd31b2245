"""Pages of legal work; each file serves one part of it on the one blueprint."""

from flask_babel import lazy_gettext as _l

from shelter.legal.routes import (
    around,
    dates,
    feed,
    giving,
    law,
    lawbook,
    matter,
    own_file,
    paper,
    papers,
    privileged,
    reading,
    visits,
)
from shelter.legal.routes.blueprint import blueprint
from shelter.web.nav import NavItem

_LEGAL = frozenset({"legal_advocate", "legal_supervisor"})
NAV = (
    NavItem(_l("Today"), "legal.day", _LEGAL, order=10),
    NavItem(_l("Matters"), "legal.every", _LEGAL, order=20),
    NavItem(_l("Calendar"), "legal.calendar", _LEGAL, order=90),
)

__all__ = [
    "NAV",
    "around",
    "blueprint",
    "dates",
    "feed",
    "giving",
    "law",
    "lawbook",
    "matter",
    "own_file",
    "paper",
    "papers",
    "privileged",
    "reading",
    "visits",
]
