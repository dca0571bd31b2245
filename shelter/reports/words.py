"""The words of reports: what a table, a band, a site and a version are called. Never a number about people."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.reports.bands import AGE, UNKNOWN
from shelter.reports.catalogue import NO_SITE, PEOPLE_SERVED, SITE, Quarter
from shelter.rules.disclosure.spec import TOTAL
from shelter.web.i18n import page_lang
from shelter.web.sentences import say

HIDDEN_MARK = "†"
"""The one symbol for a hidden number, wherever a table goes."""

TITLES = {PEOPLE_SERVED: _l("People served")}
POPULATIONS = {
    "served": _l("everybody who slept in one of our beds or had an open legal matter with us in these months, once"),
}
SAYS = {
    PEOPLE_SERVED: _l(
        "How many people slept in one of our beds or had an open legal matter with us in these three months. "
        "Each person counts once, at the place where she was last, by the age she reaches in that year."
    )
}
WAYS = {
    "as-asked": _l("By age and by site"),
    "ages-five": _l("By age in five wide bands, and by site"),
    "ages-two": _l("Children and adults, by site"),
    "all-sites": _l("By age, all sites together"),
    "all-sites-ages-five": _l("By age in five wide bands, all sites together"),
    "all-sites-ages-two": _l("Children and adults, all sites together"),
    "all-ages": _l("By site, all ages together"),
}
DIMENSIONS = {AGE.code: _l("Age"), SITE: _l("Site")}
EVERYTHING = {AGE.code: _l("All ages"), SITE: _l("All sites")}

say({"reports.no-such-period": _l("Choose a whole quarter.")})


def period_words(quarter: Quarter) -> str:
    """July to September 2026."""
    first, last = (format_date(day, "LLLL", locale=page_lang()) for day in (quarter.first, quarter.last))
    return _("%(first)s to %(last)s %(year)s", first=first, last=last, year=str(quarter.year))


def report_words(report: str) -> str:
    return str(TITLES[report])


def title_words(report: str, quarter: Quarter) -> str:
    """People served, July to September 2026."""
    return _("%(title)s, %(period)s", title=str(TITLES[report]), period=period_words(quarter))


def day_words(day: date) -> str:
    pattern = {"es": "d 'de' MMMM 'de' y"}.get(page_lang(), "d MMMM y")
    return format_date(day, pattern, locale=page_lang())


def category_words(dimension: str, code: str, sites: Mapping[str, str]) -> str:
    """A band or a site, by the code that the table has for it."""
    if code == TOTAL:
        return str(EVERYTHING[dimension])
    if dimension == SITE:
        return _("No site") if code == NO_SITE else sites.get(code, _("A site"))
    return _age_words(code)


def _age_words(code: str) -> str:
    if code == UNKNOWN:
        return _("Age not known")
    first, _dash, last = code.partition("-")
    if last == "up":
        return _("%(age)s and over", age=first)
    return _("%(first)s to %(last)s", first=first, last=last)
