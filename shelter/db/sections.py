"""Sealed sections: one typed struct per record and compartment, sealed as one message.

A model mixes in `Sealed`, declares its columns with `sealed_column()` and `version_column()`, and names
each section in `sections`. Opening and saving need a signed-in person; a section's ciphertext binds its
row, its place, its subject and its version, so that nothing can be moved or brought back.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.message import seal, unseal
from shelter.crypto.plaintext import pack, unpack
from shelter.db import deks
from shelter.db.base import db
from shelter.db.deks import Dek, Subject
from shelter.db.errors import Conflict, Spoiled
from shelter.db.keyring import Keyring, keyring_of
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind

T = TypeVar("T", bound=msgspec.Struct)
WRITES = "shelter_trail_writes"
REFUSALS = "shelter_refused_seals"


@dataclass(frozen=True, slots=True)
class Section(Generic[T]):
    """A section of a table: its struct, the compartment it lives in, its schema number, what it is for."""

    table: str
    name: str
    struct: type[T]
    kind: Kind
    schema: int = 1
    retention: str = "client-file"


class SealedRow(msgspec.Struct, frozen=True, gc=False):
    """What a list query brings along for one sealed section."""

    row_id: bytes
    subject: Subject
    version: int
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Write:
    """What the trail keeps about a write: place, version and hash of the ciphertext."""

    table: str
    row_id: bytes
    section: str
    version: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """Where a seal did not hold, and whose record it is in."""

    table: str
    row_id: bytes
    section: str
    client: bytes | None

    def __str__(self) -> str:
        return f"{self.table}.{self.section} {self.row_id.hex()}"


INVENTORY: dict[tuple[str, str], Section[Any]] = {}
"""Every sealed section of the schema, by (table, section)."""


class Sealed:
    """Mixin of tables with sealed sections."""

    sections: ClassVar[dict[str, Section[Any]]]

    def subject(self) -> Subject:
        raise NotImplementedError


def declare(table: str, name: str, struct: type[T], kind: Kind, **more: Any) -> Section[T]:
    """Names a section; the model lists it in `sections` and has columns `name`, `name_version`."""
    section = Section(table, name, struct, kind, **more)
    INVENTORY[table, name] = section
    return section


def sealed_column() -> Mapped[bytes | None]:
    return mapped_column()


def version_column() -> Mapped[int]:
    return mapped_column(default=0)


def context_of(keyring: Keyring, section: Section[Any], row: SealedRow, compartment: bytes) -> Context:
    return Context(
        label=Label.SECTION,
        agency=keyring.agency,
        table=section.table,
        row=row.row_id,
        section=section.name,
        subject_kind=row.subject.kind,
        subject=row.subject.id,
        compartment=compartment,
        version=row.version,
    )


# -- opening -----------------------------------------------------------------


def row_of(row: Sealed, section: Section[Any]) -> SealedRow:
    return SealedRow(
        getattr(row, "id"),  # noqa: B009 - the mixin does not declare the column that every model has
        row.subject(),
        getattr(row, f"{section.name}_version"),
        getattr(row, section.name),
    )


def open_section(actor: Actor, row: Sealed, section: Section[T]) -> T | None:
    """The struct, or None where nothing was ever written. Raises `NoKey`, or `Spoiled` where the seal does not hold."""
    one = row_of(row, section)
    value = open_rows(actor, [one], section)[0]
    if value is None and one.sealed is not None:
        raise Spoiled
    return value


def open_rows(actor: Actor, rows: Sequence[SealedRow], section: Section[T]) -> list[T | None]:
    """Opens one section of many rows; data keys come with one query a compartment. Raises `NoKey`.

    None where nothing was written, or where the seal does not hold: that is noted and hurts no neighbour.
    """
    keyring = keyring_of(actor)
    places = [keyring.compartment(section.kind, row.subject.client) for row in rows]
    for compartment in set(places):
        here = (r.subject for r, c in zip(rows, places, strict=True) if c == compartment and r.sealed)
        deks.load(keyring, here, compartment)
    return [_open(keyring, section, row, place) for row, place in zip(rows, places, strict=True)]


def _open(keyring: Keyring, section: Section[T], row: SealedRow, compartment: bytes) -> T | None:
    if row.sealed is None:
        return None
    try:
        dek = deks.to_open(keyring, row.subject, compartment, row.sealed)
        plaintext = unseal(dek.key, dek.id, context_of(keyring, section, row, compartment), row.sealed)
        return _decode(plaintext, section)
    except (Unopenable, msgspec.MsgspecError):
        note_refusal(section, row)
        return None


def _decode(plaintext: bytes, section: Section[T]) -> T:
    _, fields = unpack(plaintext)
    return msgspec.convert(fields, section.struct, strict=False)


# -- sealing -----------------------------------------------------------------


def fill(actor: Actor, row: Sealed, section: Section[T], value: T) -> None:
    """Seals a section of a row that is not in the database yet."""
    keyring = keyring_of(actor)
    compartment = keyring.compartment(section.kind, row.subject().client)
    dek = deks.to_seal(keyring, row.subject(), compartment)
    _put(keyring, row, section, value, dek, compartment)


def drop(actor: Actor, row: Sealed, section: Section[T], value: T) -> None:
    """Seals a section that the writer herself cannot open: to the compartment's public half."""
    keyring = keyring_of(actor)
    compartment = keyring.compartment(section.kind, row.subject().client)
    dek = deks.drop_for_public(keyring, row.subject(), compartment)
    _put(keyring, row, section, value, dek, compartment)


