"""Pages of demands and of breaches."""

from flask_babel import lazy_gettext as _l

from shelter.demands.routes import breaches, demands
from shelter.demands.routes.blueprint import blueprint
from shelter.web.nav import NavItem

NAV = (
    NavItem(_l("Breaches"), "demands.breaches", frozenset({"director"}), order=90),
    NavItem(_l("Demands"), "demands.index", frozenset({"legal_supervisor"}), order=90),
)

__all__ = ["NAV", "blueprint", "breaches", "demands"]
