"""Why an export is refused, and what differs in ours, in the reader's language."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shelter.exchange.hmis.problems import Note, Reason
from shelter.exchange.hmis.sentences import NOTES, PROBLEMS, REFUSALS
from shelter.exchange.out import Difference
from shelter.exchange.out.differences import Why
from shelter.web.sentences import say

say({key: _l(text) for key, text in REFUSALS.items()})
say(
    {
        "exchange.two-people": _l("Two people take everything out together. Name the second one."),
        "exchange.period_ends_before": _l("The period ends before it begins"),
        "exchange.period_to_come": _l("This day is still to come. Choose today or an earlier one"),
        "exchange.period_too_early": _l("This is before %(year)s. Look at the year again"),
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


WHY: dict[Why, Any] = {
    Why.DROPPED: _l("FY2026 has no such column; it stays with us as it came"),
    Why.RECODED: _l("a code of an earlier year, written as today's"),
    Why.FLAG: _l("set, because the agency is a confidential provider with a comparable database"),
    Why.ENDED_HERE: _l("an exit that was written here for an enrollment that came without one"),
    Why.MERGED: _l("a record that was joined with another: one person, said once"),
    Why.OUT_OF_REACH: _l("people whom you may not read are left out"),
    Why.OUT_OF_PERIOD: _l("outside the period that was asked for"),
}


def difference_words(one: Difference) -> str:
    """Why a column of the export is not what was imported, in words."""
    return str(WHY[one.why])
