"""Questions and choices in the reader's language: the agency's own words where it has any, else the shipped ones.

What the agency decided is read once a request.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import g
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from shelter.db.errors import Missing
from shelter.rules.limits import limits
from shelter.rules.papers import papers
from shelter.rules.papers.countries import countries
from shelter.rules.picklists import picklists, purposes
from shelter.rules.services import Fund, ServiceType, service_book
from shelter.rules.services.own import lines_on
from shelter.settings import queries
from shelter.settings.queries import FieldWords, OwnPick
from shelter.settings.servicelist import service_list, today
from shelter.web.fields import Purpose
from shelter.web.i18n import page_lang
from shelter.web.sentences import say

UNITS = {
    "days": _l("days"),
    "minutes": _l("minutes"),
    "people": _l("people"),
    "dollars": _l("dollars"),
    "years": _l("years"),
}
CHANGES = {
    "question": _l("Words of a question"),
    "asked": _l("Whether it is asked"),
    "value": _l("Value of a list"),
    "limit": _l("Limit"),
    "service": _l("Service of the list"),
    "fund": _l("Fund"),
    "languages": _l("Languages"),
}
KINDS = {
    "field": _l("Question"),
    "pick": _l("Value of a list"),
    "limit": _l("Limit"),
    "site": _l("Place"),
    "language": _l("Languages"),
    "service": _l("Service of the list"),
    "fund": _l("Fund"),
}
"""What a version is of, by its kind."""
VALUES = {
    "question": _l("words"),
    "why_we_ask": _l("why"),
    "how": _l("asked"),
    "language": _l("language"),
    "value": _l("value"),
    "label": _l("label"),
    "labels": _l("name"),
    "hidden": _l("not on offer"),
    "retired": _l("not on offer"),
    "name": _l("code name"),
    "zone": _l("time zone"),
    "night_begins": _l("night begins at"),
    "open_to_caseworkers": _l("open to all caseworkers"),
    "address_version": _l("version of the address"),
    "offered": _l("offered"),
    "default": _l("begins in"),
    "area": _l("belongs to"),
    "group": _l("several people at once"),
    "legal": _l("legal"),
    "counts": _l("counted as"),
    "effective_from": _l("from"),
    "why": _l("why"),
    "needs": _l("pays"),
    "limits": _l("dollars"),
}
"""What a version says, by name."""
YES_OR_NO = {"yes": _l("yes"), "no": _l("no")}
FUNDERS = {code: funder.label for code, funder in service_book().funders.items()}
"""Who counts services, by code; a funder's name stays as the funder writes it."""
LONGEST_KNOWN_CODE = 3
"""A1 or E11 are known to people; longer ones are ours."""
say(
    {
        "settings.site-needs-a-name": _l("Give the place a code name"),
        "settings.code": _l("Write small letters, digits and underscores, for example safe_house"),
        "settings.file": _l("This is no file of settings that this version knows: look at %(place)s"),
        "settings.no-language": _l("Choose one language at least"),
        "settings.language-not-offered": _l("Choose one of those that are offered"),
        "settings.label": _l("Give the new value a label"),
        "services.name-it": _l("Give it a name"),
        "services.name-taken": _l("Something on offer has this name already"),
        "services.unknown-area": _l("Choose where it belongs"),
        "services.unknown-line": _l("Choose one of the lines of that day"),
        "services.why-earlier": _l("Days that have passed would be counted otherwise. Say in a few words why"),
        "services.say-what-for": _l("Choose what it pays"),
        "services.say-limits": _l("Write how many dollars"),
        "services.limits-order": _l("This cannot be more than one person can get in a year"),
        "limits.out_of_range": _l("Write a number from %(least)s to %(most)s"),
    }
)


def ask(field: str) -> dict[str, Any]:
    """What a form field needs to ask as this agency does: label, purpose, the right to skip, whether it is asked."""
    return {
        "label": LazyString(question_of, field),
        "purpose": Purpose(LazyString(why_of, field), LazyString(seen_by, field)),
        "skippable": purposes()[field].hard,
        "decided": lambda: _fields()[field].how,
    }


