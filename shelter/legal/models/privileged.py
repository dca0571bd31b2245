"""Privileged writing and files of a matter, and the few dates that leave the privilege because an advocate says so."""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.files.models import FileAbout, FileRow
from shelter.policy.kinds import Kind


class Writing(msgspec.Struct, kw_only=True):
    """One version of a note, draft or statement. `of` is the row of its first version; `paper` the identity paper whose
    taking it tells of, which the paper itself does not know."""

    kind: str
    title: str
    body: str
    of: bytes
    number: int
    by: bytes
    at: datetime
    why: str = ""
    paper: bytes = b""


class LegalAbout(FileAbout, kw_only=True):
    """A file of the matter; `notice` is the notice that it is a scan of."""

    notice: bytes | None = None


class ShownDate(msgspec.Struct, kw_only=True, frozen=True):
    """A date that her caseworker must know to keep it, in words the advocate chose; `due` is the date it follows."""

    due: bytes
    matter: bytes
    day: date
    words: str
    time: str = ""
    place: str = ""
    by: bytes


class ShownDates(msgspec.Struct, kw_only=True):
    dates: list[ShownDate] = []


WRITING = declare("legal_writing", "text", Writing, Kind.LEGAL)
LEGAL_FILE = declare("legal_file", "about", LegalAbout, Kind.LEGAL)
SHOWN = declare("legal_shown", "dates", ShownDates, Kind.DOCUMENTS)


class LegalWriting(Sealed, Base):
    """A version of something written; never edited, a change is a row of its own."""

    __tablename__ = "legal_writing"
    __table_args__ = (Index("ix_legal_writing_matter", "matter_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"text": WRITING}

    id: Mapped[bytes] = own_id()
    matter_id: Mapped[bytes] = mapped_column(ForeignKey("matter.id"))
    client_id: Mapped[bytes] = mapped_column(Id)
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class LegalFile(FileRow, Base):
    """A scan or copy under the privilege: nobody outside the legal staff opens it or its name."""

    __tablename__ = "legal_file"
    __table_args__ = (Index("ix_legal_file_matter", "matter_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"about": LEGAL_FILE}

    id: Mapped[bytes] = own_id()
    matter_id: Mapped[bytes] = mapped_column(ForeignKey("matter.id"))
    client_id: Mapped[bytes] = mapped_column(Id)
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()


class LegalShown(Sealed, Base):
    """Dates her caseworker may read: one row a client, there only once an advocate has shown one."""

    __tablename__ = "legal_shown"
    sections: ClassVar[dict[str, Section[Any]]] = {"dates": SHOWN}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"), unique=True)
    dates: Mapped[bytes | None] = sealed_column()
    dates_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
