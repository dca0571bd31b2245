"""Pages of legal work; each file serves one part of it on the one blueprint."""

from flask_babel import lazy_gettext as _l

from shelter.legal.routes import around, dates, feed, law, matter, paper, papers, privileged, reading, visits
from shelter.legal.routes.blueprint import blueprint
from shelter.web.nav import NavItem

NAV = (NavItem(_l("Matters"), "legal.day", frozenset({"legal_advocate", "legal_supervisor"}), order=20),)

__all__ = [
    "NAV",
    "around",
    "blueprint",
    "dates",
    "feed",
    "law",
    "matter",
    "paper",
    "papers",
    "privileged",
    "reading",
    "visits",
]