def _put(keyring: Keyring, row: Sealed, section: Section[T], value: T, dek: Dek, compartment: bytes) -> None:
    place = SealedRow(row_of(row, section).row_id, row.subject(), 1, None)
    sealed = _seal(keyring, section, place, value, dek, compartment, {})
    setattr(row, section.name, sealed)
    setattr(row, f"{section.name}_version", 1)
    note_write(section.table, place.row_id, section.name, 1, sealed)


def save(actor: Actor, row: Sealed, section: Section[T], value: T, made_from: int) -> int:
    """Seals a new version over version `made_from`; `Conflict` if somebody was faster.

    Returns the new version. Unknown fields of a newer schema are kept.
    """
    keyring = keyring_of(actor)
    old = row_of(row, section)
    if old.version != made_from:
        raise Conflict(section.table, section.name)
    compartment = keyring.compartment(section.kind, old.subject.client)
    kept = _unknown_fields(keyring, section, old, compartment)
    dek = deks.to_seal(keyring, old.subject, compartment)
    place = SealedRow(old.row_id, old.subject, made_from + 1, None)
    sealed = _seal(keyring, section, place, value, dek, compartment, kept)
    _update_where_version(type(row), section, place, sealed, made_from)
    set_committed_value(row, section.name, sealed)
    set_committed_value(row, f"{section.name}_version", place.version)
    note_write(section.table, place.row_id, section.name, place.version, sealed)
    return place.version


def _update_where_version(
    model: type[Any], section: Section[Any], place: SealedRow, sealed: bytes, made_from: int
) -> None:
    version = getattr(model, f"{section.name}_version")
    result = db.session.execute(
        update(model)
        .where(model.id == place.row_id, version == made_from)
        .values({section.name: sealed, f"{section.name}_version": place.version})
        .execution_options(synchronize_session=False)
    )
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise Conflict(section.table, section.name)


def _unknown_fields(keyring: Keyring, section: Section[Any], old: SealedRow, compartment: bytes) -> dict[str, object]:
    if old.sealed is None:
        return {}
    dek = deks.to_open(keyring, old.subject, compartment, old.sealed)
    _, fields = unpack(unseal(dek.key, dek.id, context_of(keyring, section, old, compartment), old.sealed))
    known = set(section.struct.__struct_encode_fields__)
    return {name: value for name, value in fields.items() if name not in known}


def _seal(
    keyring: Keyring,
    section: Section[T],
    place: SealedRow,
    value: T,
    dek: Dek,
    compartment: bytes,
    kept: dict[str, object],
) -> bytes:
    fields = kept | msgspec.to_builtins(value, builtin_types=(bytes,))
    context = context_of(keyring, section, place, compartment)
    return seal(dek.key, dek.id, context, pack(section.schema, fields))


# -- what the trail will say --------------------------------------------------


def note_write(table: str, row_id: bytes, section: str, version: int, sealed: bytes) -> None:
    """Remembers a write of this transaction, for the trail row that will be committed with it."""
    writes: list[Write] = db.session.info.setdefault(WRITES, [])
    writes.append(Write(table, row_id, section, version, hashlib.sha256(sealed).digest()))


def note_writes(fresh: Sequence[Write]) -> None:
    """The same for many."""
    writes: list[Write] = db.session.info.setdefault(WRITES, [])
    writes.extend(fresh)


def writes_so_far() -> list[Write]:
    """What this transaction wrote, left where it is."""
    writes: list[Write] = db.session.info.get(WRITES, [])
    return writes


def take_writes() -> list[Write]:
    """Hands over what was written since the last call."""
    writes: list[Write] = db.session.info.pop(WRITES, [])
    return writes


def forget_writes() -> None:
    db.session.info.pop(WRITES, None)


# -- what did not open ---------------------------------------------------------


def note_refusal(section: Section[Any], row: SealedRow) -> None:
    """Remembers a section whose seal did not hold; the trail will say so whatever becomes of this request."""
    refused: list[Refusal] = db.session.info.setdefault(REFUSALS, [])
    refused.append(Refusal(section.table, row.row_id, section.name, row.subject.client))


def take_refusals() -> list[Refusal]:
    """Hands over what did not open since the last call."""
    refused: list[Refusal] = db.session.info.pop(REFUSALS, [])
    return refused


def inventory() -> Iterable[Section[Any]]:
    return INVENTORY.values()
