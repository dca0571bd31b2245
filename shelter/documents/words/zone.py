"""The words of a machine-readable zone: what each part is, what does not fit and where."""

from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.documents.known import Known
from shelter.documents.words.papers import known_day
from shelter.rules.mrz import Offer, Problem, Zone
from shelter.rules.mrz.days import Day
from shelter.settings.words import country_words
from shelter.web.sentences import say

LAYOUTS: dict[str, Any] = {
    "TD1": _l("Card with three lines (TD1)"),
    "TD2": _l("Card with two lines (TD2)"),
    "TD3": _l("Passport (TD3)"),
    "MRV-A": _l("Visa, full size (MRV-A)"),
    "MRV-B": _l("Visa, small (MRV-B)"),
    "French card": _l("French identity card of before 2021"),
}
PARTS: dict[str, Any] = {
    "document": _l("the kind of paper"),
    "issuer": _l("the country that issued it"),
    "name": _l("the name"),
    "given": _l("the given names"),
    "number": _l("the number"),
    "nationality": _l("the nationality"),
    "birth": _l("the date of birth"),
    "sex": _l("the sex"),
    "expires": _l("the end of validity"),
    "issued": _l("the month of issue"),
    "office": _l("the office"),
    "optional": _l("the personal number"),
    "optional2": _l("the optional part"),
    "check": _l("a check digit"),
    "whole": _l("the whole"),
}
SEXES: dict[str, Any] = {"M": _l("M: male"), "F": _l("F: female"), "X": _l("X"), "": _l("not stated")}

say(
    {
        "mrz.empty": _l("Type the lines, or paste them"),
        "documents.zone-unread": _l("These lines cannot be read yet. Look at what is wrong with them first"),
        "documents.zone-specimen": _l("These lines are from a specimen, not from anybody's paper"),
    }
)


def problem_words(problem: Problem) -> str:
    """What is wrong, beginning with where."""
    part = str(PARTS.get(problem.field, problem.field))
    where = _place(problem)
    match problem.what:
        case "lines":
            return _("There are %(n)s lines. A passport or a visa has two, a card has two or three.", n=problem.read)
        case "length":
            return _(
                "Line %(line)s has %(read)s characters, and %(wanted)s belong there. "
                "The fillers (<) are easily miscounted.",
                line=problem.line,
                read=problem.read,
                wanted=problem.wanted,
            )
        case "character":
            return _("%(where)s: “%(read)s” cannot stand in %(part)s.", where=where, read=problem.read, part=part)
        case "check":
            return _check_words(problem, where, part)
        case "date":
            return _("%(where)s: “%(read)s” is no date.", where=where, read=problem.read)
        case "specimen":
            return _("%(where)s: UTO is printed on specimens only.", where=where)
    return _("%(where)s: “%(read)s” is the code of no country.", where=where, read=problem.read)


def _check_words(problem: Problem, where: str, part: str) -> str:
    if not problem.wanted:
        return _("%(where)s: the check digit of %(part)s does not fit.", where=where, part=part)
    return _(
        "%(where)s: the check digit of %(part)s is %(read)s, and counted it is %(wanted)s.",
        where=where,
        part=part,
        read=problem.read,
        wanted=problem.wanted,
    )


def _place(problem: Problem) -> str:
    if problem.start == problem.end:
        return _("Line %(line)s, position %(at)s", line=problem.line, at=problem.start)
    return _("Line %(line)s, positions %(first)s to %(last)s", line=problem.line, first=problem.start, last=problem.end)


def offer_choices(zone: Zone) -> list[tuple[str, str]]:
    """The readings on offer, each once, as answers to choose."""
    offers = {offer.code: offer for problem in zone.problems for offer in problem.offers}
    return [(code, _offer_words(offer)) for code, offer in offers.items()]


def _offer_words(offer: Offer) -> str:
    if offer.instead.strip("<") == "":
        return _(
            "Line %(line)s: %(n)s fillers instead of %(was)s",
            line=offer.line,
            n=len(offer.instead),
            was=len(offer.read),
        )
    return _(
        "Line %(line)s, position %(at)s: %(instead)s instead of %(read)s",
        line=offer.line,
        at=offer.position,
        instead=offer.instead,
        read=offer.read,
    )


def marked_lines(zone: Zone) -> list[list[tuple[str, bool]]]:
    """The lines in pieces, each with whether something is wrong there."""
    found = []
    for number, line in enumerate(zone.lines, 1):
        wrong = {
            at for p in zone.problems if p.line == number and p.what != "length" for at in range(p.start - 1, p.end)
        }
        edges = sorted({0, len(line)} | {at for at in range(1, len(line)) if (at in wrong) != (at - 1 in wrong)})
        found.append([(line[start:end], start in wrong) for start, end in pairwise(edges)])
    return found


def zone_rows(zone: Zone) -> list[dict[str, object]]:
    """The parts as `summary_list` takes them."""
    rows = [
        (_("Name"), zone.printed_name),
        (_("Number"), zone.number),
        (_("Issued by"), country_words(zone.issuer)),
        (_("Nationality"), country_words(zone.nationality) if zone.nationality else ""),
        (_("Born"), known_day(as_known(zone.birth))),
        (_("Sex"), str(SEXES.get(zone.sex, zone.sex))),
        (_("Valid until"), known_day(as_known(zone.expires))),
        (_("Personal number or notes"), zone.optional),
    ]
    shown = [{"label": label, "value": value, "person": True} for label, value in rows if value]
    return [{"label": _("Layout"), "value": str(LAYOUTS[zone.layout])}, *shown]


def as_known(day: Day | None) -> Known | None:
    return Known(year=day.year, month=day.month, day=day.day) if day else None


def kind_guess(zone: Zone) -> str:
    """The kind of paper that such a zone is most often printed on; somebody looks at it before it is saved."""
    american = zone.issuer == "USA"
    match zone.document[:1]:
        case "P":
            return "us_passport" if american else "foreign_passport"
        case "V":
            return "visa"
        case "C" if american:
            return "green_card"
        case "I" if american:
            return "ead"
    return "national_id"


GLOBALS = (marked_lines, problem_words, zone_rows)
