"""The words of funders' files."""

from flask_babel import lazy_gettext as _l

from shelter.web.sentences import say

REPORTS = {"caper": _l("ESG CAPER"), "apr": _l("CoC APR")}
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
        "funders.yourself": _l("You prepared this file. Somebody else must agree."),
        "funders.over": _l("This file is not in that state any more. Look at the list again."),
    }
)
