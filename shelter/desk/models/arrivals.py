"""What the desk is told at the door and cannot read again: sealed to the intake compartment until it is a file."""

from datetime import datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import Birth
from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class Told(msgspec.Struct, kw_only=True):
    """Of one person who came. `alert` is the id of the alert at the door that was made of it, in hex."""

    working_name: str = ""
    pronouns: str = ""
    legal_name: str = ""
    birth: Birth = msgspec.field(default_factory=Birth)
    danger_names: list[str] = []
    danger: str = ""
    alert: str = ""
    skipped: dict[str, str] = {}
    by: bytes = b""
    at: datetime | None = None


TOLD = declare("intake_item", "told", Told, Kind.INTAKE, retention="until-completed")


class IntakeItem(Sealed, Base):
    """Waits for a caseworker; it and its data key are deleted in the transaction that makes her file."""

    __tablename__ = "intake_item"
    __table_args__ = (UniqueConstraint("client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"told": TOLD}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    told: Mapped[bytes | None] = sealed_column()
    told_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)
