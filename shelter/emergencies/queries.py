"""What waits for review, and until when a record stands open in an emergency."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shelter.accounts.models import GLASS_REASON, BrokenGlass
from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import row_of
from shelter.emergencies.actions import LASTS
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.clock import now
from shelter.trail.record import note_read

MOST = 200


@dataclass(frozen=True, slots=True)
class Opening:
    """One record that somebody opened without being assigned; `reason` is "" where its seal does not hold."""

    id: bytes
    code: str
    who: str
    at: datetime
    reason: str
    words: str
    mine: bool


def to_review(actor: Actor) -> list[Opening]:
    """The oldest first, of the clients whose openings she may look at."""
    rows = db.session.execute(
        select(BrokenGlass, Client.code)
        .join(Client, Client.id == BrokenGlass.client_id)
        .where(BrokenGlass.reviewed_by.is_(None), scope.scope(actor, Act.GLASS_REVIEW))
        .order_by(BrokenGlass.ends)
        .limit(MOST)
    ).all()
    note_read(actor, Act.GLASS_REVIEW, {glass.client_id for glass, _ in rows})
    opened = open_each(actor, [row_of(glass, GLASS_REASON) for glass, _ in rows], GLASS_REASON)
    names = names_of(actor, {glass.staff_id for glass, _ in rows})
    return [
        Opening(
            glass.id,
            code,
            names.get(glass.staff_id, ""),
            glass.ends - LASTS,
            why.reason if why else "",
            why.words if why else "",
            glass.staff_id == actor.id,
        )
        for (glass, code), why in zip(rows, opened.values, strict=True)
    ]


def opening(actor: Actor, glass_id: bytes) -> Opening:
    """One that waits. Raises Missing for any other."""
    for one in to_review(actor):
        if one.id == glass_id:
            return one
    raise Missing


def open_until(actor: Actor, code: str) -> datetime | None:
    """Until when this record stands open to her in an emergency; None for one that is hers anyway."""
    if not actor.glass:
        return None
    return db.session.scalar(
        select(BrokenGlass.ends)
        .join(Client, Client.id == BrokenGlass.client_id)
        .where(Client.code == code, BrokenGlass.staff_id == actor.id, BrokenGlass.ends > now())
        .order_by(BrokenGlass.ends.desc())
        .limit(1)
    )


def may_break(actor: Actor) -> None:
    """Raises Denied for whom no emergency opens anything."""
    require(actor, Act.GLASS_BREAK)
