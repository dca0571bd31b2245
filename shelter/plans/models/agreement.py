"""What is agreed about a plan as a whole: its reviews, the rhythm, and who was asked to look at it."""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class Review(msgspec.Struct, kw_only=True, frozen=True):
    """Looked at together, on a day; what was found, in a few words."""

    on: date
    by: bytes
    at: datetime
    words: str = ""


class Asked(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody was asked to look: `what` is agreement (a supervisor) or second_look (the colleague `of`).

    `answer` is "" until there is one: agreed, changes or seen. `goals` are the versions that were looked at, by id.
    """

    id: str
    what: str
    by: bytes
    at: datetime
    of: bytes = b""
    words: str = ""
    answer: str = ""
    answered_by: bytes = b""
    answered_at: datetime | None = None
    comment: str = ""
    goals: dict[str, int] = {}


class PlanText(msgspec.Struct, kw_only=True):
    """`every` is the number of days until the next review, None for the agency's own rhythm."""

    every: int | None = None
    reviews: list[Review] = []
    asked: list[Asked] = []


PLAN_TEXT = declare("plan", "text", PlanText, Kind.ADVOCACY)


class Plan(Sealed, Base):
    """One row a client; `waiting` says that an answer is open, and not to what."""

    __tablename__ = "plan"
    sections: ClassVar[dict[str, Section[Any]]] = {"text": PLAN_TEXT}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"), unique=True)
    waiting: Mapped[bool] = mapped_column(default=False)
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
