"""What is kept for somebody, and what the desk must know of her animal or of a child."""

from dataclasses import dataclass

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import PersonCard, card
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import open_section, row_of
from shelter.desk.asking import fresh, fresh_last
from shelter.desk.models import KEPT, TO_KNOW, DeskFacts, Handled, Kept, KeptBefore, KeptThing, ToKnow
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class KeptView:
    """`fresh`: the reader's own last act about it can still be taken back. `before` is what stood."""

    id: bytes
    version: int
    thing: Kept
    moves: tuple[tuple[Handled, str], ...]
    before: tuple[tuple[KeptBefore, str], ...]
    fresh: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Everything of one person that this page shows; `by` wrote the facts last, `fresh` where the reader did so in the
    last minutes and may take it back.
    """

    card: PersonCard
    things: list[KeptView]
    facts: ToKnow
    facts_version: int
    by: str
    fresh: bool


def known_of(actor: Actor, code: str) -> Known:
    """`Missing` outside the reader's scope."""
    client = scope.visible(actor, code, Act.DESK_FACTS_KEEP)
    decision = scope.allowed(actor, Act.DESK_FACTS_KEEP, client)
    note_read(actor, Act.DESK_FACTS_KEEP, [client.id], decision.clause)
    row = db.session.scalars(select(DeskFacts).where(DeskFacts.client_id == client.id)).first()
    facts = (open_section(actor, row, TO_KNOW) if row else None) or ToKnow()
    by = names_of(actor, {facts.by} - {b""}).get(facts.by, "")
    version, mine = row.facts_version if row else 0, fresh(actor, facts.by, facts.at)
    return Known(card(actor, client), _things(actor, client), facts, version, by, mine)


def thing_of(actor: Actor, code: str, thing: bytes) -> KeptView:
    """One thing of hers, to be put right. `Missing` where it is not hers."""
    found = [one for one in known_of(actor, code).things if one.id == thing]
    if not found:
        raise Missing
    return found[0]


def _things(actor: Actor, client: Client) -> list[KeptView]:
    """What is here first."""
    rows = list(db.session.scalars(select(KeptThing).where(KeptThing.client_id == client.id)))
    opened = open_each(actor, [row_of(row, KEPT) for row in rows], KEPT)
    pairs = [(row, one) for row, one in zip(rows, opened.values, strict=True) if one]
    names = names_of(
        actor, {move.by for _, one in pairs for move in one.moves} | {was.by for _, one in pairs for was in one.before}
    )
    views = [
        KeptView(
            row.id,
            row.thing_version,
            one,
            tuple((move, names.get(move.by, "")) for move in one.moves),
            tuple((was, names.get(was.by, "")) for was in one.before),
            fresh_last(actor, one.before, (one.moves[-1].by, one.moves[-1].at)),
        )
        for row, one in pairs
        if one.moves
    ]
    return sorted(views, key=lambda view: (not view.thing.here, view.thing.kind, view.thing.what))
