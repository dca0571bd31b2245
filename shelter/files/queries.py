"""Reading files: what there is of a client, and the content of one."""

import base64
import hashlib
from collections.abc import Collection, Iterator, Sequence
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
from shelter.files.models import FILE_ABOUT, FILE_THUMB, FileAbout, FileRow, StoredFile
from shelter.files.sealing import Spoiled
from shelter.files.store import Away
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.trail.record import note_read, record_alone

__all__ = [
    "Away",
    "FileView",
    "Spoiled",
    "content",
    "of_client",
    "of_everything",
    "one",
    "some",
    "twin_of",
    "views_of",
    "whole_of",
]
AT_ONCE = 8 * 1024 * 1024
"""Files up to this size are opened once and sent from memory; larger ones are proved whole first, then opened again."""


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
    replaces: bytes = b""
    original: bytes = b""
    original_of: bytes = b""
    thumb: bytes = b""

    @property
    def thumb_url(self) -> str:
        """The small picture itself, in the page: nothing is fetched and nothing is left behind."""
        return "data:image/jpeg;base64," + base64.b64encode(self.thumb).decode() if self.thumb else ""

    @property
    def code(self) -> str:
        """What the trail calls it: a piece of its random id."""
        return "-".join(self.id.hex()[at : at + 4].upper() for at in (20, 24, 28))

    @property
    def is_picture(self) -> bool:
        return self.media.startswith("image/") and not self.original_of

    @property
    def ending(self) -> str:
        return {"image/jpeg": "jpg", "image/png": "png", "image/heic": "heic"}.get(self.media, "pdf")


def of_client(actor: Actor, code: str) -> tuple[PersonCard, list[FileView]]:
    """The files of one client, newest first, none that a newer one took the place of.

    One whose seal does not hold is written down and left out.
    """
    client = _readable(actor, code)
    views = views_of(actor, client, _rows(client), thumbs=True)
    gone = {view.replaces for view in views}
    shown = [view for view in views if view.id not in gone and not view.original_of]
    return card(actor, client), sorted(shown, key=lambda one: one.added_at, reverse=True)


def of_everything(actor: Actor, code: str) -> list[FileView]:
    """All files of one client, earlier ones among them, oldest first; not what is kept untouched as evidence."""
    client = _readable(actor, code)
    views = [one for one in views_of(actor, client, _rows(client)) if not one.original_of]
    return sorted(views, key=lambda one: (one.added_at, one.id))


def some(actor: Actor, client: Client, ids: Collection[bytes]) -> list[FileView]:
    """Those of a client's files that another record names, oldest first; its reader has noted the read."""
    rows = db.session.scalars(select(StoredFile).where(StoredFile.client_id == client.id, StoredFile.id.in_(ids))).all()
    return sorted(views_of(actor, client, rows, thumbs=True), key=lambda one: one.added_at)


def one(actor: Actor, code: str, file_id: bytes) -> tuple[PersonCard, FileView, list[FileView]]:
    """What is known about one file, and the files it took the place of, newest first.

    Raises `Spoiled` where its seal does not hold.
    """
    client, row = _row(actor, code, file_id)
    view, earlier = _view(actor, client, row), []
    if view.replaces:
        known = {each.id: each for each in views_of(actor, client, _rows(client))}
        before = known.get(view.replaces)
        while before is not None and before not in earlier:
            earlier.append(before)
            before = known.get(before.replaces)
    return card(actor, client), view, earlier


def twin_of(actor: Actor, client: Client, sent: bytes) -> bytes | None:
    """The client's file that came as these very bytes, if there is one; for an action that has asked who may."""
    rows = _rows(client)
    opened = open_each(actor, [row_of(row, FILE_ABOUT) for row in rows], FILE_ABOUT).values
    return next((row.id for row, about in zip(rows, opened, strict=True) if about and about.sent == sent), None)


def content(actor: Actor, code: str, file_id: bytes) -> tuple[FileView, Iterator[bytes]]:
    """The file: its seal has been checked to the last chunk, and its digest, before the first part is given.

    Raises `Spoiled`, after it was written down, for anything but the file that was put there, and `Away`.
    """
    client, row = _row(actor, code, file_id)
    return whole_of(actor, client, row)


def whole_of(actor: Actor, client: Client, row: FileRow) -> tuple[FileView, Iterator[bytes]]:
    """The same for a row that another feature found in its own scope."""
    view = _view(actor, client, row)
    note_read(
        actor,
        Act.MATTERS_READ if row.sections["about"].kind is Kind.LEGAL else Act.PAPERS_READ,
        [client.id],
        file=view.code,
    )
    kept: list[bytes] | None = [] if view.size <= AT_ONCE else None
    try:
        hashed = hashlib.sha256()
        for chunk in sealing.chunks(actor, row):
            hashed.update(chunk)
            if kept is not None:
                kept.append(chunk)
        if hashed.hexdigest() != view.digest:
            raise Spoiled
    except Spoiled:
        record_alone(actor, "refused:seal", client.id)
        raise
    return view, iter(kept) if kept is not None else sealing.chunks(actor, row)


def _rows(client: Client) -> Sequence[StoredFile]:
    return db.session.scalars(select(StoredFile).where(StoredFile.client_id == client.id)).all()


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


def views_of(actor: Actor, client: Client, rows: Collection[FileRow], *, thumbs: bool = False) -> list[FileView]:
    """Files whose seal holds; another one is written down and left out."""
    section = next(iter(rows)).sections["about"] if rows else FILE_ABOUT
    opened = open_each(actor, [row_of(row, section) for row in rows], section)
    small = [row for row in rows if thumbs and isinstance(row, StoredFile) and row.thumb]
    pictures = open_each(actor, [row_of(row, FILE_THUMB) for row in small], FILE_THUMB).values
    shown = {row.id: thumb.jpeg for row, thumb in zip(small, pictures, strict=True) if thumb}
    names = names_of(actor, {about.added_by for about in opened.values if about})
    views = [
        _as_view(row, about, names, shown.get(row.id, b""))
        for row, about in zip(rows, opened.values, strict=True)
        if about
    ]
    if shown:
        note_read(actor, Act.PAPERS_READ, [client.id], small=(view.code for view in views if view.thumb))
    return views


def _as_view(row: FileRow, about: FileAbout, names: dict[bytes, str], thumb: bytes) -> FileView:
    return FileView(
        id=row.id,
        label=about.label,
        media=about.media,
        size=about.size,
        digest=about.digest.hex(),
        added_by=names.get(about.added_by, ""),
        added_at=about.added_at,
        active_content=about.active_content,
        replaces=about.replaces,
        original=about.original,
        original_of=about.original_of,
        thumb=thumb,
    )
