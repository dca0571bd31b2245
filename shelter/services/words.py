"""The words of services on screen: what was done, which fund, how money stands, why a day is refused."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.rules.services import Line
from shelter.settings.servicelist import service_list
from shelter.settings.words import listed_words
from shelter.web.sentences import say

MONEY_STATES = {
    "asked": _l("waits for a supervisor"),
    "agreed": _l("agreed, not paid yet"),
    "refused": _l("not agreed"),
    "paid": _l("paid"),
}
COUNT_HINTS = {
    "call": _l("Every call about somebody in need counts, also one without a name. Not: gifts, press, opening hours."),
    "education": _l("Who listened is a number, never a name."),
    "outreach": _l("How many people were spoken to or given a card."),
    "survey": _l("Put the slips in a box first and count several together, so that no answer can be told from whose."),
    "unmet": _l(
        "A need counts as unmet when we had no room or nobody free for it; not when somebody decided otherwise."
    ),
}

say(
    {
        "services.nobody-chosen": _l("Choose at least one person"),
        "services.too-many": _l("Choose %(most)s people at most"),
        "services.unknown": _l("Choose a service of the list"),
        "services.unknown-fund": _l("Choose a fund of the list"),
        "services.unknown-count": _l("Choose what is counted"),
        "services.unknown-harm": _l("Choose kinds of harm from the list"),
        "services.future": _l("This day has not come yet, and what is not done yet is counted for nobody"),
        "services.before-intake": _l("This is before we knew her. Say in a few words why it counts"),
        "services.outside-stay": _l("She did not stay here on that day. Say in a few words why it counts"),
        "services.more-back-than-out": _l("No more can come back than were handed out"),
        "services.more-yes-than-back": _l("No more can agree than came back"),
        "services.not-from-this-fund": _l("This fund does not pay for that"),
        "services.decided-already": _l("Somebody has decided this already"),
        "services.not-your-own": _l("Somebody else has to decide what you asked for"),
        "services.say-why": _l("Say in a few words why"),
        "services.not-agreed": _l("This is not agreed yet"),
    }
)


def service_words(code: str) -> str:
    """The label of a service; an unknown code (an older list) as it is."""
    known = service_list().services.get(code)
    return listed_words(known) if known else code


def service_choices(*, group: bool = False, legal: bool = True) -> list[tuple[str, Any]]:
    """Every service on offer by area, in the order of the list; the agency's own after those of their area."""
    book = service_list()
    listed = [one for one in book.services.values() if not one.retired]
    offered = [one for one in listed if (one.group or not group) and (legal or not one.legal)]
    by_area = sorted(offered, key=lambda one: list(book.areas).index(one.area))
    return [(one.code, listed_words(one)) for one in by_area]


def fund_words(code: str) -> str:
    known = service_list().funds.get(code)
    return listed_words(known) if known else code


def fund_choices() -> list[tuple[str, Any]]:
    """Every fund on offer."""
    return [(one.code, listed_words(one)) for one in service_list().funds.values() if not one.retired]


def dollars(cents: int) -> str:
    """$1,240.50."""
    return f"${cents / 100:,.2f}"


def lines_of(service: str, day: date) -> tuple[Line, ...]:
    return service_list().lines(service, day)


GLOBALS = (dollars, fund_words, lines_of, service_words)
