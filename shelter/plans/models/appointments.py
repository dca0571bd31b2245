"""Appointments and follow-ups: who goes along, in which language, how to get there, who looks after the children."""

from datetime import date, datetime, time
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


class AppointmentText(msgspec.Struct, kw_only=True):
    """`kind` is meeting or follow_up; `state` is planned, done, missed or off.

    `interpreter`, `transport` and `childcare` are codes of the pick list arrangements.
    """

    what: str
    on: date
    by: bytes
    changed_at: datetime
    kind: str = "meeting"
    at: time | None = None
    where: str = ""
    goes_along: str = ""
    interpreter: str = "not_needed"
    language: str = ""
    transport: str = "not_needed"
    childcare: str = "not_needed"
    state: str = "planned"
    outcome: str = ""


APPOINTMENT = declare("appointment", "text", AppointmentText, Kind.ADVOCACY)


class Appointment(Sealed, Base):
    """`pending` until something became of it, so that a day's page opens no more than it shows."""

    __tablename__ = "appointment"
    __table_args__ = (Index("ix_appointment_client", "client_id", "pending"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"text": APPOINTMENT}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    pending: Mapped[bool] = mapped_column(default=True)
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
