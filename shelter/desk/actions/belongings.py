"""Keeping things for somebody, and what the desk must know of her animal or of a child."""

from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import delete, select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.desk.asking import last_right, need_fresh, need_reason
from shelter.desk.models import KEPT, TO_KNOW, DeskFacts, Handled, Kept, KeptBefore, KeptThing, ToKnow
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
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


def keep(actor: Actor, command: KeepThing) -> bytes:
    """The id, to take it back."""
    with recorded(actor, Act.DESK_FACTS_KEEP) as unit:
        client = _hers(actor, unit, command.code)
        row = KeptThing(client_id=client.id)
        taken = Handled(move="taken_in", by=actor.id, at=now())
        fill(actor, row, KEPT, Kept(kind=command.kind, what=command.what, where=command.where, moves=[taken]))
        db.session.add(row)
        return row.id


def handle(actor: Actor, code: str, thing: bytes, move: str) -> None:
    """Handed out, brought back, given for good. `Missing` for a thing that is not hers, or a move that is none."""
    with recorded(actor, Act.DESK_FACTS_KEEP) as unit:
        client = _hers(actor, unit, code)
        row, old = _thing(actor, client, thing)
        _need_move(move)
        if old.moves[-1:] and old.moves[-1].move != move:
            done = Handled(move=move, by=actor.id, at=now())
            save(actor, row, KEPT, replace(old, moves=[*old.moves, done]), row.thing_version)


def _need_move(move: str) -> None:
    if move not in {choice.code for choice in picklists()["kept_moves"].choices}:
        raise Missing


def _thing(actor: Actor, client: Client, thing: bytes) -> tuple[KeptThing, Kept]:
    """One thing of hers, as it is now."""
    row = db.session.get(KeptThing, thing, populate_existing=True)
    value = open_section(actor, row, KEPT) if row is not None and row.client_id == client.id else None
    if row is None or value is None:
        raise Missing
    return row, value


def take_back_thing(actor: Actor, code: str, thing: bytes) -> None:
    """Her own last act about a thing: that it was put right, what was done with it, or that it was taken in. Broken
    where it is too late.
    """
    with recorded(actor, Act.DESK_FACTS_KEEP) as unit:
        row, old = _thing(actor, _hers(actor, unit, code), thing)
        last = old.moves[-1]
        was = last_right(old.before, last.at)
        if was is not None:
            need_fresh(actor, was.by, was.at)
            moves = old.moves[:-1] if was.moved else old.moves
            about = {"kind": was.kind, "what": was.what, "where": was.where}
            save(actor, row, KEPT, replace(old, **about, moves=moves, before=old.before[:-1]), row.thing_version)
            return
        need_fresh(actor, last.by, last.at)
        if len(old.moves) > 1:
            save(actor, row, KEPT, replace(old, moves=old.moves[:-1]), row.thing_version)
            return
        db.session.execute(delete(KeptThing).where(KeptThing.id == row.id))


@dataclass(frozen=True, slots=True)
class ThingRight:
    """A thing as it should have been written down; `move` is what was done with it last."""

    code: str
    thing: bytes
    version: int
    kind: str
    what: str
    where: str
    move: str
    reason: str


def put_thing_right(actor: Actor, command: ThingRight) -> None:
    """What stood before is kept, with who changed it and why. Raises `Conflict` where a colleague was faster."""
    need_reason(command.reason)
    with recorded(actor, Act.DESK_FACTS_KEEP) as unit:
        row, old = _thing(actor, _hers(actor, unit, command.code), command.thing)
        _need_move(command.move)
        done, moved = Handled(move=command.move, by=actor.id, at=now()), old.moves[-1].move != command.move
        stood = {"kind": old.kind, "what": old.what, "where": old.where}
        was = KeptBefore(by=actor.id, at=done.at, reason=command.reason, moved=moved, **stood)
        moves = [*old.moves, done] if moved else old.moves
        about = {"kind": command.kind, "what": command.what, "where": command.where}
        save(actor, row, KEPT, replace(old, **about, moves=moves, before=[*old.before, was]), command.version)


def know(actor: Actor, code: str, version: int, facts: ToKnow) -> None:
    """What the desk must know of her animal, of a child; what stood can be brought back for ten minutes.

    Raises `Conflict` where a colleague was faster.
    """
    with recorded(actor, Act.DESK_FACTS_KEEP) as unit:
        client = _hers(actor, unit, code)
        value = replace(facts, by=actor.id, at=now())
        row = _facts(client)
        if row is not None:
            old = open_section(actor, row, TO_KNOW)
            save(actor, row, TO_KNOW, replace(value, was=replace(old, was=None) if old else None), version)
            return
        if version:
            raise Conflict("desk_facts", "facts")
        row = DeskFacts(client_id=client.id)
        fill(actor, row, TO_KNOW, value)
        db.session.add(row)


def take_back_facts(actor: Actor, code: str) -> None:
    """Her own last change of these facts: what stood before stands again, or nothing where nothing stood.

    `Missing` for the act of somebody else, Broken where it is too late.
    """
    with recorded(actor, Act.DESK_FACTS_KEEP) as unit:
        row = _facts(_hers(actor, unit, code))
        value = open_section(actor, row, TO_KNOW) if row else None
        if row is None or value is None:
            raise Missing
        need_fresh(actor, value.by, value.at)
        if value.was is not None:
            save(actor, row, TO_KNOW, value.was, row.facts_version)
        elif row.facts_version > 1:
            raise Broken("desk.changed_since")
        else:
            db.session.execute(delete(DeskFacts).where(DeskFacts.id == row.id))


def _facts(client: Client) -> DeskFacts | None:
    query = select(DeskFacts).where(DeskFacts.client_id == client.id)
    return db.session.scalars(query, execution_options={"populate_existing": True}).first()


def _hers(actor: Actor, unit: Unit, code: str) -> Client:
    client = scope.visible(actor, code, Act.DESK_FACTS_KEEP)
    unit.clause = scope.allowed(actor, Act.DESK_FACTS_KEEP, client).clause
    unit.about(client.id)
    db.session.refresh(client, with_for_update=True)
    return client
