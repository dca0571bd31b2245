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
STEP_STATES = {"open": _l("Still to do"), "done": _l("Done"), "dropped": _l("Dropped")}
CHANGES = {
    "made": _l("Step set"),
    "done": _l("Done"),
    "reopened": _l("Opened again"),
    "moved": _l("Moved"),
    "dropped": _l("Dropped"),
}

ASKED = (
    ("agreement", _l("The supervisor's agreement to this plan")),
    ("second_look", _l("A second pair of eyes")),
)
PLAN_ANSWERS = {
    "agreed": _l("I agree"),
    "seen": _l("I have looked at it"),
    "changes": _l("Something should change first"),
}
APPOINTMENT_KINDS = (
    ("meeting", _l("An appointment")),
    ("follow_up", _l("Something to come back to")),
)
APPOINTMENT_ENDS = (
    ("done", _l("It took place")),
    ("missed", _l("She could not come")),
    ("off", _l("It was called off")),
    ("planned", _l("It is still to come")),
)

say(
    {
        "plans.asked-already": _l("This was asked already, and nobody has answered yet"),
        "plans.choose-a-goal": _l("Choose at least one goal"),
        "plans.close-to-come": _l("This day has not come yet"),
        "plans.closed-already": _l("This case is closed already"),
        "plans.nobody-to-ask": _l("There is nobody who could be asked. Choose a colleague who works with her"),
        "plans.not-yours-to-answer": _l("This is for somebody else to answer, or it was answered already"),
        "plans.review-to-come": _l("This day has not come yet"),
        "plans.say-what": _l("Say what should change"),
        "plans.still-here": _l("She still stays here. Let her leave first, then close the case"),
        "plans.unknown-answer": _l("Choose an answer"),
        "plans.unknown-asked": _l("Choose what you ask for"),
        "plans.unknown-outcome": _l("Choose what became of it"),
        "plans.say-why": _l("Say in a few words why"),
        "plans.say-when": _l("Say the new day"),
        "plans.unknown-change": _l("Choose what happened to this step"),
    }
)


def area_in_words(code: str) -> str:
    """The label of a part of life; an unknown code (an older list) as it is."""
    return choice_words("plan_areas", code)
