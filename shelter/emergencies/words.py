"""The words of openings in an emergency, and of the auditor's room."""

from flask_babel import lazy_gettext as _l

from shelter.web.sentences import say

REASONS = {
    "danger": _l("Somebody is in danger now"),
    "medical": _l("A medical emergency"),
    "nobody-here": _l("Nobody who works with her can be reached"),
    "court": _l("A court or an officer is at the door"),
    "other": _l("Something else"),
}

say(
    {
        "emergencies.not-this-way": _l(
            "No record opens this way under that code. Read it once more, or ask a supervisor."
        ),
        "emergencies.open-already": _l("This record is open to you already. Find it under People."),
        "emergencies.not-your-own": _l("Somebody else reviews what you opened."),
        "emergencies.reviewed-already": _l("Somebody has reviewed this already."),
    }
)


def glass_reason(code: str) -> object:
    """A reason in the reader's language."""
    return REASONS.get(code, "")


GLOBALS = (glass_reason,)
