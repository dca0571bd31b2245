"""Demands and breaches. What concerns one person lies under her own keys; what concerns the house names nobody.

Counsel's word is privileged and lies in the legal compartment, apart from what is done.
"""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class DemandAbout(msgspec.Struct, kw_only=True):
    """The paper and what became of it; `kind` is of `rules.demands`, `judge` is yes, no or unknown.

    `covers` says what is demanded; whose records those are stands with each person, never here.
    """

    kind: str
    from_whom: str
    covers: str = ""
    number: str = ""
    judge: str = "unknown"
    arrived: date
    due: date | None = None
    taken_by: bytes
    at: datetime
    counsel: str = ""
    counsel_asked: date | None = None
    outcome: str = ""
    outcome_words: str = ""
    closed_by: bytes = b""
    closed_at: datetime | None = None


class CounselSaid(msgspec.Struct, kw_only=True):
    """What counsel advised; written and read by legal staff."""

    words: str
    by: bytes
    at: datetime


class NoticeTried(msgspec.Struct, kw_only=True):
    """An attempt to tell her, or why none was made: `how` is a channel, `reached` is yes, no or not-tried."""

    at: datetime
    by: bytes
    how: str = ""
    reached: str
    words: str = ""


class Produced(msgspec.Struct, kw_only=True):
    """What was given, item by item (codes of `release_items`), how, under whose paper, and what was held back."""

    at: datetime
    by: bytes
    items: list[str]
    method: str
    to: str
    withheld: str = ""
    release: bytes = b""


class DemandPart(msgspec.Struct, kw_only=True):
    """One person's part of a demand."""

    notices: list[NoticeTried] = []
    produced: list[Produced] = []


ABOUT = declare("demand", "about", DemandAbout, Kind.IDENTITY, retention="agency")
COUNSEL = declare("demand", "counsel", CounselSaid, Kind.LEGAL, retention="agency")
PART = declare("demand_person", "part", DemandPart, Kind.IDENTITY)


class Demand(Sealed, Base):
    """One paper or request; the row says whether it is open, and nothing else."""

    __tablename__ = "demand"
    __table_args__ = (CheckConstraint("state in ('open', 'closed')", name="state"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"about": ABOUT, "counsel": COUNSEL}

    id: Mapped[bytes] = own_id()
    state: Mapped[str] = mapped_column(String(6), default="open")
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()
    counsel: Mapped[bytes | None] = sealed_column()
    counsel_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


class DemandPerson(Sealed, Base):
    """Somebody whom a demand is about."""

    __tablename__ = "demand_person"
    __table_args__ = (UniqueConstraint("demand_id", "client_id"), Index("ix_demand_person_client", "client_id"))
    sections: ClassVar[dict[str, Section[Any]]] = {"part": PART}

    id: Mapped[bytes] = own_id()
    demand_id: Mapped[bytes] = mapped_column(ForeignKey("demand.id"))
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    part: Mapped[bytes | None] = sealed_column()
    part_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class BreachTold(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody outside who was told: `who` is the code of a clock or other, `at` when."""

    who: str
    at: datetime
    by: bytes
    words: str = ""


class BreachAbout(msgspec.Struct, kw_only=True):
    """What happened, without anybody's name; `letter` is what every person affected reads on paper."""

    kind: str
    what: str
    found: datetime
    imminent: bool = False
    contained: str = ""
    letter: str = ""
    by: bytes
    at: datetime
    told: list[BreachTold] = []
    closed_by: bytes = b""
    closed_at: datetime | None = None


class BreachPart(msgspec.Struct, kw_only=True):
    """What of hers was affected, and when and how she was told."""

    what: str = ""
    told_on: date | None = None
    told_how: str = ""
    told_by: bytes = b""
    why_not: str = ""


BREACH = declare("breach", "about", BreachAbout, Kind.HOUSE, retention="agency")
BREACH_PART = declare("breach_person", "part", BreachPart, Kind.IDENTITY)


class Breach(Sealed, Base):
    """Something got out, or is about to."""

    __tablename__ = "breach"
    __table_args__ = (CheckConstraint("state in ('open', 'closed')", name="state"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"about": BREACH}

    id: Mapped[bytes] = own_id()
    state: Mapped[str] = mapped_column(String(6), default="open")
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


class BreachPerson(Sealed, Base):
    """Somebody whom it concerns; seen by those alone who open her record."""

    __tablename__ = "breach_person"
    __table_args__ = (UniqueConstraint("breach_id", "client_id"), Index("ix_breach_person_client", "client_id"))
    sections: ClassVar[dict[str, Section[Any]]] = {"part": BREACH_PART}

    id: Mapped[bytes] = own_id()
    breach_id: Mapped[bytes] = mapped_column(ForeignKey("breach.id"))
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    part: Mapped[bytes | None] = sealed_column()
    part_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
