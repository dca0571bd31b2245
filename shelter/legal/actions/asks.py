"""Certifications asked for: the agency's own clock, reminders, the signature and its safe last day, asked again."""

from datetime import date

from msgspec.structs import replace

from shelter.db import new_id
from shelter.db.errors import Conflict
from shelter.db.sections import open_section, save
from shelter.lawbook.queries import certifier
from shelter.legal import reckoning
from shelter.legal.actions.work import Work, working
from shelter.legal.commands import AddAsk, AnswerAsk, TellAsk
from shelter.legal.models import ASKS, Ask, Asks, Due, End, Said
from shelter.legal.reckoning import dates_of, line_of, require_past
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken
from shelter.rules.certifiers import KINDS
from shelter.rules.deadlines import Facts

LASTS = {"supplement_b": "u_visa.supplement_b"}
"""What is signed and lasts for a time, by the rule of its last day."""


def add_ask(actor: Actor, command: AddAsk) -> bytes:
    """Asked for; where the agency has a clock of its own, the day of its answer stands among the dates."""
    with working(actor, command.code, command.matter) as work:
        if command.kind not in KINDS:
            raise Broken("legal.choose_ask", field="kind")
        if not command.agency:
            raise Broken("legal.say_agency", field="agency")
        require_past(command.asked_on, work.stamp, "asked_on")
        due = _expected(command, work)
        ask = _ask(command, work, due)
        asks = _asks(work)
        if command.again is not None:
            asks = _asked_again(work, asks, command, ask)
        _keep(work, [*asks, ask])
        work.keep_dates([*work.dates().dates, due])
        if command.move:
            _move(work, command.kind, "asked", command.asked_on)
    return ask.id


def _expected(command: AddAsk, work: Work) -> Due:
    """The day of the answer by the agency's own clock, or of our reminder where it has none."""
    ask_id, of = new_id(), certifier(command.certifier, command.asked_on)
    rule = of.rule(command.kind, command.urgent)
    if rule is None:
        return reckoning.reminder(ask_id, command.asked_on, of.remind_after, work.stamp)
    facts = Facts(today=work.stamp.on)
    return replace(reckoning.of_rule(rule, command.asked_on, facts, work.stamp, work.book), ask=ask_id)


def _move(work: Work, kind: str, outcome: str, on: date) -> None:
    """The matter comes to the stages that follow from it, none of them before the present one."""
    for stage in reckoning.follows_from(work.kind, work.text.stage, kind, outcome):
        work.come_to(stage, max(on, work.text.moves[-1].on))


def _ask(command: AddAsk, work: Work, due: Due) -> Ask:
    return Ask(
        id=due.ask or new_id(),
        kind=command.kind,
        agency=command.agency,
        certifier=command.certifier,
        contact=command.contact,
        asked_on=command.asked_on,
        how=command.how,
        urgent=command.urgent,
        due=(due.id,),
        by=work.stamp.by,
        at=work.stamp.at,
    )


def _asked_again(work: Work, asks: list[Ask], command: AddAsk, fresh: Ask) -> list[Ask]:
    """The latest of those that were asked one after another names the new one. Raises `Conflict` for one not seen."""
    line = line_of(asks, command.again or b"")
    if command.seen != len(line):
        raise Conflict("matter", "asks")
    old = line[-1]
    last = _last_open_day(work, old)
    if old.answer == "signed" and (last is None or last < work.stamp.on):
        old = replace(old, answer="lapsed")
    if not (old.answer == "signed" or (old.answer == "" and old.agency != fresh.agency)):
        _end_dates(work, old, "superseded", "")  # what still holds, or is still owed by somebody else, stays open
    return _with(asks, replace(old, again=fresh.id, version=old.version + 1))


def _last_open_day(work: Work, ask: Ask) -> date | None:
    """The safe last day of what was signed, while it stands."""
    dates = dates_of(ask, work.dates().dates)
    return max((due.day for due in dates if due.end is None and due.kind == "due"), default=None)


