"""Keeping things for somebody, and what the desk must know of her animal or of a child."""

from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.desk.models import KEPT, TO_KNOW, DeskFacts, Handled, Kept, KeptThing, ToKnow
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.clock import now
from shelter.rules.picklists import picklists
from shelter.trail.record import Unit, recorded


@dataclass(frozen=True, slots=True)
class KeepThing:
    """Something taken in for her, and where it lies."""

    code: str
    kind: str
    what: str
    where: str


def keep(actor: Actor, command: KeepThing) -> None:
    with recorded(actor, Act.DESK_FACTS_KEEP) as unit:
        client = _hers(actor, unit, command.code)
        row = KeptThing(client_id=client.id)
        taken = Handled(move="taken_in", by=actor.id, at=now())
        fill(actor, row, KEPT, Kept(kind=command.kind, what=command.what, where=command.where, moves=[taken]))
        db.session.add(row)


def handle(actor: Actor, code: str, thing: bytes, move: str) -> None:
    """Handed out, brought back, given for good. `Missing` for a thing that is not hers, or a move that is none."""
    with recorded(actor, Act.DESK_FACTS_KEEP) as unit:
        client = _hers(actor, unit, code)
        row = db.session.get(KeptThing, thing, populate_existing=True)
        if row is None or row.client_id != client.id or move not in {c.code for c in picklists()["kept_moves"].choices}:
            raise Missing
        old = open_section(actor, row, KEPT)
        if old is not None and old.moves[-1:] and old.moves[-1].move != move:
            done = Handled(move=move, by=actor.id, at=now())
            save(actor, row, KEPT, replace(old, moves=[*old.moves, done]), row.thing_version)


def know(actor: Actor, code: str, version: int, facts: ToKnow) -> None:
    """What the desk must know of her animal, of a child. Raises `Conflict` where a colleague was faster."""
    with recorded(actor, Act.DESK_FACTS_KEEP) as unit:
        client = _hers(actor, unit, code)
        value = replace(facts, by=actor.id, at=now())
        row = db.session.scalars(select(DeskFacts).where(DeskFacts.client_id == client.id)).first()
        if row is not None:
            save(actor, row, TO_KNOW, value, version)
            return
        if version:
            raise Conflict("desk_facts", "facts")
        row = DeskFacts(client_id=client.id)
        fill(actor, row, TO_KNOW, value)
        db.session.add(row)


def _hers(actor: Actor, unit: Unit, code: str) -> Client:
    client = scope.visible(actor, code, Act.DESK_FACTS_KEEP)
    unit.clause = scope.allowed(actor, Act.DESK_FACTS_KEEP, client).clause
    unit.about(client.id)
    db.session.refresh(client, with_for_update=True)
    return client
