"""Who came together: enrollments under one HouseholdID as households here. Somebody alone is none."""

import hashlib
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import select

from shelter.clients.models import Client, HouseholdMember
from shelter.db import db
from shelter.db.base import new_id
from shelter.db.bulk import Row, insert_many
from shelter.db.keyring import chunks
from shelter.exchange.hmis.plan import Plan, PlannedHousehold
from shelter.exchange.ledger import Ledger

HOUSEHOLD, PERSON = "household", "person"


@dataclass(slots=True)
class Families:
    """Households of two and more: `ids` by HouseholdID, those to be made, those whose members are new or changed."""

    ids: dict[str, bytes] = field(default_factory=dict)
    fresh: set[bytes] = field(default_factory=set)
    changed: list[PlannedHousehold] = field(default_factory=list)


def find(plan: Plan, ledger: Ledger) -> Families:
    """Households by their keys; the same people under two keys are one household. Changes nothing."""
    families = Families()
    same_people: dict[frozenset[str], bytes] = {}
    for household in plan.households:
        people = frozenset(household.person_keys)
        if len(people) < 2:
            continue
        known = ledger.find(HOUSEHOLD, household.key)
        owner = known.owner if known else same_people.get(people)
        if owner is None:
            owner = new_id()
            families.fresh.add(owner)
        same_people.setdefault(people, owner)
        families.ids[household.key] = owner
        if known is None or known.digest != _digest(household):
            families.changed.append(household)
    return families


def store(families: Families, ledger: Ledger) -> None:
    """Makes households and memberships, in the caller's transaction; every person must be in the ledger by now."""
    wanted: dict[tuple[bytes, bytes], bool] = {}
    for household in families.changed:
        owner = families.ids[household.key]
        for person in household.person_keys:
            known = ledger.find(PERSON, person)
            if known is not None:
                wanted[owner, known.owner] = person == household.head_key
        ledger.put(HOUSEHOLD, household.key, _digest(household), owner)
    there = _there({client for _, client in wanted})
    held = _held({owner for owner, _ in wanted})
    rows: list[Row] = [
        (owner, client, head)
        for (owner, client), head in wanted.items()
        if client in there and (owner, client) not in held
    ]
    used = {owner for owner, _ in wanted}
    insert_many("household", ("id",), [(one,) for one in sorted(families.fresh & used)])
    insert_many("household_member", ("household_id", "client_id", "head"), rows)


def _digest(household: PlannedHousehold) -> bytes:
    told = msgspec.msgpack.encode([sorted(household.person_keys), household.head_key])
    return hashlib.blake2b(told, digest_size=16).digest()


def _there(clients: set[bytes]) -> set[bytes]:
    """Those who have a record still: one that was erased stays erased."""
    found: set[bytes] = set()
    for part in chunks(clients):
        found.update(db.session.scalars(select(Client.id).where(Client.id.in_(part))))
    return found


def _held(households: set[bytes]) -> set[tuple[bytes, bytes]]:
    found: set[tuple[bytes, bytes]] = set()
    for part in chunks(households):
        query = select(HouseholdMember.household_id, HouseholdMember.client_id)
        rows = db.session.execute(query.where(HouseholdMember.household_id.in_(part)))
        found.update((household, client) for household, client in rows)
    return found
