"""Writing the trail: an act with its commit, reads before the answer leaves, denials by themselves."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

import msgspec
from sqlalchemy import Table, insert, select, text

from shelter.crypto.context import Context
from shelter.crypto.hpke import seal_signed_to, seal_unsigned_to
from shelter.crypto.labels import Label
from shelter.crypto.plaintext import padded
from shelter.db import db, new_id
from shelter.db.bulk import Row, insert_many
from shelter.db.deployment import deployment
from shelter.db.errors import Conflict
from shelter.db.keyring import Keyring, keyring_of
from shelter.db.keystore import Compartment
from shelter.db.roll import current_roll
from shelter.db.sections import Write, forget_writes, take_refusals, take_writes
from shelter.db.transaction import write_transaction
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.rules.clock import now
from shelter.trail.chain import GENESIS, Link
from shelter.trail.models import Trail, TrailDetail, TrailSubject, TrailWrite

READS = "shelter_trail_reads"
ASKED = "shelter_trail_asked"
SEAL_REFUSED = "refused:seal"
_MOST_NAMED = 50
_PG_LOCK = 0x53484C54
_SUBJECT = ("seq", "client_id")
_WRITE = ("seq", "no", "table_name", "row_id", "section", "version", "digest")


@dataclass(slots=True)
class Unit:
    """One act in the making: whose records, which clause allowed it, what the auditor may read of it."""

    act: str
    actor: Actor | None = None
    clients: set[bytes] = field(default_factory=set)
    clause: str = ""
    detail: dict[str, str | int | list[str]] = field(default_factory=dict)

    def about(self, *clients: bytes | None) -> None:
        self.clients.update(client for client in clients if client is not None)


@contextmanager
def recorded(actor: Actor | None, act: Act | str, *clients: bytes, clause: str = "") -> Iterator[Unit]:
    """A write transaction whose trail row commits with it, or neither does."""
    forget_writes()
    unit = Unit(str(act), actor, set(clients), clause)
    with write_transaction():
        yield unit
        db.session.flush()
        writes = take_writes()
        if actor is not None and writes:
            _require_places(actor, writes[0])
        append(unit, writes)


def _require_places(actor: Actor, first: Write) -> None:
    """Under the trail's lock, which whoever restricts a client holds too: nothing is sealed where she no longer is.

    Raises Conflict; done once more it is sealed where she is.
    """
    serialise()
    if isinstance(actor.keyring, Keyring) and actor.keyring.is_outdated():
        raise Conflict(first.table, first.section)


def note_read(
    actor: Actor, act: Act, clients: Iterable[bytes], clause: str = "", *, file: str = "", small: Iterable[str] = ()
) -> None:
    """Remembers that these clients' records were read; committed by `commit_reads` before the answer leaves.

    `file` is the code of a file that was opened, `small` those of files whose small pictures were shown; only the
    auditor reads them.
    """
    detail: dict[str, str | int | list[str]] = {"file": file} if file else {}
    if shown := sorted(small):
        detail["pictures"] = shown
    if detail:
        named: list[Unit] = db.session.info.setdefault(READS, [])
        named.append(Unit(act, actor, set(clients), clause, detail))
        return
    reads: list[Unit] = db.session.info.setdefault(READS, [])
    for unit in reads:
        if unit.act == act and unit.clause == clause and not unit.detail:
            unit.clients.update(clients)
            return
    reads.append(Unit(act, actor, set(clients), clause))


def note_search(actor: Actor, act: Act, detail: Mapping[str, str | int | list[str]]) -> None:
    """Remembers a search; its words are sealed to the auditor."""
    reads: list[Unit] = db.session.info.setdefault(READS, [])
    reads.append(Unit(act, actor, set(), "", dict(detail)))


def note_asked_for(client: bytes) -> None:
    """Remembers whose record somebody asked for and did not get: whoever writes the refusal down names her."""
    db.session.info.setdefault(ASKED, set()).add(client)


def take_asked_for() -> set[bytes]:
    asked: set[bytes] = db.session.info.pop(ASKED, set())
    return asked


def commit_reads(count: Callable[[Actor], None] | None = None) -> None:
    """One commit for all reads of this request; raises if it cannot be written, and then nothing is shown.

    `count` is told once whoever was shown somebody, in the same transaction; what it raises shows nothing either.
    """
    reads: list[Unit] = db.session.info.pop(READS, [])
    if not reads:
        return
    with write_transaction():
        shown = next((unit.actor for unit in reads if unit.clients and unit.actor), None)
        if count is not None and shown is not None:
            count(shown)
        for unit in reads:
            append(unit, [])


def record_alone(actor: Actor | None, act: str, *clients: bytes, **detail: str) -> None:
    """An event that commits by itself: a denial, a failed sign-in."""
    unit = Unit(act, actor, set(clients), "", dict(detail))
    if act == SEAL_REFUSED:
        _name_refusals(unit)
    forget_writes()
    with write_transaction():
        append(unit, [])


def record_broken(actor: Actor, segments: Sequence[bytes]) -> None:
    """Segments whose seal does not hold, by their ids: the auditor must hear of what may hide somebody."""
    if segments:
        record_alone(actor, SEAL_REFUSED, segments=",".join(one.hex() for one in segments))


def commit_refusals(actor: Actor | None) -> None:
    """One row for all sections whose seal did not hold in this request and that nobody has written down yet."""
    unit = Unit(SEAL_REFUSED, actor)
    if _name_refusals(unit):
        forget_writes()
        with write_transaction():
            append(unit, [])


def _name_refusals(unit: Unit) -> bool:
    refused = take_refusals()
    unit.about(*(one.client for one in refused))
    if refused:
        unit.detail["sections"] = sorted({str(one) for one in refused})[:_MOST_NAMED]
    return bool(refused)


_LAST = select(Trail.seq, Trail.hash).order_by(Trail.seq.desc()).limit(1)


def append(unit: Unit, writes: list[Write]) -> int:
    """The link itself, inside the caller's transaction; returns its sequence number."""
    serialise()
    last = db.session.execute(_LAST).first()
    seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
    sealed = _seal_detail(unit)
    at = now()
    link = Link(
        seq=seq,
        prev=prev,
        at=at,
        actor=unit.actor.id if unit.actor else None,
        act=unit.act,
        clause=unit.clause,
        detail_hash=sealed[1] if sealed else None,
        subjects=sorted(unit.clients),
        writes=writes,
    )
    _insert(link, sealed)
    return seq


