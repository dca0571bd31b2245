"""Reading files: what there is of a client, and the content of one."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import PersonCard, card
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import row_of
from shelter.files import sealing
from shelter.files.models import FILE_ABOUT, FileAbout, FileRow, StoredFile
from shelter.files.sealing import Spoiled
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import note_read, record_alone

__all__ = ["FileView", "Spoiled", "content", "of_client", "one", "some"]


@dataclass(frozen=True, slots=True)
class FileView:
    """A file as listed; `digest` is the SHA-256 of what is stored, in hex."""

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


def of_client(actor: Actor, code: str) -> tuple[PersonCard, list[FileView]]:
    """The files of one client, newest first; one whose seal does not hold is written down and left out."""
    client = _readable(actor, code)
    rows = db.session.scalars(select(StoredFile).where(StoredFile.client_id == client.id)).all()
    views = views_of(actor, client, rows)
    return card(actor, client), sorted(views, key=lambda one: one.added_at, reverse=True)


def some(actor: Actor, client: Client, ids: Collection[bytes]) -> list[FileView]:
    """Those of a client's files that another record names, oldest first; its reader has noted the read."""
    rows = db.session.scalars(select(StoredFile).where(StoredFile.client_id == client.id, StoredFile.id.in_(ids))).all()
    return sorted(views_of(actor, client, rows), key=lambda one: one.added_at)


def one(actor: Actor, code: str, file_id: bytes) -> tuple[PersonCard, FileView]:
    """What is known about one file. Raises `Spoiled` where its seal does not hold."""
    client, row = _row(actor, code, file_id)
    return card(actor, client), _view(actor, client, row)


def content(actor: Actor, code: str, file_id: bytes) -> tuple[FileView, bytes]:
    """The file, whole: its seal has been checked to the last chunk, and the store is not asked again.

    Raises `Spoiled`, after it was written down, for anything but the file that was put there.
    """
    client, row = _row(actor, code, file_id)
    return whole_of(actor, client, row)


def whole_of(actor: Actor, client: Client, row: FileRow) -> tuple[FileView, bytes]:
    """The same for a row that another feature found in its own scope."""
    view = _view(actor, client, row)
    try:
        whole = b"".join(sealing.chunks(actor, row))
        if hashlib.sha256(whole).hexdigest() != view.digest:
            raise Spoiled
    except Spoiled:
        record_alone(actor, "refused:seal", client.id)
        raise
    return view, whole


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


def _view(actor: Actor, client: Client, row: FileRow) -> FileView:
    views = views_of(actor, client, [row])
    if not views:
        raise Spoiled
    return views[0]


def views_of(actor: Actor, client: Client, rows: Collection[FileRow]) -> list[FileView]:
    """Files whose seal holds; another one is written down and left out."""
    section = next(iter(rows)).sections["about"] if rows else FILE_ABOUT
    opened = open_each(actor, [row_of(row, section) for row in rows], section)
    if opened.broken:
        record_alone(actor, "refused:seal", client.id)
    names = names_of(actor, {about.added_by for about in opened.values if about})
    return [_as_view(row, about, names) for row, about in zip(rows, opened.values, strict=True) if about]


def _as_view(row: FileRow, about: FileAbout, names: dict[bytes, str]) -> FileView:
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
