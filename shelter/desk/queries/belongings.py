"""What is kept for somebody, and what the desk must know of her animal or of a child."""

from dataclasses import dataclass

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import PersonCard, card
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import open_section, row_of
from shelter.desk.models import KEPT, TO_KNOW, DeskFacts, Handled, Kept, KeptThing, ToKnow
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class KeptView:
    id: bytes
    version: int
    thing: Kept
    moves: tuple[tuple[Handled, str], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Everything of one person that this page shows; `by` wrote the facts last."""

    card: PersonCard
    things: list[KeptView]
    facts: ToKnow
    facts_version: int
    by: str


def known_of(actor: Actor, code: str) -> Known:
    """`Missing` outside the reader's scope."""
    client = scope.visible(actor, code, Act.DESK_FACTS_KEEP)
    decision = scope.allowed(actor, Act.DESK_FACTS_KEEP, client)
    note_read(actor, Act.DESK_FACTS_KEEP, [client.id], decision.clause)
    row = db.session.scalars(select(DeskFacts).where(DeskFacts.client_id == client.id)).first()
    facts = (open_section(actor, row, TO_KNOW) if row else None) or ToKnow()
    by = names_of(actor, {facts.by} - {b""}).get(facts.by, "")
    return Known(card(actor, client), _things(actor, client), facts, row.facts_version if row else 0, by)


def _things(actor: Actor, client: Client) -> list[KeptView]:
    """What is here first."""
    rows = list(db.session.scalars(select(KeptThing).where(KeptThing.client_id == client.id)))
    opened = open_each(actor, [row_of(row, KEPT) for row in rows], KEPT)
    pairs = [(row, one) for row, one in zip(rows, opened.values, strict=True) if one]
    names = names_of(actor, {move.by for _, one in pairs for move in one.moves})
    views = [
        KeptView(row.id, row.thing_version, one, tuple((move, names.get(move.by, "")) for move in one.moves))
        for row, one in pairs
    ]
    return sorted(views, key=lambda view: (not view.thing.here, view.thing.kind, view.thing.what))