_LINK = insert(cast(Table, Trail.__table__))


def _insert(link: Link, sealed: tuple[TrailDetail, bytes] | None) -> None:
    db.session.execute(
        _LINK,
        {
            "seq": link.seq,
            "prev": link.prev,
            "hash": link.hash(),
            "at": link.at,
            "actor_id": link.actor,
            "act": link.act,
            "clause": link.clause,
            "detail_hash": link.detail_hash,
        },
    )
    insert_many(TrailSubject.__tablename__, _SUBJECT, [(link.seq, client) for client in link.subjects])
    insert_many(TrailWrite.__tablename__, _WRITE, [_write_row(link.seq, no, w) for no, w in enumerate(link.writes)])
    if sealed:
        detail = sealed[0]
        detail.seq = link.seq
        db.session.add(detail)
        db.session.flush()


def _write_row(seq: int, no: int, write: Write) -> Row:
    return seq, no, write.table, write.row_id, write.section, write.version, write.digest


def serialise() -> None:
    """One appender at a time: SQLite's write lock is already held; PostgreSQL takes an advisory lock."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _PG_LOCK})


def _seal_detail(unit: Unit) -> tuple[TrailDetail, bytes] | None:
    """The detail sealed to the auditor's public key, with the SHA-256 that the chain covers."""
    if not unit.detail or deployment().fingerprint is None:
        return None
    compartment = db.session.scalar(
        select(Compartment.id).where(Compartment.kind == Kind.AUDIT, Compartment.client_id.is_(None))
    )
    if compartment is None:
        return None
    newest = current_roll().newest_version(compartment)
    context = Context(
        label=Label.DETAIL,
        agency=deployment().agency,
        table="trail_detail",
        row=new_id(),
        compartment=compartment,
        ck_version=newest.version,
    )
    payload = padded(msgspec.msgpack.encode(unit.detail))
    keyring = unit.actor.keyring if unit.actor else None
    if unit.actor and isinstance(keyring, Keyring):
        maker = keyring_of(unit.actor)
        message = seal_signed_to(
            newest.public,
            newest.id,
            context,
            payload,
            maker=maker.user_id,
            signing_private=maker.signing_private,
        )
    else:
        message = seal_unsigned_to(newest.public, newest.id, context, payload)
    sealed = context.row + message
    detail = TrailDetail(seq=0, ck_version=newest.version, sealed=sealed)
    return detail, hashlib.sha256(sealed).digest()
