"""What was released: a protected table with its proof, sealed to readers of facts, numbered, never changed."""

from datetime import datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class Released(msgspec.Struct, kw_only=True):
    """`release` is `rules.disclosure.release.Release.to_dict()`; `report` and `period` say which table it is.

    `sites` are the code names by the codes of the table, as they were: what is published never changes.
    """

    number: int
    report: str
    period: str
    release: dict[str, Any]
    by: bytes
    at: datetime
    input_digest: bytes
    sites: dict[str, str] = {}


RELEASED = declare("report_release", "released", Released, Kind.FACTS, retention="published")


class ReportRelease(Sealed, Base):
    __tablename__ = "report_release"
    sections: ClassVar[dict[str, Section[Any]]] = {"released": RELEASED}

    id: Mapped[bytes] = own_id()
    number: Mapped[int] = mapped_column(unique=True)
    released: Mapped[bytes | None] = sealed_column()
    released_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)
