"""Keeping the answers of one stage; the first ones and changed ones alike."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from shelter.answers.models import ANSWERS, Answers, StayAnswers
from shelter.clients import scope
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import fill, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.interview import Stage, interview
from shelter.rules.staydays import require_near, require_order
from shelter.stays.models import Stay, StayBed
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class Keep:
    """Answers by question; `answers` is the id of those that are changed, made from `version`."""

    code: str
    stay: bytes
    stage: Stage
    on: date
    chosen: dict[str, list[str]] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    answers: bytes | None = None
    version: int = 0


def keep(actor: Actor, command: Keep) -> None:
    """Raises `Conflict` where somebody saved first, Broken for a day before she came."""
    with recorded(actor, Act.ANSWERS_WRITE) as unit:
        client = scope.visible(actor, command.code, Act.CLIENTS_READ, Act.ANSWERS_WRITE)
        unit.clause = scope.allowed(actor, Act.ANSWERS_WRITE, client).clause
        unit.about(client.id)
        stay = db.session.get(Stay, command.stay)
        if stay is None or stay.client_id != client.id or stay.state == "undone":
            raise Missing
        arrived = db.session.scalar(select(func.min(StayBed.from_day)).where(StayBed.stay_id == stay.id))
        require_near(command.on, agency_today(), "on")
        if arrived is not None:
            require_order(arrived, command.on, "answers.before_entry", "on")
        if command.on > agency_today():
            raise Broken("answers.in_the_future", "on")
        words = Answers(
            stage=command.stage,
            on=command.on,
            chosen=_sensible(command),
            amounts=_amounts(command),
            skipped=command.skipped,
            by=actor.id,
            at=now(),
        )
        _store(actor, command, stay, words)


def _sensible(command: Keep) -> dict[str, list[str]]:
    """Answers of this stage only; those that hang on a yes go where the answer is no."""
    kept: dict[str, list[str]] = {}
    for question in interview().at(command.stage):
        hangs = question.only_if and command.chosen.get(question.only_if) != ["yes"]
        if question.code in command.chosen and not hangs:
            kept[question.code] = command.chosen[question.code]
    return kept


def _amounts(command: Keep) -> dict[str, int]:
    """Amounts of this stage that do not hang on a no; all together is the sum of the parts where nobody said it."""
    kept: dict[str, int] = {}
    for question in interview().at(command.stage):
        if question.only_if and command.chosen.get(question.only_if) != ["yes"]:
            continue
        known = {question.code, *(question.amount_of(choice) for choice in question.amounts)}
        kept |= {code: amount for code, amount in command.amounts.items() if code in known}
    parts = [amount for code, amount in kept.items() if code.startswith("income_") and code != "income_total"]
    return {"income_total": sum(parts)} | kept if parts else kept


def _store(actor: Actor, command: Keep, stay: Stay, words: Answers) -> None:
    if command.answers is None:
        row = StayAnswers(client_id=stay.client_id, stay_id=stay.id)
        fill(actor, row, ANSWERS, words)
        db.session.add(row)
        return
    known = db.session.get(StayAnswers, command.answers, populate_existing=True)
    if known is None or known.stay_id != stay.id:
        raise Missing
    save(actor, known, ANSWERS, words, made_from=command.version)
