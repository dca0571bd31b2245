"""Goals and their earlier versions; every word and every date of them is sealed to `advocacy`."""

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
from shelter.policy.kinds import Kind


class Change(msgspec.Struct, kw_only=True, frozen=True):
    """What happened to a step: `what` is made, done, reopened, moved or dropped."""

    at: datetime
    by: bytes
    what: str
    why: str = ""


class Step(msgspec.Struct, kw_only=True):
    """One step: `owner` is client, staff or partner; `state` is open, done or dropped."""

    id: str
    what: str
    owner: str = "client"
    due: date | None = None
    state: str = "open"
    changes: list[Change] = []


class GoalText(msgspec.Struct, kw_only=True):
    """A goal in the client's words and language; `state` is active, reached (since `reached_on`) or set-aside."""

    words: str
    language: str = ""
    area: str = ""
    state: str = "active"
    reached_on: date | None = None
    steps: list[Step] = []
    changed_by: bytes = b""
    changed_at: datetime | None = None
    why: str = ""


GOAL_TEXT = declare("goal", "text", GoalText, Kind.ADVOCACY)
EARLIER_TEXT = declare("goal_earlier", "text", GoalText, Kind.ADVOCACY)


class Goal(Sealed, Base):
    __tablename__ = "goal"
    __table_args__ = (Index("ix_goal_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"text": GOAL_TEXT}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class GoalEarlier(Sealed, Base):
    """A goal as it was before a change; never edited."""

    __tablename__ = "goal_earlier"
    __table_args__ = (Index("ix_goal_earlier_goal", "goal_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"text": EARLIER_TEXT}

    id: Mapped[bytes] = own_id()
    goal_id: Mapped[bytes] = mapped_column(ForeignKey("goal.id"))
    client_id: Mapped[bytes] = mapped_column(Id)
    was_version: Mapped[int]
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
