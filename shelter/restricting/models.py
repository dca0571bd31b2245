"""What waits for a steward's signature: who is to belong to one client's own compartments."""

from datetime import datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class Wanted(msgspec.Struct, kw_only=True):
    """The ids of the people she may be known to, none where it is to be lifted, and who asked. Why stands nowhere."""

    people: list[bytes]
    asked_by: bytes
    at: datetime


WANTED = declare("restriction", "wanted", Wanted, Kind.HOUSE, retention="trail")


class Restriction(Sealed, Base):
    """One ask; it goes when it is signed or refused. The signed list is what says who belongs."""

    __tablename__ = "restriction"
    sections: ClassVar[dict[str, Section[Any]]] = {"wanted": WANTED}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"), unique=True)
    wanted: Mapped[bytes | None] = sealed_column()
    wanted_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)
