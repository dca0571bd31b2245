"""The words of the ledger of an original."""

import json
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.documents import custody
from shelter.documents.models import Held
from shelter.documents.queries import Ledger
from shelter.documents.words.papers import paper_name
from shelter.web.i18n import page_lang
from shelter.web.sentences import say
from shelter.web.times import day_full

LINES: dict[str, Any] = {
    "taken_in": _l("Taken in"),
    "moved": _l("Put in another place"),
    "seen": _l("Looked at"),
    "lent": _l("Lent out"),
    "back": _l("Back again"),
    "returned": _l("Given back for good"),
}
ACTS: dict[str, Any] = {
    "taken_in": _l("Take it in"),
    "moved": _l("Move it"),
    "seen": _l("Look at it and photograph it"),
    "lent": _l("Lend it for an appointment"),
    "back": _l("It is back"),
    "returned": _l("Give it back to her"),
}
PLACES: dict[str, Any] = {
    "here": _l("It is in our safe."),
    "lent": _l("It is lent out."),
    "away": _l("It is not with us."),
}

say(
    {
        "custody.unknown": _l("Choose what happened to it"),
        "custody.is-here": _l("It is in the safe: that cannot come next"),
        "custody.is-lent": _l("It is lent out: it has to be back first"),
        "custody.is-away": _l("It is not with us: take it in first"),
        "custody.before-the-last": _l("The line before this one has a later day"),
        "custody.future": _l("This day has not come yet"),
        "custody.who": _l("Say from whom it came, or to whom it goes"),
        "custody.condition": _l("Say in what condition it is"),
        "custody.signed": _l("Who takes it signs for it: write the name as signed"),
        "custody.shown-before": _l(
            "This same photograph is in line %(line)s already. Take a new one of how it is now, or send none"
        ),
    }
)


def line_facts(line: Held) -> list[tuple[str, str]]:
    """What a line says, each with its question; what was left open is left out."""
    who = _("From whom") if line.what in ("taken_in", "back") else _("To whom")
    told = [
        (who, line.who),
        (_("Condition"), line.condition),
        (_("Sealed bag"), line.bag),
        (_("Shelf"), line.shelf),
        (_("Signed by"), line.signed),
        (_("Note"), line.words),
        (_("Photograph (SHA-256)"), line.photo_digest),
    ]
    return [(label, value) for label, value in told if value]


def line_words(what: str) -> str:
    return str(LINES.get(what, what))


def custody_act_words(what: str) -> str:
    return str(ACTS.get(what, what))


def place_words(place: str) -> str:
    return str(PLACES[place])


def pack_data(found: Ledger, *, lacks: bool = False) -> str:
    """The evidence pack's document, as its template takes it; `lacks` says that some letters have no font here."""
    lines = [
        {
            "title": f"{number}. {line_words(line.what)}, {day_full(line.on)} {line.time}".strip(),
            "facts": [list(pair) for pair in line_facts(line)],
            "by": _("Written by %(who)s on %(day)s", who=found.names.get(line.by, ""), day=day_full(line.at)),
            "digest": custody.digest(number, line),
        }
        for number, line in enumerate(found.lines, 1)
    ]
    return json.dumps(
        {
            "lang": page_lang(),
            "title": _("Chain of custody of an original"),
            "paper": paper_name(found.paper.text),
            "number": found.paper.text.number,
            "numbered": _("Number"),
            "says": _(
                "Lines are only ever added. Each names the SHA-256 of the one before; the archive beside this document "
                "holds the ledger as text, what was photographed as it was sent, and the digest of each file."
            ),
            "law": _("Prepared for counsel; 18 U.S.C. 1592 may apply to how the paper was kept from her."),
            "lacks": _(
                "Some letters have no font on the machine that set this document, and stand as boxes; "
                "ledger.txt in the archive has them."
            )
            if lacks
            else "",
            "digest": _("SHA-256 of this line"),
            "lines": lines,
        }
    )


GLOBALS = (custody_act_words, line_facts, line_words, place_words)
