"""Whether somebody who comes may not be safe beside who is here: the answer for the desk, reasons for others."""

from datetime import date, datetime
from enum import IntEnum
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class CheckState(IntEnum):
    """Numbers, so that every answer is as long as any other."""

    PENDING = 1
    NOTHING = 2
    POSSIBLE = 3
    CLEARED = 4


class Answer(msgspec.Struct, kw_only=True):
    """All that the desk learns."""

    state: int
    by: bytes
    at: datetime


class Finding(msgspec.Struct, kw_only=True):
    """Why it may be a conflict: whose name (`hers` or of somebody who endangers her) is near whom.

    `what` is resident, danger_of, staff or ban; `ref` the code of a resident or the working name of a colleague.
    """

    hers: bool
    what: str
    ref: str
    likeness: int


class Findings(msgspec.Struct, kw_only=True):
    """For those who open identities. `left_out` counts people whose names this reader had no key for."""

    found: list[Finding] = []
    left_out: int = 0
    note: str = ""


ANSWER = declare("conflict_check", "answer", Answer, Kind.SHELTER)
FINDINGS = declare("conflict_check", "findings", Findings, Kind.IDENTITY)


class ConflictCheck(Sealed, Base):
    """The check of a household, under the one who gave her name first."""

    __tablename__ = "conflict_check"
    __table_args__ = (UniqueConstraint("client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"answer": ANSWER, "findings": FINDINGS}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    answer: Mapped[bytes | None] = sealed_column()
    answer_version: Mapped[int] = version_column()
    findings: Mapped[bytes | None] = sealed_column()
    findings_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class CheckSetting(Base):
    """Whether a household may sleep in at a site while its check waits; where nothing is set it may."""

    __tablename__ = "check_setting"

    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"), primary_key=True)
    may_sleep_in: Mapped[bool] = mapped_column(default=True)


class NotAdmitted(msgspec.Struct, kw_only=True):
    """Somebody not to admit: names, how to recognise, why, and the day on which that is looked at again; `was` is what
    stood before somebody looked last.
    """

    names: list[str]
    looks: str = ""
    reason: str = ""
    review: date
    by: bytes = b""
    at: datetime | None = None
    was: "NotAdmitted | None" = None


NOT_ADMITTED = declare("ban", "about", NotAdmitted, Kind.SHELTER, retention="site")


class Ban(Sealed, Base):
    """One line of a site's own list; the row says nothing of whom. From `gone_at` on nothing of it is left."""

    __tablename__ = "ban"
    __table_args__ = (Index("ix_ban_site", "site_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"about": NOT_ADMITTED}

    id: Mapped[bytes] = own_id()
    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"))
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()
    gone_at: Mapped[datetime | None] = mapped_column()
    gone_by: Mapped[bytes | None] = mapped_column(Id)

    def subject(self) -> Subject:
        return Subject("site", self.site_id)
