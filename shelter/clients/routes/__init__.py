"""Pages about the person served; each file serves one part of her record on the one blueprint."""

from flask_babel import lazy_gettext as _l

from shelter.clients.routes import around, coded, merging, own_file, own_parts, people, record
from shelter.clients.routes.blueprint import blueprint
from shelter.web.nav import NavItem

_PEOPLE = frozenset({"caseworker", "supervisor", "legal_advocate", "legal_supervisor"})
NAV = (NavItem(_l("People"), "clients.index", _PEOPLE, order=30),)

__all__ = ["NAV", "around", "blueprint", "coded", "merging", "own_file", "own_parts", "people", "record"]
