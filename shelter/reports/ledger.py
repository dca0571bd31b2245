"""The ledgers of facts and of exact records: what lies in inbox and segments, the newest version of each source.

Opened by holders of `facts` or `exact` only. A fact counts when a person who was ever bound signed its batch; anything
else in the inbox is left there for `doctor`.
"""

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import delete, func, select

from shelter.crypto.errors import Unopenable
from shelter.crypto.hpke import unseal_signed
from shelter.crypto.plaintext import unpadded
from shelter.db import db
from shelter.db.inbox import AS, GONE, SAME, Fact, inbox_context
from shelter.db.keyring import Keyring, keyring_of
from shelter.db.packed import Inbox, Segment
from shelter.db.roll import current_roll, signers_keys
from shelter.db.segments import Shelf, add, change, next_no, scanning
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind

ENTRIES = 4096
MOST_BYTES = 4 << 20
"""What a segment is filled to at most; an exact record can be long."""
SLICE = 0.8
"""Seconds of opening inside one slice of folding."""
AT_ONCE = 500
"""Batches that are read together, and taken in together."""

_facts = msgspec.msgpack.Decoder(list[Fact])


WHO = frozenset({"person", "identity"})
"""Facts that are said once of a person: her birth year; in exact records who she is."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One opened row of the inbox."""

    row: bytes
    facts: list[Fact]


def shelf_of(actor: Actor, origin: str, kind: Kind = Kind.FACTS) -> Shelf:
    """The segments of facts that came from one source compartment."""
    scope = hashlib.sha256(f"{kind.value}/{origin}".encode()).digest()[:16]
    return Shelf(kind.value, "scope", scope, keyring_of(actor).compartment(kind))


def current(actor: Actor, kind: Kind = Kind.FACTS) -> list[Fact]:
    """Every fact that counts now: the newest of each source, without what was deleted, merged people as one."""
    newest: dict[bytes, Fact] = {}
    for fact in _everything(actor, kind):
        known = newest.get(fact.source)
        if known is None or (fact.generation, fact.version) > (known.generation, known.version):
            newest[fact.source] = fact
    generation = max((fact.generation for fact in newest.values()), default=0)
    gone = _gone(newest.values())
    counting = (fact for fact in newest.values() if not fact.deleted and fact.person not in gone)
    return as_one([fact for fact in counting if fact.generation == generation])


def _gone(facts: Iterable[Fact]) -> frozenset[bytes]:
    """Pseudonyms of those who were erased."""
    return frozenset(fact.person for fact in facts if fact.what == GONE)


def as_one(facts: list[Fact]) -> list[Fact]:
    """Facts of two records of one person under one pseudonym; who she is is said once, by the record that was kept."""
    same = {fact.person: bytes.fromhex(str(fact.values[AS])) for fact in facts if fact.what == SAME}
    if not same:
        return facts
    kept = {(fact.person, fact.what) for fact in facts if fact.person not in same}
    return [
        msgspec.structs.replace(fact, person=same.get(fact.person, fact.person))
        for fact in facts
        if fact.what != SAME and not _said_twice(fact, same, kept)
    ]


def _said_twice(fact: Fact, same: dict[bytes, bytes], kept: set[tuple[bytes, str]]) -> bool:
    return fact.person in same and fact.what in WHO and (same[fact.person], fact.what) in kept


def _everything(actor: Actor, kind: Kind) -> Iterator[Fact]:
    for origin in Kind:
        shelf = shelf_of(actor, origin.value, kind)
        if not _has_segments(shelf):
            continue
        with scanning(actor, shelf) as contents:
            for _, content in contents:
                yield from _facts.decode(bytes(content))
    for batch in opened(actor, kind=kind):
        yield from batch.facts


def _has_segments(shelf: Shelf) -> bool:
    query = select(Segment.id).where(Segment.store == shelf.store, Segment.scope_id == shelf.scope).limit(1)
    return db.session.execute(query).first() is not None


def opened(actor: Actor, most: int | None = None, kind: Kind = Kind.FACTS) -> Iterator[Batch]:
    """Batches of the inbox whose seal and signature hold; the first `most` of them."""
    keyring = keyring_of(actor)
    compartment = keyring.compartment(kind)
    found = 0
    for row in _rows(compartment):
        facts = _open(keyring, row, compartment)
        if facts is not None:
            yield Batch(row.id, facts)
            found += 1
        if found == most:
            return


