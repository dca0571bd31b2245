"""The erasing itself, in one transaction; what lies outside the database goes right after it."""

from msgspec.structs import replace

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db, traces
from shelter.db.owed import Owing, owe
from shelter.db.sections import save
from shelter.erasing import copies, narrative, queries
from shelter.erasing.models import ABOUT, About, Done, Erasure
from shelter.erasing.queries import steps
from shelter.files import store
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import Unit, recorded


def erase(actor: Actor, erasure: bytes) -> None:
    """What two agreed on. Raises Missing outside her scope, Broken where a hold stands or it is not agreed."""
    with recorded(actor, Act.ERASINGS_DO) as unit:
        row, about = steps.locked(actor, erasure, "agreed")
        people = _people(actor, row, unit)
        if about.agreed_by == actor.id:
            raise Broken("erasing.yourself")
        steps.refuse_held(people)
        if row.scope == "whole":
            steps.refuse_staying(people)
        done, files = _forget(actor, row, people)
        owe(Owing.VACUUM)
        _keep(actor, row, about, done)
    for file in files:
        _discard(file)
    traces.empty_journal()


def _people(actor: Actor, row: Erasure, unit: Unit) -> list[Client]:
    """Every record of this person, each of them hers to erase."""
    first = scope.get(actor, Act.ERASINGS_DO, row.client_id)
    people = queries.records_of(first)
    for client in people:
        unit.clause = scope.allowed(actor, Act.ERASINGS_DO, client).clause
        unit.about(client.id)
        db.session.refresh(client, with_for_update=True)
    return people


def _forget(actor: Actor, row: Erasure, people: list[Client]) -> tuple[Done, list[bytes]]:
    if row.scope == "narrative":
        return narrative.forget(actor, people, now()), []
    return copies.forget_whole(actor, people, now())


def _keep(actor: Actor, row: Erasure, about: About, done: Done) -> None:
    db.session.refresh(row)
    row.state = "done"
    save(actor, row, ABOUT, replace(about, done=done), row.about_version)


def _discard(file: bytes) -> None:
    """Its keys are gone already: what the store keeps because it is away opens for nobody, and `doctor` names it."""
    try:
        store.delete(file)
    except store.Away:
        return


def say_books_read(actor: Actor, erasure: bytes) -> None:
    """Somebody has gone through the books of the house, which may name her in a sentence. Raises Broken."""
    with recorded(actor, Act.ERASINGS_SEE) as unit:
        queries.reached(actor, erasure)
        unit.clause = require(actor, Act.ERASINGS_SEE).clause
        row, about = steps.locked(actor, erasure, "done")
        save(actor, row, ABOUT, replace(about, books_read_by=actor.id, books_read_at=now()), row.about_version)
