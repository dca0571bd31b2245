"""Sending facts: each change of a record leaves a signed, sealed fact under a pseudonym, in its own transaction.

Nobody who sends can read what lies there; inbox rows have random ids and no time, and the trail does not
name them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from shelter.crypto.context import Context
from shelter.crypto.hpke import seal_signed_to
from shelter.crypto.labels import Label
from shelter.crypto.plaintext import padded
from shelter.crypto.pseudonym import fact_source, pseudonym
from shelter.db import pseudonyms
from shelter.db.base import db, new_id
from shelter.db.keyring import keyring_of
from shelter.db.packed import Inbox
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules.clock import now

BATCH = 4096
BATCH_BYTES = 1 << 19
"""Half of what a sealed message holds; what stands around each value is counted with FRAME."""
FRAME = 256
RECORD = "record"
"""The value that holds a whole exact record as JSON; the others are single codes."""


SAME = "same"
"""The fact that two pseudonyms are one person: `person` counts as the one in the value AS."""
AS = "as"
GONE = "gone"
"""The fact that a person was erased: nothing under her pseudonym counts, and folding takes all of it out."""
GIVES_UP = "gives_up"
LAID_OVER = "laid_over"
ANEW = "anew"
"""The fact that closes what a source told anew: how many facts it told, the kinds that are replaced by them, and those
that are laid over what stands.
"""
FIRST = bytes(4)
"""With it begin the ids of batches that a source told anew, then those of the run: folding meets them first."""
_gathered: ContextVar["list[tuple[Kind, Coded]] | None"] = ContextVar("gathered", default=None)


class Fact(msgspec.Struct, kw_only=True, array_like=True):
    """One coded fact as its readers see it: no plain id, whole years and months only in `facts`.

    In `exact` a value may be a whole record (RECORD). `source` names the record's section under the pseudonym
    key, `origin` the compartment it came from; of several with one source the highest `version` of the newest
    `generation` counts.
    """

    source: bytes
    origin: str
    version: int
    generation: int
    person: bytes
    what: str
    values: dict[str, str | int]
    deleted: bool = False


class Coded(msgspec.Struct, kw_only=True, frozen=True):
    """What a feature has to say: about which client, from which row and section, in codes."""

    client: bytes
    table: str
    row: bytes
    section: str
    origin: Kind
    version: int
    what: str
    values: dict[str, str | int]
    deleted: bool = False


def emit(actor: Actor, coded: Sequence[Coded], *, into: Kind = Kind.FACTS) -> None:
    """Seals facts to the inbox of `facts` or `exact`, in the caller's transaction, in batches."""
    if not coded:
        return
    gathered = _gathered.get()
    if gathered is not None:
        gathered += [(into, one) for one in coded]
        return
    for batch in _batches(_facts(actor, coded)):
        _send(actor, batch, into)
    db.session.flush()


@contextmanager
def gathering() -> Iterator["list[tuple[Kind, Coded]]"]:
    """What features would send inside it, and the ledger it is for: nothing is sent."""
    found: list[tuple[Kind, Coded]] = []
    token = _gathered.set(found)
    try:
        yield found
    finally:
        _gathered.reset(token)


def tell_anew(
    actor: Actor,
    origin: Kind,
    coded: Sequence[Coded],
    *,
    kinds: Sequence[str],
    laid_over: Sequence[str],
    into: Kind,
    gives_up: bool = False,
) -> None:
    """Everything that a source has to say, closed by its count: whoever folds it replaces those kinds by it.

    Of kinds that are `laid_over` nothing is dropped, by a host of the version before neither. `gives_up` allows
    replacing where a lost part may have held counts whose records are no more.
    """
    secret, run = pseudonyms.secret(actor), new_id()
    closing = Fact(
        source=fact_source(secret.key, "anew", run, origin.value),
        origin=origin.value,
        version=int(now().timestamp()),
        generation=secret.generation,
        person=run,
        what=ANEW,
        values={"count": len(coded), "kinds": " ".join(kinds), LAID_OVER: " ".join(laid_over), GIVES_UP: int(gives_up)},
    )
    for number, batch in enumerate(_batches([*_facts(actor, coded), closing])):
        _send(actor, batch, into, FIRST + run[:8] + number.to_bytes(4, "big"))
    db.session.flush()


