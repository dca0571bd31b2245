"""The words of referrals on screen, in the reader's language."""

from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.web.sentences import say

STATES: dict[str, Any] = {
    "made": _l("Waits for an answer"),
    "accepted": _l("Accepted"),
    "refused": _l("Refused"),
    "done": _l("Done"),
    "withdrawn": _l("Given up"),
}
TONES = {"made": "look", "accepted": "calm"}
HAPPENED: dict[str, Any] = {
    "made": _l("Referred"),
    "accepted": _l("Accepted"),
    "refused": _l("Refused"),
    "done": _l("Done"),
    "withdrawn": _l("Given up"),
    "received": _l("Came to us"),
}
MOVES: dict[str, Any] = {
    "accepted": _l("They accept"),
    "refused": _l("They refuse"),
    "done": _l("It is done"),
    "withdrawn": _l("Give it up"),
}
URGENCY: dict[str, Any] = {
    "today": _l("Needs a safe place today"),
    "days": _l("Within a few days"),
    "later": _l("Can wait for a telephone call"),
}
CLOSED: dict[str, Any] = {
    "full": _l("No place for her now"),
    "not_ours": _l("Not what we can do"),
    "unreached": _l("Could not be reached safely"),
    "declined": _l("She does not want it"),
    "twice": _l("Left twice"),
    "other": _l("Another reason"),
}

say(
    {
        "referrals.no_such_code": _l("Nobody whose record you may change has this code."),
        "referrals.not_now": _l("This cannot become of it as it stands now."),
        "referrals.to_whom": _l("Write to whom she goes, or choose a release."),
    }
)
WORDS = {
    "referral_states": STATES,
    "referral_tones": TONES,
    "referral_happened": HAPPENED,
    "referral_moves": MOVES,
    "referral_urgency": URGENCY,
    "referral_closed": CLOSED,
}
