"""A restricted client's own compartments: who belongs to them is signed by a steward, their keys are made by a member.

Everything here runs in the caller's transaction.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from shelter.crypto.compartments import new_compartment_key
from shelter.db import db, new_id
from shelter.db.keyring import keyring_of
from shelter.db.keystore import Compartment, KeyDek
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor
from shelter.policy.kinds import RESTRICTABLE, Kind
from shelter.stewards.membership import enrol
from shelter.stewards.versions import enact


@dataclass(frozen=True, slots=True)
class Own:
    """One of her compartments. `born` once it has a key; `left` are data keys that still open what was sealed before.

    `lifted` once a steward has signed that everybody is to open her again: it is no more when all has gone back.
    `members` are people; the kit belongs to each and is not among them.
    """

    client: bytes
    kind: Kind
    id: bytes
    members: frozenset[bytes]
    born: bool
    left: int
    lifted: bool

    @property
    def done(self) -> bool:
        return self.born and self.left == 0 and not self.lifted


def agency_wide() -> dict[Kind, bytes]:
    """The compartments that everybody's records lie in, by kind."""
    kinds = [kind.value for kind in RESTRICTABLE]
    query = select(Compartment).where(Compartment.kind.in_(kinds), Compartment.client_id.is_(None))
    return {Kind(one.kind): one.id for one in db.session.scalars(query)}


def compartments_of(clients: Collection[bytes] | None = None) -> list[Own]:
    """Those of some clients, or of all who are restricted, with how far each is."""
    query = select(Compartment).where(Compartment.client_id.is_not(None))
    if clients is not None:
        query = query.where(Compartment.client_id.in_(clients))
    rows = list(db.session.scalars(query.order_by(Compartment.client_id, Compartment.kind)))
    if not rows:
        return []
    roll, places = current_roll(), agency_wide()
    left = _left({one.client_id for one in rows if one.client_id}, places.values())
    return [
        Own(
            one.client_id or b"",
            Kind(one.kind),
            one.id,
            roll.members(one.id) - {roll.kit_id},
            one.id in roll.newest,
            left[one.client_id or b"", places.get(Kind(one.kind), b"")],
            roll.members(_lifted(one.id)) == {roll.kit_id},
        )
        for one in rows
    ]


def lift(steward: Actor, client: bytes) -> None:
    """Signs that all of hers goes back to where everybody's records lie."""
    for own in compartments_of([client]):
        enrol(steward, _lifted(own.id), {current_roll().kit_id})


def _lifted(compartment: bytes) -> bytes:
    """An id whose roster, with nobody but the kit on it, is a steward's signed word that a compartment is given up.

    No key was ever made for it; a mark in a column could be set by whoever writes to the database.
    """
    return hashlib.sha256(b"shelter lifted" + compartment).digest()[:16]


def _left(clients: Collection[bytes], places: Collection[bytes]) -> Counter[tuple[bytes, bytes]]:
    """How many data keys of these clients there still are in the agency's compartments."""
    query = select(KeyDek.subject_id, KeyDek.compartment_id, func.count()).where(
        KeyDek.subject_id.in_(clients), KeyDek.compartment_id.in_(places)
    )
    rows = db.session.execute(query.group_by(KeyDek.subject_id, KeyDek.compartment_id))
    return Counter({(subject, place): count for subject, place, count in rows})


def name_members(steward: Actor, client: bytes, wanted: Mapping[Kind, frozenset[bytes]]) -> None:
    """Signs the roster of each of her compartments, the kit on every one; a compartment that is not there is made."""
    known = {own.kind: own.id for own in compartments_of([client])}
    for kind, people in sorted(wanted.items()):
        if kind not in known:
            row = Compartment(id=new_id(), kind=kind.value, client_id=client)
            db.session.add(row)
            known[kind] = row.id
        enrol(steward, known[kind], people | {current_roll().kit_id})
    db.session.flush()


def give_birth(member: Actor, compartment: bytes) -> None:
    """Its first key, made by one of its members and sealed to the others and the kit. Raises Unopenable for others."""
    enact(member, new_compartment_key(compartment, 1), {})
    db.session.flush()
    keyring_of(member).reload()
