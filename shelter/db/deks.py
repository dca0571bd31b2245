"""Data keys: one per subject, compartment and epoch; made here, unwrapped here, never kept beyond a request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import delete, select

from shelter.crypto.compartments import (
    dek_context,
    new_dek,
    unwrap_dek_public,
    unwrap_dek_under,
    wrap_dek_public,
)
from shelter.crypto.errors import Unopenable
from shelter.crypto.message import Key, key_hint
from shelter.db.base import db, new_id
from shelter.db.errors import Conflict, NoKey
from shelter.db.keyring import Keyring, chunks
from shelter.db.keystore import KeyDek, KeyVersion
from shelter.db.roll import current_roll, signers_keys


class Subject(msgspec.Struct, frozen=True, gc=False):
    """Whom or what a data key belongs to: a client, household, site, staff member or item.

    `client` names the client where a restricted compartment of hers would apply.
    """

    kind: str
    id: bytes
    client: bytes | None = None


class Dek(msgspec.Struct, frozen=True, gc=False):
    id: bytes
    key: bytes
    epoch: int
    seals: bool


@dataclass(slots=True)
class _Shelf:
    """The data keys opened in this request, by (subject, compartment), and the compartment keys they are under."""

    opened: dict[tuple[bytes, bytes], list[Dek]] = field(default_factory=dict)
    under: dict[tuple[bytes, int], Key] = field(default_factory=dict)

    def wrapping(self, keyring: Keyring, compartment: bytes, version: int) -> Key:
        key = self.under.get((compartment, version))
        if key is None:
            key = Key(keyring.secret(compartment, version), keyring.key_id(compartment, version))
            self.under[compartment, version] = key
        return key


_shelves: "WeakKeyDictionary[Keyring, _Shelf]" = WeakKeyDictionary()


WRAPS = (
    KeyDek.id,
    KeyDek.subject_kind,
    KeyDek.subject_id,
    KeyDek.compartment_id,
    KeyDek.epoch,
    KeyDek.wrap,
    KeyDek.ck_version,
    KeyDek.sealed,
)
"""What `take` wants of a data key: a list query may bring these along and spare a query of their own."""


def load(keyring: Keyring, subjects: Iterable[Subject], compartment: bytes) -> None:
    """Unwraps every data key of these subjects in one compartment, with one query a portion."""
    shelf = _shelves.setdefault(keyring, _Shelf())
    wanted = [s.id for s in subjects if (s.id, compartment) not in shelf.opened]
    for part in chunks(wanted):
        rows = db.session.execute(
            select(*WRAPS).where(KeyDek.compartment_id == compartment, KeyDek.subject_id.in_(part))
        ).all()
        for subject_id in part:
            shelf.opened[subject_id, compartment] = []
        take(keyring, rows)


def take(keyring: Keyring, rows: Iterable[Sequence[Any]]) -> None:
    """Unwraps data keys that a query brought along: all of a subject's in a compartment, or the rest is not found.

    A wrap that does not open is no key: what it sealed is refused where it is read, and its neighbours open.
    """
    shelf = _shelves.setdefault(keyring, _Shelf())
    for row in rows:
        dek_id, _, subject_id, compartment, *_ = row
        known = shelf.opened.setdefault((subject_id, compartment), [])
        if known and any(dek.id == dek_id for dek in known):
            continue
        try:
            known.append(_unwrap(keyring, shelf, *row))
        except Unopenable:
            continue
        except NoKey:  # of this version only, where she holds another of the compartment
            if compartment not in keyring.held():
                raise


def unwrapped(keyring: Keyring, row: Sequence[Any]) -> Dek | None:
    """One data key from the columns of `WRAPS`, kept nowhere; None where its wrap does not open."""
    try:
        return _unwrap(keyring, _shelves.setdefault(keyring, _Shelf()), *row)
    except Unopenable:
        return None


def standing(keyring: Keyring, subjects: Sequence[Subject], compartment: bytes) -> dict[bytes, Dek]:
    """The data keys under which more can be sealed, by subject; who has none of the newest epoch is left out."""
    load(keyring, subjects, compartment)
    version, opened = keyring.newest_version(compartment), _shelves[keyring].opened
    return {
        one.id: dek for one in subjects for dek in opened[one.id, compartment] if dek.seals and dek.epoch == version
    }


def put_away(keyring: Keyring) -> None:
    """Forgets the data keys opened so far: for work that goes through everybody and needs each key once."""
    _shelves.pop(keyring, None)


def wrapper(keyring: Keyring, compartment: bytes, version: int) -> Key:
    """A version of a compartment's key, ready for wrapping many data keys."""
    return _shelves.setdefault(keyring, _Shelf()).wrapping(keyring, compartment, version)


