"""The books of a house: hand-over, incidents, the door, who is on call. What is about people is sealed from the door.

`no` counts the entries of a house, so that the newest are found without opening all; when each was written is sealed.
`month` is its first day, noted by `tick` so that old entries can go without a key.
"""

from datetime import date, datetime, time
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class Before(msgspec.Struct, kw_only=True):
    """What stood before somebody put it right: who did, when and why. What stood is added by each book."""

    by: bytes
    at: datetime
    reason: str


class HouseNote(msgspec.Struct, kw_only=True):
    """About the building, for all staff."""

    words: str
    by: bytes
    at: datetime


class NoteBefore(Before, kw_only=True):
    """Both parts of a note, sealed with the one about people."""

    house: str
    people: str


class PeopleNote(msgspec.Struct, kw_only=True):
    """About residents, for the desk and those who work with them."""

    words: str = ""
    before: list[NoteBefore] = []


class FollowUp(msgspec.Struct, kw_only=True):
    """What was done about an incident since; what it changed, so that it can be taken back."""

    by: bytes
    at: datetime
    words: str
    was_done: bool = False
    told_funder: bool = False


class Happened(msgspec.Struct, kw_only=True):
    """What happened; people stand in it by their codes. `owner` follows it up."""

    kind: str
    day: date
    hour: time | None = None
    words: str
    people: list[str] = []
    injuries: str = ""
    police: bool = False
    child: bool = False
    owner: bytes


class HappenedBefore(Before, kw_only=True):
    was: Happened


class Incident(Happened, kw_only=True):
    """A report and what became of it, until it is `done`."""

    done: bool = False
    told_funder: datetime | None = None
    by: bytes
    at: datetime
    since: list[FollowUp] = []
    before: list[HappenedBefore] = []


class DoorBefore(Before, kw_only=True):
    kind: str
    who: str
    words: str


class AtDoor(msgspec.Struct, kw_only=True):
    """Who came or what went through the door; nobody who lives here stands in it."""

    kind: str
    who: str
    words: str = ""
    came: datetime
    left: datetime | None = None
    left_by: bytes = b""
    by: bytes
    before: list[DoorBefore] = []


class ForWhom(msgspec.Struct, kw_only=True):
    """Whom a visit was for, by code; `stood` is what was here until the line was put right at `righted`."""

    people: list[str] = []
    stood: "ForWhom | None" = None
    righted: datetime | None = None


class OnCall(msgspec.Struct, kw_only=True):
    """Who answers at night, from the first to the last day, both included. Taken off the list at `off_at`, it stays
    until that can no longer be taken back.
    """

    staff: bytes
    first: date
    last: date
    phone: str = ""
    words: str = ""
    by: bytes = b""
    at: datetime | None = None
    off_by: bytes = b""
    off_at: datetime | None = None


HOUSE_NOTE = declare("hand_over", "house", HouseNote, Kind.HOUSE, retention="site")
PEOPLE_NOTE = declare("hand_over", "people", PeopleNote, Kind.SHELTER, retention="site")
INCIDENT = declare("incident", "report", Incident, Kind.SHELTER, retention="site")
AT_DOOR = declare("door_entry", "entry", AtDoor, Kind.HOUSE, retention="site")
FOR_WHOM = declare("door_entry", "whom", ForWhom, Kind.SHELTER, retention="site")
ON_CALL = declare("on_call", "turn", OnCall, Kind.HOUSE, retention="site")


class OfHouse(Sealed, Base):
    """An entry in a book of a house."""

    __abstract__ = True

    id: Mapped[bytes] = own_id()
    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"))
    no: Mapped[int] = mapped_column()

    def subject(self) -> Subject:
        return Subject("site", self.site_id)


class HandOver(OfHouse):
    __tablename__ = "hand_over"
    __table_args__ = (Index("ix_hand_over_site", "site_id", "no"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"house": HOUSE_NOTE, "people": PEOPLE_NOTE}

    month: Mapped[date | None] = mapped_column()
    house: Mapped[bytes | None] = sealed_column()
    house_version: Mapped[int] = version_column()
    people: Mapped[bytes | None] = sealed_column()
    people_version: Mapped[int] = version_column()


class IncidentReport(OfHouse):
    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_site", "site_id", "no"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"report": INCIDENT}

    month: Mapped[date | None] = mapped_column()
    report: Mapped[bytes | None] = sealed_column()
    report_version: Mapped[int] = version_column()


class DoorEntry(OfHouse):
    __tablename__ = "door_entry"
    __table_args__ = (Index("ix_door_entry_site", "site_id", "no"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"entry": AT_DOOR, "whom": FOR_WHOM}

    month: Mapped[date | None] = mapped_column()
    entry: Mapped[bytes | None] = sealed_column()
    entry_version: Mapped[int] = version_column()
    whom: Mapped[bytes | None] = sealed_column()
    whom_version: Mapped[int] = version_column()


class OnCallTurn(OfHouse):
    __tablename__ = "on_call"
    __table_args__ = (Index("ix_on_call_site", "site_id", "no"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"turn": ON_CALL}

    turn: Mapped[bytes | None] = sealed_column()
    turn_version: Mapped[int] = version_column()
