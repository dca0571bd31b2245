"""Episodes of a case: closed with what became of it, and begun again on the same file."""

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


class EpisodeText(msgspec.Struct, kw_only=True):
    """How one episode ended, in codes of closing_reasons, closing_living, relief_obtained and continued_care."""

    closed_on: date
    closed_by: bytes
    at: datetime
    reason: str = ""
    living: str = ""
    obtained: list[str] = []
    continued: str = ""
    carries_on: str = ""
    words: str = ""
    skipped: dict[str, str] = {}
    reopened_at: datetime | None = None
    reopened_by: bytes = b""
    reopened_why: str = ""


EPISODE = declare("episode", "text", EpisodeText, Kind.ADVOCACY)


class Episode(Sealed, Base):
    """One row for each closing; `place` counts them."""

    __tablename__ = "episode"
    __table_args__ = (Index("ix_episode_client", "client_id", "place"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"text": EPISODE}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    place: Mapped[int]
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
