"""Questions and choices in the reader's language: the agency's own words where it has any, else the shipped ones."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shelter.settings import queries
from shelter.web.fields import Purpose
from shelter.web.i18n import page_lang
from shelter.web.sentences import say

say({"settings.site-needs-a-name": _l("Give the place a code name")})


def purpose_of(field: str) -> Purpose:
    """Why the question is asked and who will see the answer, to stand above it."""
    words = queries.field(field, page_lang())
    return Purpose(words.own_why or gettext(words.why_we_ask), gettext(words.who_will_see))


def question_of(field: str) -> str:
    words = queries.field(field, page_lang())
    return words.own_question or gettext(words.question)


def choices_of(picklist: str) -> list[tuple[str, str]]:
    """(code, label) of what is on offer."""
    return [(one.code, one.own_label or gettext(one.label)) for one in queries.picks(picklist, page_lang())]
