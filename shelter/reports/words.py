"""The words of reports: what a table, a band, a site and a version are called. Never a number about people."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.reports.bands import AGE, UNKNOWN
from shelter.reports.catalogue import ENDED, LEFT, LEGAL, NEW, NO_SITE, PEOPLE_SERVED, REPORTS, SERVED, SITE, Quarter
from shelter.reports.ways import ALL_SITES, AS_ASKED, ways_of
from shelter.rules.disclosure.spec import TOTAL
from shelter.web.i18n import page_lang
from shelter.web.sentences import say

HIDDEN_MARK = "†"
"""The one symbol for a hidden number, wherever a table goes."""

TITLES = {
    PEOPLE_SERVED: _l("People served"),
    "people-new": _l("New people"),
    "sex": _l("People served by sex"),
    "race": _l("People served by race and ethnicity"),
    "language": _l("People served by language"),
    "violence": _l("Survivors of domestic violence"),
    "stay-length": _l("How long people stayed"),
    "destinations": _l("Where people went"),
    "matters": _l("People with a legal matter"),
}
POPULATIONS = {
    SERVED: _l("everybody who slept in one of our beds or had an open legal matter with us in these months, once"),
    NEW: _l("everybody who came to us for the first time in these months"),
    LEGAL: _l("everybody who had an open legal matter with us in these months, once, by the newest of them"),
    LEFT: _l("everybody who left us in these months, once, by the last leaving"),
    ENDED: _l("everybody whose stay ended in these months, once, by the newest of them"),
}
SAYS = {
    PEOPLE_SERVED: _l(
        "How many people slept in one of our beds or had an open legal matter with us in these three months. "
        "Each person counts once, at the place where she was last, by the age she reaches in that year."
    ),
    "people-new": _l(
        "Who came for the first time ever. Unlike people served, new people add up: four quarters make the year, and "
        "their trend is the one to show."
    ),
    "sex": _l("Everybody served, by the sex that the funder asks for. Who was not asked is not known."),
    "race": _l("Everybody served, by what she told of her race and ethnicity. More than one is a group of its own."),
    "language": _l("Everybody served, by the language that she named first."),
    "violence": _l("Everybody served, by whether she told us of domestic violence, trafficking or stalking."),
    "stay-length": _l("Everybody whose stay ended, by the nights of her newest stay that did."),
    "destinations": _l("Everybody who left, by where she went, as she told it at the door."),
    "matters": _l("Everybody with an open legal matter, by the kind of the newest one."),
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
DIMENSIONS = {
    AGE.code: _l("Age"),
    SITE: _l("Site"),
    "language": _l("Language"),
    "race": _l("Race and ethnicity"),
    "sex": _l("Sex"),
    "violence": _l("Domestic violence"),
    "matter": _l("Kind of matter"),
    "place": _l("Destination"),
    "stay": _l("Nights"),
}
EVERYTHING = {AGE.code: _l("All ages"), SITE: _l("All sites")}
CHARTS = {AGE.code: _l("People by age"), SITE: _l("People by site")}
CATEGORIES = {
    "english": _l("English"),
    "spanish": _l("Spanish"),
    "other": _l("Another"),
    "not-english": _l("Another than English"),
    "unknown": _l("Not known"),
    "AmIndAKNative": _l("American Indian, Alaska Native or Indigenous"),
    "Asian": _l("Asian or Asian American"),
    "BlackAfAmerican": _l("Black, African American or African"),
    "HispanicLatinao": _l("Hispanic, Latina or Latino"),
    "MidEastNAfrican": _l("Middle Eastern or North African"),
    "NativeHIPacific": _l("Native Hawaiian or Pacific Islander"),
    "White": _l("White"),
    "several": _l("More than one"),
    "another": _l("Another, or more than one"),
    "female": _l("Female"),
    "male": _l("Male"),
    "survivor": _l("Told us of it"),
    "no": _l("Said no"),
    "t-visa": _l("T visa"),
    "u-visa": _l("U visa"),
    "asylum": _l("Asylum"),
    "vawa": _l("VAWA self-petition"),
    "removal": _l("Removal"),
    "relief": _l("Relief for survivors, or asylum"),
    "all-other": _l("Any other matter"),
    "homeless": _l("Without a home"),
    "institution": _l("An institution"),
    "temporary": _l("For a time"),
    "permanent": _l("A home to stay"),
    "elsewhere": _l("Elsewhere"),
    "not-permanent": _l("Not a home to stay"),
    "7": _l("Up to a week"),
    "30": _l("Up to a month"),
    "90": _l("Up to three months"),
    "180": _l("Up to half a year"),
    "365": _l("Up to a year"),
    "more": _l("More than a year"),
    "month": _l("Up to a month"),
    "longer": _l("Longer than a month"),
}

say({"reports.no-such-period": _l("Choose a whole quarter.")})


def ways_words(report: str, *, by_site: bool = True) -> dict[str, str]:
    """What each version of a report is called."""
    if not by_site:
        return {way: _yearly_words(way, report) for way in ways_of(REPORTS[report], by_site=False)}
    if REPORTS[report].rows.code == AGE.code:
        return {way: str(label) for way, label in WAYS.items()}
    what = str(DIMENSIONS[REPORTS[report].rows.code])
    return {way: _way_words(way, what) for way in ways_of(REPORTS[report])}


def _yearly_words(way: str, report: str) -> str:
    rows = REPORTS[report].rows
    if way == AS_ASKED:
        return chart_words(rows.code)
    if way == "ages-two":
        return _("Children and adults")
    return _("%(what)s in wider groups", what=str(DIMENSIONS[rows.code]))


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
