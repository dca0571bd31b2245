"""The words of erasing, of holds and of certificates."""

from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.erasing import queries
from shelter.erasing.queries import HoldView, Waiting
from shelter.web.guard import actor
from shelter.web.sentences import say

SCOPES: dict[str, Any] = {
    "whole": _l("The whole file"),
    "narrative": _l("What was told in words; the counts stay"),
}
SCOPE_HINTS: dict[str, Any] = {
    "whole": _l(
        "Names, contacts, papers and scans, notes, plans, matters, releases, and all that is counted of her: fill what "
        "a funder still asks for first. The days on which a bed was taken stay, and nothing says whose they are."
    ),
    "narrative": _l(
        "Notes, goals, the safety plan, appointments, referrals, and the words beside services and money. Her names, "
        "her papers, her matters and what is counted stay."
    ),
}
REASONS: dict[str, Any] = {
    "she-asked": _l("She asked for it"),
    "time": _l("Its time is over by the rules"),
    "mistake": _l("It should never have been written"),
    "other": _l("Something else"),
}
HOLD_REASONS: dict[str, Any] = {
    "demand": _l("A court or an agency has demanded it"),
    "her-case": _l("Her own case needs it"),
    "claim": _l("A claim against the house or a colleague"),
    "audit": _l("A funder's audit is announced"),
    "other": _l("Something else"),
}
STATES: dict[str, tuple[Any, str]] = {
    "due": (_l("its time is over"), "look"),
    "asked": (_l("waits for a steward"), "look"),
    "agreed": (_l("agreed: can be erased"), "look"),
    "done": (_l("erased"), "calm"),
    "dropped": (_l("let be"), "plain"),
}
OPEN_TASKS: dict[str, Any] = {
    "ledgers": _l(
        "The ledgers count nothing of her any more; her coded facts are written out of them when a director next looks "
        "at reports and a preparer next prepares a file."
    ),
    "receipts": _l("Her receipt numbers leave the directory when somebody of the legal staff next signs in."),
    "names": _l("Her names leave the directory of a restored key store when a colleague next signs in."),
    "facts": _l("The ledgers of a restored key store are told when a colleague next signs in."),
    "books": _l("Somebody goes through the books of the house, which may name her in a sentence."),
}

say(
    {
        "erasing.held": _l("A legal hold stands: nothing of hers may be erased. Whoever put it up can end it."),
        "erasing.merged": _l("This record was joined with another. Ask from that one; both go together."),
        "erasing.still-here": _l("She stays here. Her whole file can go once her stay has ended."),
        "erasing.asked-already": _l("This was asked already and waits."),
        "erasing.yourself": _l("Two people are needed: somebody else does this step."),
        "erasing.over": _l("This has been decided already. Look at the list again."),
        "erasing.review-to-come": _l("Choose a day to come, on which somebody looks at it again."),
    }
)


def erasings_waiting() -> Waiting:
    """How many wait for this reader."""
    return queries.waiting(actor())


def holds_to_review() -> list[HoldView]:
    """Holds whose day of review has come, for this reader."""
    return queries.to_review(actor())


def erasing_words(kind: str, code: str) -> Any:
    """What a code of erasing says: of a scope, its hint, a reason, a hold's reason, an open task."""
    said = {
        "scope": SCOPES,
        "hint": SCOPE_HINTS,
        "reason": REASONS,
        "hold": HOLD_REASONS,
        "task": OPEN_TASKS,
    }
    return said[kind].get(code, "")


def erasing_state(code: str) -> tuple[Any, str]:
    """A state in words, and its tone."""
    return STATES[code]


GLOBALS = (erasings_waiting, holds_to_review, erasing_words, erasing_state)
