"""What the pages about a person say, in the reader's language: safe contact, age, languages, choices of a list."""

from collections.abc import Iterable
from datetime import time
from functools import lru_cache
from typing import Any

from flask import current_app, request, url_for

from shelter.clients.queries import Age, PersonCard, SafeContact
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.policy.relations import Relation
from shelter.policy.roles import Role
from shelter.rules.contact import Channel, State
from shelter.rules.oddities import Oddity
from shelter.rules.picklists import picklists
from shelter.settings.words import choice_words, purpose_of
from shelter.web.guard import actor
from shelter.web.i18n import gettext as _
from shelter.web.i18n import lazy_gettext as _l
from shelter.web.i18n import ngettext, page_lang
from shelter.web.may import mark_of
from shelter.web.times import month_of

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
    (_l("Notes"), "notes.index"),
    (_l("Services"), "services.hers"),
    (_l("Stay"), "stays.show"),
    (_l("At the desk"), "desk.kept"),
    (_l("Matters"), "legal.index"),
    (_l("Papers"), "documents.index"),
    (_l("Household"), "clients.household"),
    (_l("Releases"), "releases.index"),
    (_l("Referrals"), "referrals.index"),
    (_l("Who has looked"), "clients.looked"),
)


def language_codes(typed: str) -> tuple[str, ...]:
    """Codes for the languages somebody wrote, by their name in English or in the reader's language; else her words."""
    known: dict[str, str] = {}
    for one in picklists()["languages"].choices:
        known |= {one.label.casefold(): one.code, _(one.label).casefold(): one.code, one.code: one.code}
    words = [word.strip() for word in typed.replace(";", ",").split(",") if word.strip()]
    return tuple(dict.fromkeys(known.get(word.casefold(), word) for word in words))


def language_words(codes: Iterable[str]) -> str:
    return ", ".join(choice_words("languages", code) for code in codes)


def age_words(age: Age | None) -> str:
    return "" if age is None else _age_in(page_lang(), age.years, age.about)


@lru_cache(maxsize=512)
def _age_in(_language: str, number: int, about: bool) -> str:
    """Said on every line of a list, and the same for many: kept by the language of the page, of nobody."""
    years = ngettext("%(num)d year", "%(num)d years", number)
    return _("about %(years)s", years=years) if about else years


def about_person(card: PersonCard) -> str:
    """The line under her name: pronouns, age, languages, where she sleeps; only what the reader may know."""
    since = _("with us since %(month)s", month=month_of(card.since)) if card.since else ""
    parts = (card.pronouns, age_words(card.age), language_words(card.languages), card.place, since)
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


def contact_state(line: SafeContact | None) -> str:
    """The same in a few words, for a list."""
    if line is None:
        return _("not asked yet")
    return _contact_in(page_lang(), line.state, line.channel, line.days)


@lru_cache(maxsize=4096)
def _contact_in(_language: str, state: str, channel: str, days: int | None) -> str:
    """Kept as an age is; the number and her words are not in it."""
    if state == State.NOT_ASKED:
        return _("not asked yet")
    if state == State.NEVER:
        return _("never contact")
    fresh = f"{CHANNELS.get(channel, channel)}, {confirmed_words(days)}"
    return fresh if state == State.FRESH else _("ask again (%(rule)s)", rule=fresh)


def channel_line(channel: str, line: SafeContact) -> str:
    """One channel of hers in one line."""
    name = str(CHANNELS.get(channel, channel))
    if line.state in (State.NEVER, State.NOT_ASKED):
        answer = _("never") if line.state == State.NEVER else _("not asked yet")
        return f"{name}: {answer}"
    said = _("say: %(words)s", words=line.say) if line.say else ""
    parts = (line.value, hours_words(line.hours_from, line.hours_to), said, confirmed_words(line.days))
    again = "" if line.state == State.FRESH else _("ask again before using it")
    return f"{name}: {', '.join(part for part in (*parts, again) if part)}"


