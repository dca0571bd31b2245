"""The words of demands and breaches on screen."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.demands import queries
from shelter.demands.queries import Waiting
from shelter.rules.demands import guide
from shelter.web.guard import actor
from shelter.web.sentences import say

JUDGES: dict[str, Any] = {
    "yes": _l("A judge or a court"),
    "no": _l("No judge: an officer, a lawyer or nobody"),
    "unknown": _l("I cannot tell"),
}
REACHED: dict[str, Any] = {
    "yes": _l("She knows"),
    "no": _l("Tried, not reached"),
    "not-tried": _l("Not tried: it would not be safe, or a court forbids it"),
}
OUTCOMES: dict[str, Any] = {
    "refused": _l("Nothing was given"),
    "narrowed": _l("Less was given than was demanded"),
    "given": _l("What was demanded was given"),
    "withdrawn": _l("It was withdrawn"),
    "quashed": _l("A court set it aside"),
    "left": _l("They left without anything"),
}
METHODS: dict[str, Any] = {
    "paper": _l("On paper"),
    "sealed": _l("Sealed, for the judge alone"),
    "testimony": _l("As testimony"),
    "encrypted": _l("As an encrypted file"),
}
BREACHES: dict[str, Any] = {
    "lost": _l("Lost or stolen: a paper, a telephone, a computer, a key"),
    "sent": _l("Sent or said to the wrong person"),
    "looked": _l("Somebody looked who should not"),
    "intruder": _l("Somebody got into the machine or an account"),
    "posted": _l("It stands where others can read it"),
    "other": _l("Something else"),
}
OTHER = "other"

say(
    {
        "demands.no-kind": _l("Choose what kind of paper or request it is."),
        "demands.due-before": _l("The last day is before the day on which it came."),
        "demands.no-such-code": _l("No record of yours has this code. Read it once more, or ask a supervisor."),
        "demands.named-already": _l("This person is named already."),
        "demands.say-why-not": _l("Say why nobody tried to tell her."),
        "demands.ask-counsel-first": _l("Counsel has not been asked yet. Write down who was asked, and when, first."),
        "demands.tell-her-first": _l("Nobody has tried to tell her yet, or said why not. Write that down first."),
        "demands.closed": _l("This is closed."),
        "demands.found-to-come": _l("This moment has not come yet."),
        "demands.told-to-come": _l("This moment has not come yet."),
        "demands.not-contained": _l("Say first how it was contained."),
    }
)


def demand_kind(code: str) -> str:
    """A kind of demand in the reader's language."""
    known = guide().one(code)
    return _(known.label) if known else ""


def demand_words(kind: str, code: str) -> Any:
    """What a code of these registers says."""
    said = {
        "judge": JUDGES,
        "reached": REACHED,
        "outcome": OUTCOMES,
        "method": METHODS,
        "breach": BREACHES,
    }
    return said[kind].get(code, "")


def demands_waiting() -> Waiting:
    """What waits for this reader."""
    return queries.waiting(actor())


GLOBALS = (demand_kind, demand_words, demands_waiting)
