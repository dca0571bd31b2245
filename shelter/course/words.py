"""The words of what is agreed around a stay."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shelter.course.queries import NearLimit
from shelter.web.sentences import say

STATES: dict[str, Any] = {
    "referred": _l("Told of her"),
    "screened": _l("We have talked with her"),
    "accepted": _l("She may come"),
    "arrived": _l("She is here"),
    "not_coming": _l("She is not coming"),
}
DECISIONS: dict[str, Any] = {
    "": _l("Waiting for a supervisor"),
    "granted": _l("Granted"),
    "declined": _l("Not granted"),
}
CALLS: dict[str, Any] = {"open": _l("to call"), "reached": _l("spoke with her"), "not_reached": _l("not reached")}
STOPPED: dict[str, Any] = {
    "she_asked": _l("No further calls: she asked for that."),
    "silence": _l("No further calls: twice nobody reached her, and that is an answer too."),
}

say(
    {
        "course.not_next": _l("Something else was agreed meanwhile. Look at how it is now"),
        "course.no_limit": _l("Stays have no limit in this house, so she needs no more time"),
        "course.not_longer": _l("She may stay that long already. Choose a later day"),
        "course.decided_already": _l("This is decided already"),
        "course.decided_by_another": _l("You asked for it yourself. Another supervisor decides"),
        "course.still_here": _l("She is still here. Ask her when she leaves"),
        "course.agreed_already": _l("This is agreed for this stay already"),
        "course.no_safe_channel": _l("No safe way of reaching her is confirmed. Ask her again before anybody calls"),
        "course.stopped": _l("No further calls are made for this stay"),
        "course.called_already": _l("This call is written down already"),
    }
)


def coming_state(state: str) -> str:
    return str(STATES[state])


def more_time_state(decision: str) -> str:
    return str(DECISIONS[decision])


def call_state(state: str) -> str:
    return str(CALLS[state])


def stopped_words(why: str) -> str:
    return str(STOPPED[why])


def near_words(one: NearLimit) -> str:
    """61 nights so far; more time is asked for."""
    nights = ngettext("%(num)d night so far", "%(num)d nights so far", one.nights)
    return f"{nights}; {_('more time is asked for')}" if one.asked else nights


GLOBALS = (coming_state, more_time_state, call_state, stopped_words, near_words)
