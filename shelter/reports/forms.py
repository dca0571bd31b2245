"""The one form of reports: which version of a table is published."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shelter.reports.actions import Publish
from shelter.reports.catalogue import REPORTS, Quarter
from shelter.reports.queries import Preview, Way
from shelter.reports.ways import ways_of
from shelter.reports.words import ways_words
from shelter.web.fields import Choice
from shelter.web.forms import Form


class PublishForm(Form):
    """Until the versions on offer are known any of the fixed ones may be sent: the engine judges it anyway."""

    way = Choice(
        _l("Which version?"),
        required=_l("Choose the version to publish"),
        choices=lambda: [(way, "") for report in REPORTS.values() for way in ways_of(report)],
    )

    def offer(self, preview: Preview) -> None:
        """Only what may be published, each with how many numbers it shows."""
        named = ways_words(preview.report, by_site=REPORTS[preview.report].knows_sites(preview.quarter))
        self.way.choices = [(way.key, named[way.key], counts_of(way)) for way in preview.ways]
        if self.way.data is None and preview.ways:
            self.way.data = preview.ways[0].key

    def command(self, report: str, quarter: Quarter) -> Publish:
        return Publish(report, quarter, self.way.data)


def counts_of(way: Way) -> str:
    """How many numbers a version shows and hides, and how many come back."""
    shown = ngettext("%(num)d number shown", "%(num)d numbers shown", way.shown)
    hidden = ngettext("%(num)d hidden", "%(num)d hidden", way.hidden)
    if not way.numbers_back:
        return f"{shown}, {hidden}"
    back = ngettext("%(num)d number comes back", "%(num)d numbers come back", way.numbers_back)
    return f"{back}: {shown}, {hidden}"
