"""Reviewing a plan, and asking somebody to look at it: a supervisor to agree, a colleague as second pair of eyes."""

import secrets
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace
from sqlalchemy import select

from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import staff_at
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.clients.queries.colleagues import readers_of
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.plans.actions.writing import writing
from shelter.plans.models import PLAN_TEXT, Asked, Goal, Plan, PlanText, Review
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import now

ANSWERS = {"agreement": ("agreed", "changes"), "second_look": ("seen", "changes")}


@dataclass(frozen=True, slots=True)
class MarkReviewed:
    """Looked at together on `on`; `every` changes the rhythm, None keeps that of the agency."""

    code: str
    version: int
    on: date
    words: str = ""
    every: int | None = None


@dataclass(frozen=True, slots=True)
class AskToLook:
    """`what` is agreement or second_look; only the latter names a colleague."""

    code: str
    version: int
    what: str
    of: bytes = b""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    code: str
    asked: str
    version: int
    answer: str
    comment: str = ""


def mark_reviewed(actor: Actor, command: MarkReviewed) -> None:
    if command.on > agency_today():
        raise Broken("plans.review-to-come", field="on")
    with writing(actor, command.code) as client:
        review = Review(on=command.on, by=actor.id, at=now(), words=command.words)
        text = _text(actor, client)
        _save(actor, client, command.version, replace(text, every=command.every, reviews=[*text.reviews, review]))


def ask_to_look(actor: Actor, command: AskToLook) -> None:
    """Leaves a notice with whoever is asked. `Broken` where this was asked already and nobody has answered."""
    if command.what not in ANSWERS:
        raise Broken("plans.unknown-asked", field="what")
    with writing(actor, command.code) as client:
        text = _text(actor, client)
        if any(one.what == command.what and not one.answer and one.of == command.of for one in text.asked):
            raise Broken("plans.asked-already")
        readers = _asked(actor, client, command)
        asked = Asked(
            id=secrets.token_hex(4),
            what=command.what,
            by=actor.id,
            at=now(),
            of=command.of,
            words=command.words,
            goals=_versions(client),
        )
        _save(actor, client, command.version, replace(text, asked=[*text.asked, asked]))
        for reader in readers:
            notify(actor, reader, NoticeKind.APPROVAL, client.id, code=client.code, text=command.words)


def answer(actor: Actor, command: Answer) -> None:
    """By a supervisor who did not ask, or by the colleague who was asked; changes need a comment."""
    with writing(actor, command.code, Act.PLANS_READ) as client:
        text = _text(actor, client)
        asked = next((one for one in text.asked if one.id == command.asked), None)
        if asked is None:
            raise Missing
        if asked.what == "agreement":
            scope.allowed(actor, Act.PLANS_AGREE, client)
        elif asked.of != actor.id:
            raise Missing
        if asked.by == actor.id or asked.answer:
            raise Broken("plans.not-yours-to-answer")
        if command.answer not in ANSWERS[asked.what]:
            raise Broken("plans.unknown-answer", field="answer")
        if command.answer == "changes" and not command.comment:
            raise Broken("plans.say-what", field="comment")
        done = replace(asked, answer=command.answer, answered_by=actor.id, answered_at=now(), comment=command.comment)
        rest = [done if one.id == asked.id else one for one in text.asked]
        _save(actor, client, command.version, replace(text, asked=rest))
        notify(actor, asked.by, NoticeKind.APPROVAL, client.id, code=client.code, text=command.comment)


def _asked(actor: Actor, client: Client, command: AskToLook) -> list[bytes]:
    if command.what == "second_look":
        if command.of not in readers_of(actor, client):
            raise Broken("plans.nobody-to-ask", field="of")
        return [command.of]
    sites = frozenset({client.site_id}) if client.site_id else actor.sites
    found = set(staff_at(sites, frozenset({Role.SUPERVISOR}))) - scope.facts_of(client).denied - {actor.id}
    if not found:
        raise Broken("plans.nobody-to-ask")
    return sorted(found)


def _versions(client: Client) -> dict[str, int]:
    rows = db.session.execute(select(Goal.id, Goal.text_version).where(Goal.client_id == client.id))
    return {goal.hex(): version for goal, version in rows}


def _row(client: Client) -> Plan | None:
    return db.session.scalars(select(Plan).where(Plan.client_id == client.id)).first()


def _text(actor: Actor, client: Client) -> PlanText:
    row = _row(client)
    return (open_section(actor, row, PLAN_TEXT) if row else None) or PlanText()


def _save(actor: Actor, client: Client, version: int, text: PlanText) -> None:
    row, waiting = _row(client), any(not one.answer for one in text.asked)
    if row is None:
        if version != 0:
            raise Conflict("plan", "text")
        row = Plan(client_id=client.id, waiting=waiting)
        fill(actor, row, PLAN_TEXT, text)
        db.session.add(row)
        return
    save(actor, row, PLAN_TEXT, text, made_from=version)
    row.waiting = waiting
