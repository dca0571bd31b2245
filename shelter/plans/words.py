"""The words of a plan on screen: areas, owners, states and changes, in the reader's language."""

from flask_babel import lazy_gettext as _l

from shelter.settings.words import choice_words
from shelter.web.sentences import say

GOAL_STATES = (
    ("active", _l("Working on it")),
    ("reached", _l("Reached")),
    ("set-aside", _l("Set aside for now")),
)
OWNERS = {"client": _l("she"), "staff": _l("staff"), "partner": _l("a partner")}
CHANGES = {
    "made": _l("Step set"),
    "done": _l("Done"),
    "reopened": _l("Opened again"),
    "moved": _l("Moved"),
    "dropped": _l("Dropped"),
}

say(
    {
        "plans.say-why": _l("Say in a few words why"),
        "plans.say-when": _l("Say the new day"),
        "plans.unknown-change": _l("Choose what happened to this step"),
    }
)


def area_in_words(code: str) -> str:
    """The label of a part of life; an unknown code (an older list) as it is."""
    return choice_words("plan_areas", code)