def _unwrap(
    keyring: Keyring,
    shelf: _Shelf,
    dek_id: bytes,
    kind: str,
    subject_id: bytes,
    compartment: bytes,
    epoch: int,
    wrap: str,
    version: int,
    sealed: bytes,
) -> Dek:
    context = dek_context(keyring.agency, kind, subject_id, compartment, dek_id, version, public=wrap == "public")
    if wrap == "ck":
        under = shelf.under.get((compartment, version)) or shelf.wrapping(keyring, compartment, version)
        return Dek(dek_id, unwrap_dek_under(under, sealed, context), epoch, True)
    private = keyring.private_half(compartment, version)
    signed = unwrap_dek_public(private, keyring.key_id(compartment, version), sealed, context)
    signed.verify_any(signers_keys(current_roll(), signed.maker))
    return Dek(dek_id, signed.payload, epoch, False)


def to_open(keyring: Keyring, subject: Subject, compartment: bytes, message: bytes) -> Dek:
    """The data key that sealed `message`; `Unopenable` where there is none."""
    load(keyring, (subject,), compartment)
    return loaded(keyring, subject, compartment, message)


def loaded(keyring: Keyring, subject: Subject, compartment: bytes, message: bytes) -> Dek:
    """The same where `load` has been called for this subject already."""
    return that_sealed(message, shelved(keyring)[subject.id, compartment])


def shelved(keyring: Keyring) -> Mapping[tuple[bytes, bytes], Sequence[Dek]]:
    """The data keys opened so far, by the ids of subject and compartment, where `load` or `take` has been called."""
    return _shelves[keyring].opened


def that_sealed(message: bytes, known: Sequence[Dek]) -> Dek:
    """The one of these data keys that `message` names; `Unopenable` where there is none."""
    hint = key_hint(message)
    for dek in known:
        if dek.id[:8] == hint:
            return dek
    raise Unopenable


def hints(keyring: Keyring, subject: Subject, compartment: bytes) -> set[bytes]:
    """How messages name the data keys of a subject, where `load` has been called for it."""
    return {dek.id[:8] for dek in _shelves[keyring].opened[subject.id, compartment]}


def to_seal(keyring: Keyring, subject: Subject, compartment: bytes) -> Dek:
    """The data key of the newest epoch, made now if there is none."""
    version = keyring.newest_version(compartment)
    load(keyring, (subject,), compartment)
    for dek in _shelves[keyring].opened[subject.id, compartment]:
        if dek.seals and dek.epoch == version:
            return dek
    return _make(keyring, subject, compartment, version)


def fresh(keyring: Keyring, subject: Subject, compartment: bytes) -> list[bytes]:
    """A data key that seals from now on, also within one epoch; the ids of the earlier ones, which only open."""
    load(keyring, (subject,), compartment)
    known = _shelves[keyring].opened[subject.id, compartment]
    earlier = [dek.id for dek in known]
    known[:] = [Dek(dek.id, dek.key, dek.epoch, False) for dek in known]
    _make(keyring, subject, compartment, keyring.newest_version(compartment))
    return earlier


def _make(keyring: Keyring, subject: Subject, compartment: bytes, version: int) -> Dek:
    if not require_living(compartment, version):
        keyring.reload()
        if compartment not in keyring.held():  # given up since this request began
            raise Conflict("key_dek", "compartment")
        version = keyring.newest_version(compartment)
    dek_id, key = new_id(), new_dek()
    context = dek_context(keyring.agency, subject.kind, subject.id, compartment, dek_id, version, public=False)
    _store(dek_id, subject, compartment, version, "ck", wrapper(keyring, compartment, version).seal(context, key))
    dek = Dek(dek_id, key, version, True)
    _shelves[keyring].opened[subject.id, compartment].append(dek)
    return dek


def require_living(compartment: bytes, version: int) -> bool:
    """Whether new data keys may name this version; holds it until the caller's transaction ends.

    Retiring a version takes the same row, so none is retired under a data key that is being made.
    """
    living = select(KeyVersion.retired).where(KeyVersion.compartment_id == compartment, KeyVersion.version == version)
    return db.session.scalar(living.with_for_update(read=True)) is False


def drop_for_public(keyring: Keyring, subject: Subject, compartment: bytes) -> Dek:
    """A data key made by somebody who may not open it again: wrapped to the compartment's public half."""
    newest = current_roll().newest_version(compartment)
    dek_id, key = new_id(), new_dek()
    context = dek_context(keyring.agency, subject.kind, subject.id, compartment, dek_id, newest.version, public=True)
    wrapped = wrap_dek_public(
        newest.public,
        newest.id,
        key,
        context,
        maker=keyring.user_id,
        signing_private=keyring.signing_private,
    )
    _store(dek_id, subject, compartment, newest.version, "public", wrapped)
    return Dek(dek_id, key, newest.version, False)


def discard(subject: Subject) -> None:
    """Deletes every data key of a subject that is no more, in the caller's transaction."""
    db.session.execute(delete(KeyDek).where(KeyDek.subject_id == subject.id))


def _store(dek_id: bytes, subject: Subject, compartment: bytes, version: int, wrap: str, sealed: bytes) -> None:
    db.session.add(
        KeyDek(
            id=dek_id,
            subject_kind=subject.kind,
            subject_id=subject.id,
            compartment_id=compartment,
            epoch=version,
            wrap=wrap,
            ck_version=version,
            sealed=sealed,
        )
    )