def _facts(actor: Actor, coded: Sequence[Coded]) -> list[Fact]:
    secret = pseudonyms.secret(actor)
    people = {client: pseudonym(secret.key, secret.generation, client) for client in {one.client for one in coded}}
    return [
        Fact(
            source=fact_source(secret.key, one.table, one.row, one.section),
            origin=one.origin.value,
            version=one.version,
            generation=secret.generation,
            person=people[one.client],
            what=one.what,
            values=one.values,
            deleted=one.deleted,
        )
        for one in coded
    ]


def say_same(actor: Actor, client: bytes, other: bytes, merge: tuple[bytes, int], *, undone: bool = False) -> None:
    """Tells both ledgers that `client` counts as `other`, or no longer; `merge` is the row's id and its version."""
    secret = pseudonyms.secret(actor)
    values: dict[str, str | int] = {AS: pseudonym(secret.key, secret.generation, other).hex()}
    row, version = merge
    coded = Coded(
        client=client,
        table="merge",
        row=row,
        section="about",
        origin=Kind.IDENTITY,
        version=version,
        what=SAME,
        values=values,
        deleted=undone,
    )
    for ledger in (Kind.FACTS, Kind.EXACT):
        emit(actor, [coded], into=ledger)


def say_gone(actor: Actor, clients: Sequence[bytes]) -> list[bytes]:
    """Tells both ledgers that these were erased; the ids of what lies in their inboxes until that is folded."""
    secret = pseudonyms.secret(actor)
    facts = [
        Fact(
            source=fact_source(secret.key, "erasure", client, ""),
            origin=Kind.IDENTITY.value,
            version=1,
            generation=secret.generation,
            person=pseudonym(secret.key, secret.generation, client),
            what=GONE,
            values={},
        )
        for client in clients
    ]
    sent = [_send(actor, batch, ledger) for ledger in (Kind.FACTS, Kind.EXACT) for batch in _batches(facts)]
    db.session.flush()
    return sent


def _batches(facts: list[Fact]) -> Iterator[list[Fact]]:
    """As many at once as a batch holds, by number and by size."""
    batch: list[Fact] = []
    size = 0
    for fact in facts:
        grown = size + FRAME + len(str(fact.values.get(RECORD, "")))
        if batch and (len(batch) == BATCH or grown > BATCH_BYTES):
            yield batch
            batch, grown = [], grown - size
        batch.append(fact)
        size = grown
    if batch:
        yield batch


def stand_ins(actor: Actor) -> Callable[[bytes], str]:
    """What stands for a household, a party or a stay in exact records."""
    key = pseudonyms.secret(actor).key
    return lambda plain: fact_source(key, "household", plain, "")[:8].hex()


def inbox_context(agency: bytes, row: bytes, compartment: bytes, ck_version: int) -> Context:
    return Context(
        label=Label.INBOX,
        agency=agency,
        table="inbox",
        row=row,
        compartment=compartment,
        ck_version=ck_version,
    )


def _send(actor: Actor, facts: list[Fact], into: Kind, row_id: bytes = b"") -> bytes:
    keyring = keyring_of(actor)
    compartment = keyring.compartment(into)
    newest = current_roll().newest_version(compartment)
    row_id = row_id or new_id()
    sealed = seal_signed_to(
        newest.public,
        newest.id,
        inbox_context(keyring.agency, row_id, compartment, newest.version),
        padded(msgspec.msgpack.encode(facts)),
        maker=keyring.user_id,
        signing_private=keyring.signing_private,
    )
    db.session.add(Inbox(id=row_id, compartment_id=compartment, ck_version=newest.version, sealed=sealed))
    return row_id
