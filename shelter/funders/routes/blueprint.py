"""The one blueprint of the pages of funders' files."""

from flask import Blueprint

from shelter.funders import words
from shelter.reports.words import day_words

blueprint = Blueprint("funders", __name__)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {
        "funder_day": day_words,
        "funder_headings": words.headings,
        "funder_portals": words.PORTALS,
        "funder_records": words.RECORDS,
        "funder_reports": words.REPORTS,
        "funder_states": words.STATES,
    }
