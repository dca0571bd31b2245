"""Whom there was no bed for, and who waits for one; sealed like a client's record, each under a key of its own."""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.desk.models.books import Before, OfHouse
from shelter.policy.kinds import Kind


class RequestBefore(Before, kw_only=True):
    day: date
    adults: int
    children: int
    why: str
    referred: str


class TurnedAway(msgspec.Struct, kw_only=True):
    """As little as possible: how many, why, where to. No name, and nothing of how to reach anybody."""

    day: date
    adults: int
    children: int
    reason: str
    referred: str = ""
    by: bytes = b""
    at: datetime | None = None
    before: list[RequestBefore] = []


class Waiting(msgspec.Struct, kw_only=True):
    """Somebody who waits, and the one safe way to reach her, if she gave one; deleted when she is served. `at` is since
    when, `was` what stood before the change of `changed`, by whoever is named.
    """

    called: str
    adults: int
    children: int
    needs: list[str] = []
    danger: str
    channel: str = "she_calls"
    value: str = ""
    say: str = ""
    by: bytes = b""
    at: datetime
    changed: datetime | None = None
    was: "Waiting | None" = None


TURNED_AWAY = declare("turned_away", "request", TurnedAway, Kind.SHELTER, retention="requests")
WAITING = declare("waiting", "request", Waiting, Kind.SHELTER, retention="until-served")


class RequestTurnedAway(OfHouse):
    """A request at a house, a subject of its own."""

    __tablename__ = "turned_away"
    __table_args__ = (Index("ix_turned_away_site", "site_id", "no"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"request": TURNED_AWAY}

    no: Mapped[int] = mapped_column(server_default="0")
    """0 where a host wrote it whose version knew no number."""
    request: Mapped[bytes | None] = sealed_column()
    request_version: Mapped[int] = version_column()

    month: Mapped[date | None] = mapped_column()
    """The first day of the month in which `tick` first saw it: old ones go without a key."""

    def subject(self) -> Subject:
        return Subject("item", self.id)


class RequestWaiting(Sealed, Base):
    """A subject of its own. From `gone_at` on nothing of it is left; until then whoever took it off the list may put it
    back.
    """

    __tablename__ = "waiting"
    __table_args__ = (Index("ix_waiting_site", "site_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"request": WAITING}

    id: Mapped[bytes] = own_id()
    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"))
    request: Mapped[bytes | None] = sealed_column()
    request_version: Mapped[int] = version_column()
    gone_at: Mapped[datetime | None] = mapped_column()
    gone_by: Mapped[bytes | None] = mapped_column(Id)

    def subject(self) -> Subject:
        return Subject("item", self.id)
