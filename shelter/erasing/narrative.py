"""Erasing what was told in words, and keeping what is counted: the words go, the rest is sealed anew under a fresh key.

Her one data key of the advocacy compartment opens both; so that the old words open in no backup, it has to go.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import delete, select

from shelter.clients.models import Client, client_subject
from shelter.db import Base, db, deks
from shelter.db.aside import Message, SectionCopy
from shelter.db.forgetting import destroy_these, entomb
from shelter.db.keyring import chunks, keyring_of
from shelter.db.sections import INVENTORY, Section, open_section, save
from shelter.erasing.models import Done
from shelter.notes.models import Note, NotePack
from shelter.plans.models import (
    Appointment,
    Goal,
    GoalEarlier,
    Plan,
    SafetyEarlier,
    SafetyPlan,
)
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.referrals.models import Referral

TOLD: tuple[Any, ...] = (GoalEarlier, Goal, SafetyEarlier, SafetyPlan, Appointment, Plan, NotePack, Note, Referral)
"""Tables that hold nothing but what was told; of two that point to each other the one that points comes first."""
WORDS = frozenset({"words", "why", "carries_on", "decided_why", "taken_back_why", "reopened_why"})
"""Fields of words in what stays for the counts."""


def forget(actor: Actor, people: list[Client], at: datetime) -> Done:
    """In the caller's transaction. Raises NoKey for who does not hold advocacy."""
    ids, keyring = [one.id for one in people], keyring_of(actor)
    rows = _delete_told(ids, at)
    keys = 0
    for client in people:
        compartment = keyring.compartment(Kind.ADVOCACY, client.id)
        earlier = deks.fresh(keyring, client_subject(client.id), compartment)
        for row, section in _kept(client.id):
            _without_words(actor, row, section)
        db.session.flush()
        destroy_these(earlier, at)
        keys += len(earlier)
    for table in (Message, SectionCopy):
        db.session.execute(delete(table).where(table.client_id.in_(ids)).execution_options(synchronize_session=False))
    return Done(at=at, by=actor.id, keys=keys, rows=len(rows), codes=[one.code for one in people])


def _delete_told(clients: list[bytes], at: datetime) -> list[bytes]:
    gone: list[bytes] = []
    for model in TOLD:
        gone += db.session.scalars(select(model.id).where(model.client_id.in_(clients)))
        db.session.execute(
            delete(model).where(model.client_id.in_(clients)).execution_options(synchronize_session="fetch")
        )
    for part in chunks(gone):
        entomb(part, "row", at)
    return gone


def _kept(client: bytes) -> Iterator[tuple[Any, Section[Any]]]:
    """Every section of hers in the advocacy compartment that is still there, with its row."""
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    for (table, name), section in sorted(INVENTORY.items()):
        model = models[table]
        if section.kind is not Kind.ADVOCACY or not hasattr(model, "client_id"):
            continue
        sealed = getattr(model, name).is_not(None)
        for row in db.session.scalars(select(model).where(model.client_id == client, sealed)).all():
            yield row, section


def _without_words(actor: Actor, row: Any, section: Section[Any]) -> None:
    """Sealed anew under the key that seals from now on; what does not open stays as unreadable as it was."""
    db.session.refresh(row)
    value = open_section(actor, row, section)
    if value is None:
        return
    told = {name: "" for name in section.struct.__struct_fields__ if name in WORDS and getattr(value, name)}
    save(actor, row, section, replace(value, **told), getattr(row, f"{section.name}_version"))
