"""Opening one section of many rows for a list: everything that is the same for all rows is done once.

One row that does not open hurts no neighbour; it is noted for the trail, and the caller shows that it is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

from shelter.crypto.errors import Unopenable
from shelter.crypto.message import unseal
from shelter.crypto.plaintext import unframe
from shelter.db import deks
from shelter.db.keyring import Keyring, keyring_of
from shelter.db.keystore import KeyDek
from shelter.db.sections import SealedRow, Section, context_of, note_refusal
from shelter.policy.actor import Actor

T = TypeVar("T", bound=msgspec.Struct)


@cache
def _decoder(struct: type[T]) -> msgspec.msgpack.Decoder[T]:
    return msgspec.msgpack.Decoder(struct, strict=False)


def with_keys(actor: Actor, query: Any, subject: Any, section: Section[Any]) -> Any:
    """The query of a list, bringing the data keys of each row along; `take_keys` reads them off again."""
    return with_keys_in(keyring_of(actor).held_of(section.kind), query, subject)


def with_keys_in(compartments: Sequence[bytes], query: Any, subject: Any) -> Any:
    """The same of the compartments she holds (`Keyring.held_of`), for a query that is kept.

    A row comes once for each of its keys: limit what is joined, not the join.
    """
    keys = (KeyDek.subject_id == subject) & KeyDek.compartment_id.in_(compartments)
    return query.add_columns(*deks.WRAPS).outerjoin(KeyDek, keys)


def take_keys(actor: Actor, rows: Sequence[Any]) -> list[Any]:
    """Unwraps the keys that came with the rows, and gives each row (told by its first column) once, in order."""
    wraps = (row[-len(deks.WRAPS) :] for row in rows)
    deks.take(keyring_of(actor), (wrap for wrap in wraps if wrap[0] is not None))
    return list({row[0]: row for row in rows}.values())


@dataclass(frozen=True, slots=True)
class Opened(Generic[T]):
    """What came out, row by row; None where nothing was written or the seal does not hold (then also in `broken`)."""

    values: list[T | None]
    broken: list[bytes]


def open_each(actor: Actor, rows: Sequence[SealedRow], section: Section[T]) -> Opened[T]:
    """Opens a section of each row; `broken` are the ids of rows that did not open. Raises `NoKey`."""
    keyring = keyring_of(actor)
    places = _places(keyring, rows, section)
    for compartment in set(places):
        here = (row.subject for row, place in zip(rows, places, strict=True) if place == compartment and row.sealed)
        deks.load(keyring, here, compartment)
    decode, broken, shelved = _decoder(section.struct).decode, [], deks.shelved(keyring) if places else {}
    values: list[T | None] = []
    for row, place in zip(rows, places, strict=True):
        value = None
        if row.sealed is not None:
            try:
                dek = deks.that_sealed(row.sealed, shelved[row.subject.id, place])
                plaintext = unseal(dek.key, dek.id, context_of(keyring, section, row, place), row.sealed)
                value = decode(unframe(plaintext)[1])
            except (Unopenable, msgspec.MsgspecError):
                note_refusal(section, row)
                broken.append(row.row_id)
        values.append(value)
    return Opened(values, broken)


def _places(keyring: Keyring, rows: Sequence[SealedRow], section: Section[T]) -> list[bytes]:
    """The compartment of each row: the usual one, except for restricted clients."""
    restricted = keyring.restricted_clients()
    usual = keyring.find(section.kind)
    if usual is not None and not restricted:
        return [usual] * len(rows)
    return [keyring.compartment(section.kind, row.subject.client) for row in rows]
