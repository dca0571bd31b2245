"""Units, beds and stays. Beds are plain configuration; of a stay only ids, days and a state that reveals nothing are.

The database itself refuses two people in one bed: an exclusion constraint on PostgreSQL, triggers on SQLite.
"""

from datetime import date, datetime, time
from typing import Any, ClassVar

import msgspec
from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind

NO_OVERLAP = "stay_bed_no_overlap"
"""In the name of the constraint and of the triggers, and so in the message of what they refuse."""


class Unit(Base):
    """A room, a corridor, a hotel: beds that stand together on the board."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[bytes] = own_id()
    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)


class Bed(Base):
    """A place to sleep for one person, known to the overlap rule by its number; a family room has one for each place.

    `kind` is of the pick list bed_kinds, `offers` are codes of bed_needs with blanks between. It stands on the board
    from `from_day` to the day before `until_day`; a bed that is moved is closed and opened under another number, so
    that its nights stay where they were.
    """

    __tablename__ = "bed"
    __table_args__ = (Index("ix_bed_site", "site_id"), UniqueConstraint("number"))

    id: Mapped[bytes] = own_id()
    number: Mapped[int] = mapped_column()
    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"))
    unit_id: Mapped[bytes] = mapped_column(ForeignKey("unit.id"))
    label: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20), default="single")
    offers: Mapped[str] = mapped_column(String(120), default="")
    from_day: Mapped[date | None] = mapped_column()
    until_day: Mapped[date | None] = mapped_column()


class BedOut(Base):
    """Days on which a bed is not in use; `reason` is of the pick list bed_out_reasons, never about a person."""

    __tablename__ = "bed_out"
    __table_args__ = (
        CheckConstraint("until_day is null or until_day > from_day", name="days"),
        Index("ix_bed_out_bed", "bed_id"),
    )

    id: Mapped[bytes] = own_id()
    bed_id: Mapped[bytes] = mapped_column(ForeignKey("bed.id"))
    from_day: Mapped[date]
    until_day: Mapped[date | None] = mapped_column()
    reason: Mapped[str] = mapped_column(String(12))


class Hold(Base):
    """A bed kept for somebody on the way; says nothing of whom, and ends by itself."""

    __tablename__ = "hold"
    __table_args__ = (UniqueConstraint("bed_id"),)

    id: Mapped[bytes] = own_id()
    bed_id: Mapped[bytes] = mapped_column(ForeignKey("bed.id"))
    until: Mapped[datetime]
    made_by: Mapped[bytes] = mapped_column(Id)


class HouseRules(Base):
    """What a site settles about its beds: minutes that a hold lasts, nights a stay lasts (None: no limit).

    Where a house is counted `night_by_night`, HMIS hears of the nights on which the roll says that she was here.
    """

    __tablename__ = "house_rules"
    __table_args__ = (
        CheckConstraint("hold_minutes between 5 and 1440", name="hold"),
        CheckConstraint("stay_limit is null or stay_limit between 1 and 3650", name="limit"),
    )

    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"), primary_key=True)
    hold_minutes: Mapped[int] = mapped_column(default=90)
    stay_limit: Mapped[int | None] = mapped_column()
    night_by_night: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class Away(msgspec.Struct, kw_only=True):
    """Agreed nights away: first night not here, day of coming back, the hour where one was agreed."""

    from_day: date
    back_day: date
    back_by: time | None = None


class Room(msgspec.Struct, kw_only=True):
    """What the desk keeps of a stay; `was` is what stood before the last change, by whoever is named."""

    expected_exit: date | None = None
    away: list[Away] = []
    notes: str = ""
    by: bytes = b""
    at: datetime | None = None
    was: "Room | None" = None


class Leaving(msgspec.Struct, kw_only=True):
    """How a stay ended, in codes of pick lists and her words; `destination` carries HUD's code.

    `belongings` is where they are, `forwarding` where mail goes (never a new address where a confidential one exists),
    `keep` what she chose for her file, `safe_after` whether anybody may reach her later.
    """

    destination: str = ""
    reason: str = ""
    safety_plan: str = ""
    safe_after: str = ""
    belongings: str = ""
    forwarding: str = ""
    exit_talk: str = ""
    keep: str = ""
    skipped: dict[str, str] = {}


class Correction(msgspec.Struct, kw_only=True):
    """Days of a stay that were put right after the ten minutes: as they stood, as they stand, and why.

    `beds` are the places before and after where it was the days of one bed.
    """

    at: datetime
    by: bytes
    reason: str
    was: tuple[date, date | None]
    is_now: tuple[date, date | None] | None
    beds: tuple[str, str] | None = None


ROOM = declare("stay", "room", Room, Kind.SHELTER)
LEAVING = declare("stay_exit", "leaving", Leaving, Kind.ADVOCACY)
CORRECTION = declare("stay_correction", "correction", Correction, Kind.SHELTER)


NOT_PACKED = (
    "(stay.room IS NOT NULL OR stay.packed_in IS NOT NULL) AND (stay.room IS NULL OR stay.packed_in IS NULL"
    " OR stay.state <> 'ended' OR stay.packed_at <> stay.room_version + stay.days_version)"
)
"""Stays whose room no segment of agreed leave holds as it stands, and those that a segment holds and should not."""
PACKED = (
    "stay.room IS NOT NULL AND stay.packed_in IS NOT NULL AND stay.state = 'ended'"
    " AND stay.packed_at = stay.room_version + stay.days_version"
)
"""The opposite: those that a segment holds as they stand."""
_LOOSE = text(NOT_PACKED.replace("stay.", ""))
_NAMED = text("packed_in IS NOT NULL")


class Stay(Sealed, Base):
    """One person's stay at a site; those who came together share `party_id`. State: open, ended or undone.

    `days_version` counts the changes of its days, as a form that changes them was made from one of them. `packed_in`
    is the segment that holds its agreed leave once more, taken when the versions of room and days came to `packed_at`.
    """

    __tablename__ = "stay"
    __table_args__ = (
        CheckConstraint("state in ('open', 'ended', 'undone')", name="state"),
        Index("ix_stay_client", "client_id"),
        Index("ix_stay_party", "party_id"),
        Index(
            "ix_stay_open", "client_id", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")
        ),
        Index("ix_stay_loose", "site_id", sqlite_where=_LOOSE, postgresql_where=_LOOSE),
        Index("ix_stay_packed", "packed_in", "client_id", sqlite_where=_NAMED, postgresql_where=_NAMED),
    )
    sections: ClassVar[dict[str, Section[Any]]] = {"room": ROOM}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"))
    party_id: Mapped[bytes] = mapped_column(Id)
    head: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(6), default="open")
    days_version: Mapped[int] = mapped_column(default=1)
    room: Mapped[bytes | None] = sealed_column()
    room_version: Mapped[int] = version_column()
    packed_in: Mapped[bytes | None] = mapped_column(Id)
    packed_at: Mapped[int | None] = mapped_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


_EMPTY = text("until_day = from_day")


class StayBed(Base):
    """Days in one bed: from the night of `from_day` to the one before `until_day`; None, no end is known.

    `bed_number` None is the unassigned bed, where an import's nights lie; the overlap rule leaves it alone.
    """

    __tablename__ = "stay_bed"
    __table_args__ = (
        CheckConstraint("until_day is null or until_day >= from_day", name="days"),
        Index("ix_stay_bed_stay", "stay_id"),
        Index("ix_stay_bed_number", "bed_number", "until_day"),
        Index("ix_stay_bed_until", "until_day"),
        Index("ix_stay_bed_empty", "until_day", sqlite_where=_EMPTY, postgresql_where=_EMPTY),
        Index(
            "ix_stay_bed_open",
            "bed_number",
            sqlite_where=text("until_day IS NULL"),
            postgresql_where=text("until_day IS NULL"),
        ),
    )

    id: Mapped[bytes] = own_id()
    stay_id: Mapped[bytes] = mapped_column(ForeignKey("stay.id"))
    bed_number: Mapped[int | None] = mapped_column(ForeignKey("bed.number"))
    from_day: Mapped[date]
    until_day: Mapped[date | None] = mapped_column()


class StayExit(Sealed, Base):
    """The words of a leaving, a row of their own so that the desk can drop them without being able to read them."""

    __tablename__ = "stay_exit"
    __table_args__ = (Index("ix_stay_exit_stay", "stay_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"leaving": LEAVING}

    id: Mapped[bytes] = own_id()
    stay_id: Mapped[bytes] = mapped_column(ForeignKey("stay.id"))
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    leaving: Mapped[bytes | None] = sealed_column()
    leaving_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class StayCorrection(Sealed, Base):
    """That the days of a stay were put right, once a row."""

    __tablename__ = "stay_correction"
    __table_args__ = (Index("ix_stay_correction_stay", "stay_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"correction": CORRECTION}

    id: Mapped[bytes] = own_id()
    stay_id: Mapped[bytes] = mapped_column(ForeignKey("stay.id"))
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    correction: Mapped[bytes | None] = sealed_column()
    correction_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class StayUndo(Base):
    """What takes back one act of the desk, for ten minutes; ids and days only."""

    __tablename__ = "stay_undo"

    id: Mapped[bytes] = own_id()
    made_by: Mapped[bytes] = mapped_column(Id)
    until: Mapped[datetime]
    what: Mapped[bytes]


# -- two people never get one bed ------------------------------------------------

# An empty range (arrived and left on one day) overlaps nothing, on either database.
EXCLUSION = (
    "ALTER TABLE stay_bed ADD CONSTRAINT ex_stay_bed_no_overlap EXCLUDE USING gist"
    " (int4range(bed_number, bed_number, '[]') WITH &&, daterange(from_day, until_day) WITH &&)"
    " WHERE (bed_number IS NOT NULL)"
)
# Two questions, so that each reads the index: whoever is still there, and whoever leaves after she comes.
TRIGGERS = (
    "CREATE TRIGGER tr_stay_bed_no_overlap_insert BEFORE INSERT ON stay_bed"
    " WHEN NEW.bed_number IS NOT NULL AND (NEW.until_day IS NULL OR NEW.from_day < NEW.until_day)"
    " BEGIN SELECT RAISE(ABORT, 'stay_bed_no_overlap') WHERE EXISTS (SELECT 1 FROM stay_bed AS other"
    " WHERE other.bed_number = NEW.bed_number AND other.until_day IS NULL"
    " AND (NEW.until_day IS NULL OR other.from_day < NEW.until_day))"
    " OR EXISTS (SELECT 1 FROM stay_bed AS other"
    " WHERE other.bed_number = NEW.bed_number AND other.until_day > NEW.from_day AND other.from_day < other.until_day"
    " AND (NEW.until_day IS NULL OR other.from_day < NEW.until_day)); END",
    "CREATE TRIGGER tr_stay_bed_no_overlap_update BEFORE UPDATE OF bed_number, from_day, until_day ON stay_bed"
    " WHEN NEW.bed_number IS NOT NULL AND (NEW.until_day IS NULL OR NEW.from_day < NEW.until_day)"
    " BEGIN SELECT RAISE(ABORT, 'stay_bed_no_overlap') WHERE EXISTS (SELECT 1 FROM stay_bed AS other"
    " WHERE other.bed_number = NEW.bed_number AND other.until_day IS NULL AND other.id <> OLD.id"
    " AND (NEW.until_day IS NULL OR other.from_day < NEW.until_day))"
    " OR EXISTS (SELECT 1 FROM stay_bed AS other"
    " WHERE other.bed_number = NEW.bed_number AND other.until_day > NEW.from_day AND other.from_day < other.until_day"
    " AND other.id <> OLD.id AND (NEW.until_day IS NULL OR other.from_day < NEW.until_day)); END",
)


def _after_create(statement: str, dialect: str) -> None:
    ddl = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy does not annotate it
    event.listen(Base.metadata.tables["stay_bed"], "after_create", ddl.execute_if(dialect=dialect))


_after_create(EXCLUSION, "postgresql")
for _trigger in TRIGGERS:
    _after_create(_trigger, "sqlite")
