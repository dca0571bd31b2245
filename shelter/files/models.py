"""What is kept about a file: where it belongs; its name, kind and size are sealed beside it."""

from datetime import datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class FileAbout(msgspec.Struct, kw_only=True):
    """`media` is image/jpeg, image/png or application/pdf; `digest` the SHA-256 of what is stored, `sent` of what came.

    `replaces` is the file this is a newer one of; `original` the file that keeps what came, where it is evidence,
    and `original_of` says so from there.
    """

    label: str
    media: str
    size: int
    digest: bytes
    added_by: bytes
    added_at: datetime
    active_content: bool = False
    sent: bytes = b""
    replaces: bytes = b""
    original: bytes = b""
    original_of: bytes = b""


class Thumb(msgspec.Struct, kw_only=True):
    """A small JPEG of a picture, for lists."""

    jpeg: bytes


FILE_THUMB = declare("file", "thumb", Thumb, Kind.DOCUMENTS)
FILE_ABOUT = declare("file", "about", FileAbout, Kind.DOCUMENTS)


class FileRow(Sealed):
    """Mixin of tables of files: the store's random name is the row's id, and `about` is sealed beside it.

    Which compartment a file's chunks are sealed to is that of its `about`.
    """

    id: Mapped[bytes]
    client_id: Mapped[bytes]
    about: Mapped[bytes | None]

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class StoredFile(FileRow, Base):
    """A sealed file of a client's papers."""

    __tablename__ = "file"
    __table_args__ = (Index("ix_file_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"about": FILE_ABOUT, "thumb": FILE_THUMB}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()
    thumb: Mapped[bytes | None] = sealed_column()
    thumb_version: Mapped[int] = version_column()
