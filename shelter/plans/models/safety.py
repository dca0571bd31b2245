"""The safety plan: lines by part, each version kept, and when it was gone through together."""

from datetime import datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.plans.models.agreement import Review
from shelter.policy.kinds import Kind


class SafetyText(msgspec.Struct, kw_only=True):
    """Her lines by the code of a part; `pocket` are those that she wants on a piece of paper."""

    parts: dict[str, list[str]] = {}
    pocket: list[str] = []
    language: str = ""
    why: str = ""
    changed_by: bytes = b""
    changed_at: datetime | None = None
    reviews: list[Review] = []


SAFETY = declare("safety_plan", "text", SafetyText, Kind.ADVOCACY)
SAFETY_EARLIER = declare("safety_earlier", "text", SafetyText, Kind.ADVOCACY)


class SafetyPlan(Sealed, Base):
    """One row a client."""

    __tablename__ = "safety_plan"
    sections: ClassVar[dict[str, Section[Any]]] = {"text": SAFETY}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"), unique=True)
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class SafetyEarlier(Sealed, Base):
    """The safety plan as it was before a change; never edited."""

    __tablename__ = "safety_earlier"
    __table_args__ = (Index("ix_safety_earlier_client", "client_id", "was_version"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"text": SAFETY_EARLIER}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(Id)
    was_version: Mapped[int]
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