def purpose_of(field: str) -> Purpose:
    """Why the question is asked and who will see the answer, to stand above it."""
    return Purpose(why_of(field), seen_by(field))


def question_of(field: str) -> str:
    words = _fields()[field]
    return words.own_question or gettext(words.question)


def why_of(field: str) -> str:
    words = _fields()[field]
    return words.own_why or gettext(words.why_we_ask)


def seen_by(field: str) -> str:
    """Who will see the answer: keys decide that, so no agency words it."""
    return gettext(_fields()[field].who_will_see)


def choices_of(picklist: str) -> list[tuple[str, str, str]]:
    """(code, label, hint) of what is on offer."""
    return [
        (one.code, one.own.label or gettext(one.label), gettext(one.hint) if one.hint else "")
        for one in queries.worded(picklist, _own(picklist))
    ]


def choice_words(picklist: str, code: str) -> str:
    """The label of a code, also one that is hidden by now; a person's own words stand as they are."""
    if own := _own(picklist).get(code, OwnPick()).label:
        return own
    try:
        return gettext(picklists()[picklist].choice(code).label)
    except KeyError:
        return code


def country_words(code: str) -> str:
    """The name of an issuing country or body; the code itself where the list does not know it."""
    country = countries().get(code)
    if country is None:
        return code
    locale = get_locale()
    named = locale.territories.get(country.alpha2) if locale and country.alpha2 else None
    return str(named or gettext(country.label) or code)


def paper_kind_choices() -> list[tuple[str, str]]:
    """Kinds of papers to choose from."""
    return [(kind.code, gettext(kind.label)) for kind in papers().kinds.values()]


def country_choices() -> list[tuple[str, str]]:
    """Every country and body that issues papers, by name; not the codes of specimens and of what is gone."""
    usual = [code for code, one in countries().items() if one.sort in ("iso", "special", "stateless")]
    return sorted(((code, country_words(code)) for code in usual), key=lambda pair: pair[1].casefold())


def area_choices() -> list[tuple[str, str]]:
    """The areas of the list of services."""
    return [(one.code, gettext(one.label)) for one in service_book().areas.values()]


def line_choices(funder: str, day: date | None = None) -> list[tuple[str, str]]:
    """The lines of a funder on a day (today where none is named), after the choice of none."""
    lines = lines_on(service_list(), funder, day or today()).items()
    return [("", gettext("not counted")), *((code, line_words(code, label)) for code, label in lines)]


def line_words(code: str, label: str) -> str:
    """A line as its funder writes it: codes that people know stand before the words."""
    return f"{code} {label}" if len(code) <= LONGEST_KNOWN_CODE else label


def listed_words(one: ServiceType | Fund) -> str:
    """The name of a service or a fund: the agency's own in the reader's language, else in any, else as shipped."""
    own = one.labels.get(page_lang()) or next(iter(one.labels.values()), "")
    return own or gettext(one.label)


def setting_words(kind: str, code: str) -> str:
    """Which setting a version is of; its code where nothing of this name is known any more."""
    shipped = {"field": purposes(), "pick": picklists(), "limit": limits()}.get(kind, {})
    if code in shipped:
        one: Any = shipped[code]
        words = one.question if kind == "field" else one.label
        return gettext(words)
    return "" if kind in ("site", "language") else code


def _fields() -> Mapping[str, FieldWords]:
    language = page_lang()
    known: dict[str, Mapping[str, FieldWords]] = g.setdefault("questions_as_asked", {})
    if language not in known:
        known[language] = queries.fields(language)
    return known[language]


def _own(picklist: str) -> Mapping[str, OwnPick]:
    if picklist not in picklists():
        raise Missing
    language = page_lang()
    known: dict[str, Mapping[str, Mapping[str, OwnPick]]] = g.setdefault("lists_as_worded", {})
    if language not in known:
        known[language] = queries.own_picks(language)
    return known[language].get(picklist, {})