def _rows(compartment: bytes) -> Iterator[Inbox]:
    """Everything in the inbox, a page at a time."""
    query = select(Inbox).where(Inbox.compartment_id == compartment).order_by(Inbox.id).limit(AT_ONCE)
    rows = db.session.scalars(query).all()
    while rows:
        yield from rows
        last = rows[-1].id
        rows = db.session.scalars(query.where(Inbox.id > last)).all() if len(rows) == AT_ONCE else []


def waiting(actor: Actor, kind: Kind = Kind.FACTS) -> int:
    """How many batches lie in the inbox, opened or not."""
    compartment = keyring_of(actor).compartment(kind)
    query = select(func.count()).select_from(Inbox).where(Inbox.compartment_id == compartment)
    return db.session.scalar(query) or 0


def _open(keyring: Keyring, row: Inbox, compartment: bytes) -> list[Fact] | None:
    try:
        private = keyring.private_half(compartment, row.ck_version)
        key_id = keyring.key_id(compartment, row.ck_version)
        context = inbox_context(keyring.agency, row.id, compartment, row.ck_version)
        signed = unseal_signed(private, key_id, context, row.sealed)
        signed.verify_any(signers_keys(current_roll(), signed.maker))
        return _facts.decode(unpadded(signed.payload))
    except (Unopenable, msgspec.DecodeError):
        return None


def fold(actor: Actor, kind: Kind = Kind.FACTS) -> int:
    """Moves what waits in the inbox into segments, in the caller's transaction, for a slice of time.

    Returns how many batches were folded; a later call goes on where this one stopped.
    """
    until = time.monotonic() + SLICE
    taken: list[Batch] = []
    for batch in opened(actor, most=AT_ONCE, kind=kind):
        taken.append(batch)
        if time.monotonic() > until:
            break
    taken = _erasures_last(actor, taken, kind)
    facts = [fact for batch in taken for fact in batch.facts]
    for origin in sorted({fact.origin for fact in facts}):
        _store(actor, shelf_of(actor, origin, kind), [fact for fact in facts if fact.origin == origin])
    db.session.execute(delete(Inbox).where(Inbox.id.in_([batch.row for batch in taken])))
    return len(taken)


def _erasures_last(actor: Actor, taken: list[Batch], kind: Kind) -> list[Batch]:
    """What says that somebody was erased waits until nothing else does, so that nothing of hers is folded after it."""
    erasing = [batch for batch in taken if _gone(batch.facts)]
    others = [batch for batch in taken if not _gone(batch.facts)]
    if others or not erasing:
        return others
    gone = frozenset.union(*(_gone(batch.facts) for batch in erasing))
    for origin in Kind:
        _take_out(actor, shelf_of(actor, origin.value, kind), gone)
    return [Batch(batch.row, []) for batch in erasing]


def _take_out(actor: Actor, shelf: Shelf, gone: frozenset[bytes]) -> None:
    def edit(content: bytes) -> bytes | None:
        held = _facts.decode(content) if content else []
        kept = [fact for fact in held if fact.person not in gone]
        return msgspec.msgpack.encode(kept) if len(kept) < len(held) else None

    for no in range(next_no(shelf)):
        change(actor, shelf, no, edit)


def _store(actor: Actor, shelf: Shelf, facts: list[Fact]) -> None:
    waiting = list(facts)
    while waiting:
        taken: list[Fact] = []

        def edit(content: bytes, waiting: list[Fact] = waiting, taken: list[Fact] = taken) -> bytes | None:
            held = _facts.decode(content) if content else []
            taken[:] = waiting[: _room(held, len(content), waiting)]
            return msgspec.msgpack.encode(held + taken) if taken else None

        add(actor, shelf, edit)
        del waiting[: len(taken)]


def _room(held: list[Fact], size: int, waiting: list[Fact]) -> int:
    """How many of those waiting go into a segment; an empty one takes at least one."""
    fitting = 0
    for fact in waiting[: ENTRIES - len(held)]:
        size += len(msgspec.msgpack.encode(fact))
        if size > MOST_BYTES and (held or fitting):
            break
        fitting += 1
    return fitting


def by_person(facts: Iterable[Fact], what: str) -> dict[bytes, list[Fact]]:
    """Facts of one kind by the pseudonym they are about."""
    found: dict[bytes, list[Fact]] = {}
    for fact in facts:
        if fact.what == what:
            found.setdefault(fact.person, []).append(fact)
    return found
