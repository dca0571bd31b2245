"""Why an export is refused, in the reader's language: sentences of the reader of files, and of the importer."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shelter.exchange.hmis.problems import Note, Reason
from shelter.exchange.hmis.sentences import NOTES, PROBLEMS, REFUSALS
from shelter.web.sentences import say

say({key: _l(text) for key, text in REFUSALS.items()})
say(
    {
        "exchange.two-people": _l("Two people take everything out together. Name the second one."),
        "import.running": _l("Another import is under way. Wait until it has ended."),
        "import.abandoned": _l("This import rested too long and was taken back. Start it again."),
        "import.no_site": _l("You work at no site yet. Ask the administrator to add you to one."),
    }
)


def problem(reason: Reason) -> str:
    """What is wrong with a row or a field, in a sentence."""
    return gettext(PROBLEMS[reason])


def note(about: Note) -> str:
    """Something about a file that should be known, in a sentence."""
    return gettext(NOTES[about.message_key]) % dict(about.values)