def may_do(act: str) -> bool:
    """Whether this reader's role could ever do this: for links that others need not see."""
    return may_ever(actor(), Act(act))


def act_words(act: str) -> str:
    """An act of the trail as a colleague would say it; what nobody has worded stands as it is named."""
    if act.startswith("refused:") and act not in ACTS:
        return _("asked for something of hers and did not get it")
    if act.startswith("demo:"):
        return _("the fictional agency was made")
    return str(ACTS.get(act, act))


def why_words(clause: str) -> str:
    """The clause that allowed an act: the role, and the relation."""
    role, *relations = clause.split(" + ")
    told = [str(RELATIONS[one]) for one in relations if one in RELATIONS]
    return ", ".join(part for part in (str(ROLES.get(role, role)), *told) if part)


def odd_words(odd: str) -> str:
    """What is odd about a look, in a few words."""
    return str(ODDITIES[Oddity(odd)])


ODDITIES: dict[str, Any] = {
    Oddity.BREAK_GLASS: _l("opened by breaking the glass"),
    Oddity.REFUSED: _l("refused"),
    Oddity.MANY: _l("many people in one day"),
    Oddity.NIGHT: _l("at night"),
    Oddity.OUTSIDE: _l("not her own client"),
    Oddity.LEAVES: _l("left on paper or in a file"),
}
ROLES: dict[str, Any] = {
    Role.CASEWORKER: _l("caseworker"),
    Role.LEGAL_ADVOCATE: _l("legal advocate"),
    Role.LEGAL_SUPERVISOR: _l("legal supervisor"),
    Role.SHELTER_STAFF: _l("night desk"),
    Role.SUPERVISOR: _l("supervisor"),
}
RELATIONS: dict[str, Any] = {
    Relation.ASSIGNED: _l("works with her or covers"),
    Relation.BROKE_GLASS: _l("opened it in an emergency"),
    Relation.ADVOCATE: _l("has a matter with her or covers"),
    Relation.AT_MY_SITE: _l("of her site"),
    Relation.AT_MY_OPEN_SITE: _l("of her site, open to all its caseworkers"),
    Relation.RESIDENT_HERE: _l("she sleeps there"),
}

