"""The words of notes on screen, and of the lists that they use."""

from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.web.sentences import say

KINDS: dict[str, tuple[Any, Any]] = {
    "case": (_l("Case note"), _l("What was done and agreed.")),
    "counselling": (_l("Counselling note"), _l("Privileged: it belongs to her. Only those assigned to her read it.")),
    "supervision": (_l("Supervision note"), _l("Between supervisors, about the work.")),
}

say(
    {
        "notes.future": _l("A note is about what has been. For what is to come, make an appointment"),
        "notes.unknown-kind": _l("Choose a kind of note"),
    }
)


def note_kind(code: str) -> str:
    return str(KINDS[code][0]) if code in KINDS else code


GLOBALS = (note_kind,)
