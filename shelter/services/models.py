"""Services, counts that belong to nobody, and money; words, days, kinds and amounts are sealed.

The words of a service lie in the compartment of whoever entered it: one of the three sections is filled. Only its
coded fact is shared, and only with reports.
"""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class ServiceText(msgspec.Struct, kw_only=True):
    """One service of the list, given to one person; `session` joins those who were in one group.

    `why` says why it counts on an unusual day. Taken back, it stays here with the reason and counts nowhere.
    """

    what: str
    on: date
    by: bytes
    at: datetime
    minutes: int | None = None
    times: int = 1
    session: bytes = b""
    fund: str = ""
    words: str = ""
    why: str = ""
    taken_back: datetime | None = None
    taken_back_by: bytes = b""
    taken_back_why: str = ""


ADVOCACY = declare("service", "advocacy", ServiceText, Kind.ADVOCACY)
LEGAL = declare("service", "legal", ServiceText, Kind.LEGAL)
SHELTER = declare("service", "shelter", ServiceText, Kind.SHELTER)


class Service(Sealed, Base):
    """`place` is its number in this file."""

    __tablename__ = "service"
    __table_args__ = (UniqueConstraint("client_id", "place"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"advocacy": ADVOCACY, "legal": LEGAL, "shelter": SHELTER}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    place: Mapped[int]
    advocacy: Mapped[bytes | None] = sealed_column()
    advocacy_version: Mapped[int] = version_column()
    legal: Mapped[bytes | None] = sealed_column()
    legal_version: Mapped[int] = version_column()
    shelter: Mapped[bytes | None] = sealed_column()
    shelter_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class CountText(msgspec.Struct, kw_only=True):
    """Something that happened with nobody's name: `kind` and the codes are those of `shelter.rules.picklists`.

    A survey says how many were handed out (`times`), came back, and how often each of the two sentences was agreed to.
    """

    kind: str
    on: date
    by: bytes
    at: datetime
    times: int = 1
    people: int = 0
    minutes: int | None = None
    flags: list[str] = []
    about: str = ""
    harm: list[str] = []
    returned: int = 0
    safer: int = 0
    knows_more: int = 0
    words: str = ""
    taken_back: bool = False


COUNT = declare("nobodys_count", "text", CountText, Kind.SHELTER, retention="site")


class NobodysCount(Sealed, Base):
    __tablename__ = "nobodys_count"
    __table_args__ = (Index("ix_nobodys_count_site", "site_id", "place"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"text": COUNT}

    id: Mapped[bytes] = own_id()
    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"))
    place: Mapped[int]
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("site", self.site_id)


class MoneyText(msgspec.Struct, kw_only=True):
    """Money for one person: `state` is asked, agreed, refused or paid.

    `over` says that it goes beyond what the fund gives one person in a year, so that only a reason carries it.
    """

    what: str
    cents: int
    fund: str
    on: date
    by: bytes
    at: datetime
    words: str = ""
    state: str = "asked"
    over: bool = False
    decided_by: bytes = b""
    decided_at: datetime | None = None
    decided_why: str = ""
    paid_on: date | None = None
    paid_by: bytes = b""
    receipt: str = ""
    scan: bytes = b""


MONEY = declare("assistance", "money", MoneyText, Kind.ADVOCACY)


class Assistance(Sealed, Base):
    """`waiting` says that somebody has to decide, and nothing of what or how much."""

    __tablename__ = "assistance"
    __table_args__ = (Index("ix_assistance_client", "client_id"), Index("ix_assistance_waiting", "waiting"))
    sections: ClassVar[dict[str, Section[Any]]] = {"money": MONEY}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    waiting: Mapped[bool] = mapped_column(default=False)
    money: Mapped[bytes | None] = sealed_column()
    money_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
