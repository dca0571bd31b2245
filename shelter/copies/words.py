"""The words of copies."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shelter.copies.queries import Offered
from shelter.web.sentences import say

PARTS = {
    "coded": _l("What happened and who she is, in codes"),
    "plan": _l("Goals"),
    "around the plan": _l("Safety plan, appointments, closing"),
    "stays": _l("Stay"),
    "course": _l("Around the stay"),
    "answers": _l("Answers for those who pay"),
    "notes": _l("Notes"),
    "counselling notes": _l("Counselling notes"),
    "services": _l("Services and money"),
    "referrals": _l("Referrals"),
    "legal": _l("Matters"),
    "legal services": _l("Legal services"),
}
"""The parts of her file, as her own file names them, that some colleagues who know her cannot open."""
REASONS = {
    "danger": _l("Somebody is in danger"),
    "form": _l("For a form, a statement or a letter"),
    "court": _l("A hearing or an interview is near"),
    "together": _l("She asked that we work on it together"),
    "other": _l("Something else"),
}

say(
    {
        "copies.not-to-her": _l(
            "This colleague opens this part anyway, or is not to be told. Choose somebody else, or ask a supervisor."
        ),
        "copies.changed": _l("Somebody changed this part meanwhile. Look at it once more and choose again."),
        "copies.too-long": _l("This is more than one copy holds. Choose fewer lines."),
        "copies.open-already": _l("Your keys open this part. You need no copy of it."),
        "copies.asked-already": _l("You have asked for this part already."),
        "copies.not-your-own": _l("Somebody who neither gave nor got this copy reviews it."),
        "copies.reviewed-already": _l("Somebody has reviewed this already."),
    }
)


def days_words(days: int) -> str:
    return ngettext("%(num)d day", "%(num)d days", days)


def line_words(line: Offered) -> str:
    """One line of a part, as the form offers it."""
    day = f"{line.day:%Y-%m-%d} " if line.day else ""
    return f"{day}{line.label}: {line.words}"


def copied_part(name: str) -> object:
    """A part of a record, in the reader's language."""
    return PARTS.get(name, "")


def copy_reason(code: str) -> object:
    return REASONS.get(code, "")


GLOBALS = (copied_part, copy_reason)
