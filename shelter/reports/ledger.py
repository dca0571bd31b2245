"""The ledgers of facts and of exact records: what lies in inbox and segments, the newest version of each source.

Opened by holders of `facts` or `exact` only. A fact counts when a person who was ever bound signed its batch; anything
else in the inbox is left there for `doctor`.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import ColumnElement, bindparam, func, select

from shelter.crypto.errors import Unopenable
from shelter.crypto.hpke import unseal_signed
from shelter.crypto.plaintext import unpadded
from shelter.db import db
from shelter.db.inbox import FIRST, Fact, inbox_context
from shelter.db.keyring import Keyring, keyring_of
from shelter.db.packed import Inbox, Segment
from shelter.db.roll import current_roll, signers_keys
from shelter.db.segments import Shelf, scanning
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.reports.columns import Part, is_columns, part_of, unpacked
from shelter.reports.parts import joined, newest
from shelter.reports.standing import Standing, standing
from shelter.rules.broken import Broken

AT_ONCE = 500
"""Batches that are taken in together."""
_PAGE = 32
"""Batches that are read together: one of an import is half a megabyte, and a slice of folding opens few."""
_LAST_ANEW, _LAST = FIRST + b"\xff" * (16 - len(FIRST)), b"\xff" * 16
# Statements that each count asks are put together once.
_WAITING = (
    select(Inbox)
    .where(
        Inbox.compartment_id == bindparam("compartment"), Inbox.id > bindparam("after"), Inbox.id <= bindparam("until")
    )
    .order_by(Inbox.id)
    .limit(_PAGE)
)
_SCOPES = select(Segment.scope_id).where(Segment.store == bindparam("store")).distinct()
_COUNTS = select(Segment.scope_id, func.count()).where(Segment.store == bindparam("store")).group_by(Segment.scope_id)

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


def aside(store: str) -> str:
    """Where segments are kept that did not open."""
    return f"{store}-broken"


@dataclass(slots=True)
class Shelved:
    """What lies in the segments of one source: settled parts hold each source once, young ones what came after.

    `loose` are facts of the first format; `broken` the ids of segments that did not open.
    """

    settled: list[Part] = field(default_factory=list)
    young: list[Part] = field(default_factory=list)
    loose: list[Fact] = field(default_factory=list)
    broken: list[bytes] = field(default_factory=list)


def shelved(actor: Actor, shelf: Shelf, *also: ColumnElement[bool]) -> Shelved:
    """Segments of a shelf for which `also` holds; the numbers of those that were folded lately are below 0."""
    found = Shelved()
    with scanning(actor, shelf, *also) as contents:
        for no, content in contents:
            if is_columns(content):
                (found.young if no < 0 else found.settled).append(unpacked(content))
            else:
                found.loose += first_format(content)
        found.broken = contents.broken
    return found


def current(actor: Actor, kind: Kind = Kind.FACTS) -> list[Fact]:
    """Every fact that counts now: the newest of each source, without what was deleted, merged people as one."""
    return list(columns(actor, kind).facts())


def columns(actor: Actor, kind: Kind = Kind.FACTS) -> Standing:
    """The same as columns, which are counted without a look at each fact.

    Raises Broken where a segment does not open: what is left of a ledger is no number that anybody should hear.
    """
    waiting = waiting_facts(actor, kind)  # first: what is folded meanwhile is then met twice, not never
    found = everything(actor, kind)
    if found.broken or lost(actor, kind):
        raise Broken("reports.ledger-broken")
    return standing_of(found, waiting)


def everything(actor: Actor, kind: Kind = Kind.FACTS) -> Shelved:
    """What lies in all segments of a ledger."""
    whole = Shelved()
    for shelf in shelves(actor, kind):
        found = shelved(actor, shelf)
        whole.settled += found.settled
        whole.young += found.young
        whole.loose += found.loose
        whole.broken += found.broken
    return whole


def standing_of(found: Shelved, waiting: Iterable[Fact] = ()) -> Standing:
    return standing(found.settled, newest(joined([*found.young, part_of([*found.loose, *waiting])])))


def waiting_facts(actor: Actor, kind: Kind = Kind.FACTS) -> list[Fact]:
    return [fact for batch in opened(actor, kind=kind) for fact in batch.facts]


def first_format(content: bytes | memoryview) -> list[Fact]:
    return _facts.decode(bytes(content)) if content else []


def shelves(actor: Actor, kind: Kind) -> list[Shelf]:
    """Those on which anything lies."""
    known = frozenset(db.session.scalars(_SCOPES, {"store": kind.value}))
    return [shelf for origin in Kind if (shelf := shelf_of(actor, origin.value, kind)).scope in known]


def lost(actor: Actor, kind: Kind) -> dict[str, int]:
    """How many segments were set aside because they did not open, by the compartment that has to tell it anew."""
    found = {row.scope_id: row[1] for row in db.session.execute(_COUNTS, {"store": aside(kind.value)})}
    return {origin: found[scope] for origin, scope in _scopes(actor, kind) if scope in found} if found else {}


def broken(actor: Actor, kind: Kind) -> dict[str, int]:
    """The same with those that still lie on their shelf."""
    found = Counter(lost(actor, kind))
    for origin in Kind:
        found[origin.value] += len(shelved(actor, shelf_of(actor, origin.value, kind)).broken)
    return dict(+found)


def _scopes(actor: Actor, kind: Kind) -> list[tuple[str, bytes]]:
    return [(origin.value, shelf_of(actor, origin.value, kind).scope) for origin in Kind]


def opened(actor: Actor, kind: Kind = Kind.FACTS, *, anew: bool = False) -> Iterator[Batch]:
    """Batches of the inbox whose seal and signature hold.

    Those that a source told anew only with `anew`: they say nothing until all of them are there.
    """
    keyring = keyring_of(actor)
    compartment = keyring.compartment(kind)
    for row in _rows(compartment, anew):
        facts = _open(keyring, row, compartment)
        if facts is not None:
            yield Batch(row.id, facts)


def _rows(compartment: bytes, anew: bool) -> Iterator[Inbox]:
    """Everything in the inbox, a page at a time."""
    after, until = (b"", _LAST_ANEW) if anew else (_LAST_ANEW, _LAST)
    while True:
        asked = {"compartment": compartment, "after": after, "until": until}
        rows = db.session.scalars(_WAITING, asked).all()
        yield from rows
        if len(rows) < _PAGE:
            return
        after = rows[-1].id


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
