"""The words of the desk on screen."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.desk.queries import RollSite
from shelter.rules.desk import MissingStep
from shelter.rules.rollcall import Seen
from shelter.web.sentences import say

SEEN: dict[Seen, Any] = {
    Seen.HERE: _l("Here"),
    Seen.LEAVE: _l("On leave"),
    Seen.AWAY: _l("Away"),
    Seen.UNSURE: _l("Not sure"),
}
"""The four buttons, in their order."""

say(
    {
        "desk.night_to_come": _l("This night is still to come. Call its roll when it has begun"),
        "desk.night_too_long_ago": _l("A roll can be entered for %(nights)s nights back. Look at the day again"),
        "desk.which_night": _l("Open the roll of that night again, then press"),
        "desk.no_such_step": _l("Choose one of the steps on the page"),
    }
)


def roll_words(site: RollSite) -> str:
    """18 of 22."""
    return _("%(done)s of %(total)s", done=site.done, total=site.total)


def seen_buttons() -> list[tuple[Seen, Any]]:
    """What each of the four buttons of a line says."""
    return list(SEEN.items())


def missing_step_words(step: MissingStep) -> str:
    return _(step.label)


GLOBALS = (missing_step_words, roll_words, seen_buttons)
