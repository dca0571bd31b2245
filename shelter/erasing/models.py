"""An erasing from the asking to its certificate, and holds that stand against it.

What is said of an erasing names nobody: it outlives the person's own keys, and a steward reads it.
"""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class Done(msgspec.Struct, kw_only=True):
    """What went, in numbers; `waits` are batches of the ledgers' inboxes until they are folded."""

    at: datetime
    by: bytes
    keys: int = 0
    rows: int = 0
    files: int = 0
    drafts: int = 0
    alerts: int = 0
    codes: list[str] = []
    waits: list[bytes] = []
    books: list[bytes] = []


class About(msgspec.Struct, kw_only=True):
    """Why (a code of `words.REASONS`), who asked, who agreed, what was done. No name and no words about a person."""

    reason: str
    asked_by: bytes
    asked_at: datetime
    agreed_by: bytes = b""
    agreed_at: datetime | None = None
    done: Done | None = None
    dropped_by: bytes = b""
    books_read_by: bytes = b""
    books_read_at: datetime | None = None


ABOUT = declare("erasure", "about", About, Kind.HOUSE, retention="agency")


class Erasure(Sealed, Base):
    """`scope` is whole or narrative. Due by the clock and not asked for yet, it has no section."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("state in ('due', 'asked', 'agreed', 'done', 'dropped')", name="state"),
        CheckConstraint("scope in ('whole', 'narrative')", name="scope"),
        Index("ix_erasure_client", "client_id"),
    )
    sections: ClassVar[dict[str, Section[Any]]] = {"about": ABOUT}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    state: Mapped[str] = mapped_column(String(8))
    scope: Mapped[str] = mapped_column(String(10))
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


class HoldAbout(msgspec.Struct, kw_only=True):
    """Why nothing of hers may be erased, who said so, and the day on which somebody looks at it again."""

    reason: str
    words: str = ""
    by: bytes
    at: datetime
    review: date
    ended_by: bytes = b""
    ended_at: datetime | None = None
    ended_why: str = ""


HOLD = declare("legal_hold", "about", HoldAbout, Kind.IDENTITY)


class LegalHold(Sealed, Base):
    """It stands until it is `ended` by a person; its review date only asks."""

    __tablename__ = "legal_hold"
    __table_args__ = (Index("ix_legal_hold_client", "client_id", "ended"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"about": HOLD}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    ended: Mapped[bool] = mapped_column(default=False)
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
