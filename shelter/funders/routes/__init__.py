"""Pages of funders' files, and of the record of one person that leaves under her own release."""

from flask_babel import lazy_gettext as _l

from shelter.funders.routes import files, one_person, questions
from shelter.funders.routes.blueprint import blueprint
from shelter.web.nav import NavItem

NAV = (NavItem(_l("Funder files"), "funders.index", frozenset({"director", "preparer"}), order=20),)

__all__ = ["NAV", "blueprint", "files", "one_person", "questions"]