def tell_ask(actor: Actor, command: TellAsk) -> None:
    """A reminder that went out, or a word that came; the next reminder takes the place of the day that was expected."""
    if not command.what:
        raise Broken("legal.say_what_passed", field="what")
    with working(actor, command.code, command.matter) as work:
        require_past(command.on, work.stamp, "on")
        asks = _asks(work)
        ask = _find(asks, command.ask)
        said = Said(on=command.on, what=command.what, by=work.stamp.by, at=work.stamp.at)
        after = replace(ask, said=(*ask.said, said))
        if command.remind and not ask.answer:
            due = reckoning.reminder(
                ask.id, command.on, certifier(ask.certifier, ask.asked_on).remind_after, work.stamp
            )
            _end_dates(work, ask, "done", command.what)
            work.keep_dates([*work.dates().dates, due])
            after = replace(after, due=(*ask.due, due.id))
        _keep(work, _with(asks, after))


def answer_ask(actor: Actor, command: AnswerAsk) -> Due | None:
    """Signed or refused, or an answer put right. A signature that lasts brings its safe last day, which is returned.

    Raises `Conflict` where somebody entered an answer first, or it was asked for again since.
    """
    if command.answer not in {"signed", "refused"}:
        raise Broken("legal.choose_answer", field="answer")
    if command.answer == "refused" and not command.why:
        raise Broken("legal.say_why", field="why")
    with working(actor, command.code, command.matter) as work:
        require_past(command.on, work.stamp, "on")
        asks = _asks(work)
        ask = _find(asks, command.ask)
        if ask.version != command.version or (ask.again is not None and ask.answer):
            raise Conflict("matter", "asks")
        if command.on < ask.asked_on:
            raise Broken("legal.answered_before_asked", field="on")
        _end_dates(work, ask, "superseded" if ask.answer else "done", command.why)
        due = _last_day(work, ask, command)
        answered = replace(
            ask,
            answer=command.answer,
            answered_on=command.on,
            why=command.why,
            answered_by=work.stamp.by,
            answered_at=work.stamp.at,
            version=ask.version + 1,
        )
        _keep(work, _with(asks, replace(answered, due=(*ask.due, due.id) if due else ask.due)))
        if due is not None:
            work.keep_dates([*work.dates().dates, due])
            work.ask_for_look(due)
            _end_what_it_renews(work, asks, ask)
        if command.move:
            _move(work, ask.kind, command.answer, command.on)
    return due


def _end_what_it_renews(work: Work, asks: list[Ask], ask: Ask) -> None:
    """A new signature takes the place of the ones before it, whose last days are no longer the ones to keep."""
    for before in asks:
        if before.id != ask.id and before.answer == "signed" and ask in line_of(asks, before.id):
            _end_dates(work, before, "superseded", "")


def _last_day(work: Work, ask: Ask, command: AnswerAsk) -> Due | None:
    rule = LASTS.get(ask.kind) if command.answer == "signed" else None
    facts = Facts(today=work.stamp.on)
    if rule is None:
        return None
    return replace(reckoning.of_rule(rule, command.on, facts, work.stamp, work.book), ask=ask.id)


def _end_dates(work: Work, ask: Ask, how: str, why: str) -> None:
    stamp, dates = work.stamp, work.dates().dates
    end = End(how=how, by=stamp.by, at=stamp.at, on=stamp.on, why=why)
    still = {due.id for due in dates_of(ask, dates) if due.end is None}
    after = [replace(one, end=end) if one.id in still else one for one in dates]
    if after != dates:
        work.keep_dates(after)


def _asks(work: Work) -> list[Ask]:
    found = open_section(work.actor, work.matter, ASKS)
    return found.asks if found else []


def _find(asks: list[Ask], ask_id: bytes) -> Ask:
    return line_of(asks, ask_id)[0]


def _with(asks: list[Ask], changed: Ask) -> list[Ask]:
    return [changed if one.id == changed.id else one for one in asks]


def _keep(work: Work, asks: list[Ask]) -> None:
    save(work.actor, work.matter, ASKS, Asks(asks=asks), made_from=work.matter.asks_version)
