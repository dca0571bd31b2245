"""Sealed things beside the records: drafts, messages, copies, staged imports, calendar feeds."""

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db.base import Base, Id, own_id


class Draft(Base):
    """What somebody was typing, under her own user key, for her alone."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_staff", "staff_id"),)

    id: Mapped[bytes] = own_id()
    staff_id: Mapped[bytes] = mapped_column(Id)
    form: Mapped[str] = mapped_column(String(40))
    sealed: Mapped[bytes]
    version: Mapped[int] = mapped_column(default=1)
    keep_until: Mapped[date | None] = mapped_column()


class Message(Base):
    """A notice or a short message, in a compartment both hold or sealed to the reader's bound key."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_reader", "reader_id", "seen"),)

    id: Mapped[bytes] = own_id()
    reader_id: Mapped[bytes] = mapped_column(Id)
    compartment_id: Mapped[bytes | None] = mapped_column(Id)
    client_id: Mapped[bytes | None] = mapped_column(Id)
    seen: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[bytes]
    keep_until: Mapped[date | None] = mapped_column()


class SectionCopy(Base):
    """The words of one copy, sealed to one colleague's bound key; `ends` stands under the seal once more.

    The last three are empty: an older version beside this one deletes by them. They go with the next release.
    """

    __tablename__ = "section_copy"
    __table_args__ = (Index("ix_section_copy_reader", "reader_id"),)

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(Id)
    reader_id: Mapped[bytes] = mapped_column(Id)
    ends: Mapped[datetime]
    sealed: Mapped[bytes]
    table_name: Mapped[str | None] = mapped_column(String(40))
    row_id: Mapped[bytes | None] = mapped_column(Id)
    section: Mapped[str | None] = mapped_column(String(40))


class StagedImport(Base):
    """An import being sealed in short transactions, invisible until its last one; abandoned after `alive_until`."""

    __tablename__ = "staged_import"

    id: Mapped[bytes] = own_id()
    staff_id: Mapped[bytes] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(12), default="staging")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    alive_until: Mapped[datetime]


class StagedRow(Base):
    """A row that an import has written and nobody may see yet; that it is gone makes the row visible.

    A table of its own, so that showing a hundred thousand rows at once rewrites none of them.
    """

    __tablename__ = "staged_row"
    __table_args__ = (Index("ix_staged_row_stage", "stage_id"),)

    row_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    stage_id: Mapped[bytes] = mapped_column(Id)
    what: Mapped[str] = mapped_column(String(20))


class CalendarFeed(Base):
    """A calendar address: the hash of its look-up id and the public half that entries are sealed to."""

    __tablename__ = "calendar_feed"

    id: Mapped[bytes] = own_id()
    lookup_hash: Mapped[bytes] = mapped_column(unique=True)
    staff_id: Mapped[bytes] = mapped_column(Id)
    public: Mapped[bytes]
    signature: Mapped[bytes]
    ends: Mapped[date | None] = mapped_column()


class CalendarEntry(Base):
    """One date, sealed to its feed. `ends` is the last day of the cover it was lent for; None for her own work."""

    __tablename__ = "calendar_entry"
    __table_args__ = (Index("ix_calendar_entry_feed", "feed_id"),)

    id: Mapped[bytes] = own_id()
    feed_id: Mapped[bytes] = mapped_column(Id)
    sealed: Mapped[bytes]
    ends: Mapped[date | None] = mapped_column()
