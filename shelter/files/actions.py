"""Adding a file to a client's papers: checked, sealed and stored as a whole, or nothing of it."""

from dataclasses import dataclass, field
from typing import BinaryIO

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import fill
from shelter.files import sealing
from shelter.files.arriving import Incoming, arriving
from shelter.files.checking import measured, portions
from shelter.files.models import FILE_ABOUT, FILE_THUMB, FileAbout, StoredFile, Thumb
from shelter.files.queries import twin_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class AddFile:
    """`evidence` keeps what came beside the picture made of it; `replaces` is the file this is a newer one of."""

    code: str
    label: str
    content: bytes | BinaryIO = field(repr=False)
    evidence: bool = False
    replaces: bytes = b""


def add(actor: Actor, command: AddFile) -> bytes:
    """The file's id. Raises `Broken` where it is refused or is here already; then nothing stays behind."""
    coming = arriving(command.label, command.content, evidence=command.evidence, replaces=command.replaces)
    with coming as file, recorded(actor, Act.PAPERS_WRITE) as unit:
        client = scope.visible(actor, command.code, Act.CLIENTS_READ, Act.PAPERS_READ)
        unit.clause = scope.allowed(actor, Act.PAPERS_WRITE, client).clause
        unit.about(client.id)
        if twin_of(actor, client, file.checked.sent):
            raise Broken("files.twice", field="file")
        put(actor, client, file)
    return file.id


def put(actor: Actor, client: Client, file: Incoming) -> None:
    """Stores within a caller's transaction, inside `arriving`; who may is the caller's to have asked."""
    checked = file.checked
    if file.replaces and getattr(db.session.get(StoredFile, file.replaces), "client_id", None) != client.id:
        raise Missing
    known = measured(checked, file.label, actor.id, now())
    about = FileAbout(**known, replaces=file.replaces, original=file.original)
    _store(actor, client, file.id, about, checked.content, checked.thumbnail)
    if file.original:
        kept = FileAbout(
            label=file.label,
            media=checked.original_media,
            size=checked.sent_size,
            digest=checked.sent,
            added_by=actor.id,
            added_at=now(),
            original_of=file.id,
        )
        _store(actor, client, file.original, kept, checked.original)


def _store(
    actor: Actor, client: Client, file_id: bytes, about: FileAbout, content: BinaryIO, thumbnail: bytes = b""
) -> None:
    row = StoredFile(id=file_id, client_id=client.id)
    fill(actor, row, FILE_ABOUT, about)
    if thumbnail:
        fill(actor, row, FILE_THUMB, Thumb(jpeg=thumbnail))
    db.session.add(row)
    sealing.write(actor, row, portions(content))
