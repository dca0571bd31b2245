"""Notices inside the application and short messages to a colleague about a client; nothing is ever e-mailed.

Each is sealed in a compartment that sender and reader both hold, or else to the reader's bound key.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec
from sqlalchemy import select, update

from shelter.accounts.queries import names_of
from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.message import seal, unseal
from shelter.crypto.plaintext import pack, unpack
from shelter.db import db, deks
from shelter.db.aside import Message
from shelter.db.deks import Subject
from shelter.db.errors import NoKey
from shelter.db.keyring import Keyring, keyring_of
from shelter.db.letters import opened_for_one, sealed_for_one
from shelter.db.roll import current_roll
from shelter.db.sections import note_write
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.rules.clock import now
from shelter.trail.record import note_read, recorded

KEPT = timedelta(days=90)
MOST_SHOWN = 200
_SHARED = (Kind.IDENTITY, Kind.SHELTER, Kind.LEGAL, Kind.DOCUMENTS)


class NoticeKind(StrEnum):
    """What a notice is about; the sentence stands in the template."""

    ASSIGNED = "assigned"
    APPROVAL = "approval"
    ARRIVAL = "arrival"
    CONFLICT = "conflict"
    MATCH = "match"
    DEVICE = "device"
    MESSAGE = "message"
    COVER = "cover"
    BREACH = "breach"
    DEMAND = "demand"
    ERASED = "erased"
    ERASING = "erasing"
    GLASS = "glass"
    NEW_WORDS = "new-words"
    RESTRICTED = "restricted"
    COPY = "copy"
    PART = "part"
    ASKED = "asked"
    CALENDAR = "calendar"


class _Letter(msgspec.Struct, kw_only=True):
    kind: str
    sender: bytes
    at: datetime
    code: str = ""
    other_code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as its reader sees it; `kind` is "" for one that no longer opens."""

    id: bytes
    kind: str
    seen: bool
    by: str = ""
    at: datetime | None = None
    code: str = ""
    other_code: str = ""
    text: str = ""


def notify(
    actor: Actor,
    reader_id: bytes,
    kind: NoticeKind,
    client_id: bytes | None = None,
    *,
    code: str = "",
    other_code: str = "",
    text: str = "",
) -> None:
    """Leaves a notice for a colleague, in the caller's transaction; about a client her code goes with it.

    Raises `Unopenable` for a reader who does not belong.
    """
    row = Message(reader_id=reader_id, client_id=client_id, keep_until=_month_after(now() + KEPT))
    letter = _Letter(kind=kind, sender=actor.id, at=now(), code=code, other_code=other_code, text=text)
    keyring = keyring_of(actor)
    row.compartment_id = _shared(keyring, reader_id, client_id)
    row.sealed = _seal(actor, row, letter)
    note_write("message", row.id, "letter", 1, row.sealed)
    db.session.add(row)


def _month_after(at: datetime) -> date:
    return (at.date().replace(day=1) + timedelta(days=32)).replace(day=1)


def _shared(keyring: Keyring, reader_id: bytes, client_id: bytes | None) -> bytes | None:
    """The first compartment with content about this client that both hold."""
    if client_id is None:
        return None
    roll = current_roll()
    for kind in _SHARED:
        compartment = keyring.find(kind, client_id)
        if compartment in keyring.held() and compartment and reader_id in roll.members(compartment):
            return compartment
    return None


def _seal(actor: Actor, row: Message, letter: _Letter) -> bytes:
    if row.compartment_id is not None and row.client_id is not None:
        keyring, fields = keyring_of(actor), msgspec.to_builtins(letter, builtin_types=(bytes,))
        dek = deks.to_seal(keyring, Subject("client", row.client_id, row.client_id), row.compartment_id)
        return seal(dek.key, dek.id, _in_compartment(keyring, row), pack(1, fields))
    return sealed_for_one(actor, "message", row.id, "letter", row.reader_id, letter)


def _in_compartment(keyring: Keyring, row: Message) -> Context:
    return Context(
        label=Label.SECTION,
        agency=keyring.agency,
        table="message",
        row=row.id,
        section="letter",
        subject_kind="client",
        subject=row.client_id or b"",
        compartment=row.compartment_id or b"",
        version=1,
    )


def _open(actor: Actor, row: Message) -> _Letter:
    if row.compartment_id is not None and row.client_id is not None:
        keyring, subject = keyring_of(actor), Subject("client", row.client_id, row.client_id)
        dek = deks.to_open(keyring, subject, row.compartment_id, row.sealed)
        _, fields = unpack(unseal(dek.key, dek.id, _in_compartment(keyring, row), row.sealed))
        return msgspec.convert(fields, _Letter, strict=False)
    letter, maker = opened_for_one(actor, "message", row.id, "letter", row.sealed, _Letter)
    if letter.sender != maker:
        raise Unopenable
    return letter


def move_letters(actor: Actor, client_id: bytes, here: bytes, there: bytes, members: Collection[bytes]) -> None:
    """Notices about a client go where she goes, in the caller's transaction; who does not belong there loses hers.

    Raises NoKey.
    """
    about = (Message.client_id == client_id) & (Message.compartment_id == here)
    for row in db.session.scalars(select(Message).where(about)).all():
        letter = _opened(actor, row) if row.reader_id in members else None
        if letter is None:
            db.session.delete(row)
            continue
        row.compartment_id = there
        row.sealed = _seal(actor, row, letter)
        note_write("message", row.id, "letter", 1, row.sealed)


def mine(actor: Actor) -> list[Notice]:
    """Her notices, the unseen first, then the newest."""
    query = select(Message).where(Message.reader_id == actor.id).order_by(Message.seen).limit(MOST_SHOWN)
    rows = list(db.session.scalars(query))
    note_read(actor, Act.ACCOUNT_OWN, [row.client_id for row in rows if row.client_id is not None])
    opened = [(row, _opened(actor, row)) for row in rows]
    names = names_of(actor, {letter.sender for _, letter in opened if letter is not None})
    notices = [_notice(row, letter, names) for row, letter in opened]
    return sorted(notices, key=lambda one: (one.seen, -(one.at.timestamp() if one.at else 0)))


def _opened(actor: Actor, row: Message) -> _Letter | None:
    try:
        return _open(actor, row)
    except (Unopenable, NoKey):
        return None


def _notice(row: Message, letter: _Letter | None, names: dict[bytes, str]) -> Notice:
    if letter is None:
        return Notice(row.id, "", row.seen)
    by = names.get(letter.sender, "")
    return Notice(row.id, letter.kind, row.seen, by, letter.at, letter.code, letter.other_code, letter.text)


def mark_seen(actor: Actor, notice_id: bytes | None) -> None:
    """One of her notices, or all of them."""
    chosen = Message.reader_id == actor.id
    with recorded(actor, "notice-seen"):
        db.session.execute(
            update(Message)
            .where(chosen if notice_id is None else chosen & (Message.id == notice_id))
            .values(seen=True)
            .execution_options(synchronize_session=False)
        )