GLOBALS = (
    about_person,
    act_words,
    age_words,
    channel_line,
    choice_words,
    confirmed_words,
    contact_state,
    hours_words,
    language_words,
    may_do,
    odd_words,
    person_tabs,
    safe_contact_words,
    purpose_of,
    why_words,
)
# Any act may name a person, and so stand on her page of who has looked.
ACTS: dict[str, Any] = {
    Act.CLIENTS_ASSIGN: _l("changed or read who works with her"),
    Act.CLIENTS_COPY: _l("printed her own copy"),
    Act.CLIENTS_CREATE: _l("began a record"),
    Act.CLIENTS_PRINT: _l("printed the record"),
    Act.CLIENTS_READ: _l("opened the record"),
    Act.CLIENTS_RESTRICT: _l("looked at who alone is to know her, or asked for it"),
    Act.CLIENTS_REVEAL: _l("saw the legal name or a number"),
    Act.CLIENTS_SEARCH: _l("found her in a search"),
    Act.CLIENTS_UPDATE: _l("changed the record"),
    Act.DOOR_ALERTS_SEE: _l("read the door alerts"),
    Act.HARM_WRITE: _l("read or changed what happened, in codes"),
    Act.LOOKED_SEE: _l("looked at this list"),
    Act.MATTERS_COPY: _l("gave her what legal staff hold of her"),
    Act.MATTERS_GIVE: _l("gave a matter to another advocate"),
    Act.MATTERS_OPEN: _l("opened a matter"),
    Act.MATTERS_READ: _l("read a matter"),
    Act.MATTERS_WRITE: _l("changed a matter"),
    Act.MESSAGES_SEND: _l("wrote to a colleague about her"),
    Act.MONEY_APPROVE: _l("decided about money for her"),
    Act.MONEY_ASK: _l("read or asked for money for her"),
    Act.NOTES_READ: _l("read the notes"),
    Act.NOTES_WRITE: _l("signed a note"),
    Act.PAPERS_READ: _l("read her papers"),
    Act.PAPERS_WRITE: _l("changed her papers"),
    Act.CASES_CLOSE: _l("closed or opened the case"),
    Act.PLANS_AGREE: _l("agreed to the plan"),
    Act.PLANS_PRINT: _l("printed the plan for her"),
    Act.PLANS_READ: _l("read the plan"),
    Act.PLANS_WRITE: _l("changed the plan"),
    Act.RESIDENTS_SEE: _l("read the desk card"),
    Act.SERVICES_HOUSE: _l("entered a service at the desk"),
    Act.SERVICES_READ: _l("read the services"),
    Act.SERVICES_WRITE: _l("entered a service"),
    Act.STAYS_READ: _l("read the stay"),
    Act.STAYS_WRITE: _l("changed the stay"),
    Act.ACCOUNT_OWN: _l("read a notice about her"),
    Act.HMIS_IMPORT: _l("imported the record"),
    Act.SHEETS_IMPORT: _l("brought in the record from a spreadsheet, or took it back"),
    Act.SHEETS_PREPARE: _l("compared a spreadsheet with the record"),
    Act.ARRIVALS_COMPLETE: _l("completed a file begun at night"),
    Act.ANSWERS_WRITE: _l("wrote answers for the funder"),
    Act.COPIES_GIVE: _l("gave a colleague a copy of one part, or took it back"),
    Act.COPIES_READ: _l("read a copy of one part"),
    Act.COPIES_ASK: _l("asked for a copy of one part, or looked at who asks"),
    Act.COPIES_REVIEW: _l("reviewed a copy of one part"),
    Act.CONFLICTS_CHECK: _l("compared names for a conflict"),
    Act.CONFLICTS_SEE: _l("saw how a check for conflict stands"),
    Act.DESK_FACTS_KEEP: _l("kept what the desk must know"),
    Act.GLASS_REVIEW: _l("reviewed a breaking of the glass"),
    Act.NOTES_COUNSELLING: _l("read counselling notes"),
    Act.NOTES_SUPERVISION: _l("read supervision notes"),
    Act.PAPERS_COUNSEL: _l("answered for counsel about papers"),
    Act.REFERRALS_READ: _l("read her referrals"),
    Act.REFERRALS_WRITE: _l("wrote a referral"),
    Act.RELEASES_DISCLOSE: _l("told somebody outside under a release"),
    Act.RELEASES_READ: _l("read her releases"),
    Act.RELEASES_WRITE: _l("wrote a release"),
    Act.ROLL_TAKE: _l("took the roll"),
    Act.STAYS_EXTEND: _l("gave more time for a stay"),
    Act.STAYS_PLAN: _l("planned a stay"),
    Act.STAYS_UNDO: _l("took back an act of the desk"),
    Act.BREACHES_TELL: _l("looked at or wrote down that something of hers got out"),
    Act.DEMANDS_ANSWER: _l("looked at or answered a demand for her records"),
    Act.ERASINGS_AGREE: _l("agreed to erase her file"),
    Act.ERASINGS_ASK: _l("asked to erase her file"),
    Act.ERASINGS_DO: _l("erased her file"),
    Act.ERASINGS_SEE: _l("looked at an erasing of her file"),
    Act.HOLDS_KEEP: _l("looked at or changed a legal hold"),
    Act.CLIENTS_MERGE: _l("joined two records of one person"),
    Act.GLASS_BREAK: _l("opened the record in an emergency"),
    "restricted-files-begun": _l("began to seal a restricted person's files anew"),
    "restricted-files-done": _l("sealed the last file of a restricted person anew"),
    "restricted-left-to-another": _l("came too late to take a restricted person over"),
    "restricted-moved": _l("took a part of a restricted person's record over"),
    "restriction-refused": _l("did not sign a restriction"),
    "restriction-signed": _l("signed who alone is to know a person"),
    "alerts-followed": _l("let alerts at the door follow"),
    "leave-packed": _l("packed nights away of stays that ended, so that they are counted faster"),
    "papers-packed": _l("packed the list of her papers, so that it opens faster"),
    "restriction-ending": _l("began to take a restricted person's files back"),
    "restriction-end-waits": _l("came too early or too late to take a restricted person back"),
    "restriction-ended": _l("took a part of a restricted person's record back"),
    "calendar-fetched": _l("a telephone fetched days of hers"),
    "refused:release": _l("was refused: no release covered what was to leave"),
    "refused:seal": _l("found something that does not open"),
    Act.ACCOUNT_SECURE: _l("changed how she signs in"),
    Act.ACCOUNTS_MANAGE: _l("looked at accounts"),
    Act.AGENCY_EXPORT: _l("took everything out of Shelter, with a second person"),
    Act.ARRIVALS_TAKE: _l("took an arrival"),
    Act.AUDIT_READ: _l("read the trail"),
    Act.BEDS_COUNT: _l("counted beds"),
    Act.BEDS_KEEP: _l("held or prepared a bed"),
    Act.BEDS_PRINT: _l("printed the beds"),
    Act.BEDS_SEE: _l("looked at the beds"),
    Act.KEYS_STEWARD: _l("did a steward's work"),
    Act.REPORTS_PUBLISH: _l("published a table"),
    Act.REPORTS_SEE: _l("looked at reports"),
    Act.SETTINGS_MANAGE: _l("changed a setting"),
    Act.TODAY_SEE: _l("looked at her day"),
    Act.BANS_KEEP: _l("kept the list of people not to admit"),
    Act.CALENDAR_OWN: _l("did something of her own calendar"),
    Act.CLIENTS_MATCH: _l("looked at records that may be one person"),
    Act.COVERS_ARRANGE: _l("looked at cover"),
    Act.COVERS_OWN: _l("handed over her own work"),
    Act.DOOR_LOG_KEEP: _l("kept the door log"),
    Act.FUNDER_FILES_AGREE: _l("agreed to a funder file"),
    Act.FUNDER_FILES_PREPARE: _l("prepared a funder file"),
    Act.FUNDER_FILES_SEE: _l("looked at funder files"),
    Act.HAND_OVER_KEEP: _l("read or wrote the hand-over"),
    Act.HMIS_EXPORT: _l("took out an HMIS export"),
    Act.INCIDENTS_KEEP: _l("kept incident reports"),
    Act.LEDGER_TELL: _l("told the ledgers anew what the records say"),
    Act.NIGHTS_COUNT: _l("counted nights"),
    Act.NUMBERS_EXPLAIN: _l("looked at who is counted in a funder's number"),
    Act.ON_CALL_KEEP: _l("kept the list of who is on call"),
    Act.ON_CALL_SEE: _l("looked who is on call"),
    Act.PLACES_MANAGE: _l("furnished a place"),
    Act.REFERRALS_INVITE: _l("made an address for a partner"),
    Act.REFERRALS_TAKE: _l("took in a referral"),
    Act.RELEASES_PROVE: _l("looked at the proof of releases"),
    Act.REQUESTS_KEEP: _l("kept requests that could not be met"),
    Act.SERVICES_COUNT: _l("counted calls and events"),
    Act.CASELOADS_SEE: _l("looked at who works with whom"),
    Act.COUNTRIES_READ: _l("read a page on a country"),
    Act.COUNTRIES_WRITE: _l("wrote a page on a country"),
    Act.LAW_CHANGE: _l("changed a legal rule"),
    Act.LAW_READ: _l("read the legal rules"),
    Act.BREACHES_KEEP: _l("kept the register of breaches"),
    Act.DEMANDS_COUNSEL: _l("read or wrote what counsel said of a demand"),
    Act.DEMANDS_GUIDE: _l("read what to do at the door"),
    Act.DEMANDS_KEEP: _l("kept the register of demands"),
    Act.DEMANDS_RECEIVE: _l("wrote down that a demand arrived"),
}
