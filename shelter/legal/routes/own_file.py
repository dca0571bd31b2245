"""What legal staff may give to a person's own file: her matters, their papers and dates, and her own statements.

Notes and drafts are counsel's work; counsel decides whether she gets a copy, and gives it from the matter itself.
"""

from flask_babel import lazy_gettext as _l

from shelter.clients.queries import Held, Holding, register_own
from shelter.files.words import enclosed_lines
from shelter.legal import queries, words
from shelter.policy.actor import Actor
from shelter.policy.acts import Act


def _title(found: queries.MatterView) -> str:
    return words.matter_words(found.kind.code)


def _itself(found: queries.MatterView) -> list[Held]:
    text = found.text
    said = [(_l("Scope"), text.scope), (_l("A-Number"), text.a_number), (_l("Other side"), ", ".join(text.adverse))]
    return [
        *(Held(words.said(move.stage.label), move.why, move.on) for move in found.moves),
        *(Held(label, value) for label, value in said if value),
    ]


def _papers(found: queries.MatterView) -> list[Held]:
    sent = [
        Held(words.form_words(found.kind, one.now.form), one.now.receipt_number, one.now.sent_on)
        for one in found.filings
    ]
    came = [Held(words.notice_words(one.now.type), one.now.receipt_number, one.now.printed_on) for one in found.notices]
    return sent + came


def _dates(found: queries.MatterView) -> list[Held]:
    done = {"done": _l("done"), "superseded": _l("another day took its place"), "missed": _l("missed")}
    return [
        Held(words.date_words(one), done.get(one.due.end.how, "") if one.due.end else _l("open"), one.day)
        for one in found.dates
    ]


def _around(found: queries.Around) -> list[Held]:
    asked = [
        Held(words.asked_words(one.now.kind), f"{one.now.agency}: {words.ask_answer_words(one)}", one.now.asked_on)
        for one in found.asks
    ]
    family = [Held(words.relation_words(one.now.relation), one.now.name, one.now.born) for one in found.members]
    away = [Held(_l("Out of the country"), one.note, one.left) for one in found.journeys]
    return asked + family + away


def _written(found: tuple[queries.WritingView, ...]) -> list[Held]:
    return [Held(one.now.title, one.now.body, one.now.at.date()) for one in found if one.now.kind == "statement"]


def _held(reader: Actor, code: str) -> list[Holding]:
    holdings = []
    for line in queries.matters_of(reader, code)[1]:
        found = queries.matter(reader, code, line.id)
        holdings += [
            Holding(_title(found), _itself(found) + _papers(found) + _dates(found)),
            Holding(_l("Around the matter"), _around(queries.around(reader, code, line.id))),
            Holding(_l("What you said for it"), _written(queries.writings(reader, code, line.id))),
        ]
    return [*holdings, Holding(_l("Scans and copies"), enclosed_lines(queries.enclosures(reader, code)))]


register_own(
    "legal",
    60,
    lambda reader, client: _held(reader, client.code),
    tells=(
        "matter:text",
        "matter:papers",
        "matter:dates",
        "matter:asks",
        "matter:family",
        "legal_writing:text",
        "legal_file:about",
    ),
    title=_l("Legal work"),
    gives=Act.MATTERS_COPY,
)
