"""The words of copies that are given out."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.clients.queries import agency_today
from shelter.releases.queries import Cover
from shelter.web.sentences import say
from shelter.web.times import day_full

say(
    {
        "files.unmarkable": _l("This scan cannot be marked, so no copy of it is given out. Photograph the page anew"),
        "files.copy-too-long": _l(
            "A copy has at most %(most)s pages. Send the pages that are asked for as a scan of their own"
        ),
    }
)


def copy_mark(cover: Cover) -> str:
    """What stands over every page of a copy."""
    to = ", ".join(part for part in (cover.organisation, cover.person) if part)
    return _("Copy for %(who)s only · %(day)s", who=to, day=day_full(agency_today()))
