"""A spreadsheet on its way in: what it is, its rows until they are brought in, and what was made of them until a
week has passed. All of it is sealed, in the compartment of the discipline that brings it.
"""

from datetime import datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class Table(msgspec.Struct, kw_only=True):
    """One sheet of what was sent: the headings, how many rows stand below them, and three of these to be shown."""

    name: str
    headings: list[str]
    rows: int = 0
    examples: list[list[str]] = []


class SheetText(msgspec.Struct, kw_only=True):
    """`what` is the kind of rows; `chosen` the sheet taken, `targets` where each of its columns goes ("" nowhere).

    `counts` says what was made, once it is.
    """

    what: str
    at: datetime
    tables: list[Table] = []
    chosen: int | None = None
    targets: list[str] | None = None
    day_first: bool = False
    site: bytes = b""
    done_at: datetime | None = None
    counts: dict[str, int] = {}


class Made(msgspec.Struct, array_like=True):
    """A row that was made, and the versions of its sections (or of its days) at that moment."""

    table: str
    id: bytes
    client: bytes
    versions: list[int]
    key: str = ""


class SheetPart(msgspec.Struct, kw_only=True):
    """Some rows as they came, with their numbers; or some of what was made of them."""

    rows: list[tuple[int, list[str]]] = []
    made: list[Made] = []


class Remembered(msgspec.Struct, kw_only=True):
    """Where the columns of a file with these headings went; the headings themselves are not kept, only their digest."""

    what: str
    digest: bytes
    targets: list[str]
    day_first: bool = False


def _both(table: str, struct: type[Any]) -> dict[str, Section[Any]]:
    """One of the two is filled, as with services: whoever opens neither discipline's words opens no sheet."""
    return {
        "advocacy": declare(table, "advocacy", struct, Kind.ADVOCACY, retention="item"),
        "legal": declare(table, "legal", struct, Kind.LEGAL, retention="item"),
    }


class SheetImport(Sealed, Base):
    """`state` is waiting, done or back; `until` when a waiting one is thrown away or a done one can be taken back no
    more.
    """

    __tablename__ = "sheet_import"
    sections: ClassVar[dict[str, Section[Any]]] = _both("sheet_import", SheetText)

    id: Mapped[bytes] = own_id()
    staff_id: Mapped[bytes] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    until: Mapped[datetime]
    advocacy: Mapped[bytes | None] = sealed_column()
    advocacy_version: Mapped[int] = version_column()
    legal: Mapped[bytes | None] = sealed_column()
    legal_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


class SheetRows(Sealed, Base):
    """A part of what was sent, or of what was made: `sheet` is the place of its sheet, -1 for what was made.

    A subject of its own each: with its data key it is gone from every backup too.
    """

    __tablename__ = "sheet_rows"
    __table_args__ = (Index("ix_sheet_rows_import", "import_id", "sheet", "place"),)
    sections: ClassVar[dict[str, Section[Any]]] = _both("sheet_rows", SheetPart)

    id: Mapped[bytes] = own_id()
    import_id: Mapped[bytes] = mapped_column(ForeignKey("sheet_import.id"))
    sheet: Mapped[int]
    place: Mapped[int]
    advocacy: Mapped[bytes | None] = sealed_column()
    advocacy_version: Mapped[int] = version_column()
    legal: Mapped[bytes | None] = sealed_column()
    legal_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


class SheetMatch(Sealed, Base):
    """How columns were matched, for the next file with the same headings."""

    __tablename__ = "sheet_match"
    sections: ClassVar[dict[str, Section[Any]]] = _both("sheet_match", Remembered)

    id: Mapped[bytes] = own_id()
    advocacy: Mapped[bytes | None] = sealed_column()
    advocacy_version: Mapped[int] = version_column()
    legal: Mapped[bytes | None] = sealed_column()
    legal_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)
