"""Pages of services: those of one person, of the desk, quick entry and groups, counts of nobody, money."""

from flask_babel import lazy_gettext as _l

from shelter.services.routes import entry, hers, house, money, nobody
from shelter.services.routes.blueprint import blueprint
from shelter.web.nav import NavItem

NAV = (
    NavItem(_l("Services"), "services.index", frozenset({"caseworker", "supervisor"}), order=60),
    NavItem(_l("Services"), "services.house", frozenset({"shelter_staff"}), order=60),
)

__all__ = ["NAV", "blueprint", "entry", "hers", "house", "money", "nobody"]
