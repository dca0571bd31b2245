"""The words of reports: what a table, a band, a site and a version are called. Never a number about people."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shelter.reports.bands import AGE, UNKNOWN
from shelter.reports.catalogue import NO_SITE, REPORTS, SITE, Quarter, Report
from shelter.reports.labels import CATEGORIES, CHARTS, DIMENSIONS, EVERYTHING, TITLES
from shelter.reports.ways import ALL_SITES, AS_ASKED, ways_of
from shelter.rules.disclosure.spec import TOTAL, Unit
from shelter.web.i18n import page_lang
from shelter.web.sentences import say

HIDDEN_MARK = "†"
"""The one symbol for a hidden number, wherever a table goes."""

WAYS = {
    "as-asked": _l("By age and by site"),
    "ages-five": _l("By age in five wide bands, and by site"),
    "ages-two": _l("Children and adults, by site"),
    "all-sites": _l("By age, all sites together"),
    "all-sites-ages-five": _l("By age in five wide bands, all sites together"),
    "all-sites-ages-two": _l("Children and adults, all sites together"),
    "all-ages": _l("By site, all ages together"),
}
say(
    {
        "reports.no-such-period": _l("Choose a whole quarter."),
        "reports.ledger-broken": _l(
            "A part of the ledger does not open, so nothing is counted: a number from the rest would be wrong. Ask an "
            "administrator to run the doctor, which says who tells it anew."
        ),
    }
)


def ways_words(report: str, *, by_site: bool = True) -> dict[str, str]:
    """What each version of a report is called."""
    found = REPORTS[report]
    if not by_site:
        return {way: _yearly_words(way, found) for way in ways_of(found, by_site=False)}
    if found.first == AGE.code:
        return {way: str(label) for way, label in WAYS.items()}
    what = str(DIMENSIONS[found.first])
    return {way: what if found.rows is None else _way_words(way, what) for way in ways_of(found)}


def _yearly_words(way: str, report: Report) -> str:
    if way == AS_ASKED:
        return chart_words(report.first)
    if way == "ages-two":
        return _("Children and adults")
    return _("%(what)s in wider groups", what=str(DIMENSIONS[report.first]))


def _way_words(way: str, what: str) -> str:
    if way == AS_ASKED:
        return _("%(what)s, by site", what=what)
    if way == ALL_SITES:
        return _("%(what)s, all sites together", what=what)
    if way.startswith(ALL_SITES):
        return _("%(what)s in wider groups, all sites together", what=what)
    if way.startswith("all-"):
        return _("By site alone")
    return _("%(what)s in wider groups, by site", what=what)


def chart_words(dimension: str) -> str:
    known = CHARTS.get(dimension)
    return str(known) if known else _("By %(what)s", what=str(DIMENSIONS[dimension]).lower())


def period_words(quarter: Quarter) -> str:
    """July to September 2026, or 2026."""
    if not quarter.number:
        return str(quarter.year)
    first, last = (format_date(day, "LLLL", locale=page_lang()) for day in (quarter.first, quarter.last))
    return _("%(first)s to %(last)s %(year)s", first=first, last=last, year=str(quarter.year))


def unit_words(unit: Unit, number: int) -> str:
    """What a number of a table counts, as it stands behind it."""
    if unit == "nights":
        return ngettext("night", "nights", number)
    return ngettext("request", "requests", number) if unit == "requests" else ngettext("person", "people", number)


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
        return str(EVERYTHING.get(dimension) or _("All"))
    if dimension == SITE:
        return _("No site") if code == NO_SITE else sites.get(code, _("A site"))
    return _age_words(code) if dimension == AGE.code else str(CATEGORIES[code])


def _age_words(code: str) -> str:
    if code == UNKNOWN:
        return _("Age not known")
    first, _dash, last = code.partition("-")
    if last == "up":
        return _("%(age)s and over", age=first)
    return _("%(first)s to %(last)s", first=first, last=last)
