"""That a part of a record was asked for, and copied to a colleague's own key. The words lie in `section_copy` until the
end."""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shelter.accounts.models import GlassReview
from shelter.clients.models import client_subject
from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class CopyAbout(msgspec.Struct, kw_only=True):
    """Which part (a room of her file), why (a code and her own words), when."""

    part: str
    reason: str
    words: str
    at: datetime


COPY_ASK = declare("copy_ask", "about", CopyAbout, Kind.IDENTITY, retention="trail")
COPY_ABOUT = declare("copy_given", "about", CopyAbout, Kind.IDENTITY, retention="trail")
COPY_REVIEW = declare("copy_given", "review", GlassReview, Kind.IDENTITY, retention="trail")


class CopyGiven(Sealed, Base):
    """One copy, for ever; while its `section_copy` of the same id is there, its reader can open it."""

    __tablename__ = "copy_given"
    __table_args__ = (
        CheckConstraint(
            "giver_id <> reader_id and (reviewed_by is null or reviewed_by not in (giver_id, reader_id))",
            name="two_people",
        ),
        Index("ix_copy_given_client", "client_id"),
    )
    sections: ClassVar[dict[str, Section[Any]]] = {"about": COPY_ABOUT, "review": COPY_REVIEW}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(Id)
    giver_id: Mapped[bytes] = mapped_column(ForeignKey("staff.id"))
    reader_id: Mapped[bytes] = mapped_column(ForeignKey("staff.id"))
    ends: Mapped[datetime]
    reviewed_by: Mapped[bytes | None] = mapped_column(Id)
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()
    review: Mapped[bytes | None] = sealed_column()
    review_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class CopyAsk(Sealed, Base):
    """Somebody asks for a copy of a part, whether or not anything is written there; it goes at its end or when given.

    `put_away` where a holder does not want to see it any more: who asked is shown the same until the end.
    """

    __tablename__ = "copy_ask"
    __table_args__ = (Index("ix_copy_ask_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"about": COPY_ASK}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(Id)
    asker_id: Mapped[bytes] = mapped_column(ForeignKey("staff.id"))
    ends: Mapped[datetime]
    put_away: Mapped[bool] = mapped_column(default=False)
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class CopiedLine(msgspec.Struct, kw_only=True):
    """One line of the part, in the words that the giver saw."""

    label: str
    words: str
    day: date | None = None


class Copied(msgspec.Struct, kw_only=True):
    """What the reader's key opens, signed by the giver: whose it is and its end count from here, not from the row."""

    client: bytes
    ends: datetime
    part: str
    lines: list[CopiedLine]
