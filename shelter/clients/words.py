"""What the pages about a person say, in the reader's language: safe contact, age, languages, choices of a list."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shelter.clients.queries import Age, PersonCard, SafeContact
from shelter.policy.decide import may_ever
from shelter.rules.contact import Channel, State
from shelter.rules.picklists import picklists
from shelter.web.guard import actor
from shelter.web.may import mark_of

CHANNELS: dict[str, Any] = {
    Channel.CALL: _l("phone call"),
    Channel.TEXT: _l("text message"),
    Channel.VOICEMAIL: _l("voicemail"),
    Channel.EMAIL: _l("e-mail"),
    Channel.MAIL: _l("letter"),
    Channel.IN_PERSON: _l("in person"),
    Channel.THROUGH_SOMEBODY: _l("through somebody she trusts"),
}
_STATES: dict[str, Any] = {
    State.STALE: _l("Ask again how to reach her safely before any contact"),
    State.NOT_ASKED: _l("Safe contact not asked yet: do not call or write"),
    State.NEVER: _l("Never contact her"),
}
TABS: tuple[tuple[Any, str], ...] = (
    (_l("Overview"), "clients.show"),
    (_l("Plan"), "plans.show"),
    (_l("Stay"), "stays.show"),
    (_l("Matters"), "legal.index"),
    (_l("Papers"), "documents.index"),
    (_l("Household"), "clients.household"),
    (_l("Who has looked"), "clients.looked"),
)


def choice_words(picklist: str, code: str) -> str:
    """The label of a code, translated; a person's own words stand as they are."""
    try:
        return _(picklists()[picklist].choice(code).label)
    except KeyError:
        return code


def language_words(codes: Iterable[str]) -> str:
    return ", ".join(choice_words("languages", code) for code in codes)


def age_words(age: Age | None) -> str:
    if age is None:
        return ""
    years = ngettext("%(num)d year", "%(num)d years", age.years)
    return _("about %(years)s", years=years) if age.about else years


def about_person(card: PersonCard) -> str:
    """The line under her name: pronouns, age, languages, where she sleeps; only what the reader may know."""
    parts = (card.pronouns, age_words(card.age), language_words(card.languages), card.place)
    return " · ".join(part for part in parts if part)


def hours_words(begin: time | None, end: time | None) -> str:
    if begin is None and end is None:
        return ""
    first, last = begin or time.min, end or time(23, 59)
    return f"{first:%H:%M}-{last:%H:%M}"


def confirmed_words(days: int | None) -> str:
    if days is None:
        return _("never confirmed")
    if days <= 0:
        return _("confirmed today")
    return ngettext("confirmed %(num)d day ago", "confirmed %(num)d days ago", days)


def safe_contact_words(line: SafeContact) -> str:
    """One sentence that can be acted on: the channel, her hours, what to say, how fresh it is."""
    if line.state in (State.NOT_ASKED, State.NEVER):
        return str(_STATES[line.state])
    channel = str(CHANNELS.get(line.channel, line.channel))
    first = _("only %(channel)s", channel=channel) if line.only else channel
    said = _("say: %(words)s", words=line.say) if line.say else ""
    parts = (first, hours_words(line.hours_from, line.hours_to), said, confirmed_words(line.days))
    sentence = _("Safe contact: %(rule)s", rule=", ".join(part for part in parts if part))
    return sentence if line.state == State.FRESH else f"{_STATES[line.state]}. {sentence}"


def person_tabs(card: PersonCard) -> list[dict[str, Any]]:
    """The ways into one record: pages that exist and that this reader's role may ever open."""
    here = (request.endpoint or "").split(".")
    tabs = []
    for label, endpoint in TABS:
        view = current_app.view_functions.get(endpoint)
        mark = mark_of(view) if view else None
        if mark is None or mark.act is None or not may_ever(actor(), mark.act):
            continue
        room = endpoint.split(".")[0]
        active = endpoint == request.endpoint if room == "clients" else room == here[0]
        tabs.append({"label": label, "url": url_for(endpoint, code=card.code), "active": active})
    return tabs


GLOBALS = (
    about_person,
    age_words,
    choice_words,
    confirmed_words,
    hours_words,
    language_words,
    person_tabs,
    safe_contact_words,
)
