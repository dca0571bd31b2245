"""What is agreed about a stay before, during and after it; all of it sealed for those who work on her plan."""

from datetime import date, datetime
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


class Turn(msgspec.Struct, kw_only=True, frozen=True):
    """A state that was reached: when, by whom, and a word about it."""

    state: str
    at: datetime
    by: bytes
    note: str = ""


class Expected(msgspec.Struct, kw_only=True):
    """Somebody who may come to stay. State: referred, screened, accepted, arrived or not_coming."""

    state: str = "referred"
    day: date | None = None
    people: int = 1
    referred_by: str = ""
    turns: list[Turn] = []


class MoreTime(msgspec.Struct, kw_only=True):
    """More time that was asked for. `decision` is "" until somebody grants or declines it."""

    until: date
    reason: str
    asked_by: bytes
    asked_at: datetime
    decision: str = ""
    decided_by: bytes = b""
    decided_at: datetime | None = None
    answer: str = ""


class Call(msgspec.Struct, kw_only=True):
    """Asking her how she is, so many days after she left. State: open, reached or not_reached."""

    days: int
    due: date
    state: str = "open"
    by: bytes = b""
    at: datetime | None = None
    note: str = ""


class Afterwards(msgspec.Struct, kw_only=True):
    """What she agreed to for the time after. `stopped` says why no further call is made: she_asked, silence, unsafe."""

    left: date
    agreed_at: datetime
    agreed_by: bytes
    calls: list[Call] = []
    stopped: str = ""


EXPECTED = declare("coming", "expected", Expected, Kind.ADVOCACY)
MORE_TIME = declare("extension", "more_time", MoreTime, Kind.ADVOCACY)
AFTERWARDS = declare("follow_up", "afterwards", Afterwards, Kind.ADVOCACY)


class Coming(Sealed, Base):
    """A stay that may begin."""

    __tablename__ = "coming"
    __table_args__ = (Index("ix_coming_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"expected": EXPECTED}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"))
    expected: Mapped[bytes | None] = sealed_column()
    expected_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class Extension(Sealed, Base):
    """More time for a stay."""

    __tablename__ = "extension"
    __table_args__ = (Index("ix_extension_stay", "stay_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"more_time": MORE_TIME}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    stay_id: Mapped[bytes] = mapped_column(ForeignKey("stay.id"))
    more_time: Mapped[bytes | None] = sealed_column()
    more_time_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class FollowUp(Sealed, Base):
    """The time after one stay."""

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"afterwards": AFTERWARDS}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    stay_id: Mapped[bytes] = mapped_column(ForeignKey("stay.id"))
    afterwards: Mapped[bytes | None] = sealed_column()
    afterwards_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
