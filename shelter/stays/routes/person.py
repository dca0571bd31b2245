"""Where she sleeps, on the page of the person."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.clients.queries import Block, Line, register_block
from shelter.stays import queries
from shelter.stays.words import nights_words

MOST_LINES = 3


def _block(stays: Sequence[queries.StayView] | None) -> Block | None:
    if stays is None:
        return None
    lines = [line for stay in stays for line in _lines(stay)]
    return Block(_l("Stay"), lines[:MOST_LINES], _l("She has not slept here yet."), "stays.show")


def _lines(stay: queries.StayView) -> list[Line]:
    nights = nights_words(stay.nights)
    if stay.until is not None and stay.until <= stay.today:
        return [Line(_("%(site)s, %(nights)s, left", site=stay.site, nights=nights), stay.until)]
    lines = [Line(_("%(site)s, %(nights)s, came", site=stay.site, nights=nights), stay.arrived)]
    if stay.room.expected_exit is not None:
        lines.append(Line(_("Expected to leave"), stay.room.expected_exit))
    return lines


register_block("stay", 20, lambda reader, client: _block(queries.in_short(reader, client)))
