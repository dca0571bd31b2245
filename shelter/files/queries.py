"""Reading files: what there is of a client, and the content of one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.crypto.files import CHUNK
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import SealedRow, open_rows
from shelter.files import sealing
from shelter.files.models import FILE_ABOUT, FileAbout, StoredFile
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class FileView:
    id: bytes
    label: str
    media: str
    size: int
    digest: str
    added_by: str
    added_at: datetime
    active_content: bool

    @property
    def is_picture(self) -> bool:
        return self.media.startswith("image/")

    @property
    def ending(self) -> str:
        return {"image/jpeg": "jpg", "image/png": "png"}.get(self.media, "pdf")


def of_client(actor: Actor, code: str) -> tuple[Client, list[FileView]]:
    """The files of one client, newest first."""
    client = _readable(actor, code)
    rows = db.session.scalars(select(StoredFile).where(StoredFile.client_id == client.id)).all()
    views = _views(actor, list(rows))
    return client, sorted(views, key=lambda one: one.added_at, reverse=True)


def one(actor: Actor, code: str, file_id: bytes) -> tuple[Client, FileView]:
    client, row = _row(actor, code, file_id)
    return client, _views(actor, [row])[0]


def content(actor: Actor, code: str, file_id: bytes) -> tuple[FileView, Iterator[bytes]]:
    """The file, chunk by chunk; its seal is checked to the last chunk before the first is given out."""
    _, row = _row(actor, code, file_id)
    view = _views(actor, [row])[0]
    sealed = sealing.reader(actor, row)
    whole = [sealed.part(start, start + CHUNK) for start in range(0, max(view.size, 1), CHUNK)]
    return view, iter(whole)


def _row(actor: Actor, code: str, file_id: bytes) -> tuple[Client, StoredFile]:
    client = _readable(actor, code)
    row = db.session.get(StoredFile, file_id)
    if row is None or row.client_id != client.id:
        raise Missing
    return client, row


def _readable(actor: Actor, code: str) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.PAPERS_READ)
    decision = scope.allowed(actor, Act.PAPERS_READ, client)
    note_read(actor, Act.PAPERS_READ, [client.id], decision.clause)
    return client


def _views(actor: Actor, rows: list[StoredFile]) -> list[FileView]:
    sealed = [SealedRow(row.id, row.subject(), row.about_version, row.about) for row in rows]
    opened = open_rows(actor, sealed, FILE_ABOUT)
    names = names_of(actor, {about.added_by for about in opened if about})
    return [_view(row, about, names) for row, about in zip(rows, opened, strict=True) if about]


def _view(row: StoredFile, about: FileAbout, names: dict[bytes, str]) -> FileView:
    return FileView(
        id=row.id,
        label=about.label,
        media=about.media,
        size=about.size,
        digest=about.digest.hex(),
        added_by=names.get(about.added_by, ""),
        added_at=about.added_at,
        active_content=about.active_content,
    )
