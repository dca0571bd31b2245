"""Matters, sealed to `legal`. One row a matter: how many filings, notices and dates it has is sealed with them.

Nothing is deleted. A filing or notice that is put right stays in the list of earlier ones, a date is only ever
superseded, and what is known about the matter itself is kept as an earlier version.
"""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.legal.models.around import Asks, Family
from shelter.policy.kinds import Kind


class Move(msgspec.Struct, kw_only=True, frozen=True):
    """The matter came to a stage on a day; the first one is its opening. `confirmed` what the stage asks to be said."""

    stage: str
    on: date
    by: bytes
    at: datetime
    why: str = ""
    confirmed: bool = False


class Compared(msgspec.Struct, kw_only=True, frozen=True):
    """A comparison of the parties before the matter opened: with how many, how many were near, why that is none."""

    at: datetime
    by: bytes
    near: int = 0
    cleared: str = ""


class Agreement(msgspec.Struct, kw_only=True, frozen=True):
    """What was signed between her and her counsel: the retainer, and the letter that closed the matter."""

    retainer_on: date | None = None
    counsel: str = ""
    closing_on: date | None = None
    closing: str = ""


class MatterText(msgspec.Struct, kw_only=True):
    """The matter itself. `protected` is the mark of 8 U.S.C. 1367; `lead` the advocate who answers for it."""

    type: str
    stage: str
    opened_on: date
    lead: bytes
    protected: bool = False
    scope: str = ""
    adverse: list[str] = []
    a_number: str = ""
    moves: list[Move] = []
    compared: list[Compared] = []
    agreement: Agreement = Agreement()
    changed_by: bytes = b""
    changed_at: datetime | None = None


class Filing(msgspec.Struct, kw_only=True, frozen=True):
    """One form that was sent. `form` is a key as `Form.key` makes it; `package` joins forms sent together.

    `ground` names a line of the fee table, `fee_ground` says more. `address` is the kind of address that stands on it.
    `version` counts how often this filing was put right; `why` says why it was.
    """

    id: bytes
    form: str
    package: bytes
    sent_on: date | None = None
    how: str = ""
    fee: str = ""
    ground: str = ""
    fee_ground: str = ""
    receipt_number: str = ""
    about: str = ""
    address: str = ""
    by: bytes
    at: datetime
    version: int = 1
    why: str = ""


class Notice(msgspec.Struct, kw_only=True, frozen=True):
    """One notice that came. `printed_on` is its own date, `answer_by` the date it names for an answer or a visit."""

    id: bytes
    type: str
    printed_on: date
    received_on: date | None = None
    came: str = ""
    answer_by: date | None = None
    answer_online: bool = False
    filing: bytes | None = None
    receipt_number: str = ""
    by: bytes
    at: datetime
    version: int = 1
    why: str = ""


class Papers(msgspec.Struct, kw_only=True):
    """Filings and notices as they stand, and as each stood before it was put right; which papers are gathered."""

    filings: list[Filing] = []
    notices: list[Notice] = []
    earlier_filings: list[Filing] = []
    earlier_notices: list[Notice] = []
    gathered: dict[str, date] = {}


class Look(msgspec.Struct, kw_only=True, frozen=True):
    """A second pair of eyes; `alone` where the agency has no other and the same person slept a night over it."""

    by: bytes
    at: datetime
    alone: bool = False


class Remedy(msgspec.Struct, kw_only=True, frozen=True):
    """What was done about a date that was missed."""

    what: str
    by: bytes
    at: datetime


class End(msgspec.Struct, kw_only=True, frozen=True):
    """Why a date needs no more attention: `how` is done, superseded or missed; `next` the date that took its place.

    A missed one says in `why` what happened, and in `remedies` what was done about it, then and later.
    """

    how: str
    by: bytes
    at: datetime
    on: date
    why: str = ""
    next: bytes | None = None
    remedies: tuple[Remedy, ...] = ()


class Visit(msgspec.Struct, kw_only=True, frozen=True):
    """What is arranged around a hearing or appointment. `along` is who of the legal staff goes with her.

    `version` counts how often it was changed, by whom and when last, so that two people who arrange one thing see
    each other.
    """

    what: str = ""
    time: str = ""
    place: str = ""
    along: bytes | None = None
    also_along: str = ""
    interpreter: str = ""
    transport: str = ""
    childcare: str = ""
    bring: str = ""
    version: int = 1
    by: bytes = b""
    at: datetime | None = None


class Due(msgspec.Struct, kw_only=True, frozen=True):
    """One date. What it was counted from, by which version of which rule, is never changed.

    `rule` is "" for an appointment, whose arrangements are in `visit`, and for a reminder of the ask named in `ask`.
    `about` is what one of several alike is about, such as a receipt number; `issued` the day printed beside an expiry;
    `paused` for how many days the count stood still.
    `day` is the date that holds: `counted` by the rule, or another for the reason in `override`. `kept_over` is the
    version of a changed rule over which somebody kept it, and why.
    """

    id: bytes
    day: date
    counted: date
    trigger_date: date
    by: bytes
    at: datetime
    set_on: date
    rule: str = ""
    rule_version: int = 0
    kind: str = "due"
    jurisdictional: bool = False
    act_by: date | None = None
    printed: date | None = None
    mailed: bool = False
    online: bool = False
    paused: int = 0
    override: str = ""
    notice: bytes | None = None
    notice_type: str = ""
    issued: date | None = None
    about: str = ""
    ask: bytes | None = None
    look: Look | None = None
    end: End | None = None
    visit: Visit | None = None
    kept_over: int = 0
    kept_why: str = ""

    @property
    def visit_version(self) -> int:
        """0 for an appointment around which nothing is arranged yet."""
        return self.visit.version if self.visit else 0


class Dates(msgspec.Struct, kw_only=True):
    """Every date there ever was; `type` repeats the matter's, which never changes, for the page of the day."""

    type: str
    dates: list[Due] = []


TEXT = declare("matter", "text", MatterText, Kind.LEGAL)
ASKS = declare("matter", "asks", Asks, Kind.LEGAL)
FAMILY = declare("matter", "family", Family, Kind.LEGAL)
PAPERS = declare("matter", "papers", Papers, Kind.LEGAL)
DATES = declare("matter", "dates", Dates, Kind.LEGAL)
EARLIER_TEXT = declare("matter_earlier", "text", MatterText, Kind.LEGAL)


class Matter(Sealed, Base):
    """The row says that a client has a matter, and nothing else about it."""

    __tablename__ = "matter"
    __table_args__ = (Index("ix_matter_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {
        "text": TEXT,
        "papers": PAPERS,
        "dates": DATES,
        "asks": ASKS,
        "family": FAMILY,
    }

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()
    papers: Mapped[bytes | None] = sealed_column()
    papers_version: Mapped[int] = version_column()
    dates: Mapped[bytes | None] = sealed_column()
    dates_version: Mapped[int] = version_column()
    asks: Mapped[bytes | None] = sealed_column()
    asks_version: Mapped[int] = version_column()
    family: Mapped[bytes | None] = sealed_column()
    family_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class MatterEarlier(Sealed, Base):
    """The matter's text as it was before a change; never edited."""

    __tablename__ = "matter_earlier"
    __table_args__ = (Index("ix_matter_earlier_matter", "matter_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"text": EARLIER_TEXT}

    id: Mapped[bytes] = own_id()
    matter_id: Mapped[bytes] = mapped_column(ForeignKey("matter.id"))
    client_id: Mapped[bytes] = mapped_column(Id)
    was_version: Mapped[int]
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
