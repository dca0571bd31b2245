"""A file's chunks under the data key of its client: in as they come, out in any part."""

from collections.abc import Iterable, Iterator
from itertools import islice

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.files import CHUNK, SealedFile, decrypt, encrypt
from shelter.crypto.labels import Label
from shelter.crypto.message import HEADER_LENGTH, key_hint
from shelter.db import deks
from shelter.db.deks import Dek
from shelter.db.errors import Missing
from shelter.db.keyring import Keyring, keyring_of
from shelter.files import store
from shelter.files.models import FileRow
from shelter.files.spool import spool
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken

_AT_ONCE = 4


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


def write(actor: Actor, row: FileRow, content: Iterable[bytes], place: bytes | None = None) -> None:
    """Seals and stores portion by portion; only ciphertext ever reaches the disk.

    `place` is a compartment other than the one where her records lie now. Raises `Broken` where the store is away or
    full; then nothing of it lies there.
    """
    keyring = keyring_of(actor)
    compartment = place or keyring.compartment(row.sections["about"].kind, row.client_id)
    dek = deks.to_seal(keyring, row.subject(), compartment)
    try:
        store.put(row.id, _in_portions(encrypt(dek.key, dek.id, _context(keyring, row, compartment), content)))
    except store.Away as away:
        why = "files.no-room" if isinstance(away, store.Full) else "files.store-away"
        raise Broken(why, field="file") from None


def _in_portions(sealed: Iterable[bytes]) -> Iterator[bytes]:
    """A few chunks at once: the store asks for each portion, and what is longer has left the cache when it is taken."""
    chunks = iter(sealed)
    while portion := b"".join(islice(chunks, _AT_ONCE)):
        yield portion


def chunks(actor: Actor, row: FileRow) -> Iterator[bytes]:
    """The whole file, chunk by chunk; what needs keys and the store's answer is asked for at once.

    Raises `Spoiled`, at the latest at the end: keep nothing before it.
    """
    keyring = keyring_of(actor)
    try:
        if store.size(row.id) < HEADER_LENGTH:
            raise Spoiled
        dek, compartment = _opener(keyring, row)
        sealed = store.stream(row.id)
    except (Missing, Unopenable):
        raise Spoiled from None
    return _refusing(decrypt(dek.key, dek.id, _context(keyring, row, compartment), sealed))


def _opener(keyring: Keyring, row: FileRow) -> tuple[Dek, bytes]:
    """The data key that its first bytes name, and the compartment of that: her own, or for a while the agency's.

    A restricted client's files are sealed anew one by one, so a file may still lie as it was. Raises Unopenable.
    """
    kind, head = row.sections["about"].kind, store.read(row.id, 0, HEADER_LENGTH)
    places = [keyring.compartment(kind, row.client_id)]
    if keyring.holds(kind) and keyring.compartment(kind) not in places:
        places.append(keyring.compartment(kind))
    for compartment in places:
        try:
            return deks.to_open(keyring, row.subject(), compartment, head), compartment
        except Unopenable:
            continue
    raise Unopenable


def hint_of(row: FileRow) -> bytes | None:
    """The first bytes of the id of the data key that its chunks are under; None where the store has no such file.

    Raises `Away`.
    """
    try:
        return key_hint(store.read(row.id, 0, HEADER_LENGTH))
    except (Missing, Unopenable):
        return None


def is_under(actor: Actor, row: FileRow, compartment: bytes) -> bool:
    """Whether a data key of this compartment is the one that its chunks are under. Raises `Away`."""
    hint, keyring = hint_of(row), keyring_of(actor)
    deks.load(keyring, (row.subject(),), compartment)
    return hint in deks.hints(keyring, row.subject(), compartment)


def seal_anew(actor: Actor, row: FileRow, place: bytes) -> bool:
    """The file under the newest data key of another compartment; False where its seal does not hold.

    It is written whole or not at all, and opens at every moment: its own first bytes say how. Raises `Away`.
    """
    with spool(store.size(row.id)) as kept:  # the store cannot give and take at once
        try:
            for chunk in chunks(actor, row):
                kept.write(chunk)
        except Spoiled:
            return False
        kept.seek(0)
        write(actor, row, iter(lambda: kept.read(CHUNK), b""), place)
    return True


def _refusing(opened: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from opened
    except (Missing, Unopenable):
        raise Spoiled from None


def reader(actor: Actor, row: FileRow) -> SealedFile:
    """The sealed file, to be opened in parts. Raises `Unopenable` or `Missing`."""
    keyring = keyring_of(actor)
    stored = store.size(row.id)
    dek, compartment = _opener(keyring, row)
    return SealedFile(
        dek=dek.key,
        dek_id=dek.id,
        context=_context(keyring, row, compartment),
        stored_size=stored,
        read=lambda start, end: store.read(row.id, start, end),
    )
