"""Referrals out and in. What partners leave lies in `intake`, sealed as it came; what became of it is `advocacy`."""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.dropbox import Lying
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class Happened(msgspec.Struct, kw_only=True, frozen=True):
    """What became of a referral: `what` is made, accepted, refused, done, withdrawn or received."""

    at: datetime
    by: bytes
    what: str
    words: str = ""


class ReferralText(msgspec.Struct, kw_only=True):
    """To or from whom, and for what; `release` and `items` say under what somebody was told about her.

    Without a release nothing was told: she has an address and goes herself.
    """

    way: str = "out"
    organisation: str
    need: str = ""
    release: bytes = b""
    items: list[str] = []
    state: str = "made"
    history: list[Happened] = []


class LinkAbout(msgspec.Struct, kw_only=True):
    """Who was given an address to leave referrals at."""

    partner: str
    made_by: bytes
    made_at: datetime


class Answer(msgspec.Struct, kw_only=True):
    """Why a dropped referral was closed without a record; nobody outside is ever told."""

    by: bytes
    at: datetime
    why: str
    words: str = ""


class Dropped(msgspec.Struct, kw_only=True):
    """What a partner left, as it was typed; unsigned, so nothing of it is proved. `link` is the address it came by."""

    receipt: str
    link: bytes
    at: datetime
    organisation: str
    sender: str
    reach: str
    called: str
    language: str = ""
    age: str = ""
    safe_contact: str = ""
    urgency: str = ""
    needs: str = ""


REFERRAL = declare("referral", "text", ReferralText, Kind.ADVOCACY)
LINK = declare("referral_link", "about", LinkAbout, Kind.INTAKE, retention="item")
ANSWER = declare("dropped_referral", "answer", Answer, Kind.INTAKE, retention="item")


class Referral(Sealed, Base):
    __tablename__ = "referral"
    __table_args__ = (Index("ix_referral_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"text": REFERRAL}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class ReferralLink(Sealed, Base):
    """An address given to one partner; its token is kept as a hash."""

    __tablename__ = "referral_link"
    sections: ClassVar[dict[str, Section[Any]]] = {"about": LINK}

    id: Mapped[bytes] = own_id()
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    closed: Mapped[bool] = mapped_column(default=False)
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


class DroppedReferral(Sealed, Base):
    """Something left at an address: which one, and when, is inside the seal; all are of one size.

    Once it is closed, `keep_until` is the end of the month in which it goes.
    """

    __tablename__ = "dropped_referral"
    sections: ClassVar[dict[str, Section[Any]]] = {"answer": ANSWER}

    id: Mapped[bytes] = own_id()
    ck_version: Mapped[int]
    dropped: Mapped[bytes]
    keep_until: Mapped[date | None] = mapped_column()
    answer: Mapped[bytes | None] = sealed_column()
    answer_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)

    def lying(self) -> Lying:
        return Lying(self.__tablename__, self.id, Kind.INTAKE, self.ck_version, self.dropped)
