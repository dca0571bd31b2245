"""What legal staff may give to a person's own file: her matters, their papers and dates, and her own statements.

Notes and drafts are counsel's work; counsel decides whether she gets a copy, and gives it from the matter itself.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.clients.queries import Held, Holding, one_line, register_own
from shelter.files.words import enclosed_lines
from shelter.legal import queries, words
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.web.times import day_full, day_of


def _title(found: queries.MatterView) -> str:
    return words.matter_words(found.kind.code)


def _itself(found: queries.MatterView) -> list[Held]:
    text, agreed = found.text, found.text.agreement
    said = [
        (_l("Opened"), day_full(text.opened_on)),
        (_l("Scope"), text.scope),
        (_l("A-Number"), text.a_number),
        (_l("Other side"), ", ".join(text.adverse)),
        (_l("Agreement with counsel"), one_line(day_full(agreed.retainer_on), agreed.counsel)),
        (_l("Letter of closing"), one_line(day_full(agreed.closing_on), agreed.closing)),
    ]
    return [
        *(Held(words.said(move.stage.label), move.why or day_full(move.on), move.on) for move in found.moves),
        *(Held(label, value) for label, value in said if value),
    ]


def _papers(found: queries.MatterView) -> list[Held]:
    sent = [Held(words.form_words(found.kind, one.now.form), _sent(one), one.now.sent_on) for one in found.filings]
    came = [Held(words.notice_words(one.now.type), _came(one), one.now.printed_on) for one in found.notices]
    gathered = [Held(_l("Gathered"), words.said(paper), on) for paper, on in found.gathered.items()]
    return sent + came + gathered


def _sent(one: queries.FilingView) -> str:
    now = one.now
    fee = one_line(words.fee_words(now.fee), words.ground_words(now.fee_ground) if now.fee_ground else "", now.ground)
    return one_line(
        now.receipt_number,
        words.how_words(now.how),
        (_l("Fee"), fee),
        now.about,
        (_l("Address on it"), words.address_words(now.address)),
        now.why,
    )


def _came(one: queries.NoticeView) -> str:
    now = one.now
    online = _l("may be answered online") if now.answer_online else ""
    answer = (_l("Answer by"), one_line(day_full(now.answer_by), online))
    received = (_l("Received"), one_line(day_full(now.received_on), words.came_words(now.came)))
    return one_line(now.receipt_number, received, answer, now.why)


def _dates(found: queries.MatterView) -> list[Held]:
    return [Held(words.date_words(one), _due(one), one.day) for one in found.dates]


def _due(one: queries.DateView) -> str:
    """How it stands, whatever was arranged for it, and what became of it."""
    due, done = one.due, {"done": _l("done"), "superseded": _l("another day took its place"), "missed": _l("missed")}
    stands = one_line(done.get(due.end.how, ""), day_full(due.end.on), due.end.why) if due.end else _l("open")
    remedies = [words_of.what for words_of in due.end.remedies] if due.end else []
    counted = ((_l("Counted from"), day_full(due.trigger_date)), (_l("Ours by"), day_full(due.act_by)))
    return one_line(stands, *remedies, *counted, due.about, due.override, due.kept_why, *_arranged(one))


def _arranged(one: queries.DateView) -> tuple[Any, ...]:
    if one.visit is None:
        return ()
    visit = one.visit
    return (
        visit.time,
        visit.place,
        (_l("Who goes along"), one_line(_l("legal staff") if visit.along else "", visit.also_along)),
        (_l("Interpreter"), visit.interpreter),
        (_l("Getting there"), visit.transport),
        (_l("Care for the children"), visit.childcare),
        (_l("To bring"), visit.bring),
    )


def _around(found: queries.Around) -> list[Held]:
    asked = [Held(words.asked_words(one.now.kind), _asked(one), one.now.asked_on) for one in found.asks]
    family = [Held(words.relation_words(one.now.relation), _kin(one.now), one.now.born) for one in found.members]
    away = [Held(_l("Out of the country"), _trip(one), one.left) for one in found.journeys]
    return asked + family + away


def _asked(one: queries.AskView) -> str:
    now = one.now
    urgent = _l("urgent") if now.urgent else ""
    became = (words.ask_answer_words(one), day_full(now.answered_on), now.why)
    said = [(day_full(passed.on), passed.what) for passed in now.said]
    return one_line(now.agency, now.contact, words.how_words(now.how), urgent, *became, *said)


def _kin(now: Any) -> str:
    stage = one_line(words.said(now.stage) if now.stage else "", day_full(now.stage_on))
    frozen = (_l("The age that counts is that of"), day_full(now.frozen_on))
    return one_line(now.name, words.labelled(words.WHERE, now.where), stage, frozen, now.note)


def _trip(one: Any) -> str:
    planned = _l("planned") if one.planned else ""
    back = (_l("Back"), day_full(one.back))
    looked = (_l("Counsel looked at it"), one.signed_off)
    return one_line(one.note, planned, back, (_l("Permit"), one.permit), looked, (_l("Given up"), one.withdrawn))


def _written(found: tuple[queries.WritingView, ...]) -> list[Held]:
    return [
        Held(one.now.title, one_line(one.now.body, (_l("Why changed"), one.now.why)), day_of(one.now.at))
        for one in found
        if one.now.kind == "statement"
    ]


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
