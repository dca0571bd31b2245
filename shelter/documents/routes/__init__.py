"""Pages of papers: one file a subject, all on the one blueprint."""

from flask_babel import lazy_gettext as _l

from shelter.documents.routes import abroad, copies, custody, expiry, own_file, papers, person, steps, zone
from shelter.documents.routes.blueprint import READERS, blueprint
from shelter.web.nav import NavItem

NAV = (NavItem(_l("Papers"), "documents.waiting", READERS, order=50),)

__all__ = ["NAV", "abroad", "blueprint", "copies", "custody", "expiry", "own_file", "papers", "person", "steps", "zone"]
