"""Roll call: one row a person and night; what was seen, when and by whom is sealed.

A row says no more than the stay days do: that somebody was looked for. Every answer is as long as any other.
"""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class Tick(msgspec.Struct, kw_only=True):
    """One press of a button; `seen` is a `rules.rollcall.Seen`."""

    seen: int
    by: bytes
    at: datetime


class StepTaken(msgspec.Struct, kw_only=True):
    """A step for somebody who is not back, by the code it has in the rules."""

    step: str
    by: bytes
    at: datetime


class Mark(msgspec.Struct, kw_only=True):
    """All that was pressed for her this night; nothing is overwritten."""

    ticks: list[Tick] = []
    steps: list[StepTaken] = []


MARK = declare("roll_mark", "mark", Mark, Kind.SHELTER)


class RollMark(Sealed, Base):
    """Somebody's line in the roll of one night."""

    __tablename__ = "roll_mark"
    __table_args__ = (UniqueConstraint("client_id", "night"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"mark": MARK}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    night: Mapped[date]
    mark: Mapped[bytes | None] = sealed_column()
    mark_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
