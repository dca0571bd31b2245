"""What papers give to a person's own file: what stands on each, where it is, ways back to it, and its ledger here."""

from collections.abc import Iterator
from functools import partial

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shelter.clients.queries import Held, Holding, apart_from_the_kept, one_line, register_own
from shelter.documents import queries
from shelter.documents.words.custody import line_facts, line_words
from shelter.documents.words.papers import (
    EVENTS,
    OWNERS,
    PAYERS,
    STEP_STATES,
    known_day,
    money_words,
    paper_name,
    told_words,
)
from shelter.files.handing import Enclosed, register_enclosures
from shelter.files.words import enclosed_lines
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.releases.words import signature_picture
from shelter.web.asked import SKIP_REASONS
from shelter.web.times import day_full, day_of

_BACK = {"replaced": _l("a new one"), "recovered": _l("the same one")}


def _printed(one: queries.PaperView) -> str:
    """Where it is and what was said of it, what is printed on it, since when it was out of her hands."""
    text = one.text
    skipped = ", ".join(str(dict(SKIP_REASONS).get(why, why)) for why in text.skipped.values())
    return one_line(
        told_words(text),
        (_l("Number"), text.number),
        (_l("Name as printed"), text.printed_name),
        (_l("Issued"), known_day(text.issued)),
        (_l("Expires"), known_day(text.expires)),
        (_l("Machine-readable lines"), text.zone),
        (_l("Missing since"), day_full(text.missing_on)),
        (_l("Kept from her since"), day_full(text.withheld_on)),
        (_l("Back since"), one_line(day_full(text.back_on), _BACK.get(text.back_how, text.back_how))),
        (_l("Left open"), skipped),
    )


def _ways(one: queries.PaperView) -> Iterator[Held]:
    """Each way back that was begun, with its steps and what happened to them."""
    for way in one.recovery.ways:
        ended = (_l("Set aside"), one_line(day_full(way.ended_at), way.ended_why))
        of_rules = (gettext(said) if said else "" for said in (way.advice, way.cost, way.waiver, way.usual_time))
        evidence = (_l("What it needs"), ", ".join(map(gettext, way.evidence)))
        yield Held(gettext(way.label), one_line(paper_name(one.text), *of_rules, evidence, ended), day_of(way.begun_at))
        for step in way.steps:
            state = str(STEP_STATES.get(step.state, ""))
            words = one_line(gettext(step.advice) if step.advice else "", OWNERS[step.owner], state)
            yield Held(gettext(step.label), words, step.due)
            for event in step.events:
                paid = one_line(money_words(event.cost), PAYERS[event.paid_by]) if event.paid_by else ""
                who = (_l("By whom, and until when"), one_line(OWNERS.get(event.owner, ""), day_full(event.due)))
                ahead = _l("Counsel says that it may go ahead") if event.go_ahead else ""
                said = one_line(EVENTS[event.what], event.words, ahead, (_l("Paid"), paid), who)
                yield Held(gettext(step.label), said, event.on or day_of(event.at))


def _signatures(reader: Actor, code: str) -> list[Enclosed]:
    """Who took an original and signed with a drawn line, as pictures beside her file."""
    papers = queries.of_client(reader, code).papers
    lines = [line for one in papers for line in queries.told_lines(reader, one.id) if line.strokes]
    apart = apart_from_the_kept(code)
    return [
        Enclosed(f"{apart}handed-{n}.svg", line.signed, line.on, partial(signature_picture, line.strokes))
        for n, line in enumerate(lines, 1)
    ]


register_enclosures(Act.CLIENTS_COPY, _signatures)


def _ledger(reader: Actor, one: queries.PaperView) -> list[Held]:
    return [
        Held(one_line(paper_name(one.text), line_words(line.what)), one_line(line.time, *line_facts(line)), line.on)
        for line in queries.told_lines(reader, one.id)
    ]


def _held(reader: Actor, code: str) -> list[Holding]:
    found = queries.of_client(reader, code).papers
    return [
        Holding(_l("Papers"), [Held(paper_name(one.text), _printed(one)) for one in found], "papers"),
        Holding(_l("Ways back to a paper"), [line for one in found for line in _ways(one)], "papers"),
        Holding(_l("Papers that we keep or kept"), [line for one in found for line in _ledger(reader, one)], "papers"),
        Holding(_l("Signatures"), enclosed_lines(_signatures(reader, code))),
    ]


register_own(
    "papers",
    35,
    lambda reader, client: _held(reader, client.code),
    tells=("paper:text", "paper:recovery", "paper_held:line"),
)
