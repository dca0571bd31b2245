"""A file's chunks under the data key of its client: in as they come, out in any part."""

from collections.abc import Iterable, Iterator
from itertools import islice

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.files import SealedFile, decrypt, encrypt
from shelter.crypto.labels import Label
from shelter.crypto.message import HEADER_LENGTH
from shelter.db import deks
from shelter.db.errors import Missing
from shelter.db.keyring import Keyring, keyring_of
from shelter.files import store
from shelter.files.models import FileRow
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken

_AT_ONCE = 16


class Spoiled(Exception):
    """The stored file is gone, cut, or not the one that was put there; nothing of it is given out."""


def _context(keyring: Keyring, row: FileRow, compartment: bytes) -> Context:
    subject = row.subject()
    return Context(
        label=Label.FILE,
        agency=keyring.agency,
        table=row.sections["about"].table,
        row=row.id,
        subject_kind=subject.kind,
        subject=subject.id,
        compartment=compartment,
    )


def write(actor: Actor, row: FileRow, content: Iterable[bytes]) -> None:
    """Seals and stores portion by portion; only ciphertext ever reaches the disk.

    Raises `Broken` where the store is away or full; then nothing of it lies there.
    """
    keyring = keyring_of(actor)
    compartment = keyring.compartment(row.sections["about"].kind, row.client_id)
    dek = deks.to_seal(keyring, row.subject(), compartment)
    try:
        store.put(row.id, _in_portions(encrypt(dek.key, dek.id, _context(keyring, row, compartment), content)))
    except store.Away:
        raise Broken("files.store-away", field="file") from None


def _in_portions(sealed: Iterable[bytes]) -> Iterator[bytes]:
    """Sixteen chunks at once: the store asks for each portion, and that costs as much for a small one."""
    chunks = iter(sealed)
    while portion := b"".join(islice(chunks, _AT_ONCE)):
        yield portion


def chunks(actor: Actor, row: FileRow) -> Iterator[bytes]:
    """The whole file, chunk by chunk; what needs keys and the store's answer is asked for at once.

    Raises `Spoiled`, at the latest at the end: keep nothing before it.
    """
    keyring = keyring_of(actor)
    compartment = keyring.compartment(row.sections["about"].kind, row.client_id)
    try:
        if store.size(row.id) < HEADER_LENGTH:
            raise Spoiled
        dek = deks.to_open(keyring, row.subject(), compartment, store.read(row.id, 0, HEADER_LENGTH))
        sealed = store.stream(row.id)
    except (Missing, Unopenable):
        raise Spoiled from None
    return _refusing(decrypt(dek.key, dek.id, _context(keyring, row, compartment), sealed))


def _refusing(opened: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from opened
    except (Missing, Unopenable):
        raise Spoiled from None


def reader(actor: Actor, row: FileRow) -> SealedFile:
    """The sealed file, to be opened in parts. Raises `Unopenable` or `Missing`."""
    keyring = keyring_of(actor)
    compartment = keyring.compartment(row.sections["about"].kind, row.client_id)
    stored = store.size(row.id)
    dek = deks.to_open(keyring, row.subject(), compartment, store.read(row.id, 0, HEADER_LENGTH))
    return SealedFile(
        dek=dek.key,
        dek_id=dek.id,
        context=_context(keyring, row, compartment),
        stored_size=stored,
        read=lambda start, end: store.read(row.id, start, end),
    )
