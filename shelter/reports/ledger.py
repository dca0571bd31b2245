"""The ledgers of facts and of exact records: what lies in inbox and segments, the newest version of each source.

Opened by holders of `facts` or `exact` only. A fact counts when a person who was ever bound signed its batch; anything
else in the inbox is left there for `doctor`.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import func, select

from shelter.crypto.errors import Unopenable
from shelter.crypto.hpke import unseal_signed
from shelter.crypto.plaintext import unpadded
from shelter.db import db
from shelter.db.inbox import Fact, inbox_context
from shelter.db.keyring import Keyring, keyring_of
from shelter.db.packed import Inbox, Segment
from shelter.db.roll import current_roll, signers_keys
from shelter.db.segments import Shelf, scanning
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.reports.columns import Part, facts_in, is_columns, packed, unpacked
from shelter.reports.standing import Standing, standing

AT_ONCE = 500
"""Batches that are taken in together."""
_PAGE = 32
"""Batches that are read together: one of an import is half a megabyte, and a slice of folding opens few."""

_facts = msgspec.msgpack.Decoder(list[Fact])


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
    return list(columns(actor, kind).facts())


def columns(actor: Actor, kind: Kind = Kind.FACTS) -> Standing:
    """The same as columns, which are counted without a look at each fact."""
    loose = [fact for batch in opened(actor, kind=kind) for fact in batch.facts]
    settled: list[Part] = []
    for content in _contents(actor, kind):
        if is_columns(content):
            settled.append(unpacked(content))
        else:
            loose += first_format(content)
    return standing(settled, unpacked(memoryview(packed(newest(loose)))))


def newest(facts: Iterable[Fact]) -> list[Fact]:
    """Of several with one source the highest version of the newest generation."""
    found: dict[bytes, Fact] = {}
    for fact in facts:
        known = found.get(fact.source)
        if known is None or (fact.generation, fact.version) > (known.generation, known.version):
            found[fact.source] = fact
    return list(found.values())


def held(content: bytes | memoryview) -> list[Fact]:
    """The facts of a segment, of either format; none of one that is new."""
    if is_columns(content):
        return list(facts_in(unpacked(memoryview(content))))
    return first_format(content)


def first_format(content: bytes | memoryview) -> list[Fact]:
    return _facts.decode(bytes(content)) if content else []


def _contents(actor: Actor, kind: Kind) -> Iterator[memoryview]:
    """Every segment's content, each gone when the next is asked for."""
    for origin in Kind:
        shelf = shelf_of(actor, origin.value, kind)
        if not _has_segments(shelf):
            continue
        with scanning(actor, shelf) as contents:
            for _, content in contents:
                yield content


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
    query = select(Inbox).where(Inbox.compartment_id == compartment).order_by(Inbox.id).limit(_PAGE)
    rows = db.session.scalars(query).all()
    while rows:
        yield from rows
        last = rows[-1].id
        rows = db.session.scalars(query.where(Inbox.id > last)).all() if len(rows) == _PAGE else []


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


def by_person(facts: Iterable[Fact], what: str) -> dict[bytes, list[Fact]]:
    """Facts of one kind by the pseudonym they are about."""
    found: dict[bytes, list[Fact]] = {}
    for fact in facts:
        if fact.what == what:
            found.setdefault(fact.person, []).append(fact)
    return found
