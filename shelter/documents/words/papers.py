"""The words of papers on screen: what it is, where it is, what is waited for, in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency
from flask_babel import gettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.documents.known import Known
from shelter.documents.models import PaperText
from shelter.documents.queries import PaperView
from shelter.documents.way import LEFT_OPEN, Waits, WayStep
from shelter.rules.papers import papers
from shelter.settings.words import country_words
from shelter.web.asked import SKIP_REASONS
from shelter.web.i18n import page_lang
from shelter.web.sentences import say

SHORT_KINDS: dict[str, Any] = {
    "foreign_passport": _l("Passport"),
    "us_passport": _l("Passport"),
    "foreign_birth_certificate": _l("Birth certificate"),
    "us_birth_certificate": _l("Birth certificate"),
}
"""Shorter names for kinds that a country says the rest of."""
HELD: dict[str, Any] = {
    "never_had": _l("she never had one"),
    "in_hand": _l("she has it"),
    "with_trafficker": _l("held by the trafficker or abuser"),
    "with_employer": _l("held by the employer"),
    "police_evidence": _l("with the police as evidence"),
    "agency_safe": _l("in our safe"),
    "lost": _l("it is lost"),
    "destroyed": _l("it was destroyed"),
    "expired": _l("she has it, but it has expired"),
    "applied": _l("it is applied for"),
    "appointment": _l("an appointment is made"),
    "issued": _l("issued, not yet here"),
    "returned": _l("given back to her"),
    "refused": _l("it was refused"),
}
OWNERS: dict[str, Any] = {
    "client": _l("she"),
    "client_with_staff": _l("she, with staff"),
    "staff": _l("staff"),
    "legal": _l("her legal team"),
    "office": _l("an office or a consulate"),
}
PAYERS: dict[str, Any] = {
    "nobody": _l("nobody: free or waived"),
    "agency": _l("we did"),
    "client": _l("she did"),
    "partner": _l("a partner did"),
    "other": _l("somebody else did"),
}
EVENTS: dict[str, Any] = {
    "asked": _l("We asked counsel"),
    "answered": _l("Counsel answered"),
    "arranged": _l("Arranged"),
    "done": _l("Done"),
    "left_out": _l("Left out"),
    "reopened": _l("Opened again"),
}
WAITING: dict[str, Any] = {
    "runs_out": _l("Runs out"),
    "unasked": _l("Counsel has to be asked"),
    "us": _l("On us"),
    "her": _l("On her"),
    "office": _l("On an office or a consulate"),
    "counsel": _l("On counsel"),
    "nobody": _l("Out of her reach, and no way back begun"),
}
STEP_STATES: dict[str, Any] = {"done": _l("Done"), "left_out": _l("Left out")}

say(
    {
        "documents.unknown-kind": _l("Choose one of the kinds of papers"),
        "documents.unknown-state": _l("Choose one of the places where a paper can be"),
        "documents.no-number": _l("Leave the number of a Social Security card out: it is not kept here"),
        "documents.unknown-way": _l("Choose one of the ways on offer"),
        "documents.way-active": _l("A way back is under way already. Finish it or set it aside first"),
        "documents.step-closed": _l("This step is closed already"),
        "documents.step-open": _l("This step is open already"),
        "documents.no-gate": _l("Counsel is not needed for this step"),
        "documents.counsel-answers": _l("Counsel answers here; this step cannot be ticked off or left out"),
        "law.say_label": _l("Say what this way is called"),
        "law.say_checked": _l("Say who checked this, and how"),
        "law.say_steps": _l("A way has at least one step"),
        "documents.unknown-change": _l("Choose what happened to this step"),
    }
)


def state_choices() -> list[tuple[str, str]]:
    return [(state.code, gettext(state.label)) for state in papers().states.values()]


def paper_name(text: PaperText) -> str:
    """What it is: "Passport, Philippines"; "I-94"."""
    kind = papers().kinds.get(text.kind)
    full = gettext(kind.label) if kind else text.kind
    if not text.country:
        return full
    short = str(SHORT_KINDS.get(text.kind, full))
    return f"{short}, {country_words(text.country)}"


def known_day(known: Known | None) -> str:
    """A date as far as it is known: 3 June 2026, June 2026, 2026; with "about" where she was not sure."""
    if known is None:
        return ""
    if known.day and known.month:
        spanish = page_lang() == "es"
        pattern = "d 'de' MMMM 'de' y" if spanish else "d MMMM y"
        words = format_date(date(known.year, known.month, known.day), pattern, locale=page_lang())
        return _("about %(date)s", date=words) if known.approximate else words
    if known.month:
        return month_words(known.year, known.month)
    return str(known.year)


def month_words(year: int, month: int) -> str:
    pattern = "MMMM 'de' y" if page_lang() == "es" else "MMMM y"
    return format_date(date(year, month, 1), pattern, locale=page_lang())


def held_words(text: PaperText) -> str:
    """Where it is, as the second half of a sentence; who holds it in words stands in its place where she said it."""
    if not text.state:
        return _("where it is was not asked yet")
    state = papers().states.get(text.state)
    words = str(HELD.get(text.state) or (gettext(state.label) if state else text.state))
    return f"{words} ({text.held_by})" if text.held_by else words


def seen_facts(text: PaperText) -> str:
    """June 2026, Long Beach, by her sister."""
    by = _("by %(who)s", who=text.seen_by) if text.seen_by else ""
    return ", ".join(part for part in (known_day(text.seen_when), text.seen_where, by) if part)


def office_facts(text: PaperText) -> list[dict[str, object]]:
    """Lines of what offices call it and what contact with them may bring about; none of what was not said."""
    told = (
        (_("Police report"), text.police_report),
        (_("Consulate or office"), text.consulate),
        (_("Case number there"), text.case_number),
        (_("Risk of contact"), text.contact_risk),
    )
    return [{"label": label, "value": value, "person": True} for label, value in told if value]


def where_words(text: PaperText) -> str:
    """Held by the employer, last seen June 2026, Long Beach."""
    seen = seen_facts(text)
    last = _("last seen %(when_and_where)s", when_and_where=seen) if seen else ""
    return upper_first(", ".join(part for part in (held_words(text), last) if part))


def told_words(text: PaperText) -> str:
    """Where it is, what offices call it, what contact with them may bring about, and what was noted of it."""
    offices = (f"{fact['label']}: {fact['value']}" for fact in office_facts(text))
    return ". ".join(filter(None, (where_words(text), *offices, text.note)))


def upper_first(words: str) -> str:
    return words[:1].upper() + words[1:]


def paper_sentence(text: PaperText) -> str:
    """Passport, Philippines - held by the employer, last seen June 2026, Long Beach."""
    where = where_words(text)
    return f"{paper_name(text)} – {where[:1].lower()}{where[1:]}"


def skipped_words(text: PaperText, *questions: str) -> str:
    """Why a question was left open, where a reason was given."""
    reasons = dict(SKIP_REASONS)
    return next((str(reasons[why]) for one in questions if (why := text.skipped.get(one, "")) in reasons), "")


def called(ids: Iterable[bytes], names: Mapping[bytes, str]) -> str:
    return ", ".join(names[one] for one in ids if one in names)


def waiting_words(name: str) -> str:
    """The heading of a group of what waits."""
    return str(WAITING[name])


def step_words(label: str) -> str:
    """The label of a step, an advice or a proof, which come from the rules or from the agency."""
    return gettext(label) if label else ""


def where_it_holds(where: str) -> str:
    """In every country or state, or in one."""
    if where == "any":
        return _("everywhere")
    return country_words("USA") if where == "US" else where


def waits_words(waits: Waits) -> str:
    """Whom the next step waits for."""
    if waits.on == LEFT_OPEN:
        return _("nobody has asked counsel yet")
    asked = waits.step.last("asked") if waits.step.gate else None
    if asked is None:
        return _("waits for: %(who)s", who=OWNERS.get(waits.on, waits.on))
    if waits.step.last("answered"):
        return _("counsel said: not now")
    return _("waits for counsel's answer")


def closed_words(step: WayStep) -> str:
    """What became of a closed step: the day, the result, what it cost and who paid."""
    event = step.last(step.state)
    if event is None:
        return ""
    paid = f"{money_words(event.cost)} ({PAYERS[event.paid_by]})" if event.paid_by in PAYERS else ""
    day = known_day(Known(year=event.on.year, month=event.on.month, day=event.on.day)) if event.on else ""
    return " · ".join(part for part in (day, event.words, paid.strip() or money_words(event.cost)) if part)


def money_words(cents: int | None) -> str:
    return "" if cents is None else format_currency(cents / 100, "USD", locale=page_lang())


def runs_out_words(view: PaperView) -> str:
    if view.days_left is None:
        return ""
    if view.days_left < 0:
        return _("ran out on %(day)s", day=known_day(view.text.expires))
    return _("runs out on %(day)s", day=known_day(view.text.expires))


GLOBALS = (
    called,
    closed_words,
    country_words,
    held_words,
    known_day,
    money_words,
    office_facts,
    paper_name,
    paper_sentence,
    runs_out_words,
    seen_facts,
    skipped_words,
    step_words,
    upper_first,
    waiting_words,
    waits_words,
    where_it_holds,
    where_words,
)
