"""Pages of services: those of one person, quick entry and groups, counts of nobody, money."""

from flask_babel import lazy_gettext as _l

from shelter.services.routes import entry, hers, money, nobody
from shelter.services.routes.blueprint import blueprint
from shelter.web.nav import NavItem

NAV = (NavItem(_l("Services"), "services.index", frozenset({"caseworker", "supervisor"}), order=60),)

__all__ = ["NAV", "blueprint", "entry", "hers", "money", "nobody"]
