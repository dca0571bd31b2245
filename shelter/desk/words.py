"""The words of the desk on screen."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shelter.desk.queries import CheckState, Finding, RollSite
from shelter.rules.desk import MissingStep, ReportClock
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
        "desk.another_caller": _l(
            "A colleague is signed in here now. What you saw is written under your own name: open the roll again"
        ),
        "desk.completed_already": _l("A colleague has made this file meanwhile"),
        "desk.check_first": _l("Compare the names first"),
        "desk.check_before_bed": _l(
            "This house gives no bed before the conflict check is answered. "
            "A caseworker, a supervisor or the one on call compares the names"
        ),
        "desk.check_conflict": _l(
            "The check found a possible conflict. Call the one on call, who looks at it and gives the bed"
        ),
        "desk.too_many_checks": _l("You have compared %(checks)s times in this hour. Ask a colleague, or wait a while"),
        "desk.review_passed": _l("This day has passed. Choose one to come"),
        "desk.review_too_far": _l(
            "Nobody is kept out for longer than %(days)s days without a look. Choose a nearer day"
        ),
        "desk.say_something": _l("Write about the house or about the people"),
        "desk.day_to_come": _l("This day is still to come"),
        "desk.no_such_colleague": _l("Choose a colleague of this house"),
        "desk.ends_before": _l("The last day is before the first one"),
        "desk.nobody": _l("Say how many people it is about"),
        "desk.channel_how": _l("Say the number or address that she said is safe"),
        "desk.no_channel": _l("Choose how this number or address may be used"),
        "desk.too_late_to_undo": _l(
            "This was more than %(minutes)s minutes ago. Put it right with a reason; what stood before is kept"
        ),
        "desk.changed_since": _l("Somebody has written here since. Put it right with a reason"),
        "desk.written_meanwhile": _l(
            "Somebody has written about them meanwhile, so they stay. Put the days of the stay right instead"
        ),
        "desk.more_names_than_people": _l("Only %(people)s come with her. Write each of them above, then here"),
        "desk.say_why": _l("Say in a few words why"),
        "desk.nothing_done": _l("Write what was done, or tick what is true now"),
        "desk.no_such_step": _l("Choose one of the steps on the page"),
    }
)


CHECKS: dict[CheckState | None, tuple[Any, str]] = {
    None: (_l("Not compared yet"), "look"),
    CheckState.PENDING: (_l("Check pending"), "look"),
    CheckState.NOTHING: (_l("Nothing found"), "calm"),
    CheckState.POSSIBLE: (_l("Possible conflict, call the one on call"), "stop"),
    CheckState.CLEARED: (_l("Looked at: no conflict"), "calm"),
}
"""What each answer of a conflict check says, and its tone."""

FOUND: dict[tuple[bool, str], Any] = {
    (True, "danger_of"): _l("Somebody of this household may be who endangers %(ref)s."),
    (True, "staff"): _l("Somebody of this household may be the colleague %(ref)s, or of her family."),
    (True, "ban"): _l("Somebody of this household may be on the list of those not to admit."),
    (False, "resident"): _l("Who endangers this household may be %(ref)s, who sleeps here, or of the same family."),
    (False, "danger_of"): _l("Who endangers this household may be who endangers %(ref)s too."),
    (False, "staff"): _l("Who endangers this household may be the colleague %(ref)s, or of the same family."),
    (False, "ban"): _l("Who endangers this household may be on the list of those not to admit."),
}
"""A finding by whose name it was, and whom it is near."""


def check_words(state: CheckState | None) -> tuple[Any, str]:
    return CHECKS[state]


def finding_words(finding: Finding) -> str:
    return str(FOUND[finding.hers, finding.what]) % {"ref": finding.ref}


def roll_words(site: RollSite) -> str:
    """18 of 22."""
    return _("%(done)s of %(total)s", done=site.done, total=site.total)


def seen_buttons() -> list[tuple[Seen, Any]]:
    """What each of the four buttons of a line says."""
    return list(SEEN.items())


def rule_words(rule: MissingStep | ReportClock) -> str:
    """A rule's own sentence, in the reader's language."""
    return _(rule.label)


def party_words(adults: int, children: int) -> str:
    """2 adults, 1 child."""
    parts = [ngettext("%(num)d adult", "%(num)d adults", adults)] if adults else []
    parts += [ngettext("%(num)d child", "%(num)d children", children)] if children else []
    return ", ".join(parts)


GLOBALS = (check_words, finding_words, party_words, rule_words, roll_words, seen_buttons)
