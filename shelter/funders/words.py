"""The words of funders' files."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.reports.words import day_words
from shelter.rules.performance import FORMS, Window, form_of
from shelter.web.sentences import say

HUD = {"caper": _l("ESG CAPER"), "apr": _l("CoC APR")}
PORTALS = {code: form_of(code).title for code in FORMS}
"""The official names of the forms; they are the same in every language."""
RECORDS = {
    "service": _l("Service"),
    "days": _l("Stay"),
    "enrollment": _l("Enrollment"),
    "identity": _l("First met"),
    "opening": _l("File reopened"),
    "closing": _l("File closed"),
    "money": _l("Money"),
}
"""Kinds of records behind a number, by the fact that tells them."""
REPORTS: dict[str, object] = {**HUD, **PORTALS}
COLUMNS = {
    "people": _l("People"),
    "times": _l("Times"),
    "any": _l("Given"),
    "nights": _l("Nights"),
    "people_there": _l("Listeners"),
    "dollars": _l("Dollars"),
    "hours": _l("Hours"),
    "adults": _l("Adults"),
    "children": _l("Children"),
    "returned": _l("Came back"),
    "safer": _l("Know more ways to be safe"),
    "knows_more": _l("Know more about help"),
}
RULES = {
    "fy2026": _l("FY2026: what is filed today (to be confirmed by a test run of the funder's validator)"),
    "fy2022": _l("FY2022: reports over October 2020 to September 2021"),
}
STATES = {
    "waiting": (_l("Waits for a second person"), "look"),
    "agreed": (_l("Agreed, to be handed over once"), "calm"),
    "given": (_l("Handed over"), "plain"),
    "dropped": (_l("Dropped"), "plain"),
}

say(
    {
        "funders.backwards": _l("The last day lies before the first."),
        "funders.too-long": _l("A report covers a year at most."),
        "funders.still-running": _l("The period is not over yet. Choose one that is."),
        "funders.no-such-period": _l("Choose a period of the list."),
        "funders.no-rules": _l("We have no rules of this form for that period."),
        "funders.which-grant": _l("This form has rows of clients. Choose a grant of its own for it, or add one."),
        "funders.record-needs-happened": _l("A record of a case tells at least what happened, in codes."),
        "funders.nobody-behind": _l("Nobody stands behind this number."),
        "funders.too-many-behind": _l("Too many records stand behind this number. Ask about a smaller one."),
        "funders.no-such-number": _l("Choose a number of the list."),
        "funders.yourself": _l("You prepared this file. Somebody else must agree."),
        "funders.over": _l("This file is not in that state any more. Look at the list again."),
    }
)


def window_words(window: Window) -> str:
    """FY 2026, quarter 3 (2026-04-01 to 2026-06-30)."""
    days = {"year": window.year, "first": day_words(window.first), "last": day_words(window.last)}
    if window.quarter:
        return _("Fiscal year %(year)s, quarter %(quarter)s: %(first)s – %(last)s", quarter=window.quarter, **days)
    return _("Fiscal year %(year)s: %(first)s – %(last)s", **days)


def headings(columns: Sequence[str]) -> list[str]:
    """Of a question's table: its numbers, and of how many records each is made."""
    return [_("Line"), *(str(COLUMNS[one]) for one in columns), _("Records")]
