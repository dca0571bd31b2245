"""What she answered at one stage of a stay; sealed with her plan, dates and stage included."""

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


class Answers(msgspec.Struct, kw_only=True):
    """`stage` as in rules.interview; `chosen` holds codes of pick lists, `amounts` dollars, by question."""

    stage: int
    on: date
    chosen: dict[str, list[str]] = {}
    amounts: dict[str, int] = {}
    skipped: dict[str, str] = {}
    by: bytes = b""
    at: datetime | None = None

    @property
    def said(self) -> frozenset[str]:
        """The questions that were answered, an amount or a reason for skipping one included."""
        return frozenset((*self.chosen, *self.amounts, *self.skipped))


ANSWERS = declare("stay_answers", "answers", Answers, Kind.ADVOCACY)


class StayAnswers(Sealed, Base):
    """One interview."""

    __tablename__ = "stay_answers"
    __table_args__ = (Index("ix_stay_answers_client", "client_id"), Index("ix_stay_answers_stay", "stay_id"))
    sections: ClassVar[dict[str, Section[Any]]] = {"answers": ANSWERS}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    stay_id: Mapped[bytes] = mapped_column(ForeignKey("stay.id"))
    answers: Mapped[bytes | None] = sealed_column()
    answers_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
