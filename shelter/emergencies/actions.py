"""Opening a record that one is not assigned to, for an hour, with a reason that somebody else looks at afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from shelter.accounts.models import GLASS_REASON, GLASS_REVIEW, BrokenGlass, GlassReason, GlassReview
from shelter.accounts.notices import NoticeKind, notify
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.roll import current_roll
from shelter.db.sections import fill, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import Unit, record_alone, recorded, take_asked_for

LASTS = timedelta(hours=1)
LONGEST_CODE = 20
_NOT_THIS_WAY = "emergencies.not-this-way"
REASONS = ("danger", "medical", "nobody-here", "court", "other")


@dataclass(frozen=True, slots=True)
class Break:
    """Whose record, why (a code of `REASONS`), and in her own words."""

    code: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody else finds about it."""

    glass_id: bytes
    was_right: bool
    words: str


def break_glass(actor: Actor, command: Break) -> str:
    """Opens one record for an hour; the people who work with her and the stewards hear of it at once. Returns the code.

    A conflict of interest holds against it, and so do a restricted client's keys: for these, and for a code that
    nobody has, the answer is the same; who tried it stands in the trail. Raises Broken.
    """
    with _refusals_written(actor, command.code), recorded(actor, Act.GLASS_BREAK) as unit:
        unit.clause = require(actor, Act.GLASS_BREAK).clause
        client = _within_keys(actor, command.code)
        unit.about(client.id)
        unit.detail["reason"] = command.reason
        glass = BrokenGlass(client_id=client.id, staff_id=actor.id, ends=now() + LASTS)
        fill(actor, glass, GLASS_REASON, GlassReason(reason=command.reason, words=command.words))
        db.session.add(glass)
        db.session.flush()
        _tell(actor, client)
        return client.code


@contextmanager
def _refusals_written(actor: Actor, code: str) -> Iterator[None]:
    try:
        yield
    except Broken as refused:
        if refused.message_key == _NOT_THIS_WAY:
            record_alone(actor, f"refused:{Act.GLASS_BREAK}", *take_asked_for(), asked=code[:LONGEST_CODE])
        raise


def _within_keys(actor: Actor, code: str) -> Client:
    client = db.session.scalars(
        select(Client).where(Client.code == code, scope.within_keys(actor, Act.CLIENTS_READ))
    ).first()
    if client is None:
        scope.note_asked_for_one(Client.code == code)
        raise Broken(_NOT_THIS_WAY, "code")
    if db.session.scalar(select(Client.id).where(Client.id == client.id, scope.scope(actor, Act.CLIENTS_READ))):
        raise Broken("emergencies.open-already", "code")
    return client


def _tell(actor: Actor, client: Client) -> None:
    facts, roll = scope.facts_of(client), current_roll()
    for worker in sorted((facts.caseworkers | facts.advocates) - facts.denied - {actor.id}):
        if worker in roll.bindings:
            notify(actor, worker, NoticeKind.GLASS, client.id, code=client.code)
    for steward in sorted(roll.stewards - {actor.id}):
        notify(actor, steward, NoticeKind.GLASS)


def review(actor: Actor, command: Review) -> None:
    """Somebody who did not do it says whether it was right. Raises Missing, Broken for one's own or one reviewed."""
    with recorded(actor, Act.GLASS_REVIEW) as unit:
        glass = db.session.get(BrokenGlass, command.glass_id, populate_existing=True, with_for_update=True)
        if glass is None:
            raise Missing
        client = _reviewable(actor, glass, unit)
        if glass.staff_id == actor.id:
            raise Broken("emergencies.not-your-own")
        if glass.reviewed_by is not None:
            raise Broken("emergencies.reviewed-already")
        glass.reviewed_by = actor.id
        db.session.flush()
        save(actor, glass, GLASS_REVIEW, GlassReview(was_right=command.was_right, words=command.words), 0)
        if not command.was_right:
            for steward in sorted(current_roll().stewards - {actor.id}):
                notify(actor, steward, NoticeKind.GLASS)
        unit.detail["was_right"] = "yes" if command.was_right else "no"
        unit.about(client.id)


def _reviewable(actor: Actor, glass: BrokenGlass, unit: Unit) -> Client:
    client = db.session.scalars(
        select(Client).where(Client.id == glass.client_id, scope.scope(actor, Act.GLASS_REVIEW))
    ).first()
    if client is None:
        raise Missing
    unit.clause = require(actor, Act.GLASS_REVIEW, scope.facts_of(client)).clause
    return client
