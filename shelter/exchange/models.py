"""What an import keeps: projects, enrollments, and every row as it was written, in the compartment where it belongs.

Keys of the other system name people there, so they are sealed too; no plain column holds one.
"""

from datetime import date
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import Birth, client_subject
from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class KeptCells(msgspec.Struct, array_like=True, frozen=True):
    """A row as written: `cells` is a msgpack list of texts in the order of its file's columns.

    `aside` marks a row that the other system had deleted: kept, and never shown as live.
    """

    key: str
    digest: bytes
    cells: bytes
    aside: bool = False


class RowsOfFile(msgspec.Struct, kw_only=True):
    """Rows of one file; `source` is the id of the `imported_file` that has its name and its columns."""

    source: bytes
    file: str
    rows: list[KeptCells] = []


class FileContent(msgspec.Struct, kw_only=True):
    """A file of an import: its columns, and its rows where they are about the agency and not about a person."""

    file: str
    year: str
    columns: list[str]
    rows: list[KeptCells] = []


FILE_CONTENT = declare("imported_file", "content", FileContent, Kind.HOUSE, retention="agency")


class ImportedFile(Sealed, Base):
    """One file of one import; a long one has several rows."""

    __tablename__ = "imported_file"
    sections: ClassVar[dict[str, Section[Any]]] = {"content": FILE_CONTENT}

    id: Mapped[bytes] = own_id()
    content: Mapped[bytes | None] = sealed_column()
    content_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


class Said(msgspec.Struct, kw_only=True):
    """What an import wrote into her record: a later one changes only what nobody has changed since."""

    legal_name: str = ""
    birth: Birth = msgspec.field(default_factory=Birth)


class PersonRows(msgspec.Struct, kw_only=True):
    """Her rows of Client.csv."""

    files: list[RowsOfFile] = []
    said: Said | None = None


class HistoryRows(msgspec.Struct, kw_only=True):
    """Her rows of all other files."""

    files: list[RowsOfFile] = []


PERSON_ROWS = declare("imported_rows", "person", PersonRows, Kind.IDENTITY)
HISTORY_ROWS = declare("imported_rows", "history", HistoryRows, Kind.ADVOCACY)


class ImportedRows(Sealed, Base):
    """Rows about one person; a later import adds a further part, and of one key the last part counts.

    Without `client_id` they are about somebody whom the other system had deleted.
    """

    __tablename__ = "imported_rows"
    __table_args__ = (Index("ix_imported_rows_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"person": PERSON_ROWS, "history": HISTORY_ROWS}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes | None] = mapped_column(ForeignKey("client.id"))
    part: Mapped[int] = mapped_column(default=0)
    person: Mapped[bytes | None] = sealed_column()
    person_version: Mapped[int] = version_column()
    history: Mapped[bytes | None] = sealed_column()
    history_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return rows_subject(self.id, self.client_id)


def rows_subject(row_id: bytes, client_id: bytes | None) -> Subject:
    """Whose data keys seal a row of `imported_rows`."""
    return Subject("item", row_id) if client_id is None else client_subject(client_id)


class ProjectHouse(msgspec.Struct, kw_only=True):
    """A project of the other system; `project_type` is HMIS 2.02.6 as counted since FY2024."""

    project_id: str = ""
    name: str = ""
    organization: str = ""
    project_type: int | None = None
    opened: date | None = None
    closed: date | None = None


PROJECT_HOUSE = declare("project", "house", ProjectHouse, Kind.HOUSE, retention="agency")


class Project(Sealed, Base):
    """A project in which people are enrolled; a residential one has a site."""

    __tablename__ = "project"
    sections: ClassVar[dict[str, Section[Any]]] = {"house": PROJECT_HOUSE}

    id: Mapped[bytes] = own_id()
    site_id: Mapped[bytes | None] = mapped_column(ForeignKey("site.id"))
    house: Mapped[bytes | None] = sealed_column()
    house_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


class DvAnswer(msgspec.Struct, kw_only=True, frozen=True):
    """What she said about domestic violence at one time (HMIS 4.11); codes as in the data dictionary."""

    key: str
    on: date | None = None
    stage: int | None = None
    survivor: int | None = None
    when: int | None = None
    fleeing: int | None = None


class Nights(msgspec.Struct, kw_only=True, frozen=True):
    """Nights that became a stay: from the evening of `start` to the morning of `end`."""

    start: date
    end: date | None = None


class Enrolled(msgspec.Struct, kw_only=True):
    """A membership in a project with the answers that reports ask for; codes are those of HMIS FY2026."""

    enrollment_id: str
    household_id: str = ""
    entry: date | None = None
    exit: date | None = None
    has_exit: bool = False
    move_in: date | None = None
    relationship_to_head: int | None = None
    living_situation: int | None = None
    living_situation_subsidy: int | None = None
    destination: int | None = None
    destination_subsidy: int | None = None
    disabling_condition: int | None = None
    violence: list[DvAnswer] = []
    nights: list[Nights] = []


ENROLLED = declare("enrollment", "enrolled", Enrolled, Kind.ADVOCACY)


class Enrollment(Sealed, Base):
    """One person's enrollment; who is enrolled where is plain, when and why is not."""

    __tablename__ = "enrollment"
    __table_args__ = (Index("ix_enrollment_client", "client_id"), Index("ix_enrollment_project", "project_id"))
    sections: ClassVar[dict[str, Section[Any]]] = {"enrolled": ENROLLED}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    project_id: Mapped[bytes] = mapped_column(ForeignKey("project.id"))
    household_id: Mapped[bytes | None] = mapped_column(Id)
    enrolled: Mapped[bytes | None] = sealed_column()
    enrolled_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
