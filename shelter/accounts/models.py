"""Staff, the places and roles they have, their sessions, invitations and cover."""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class StaffHouse(msgspec.Struct, kw_only=True):
    """A colleague's name, for her colleagues; privilege depends on the qualification kept here.

    Cal. Evid. Code 1038.2: a trafficking caseworker has an advanced degree and a year, or 40 hours of
    training under a qualified supervisor.
    """

    name: str
    working_name: str = ""
    qualification: str = ""
    training_hours: int = 0


STAFF_HOUSE = declare("staff", "house", StaffHouse, Kind.HOUSE, retention="staff")


class Staff(Sealed, Base):
    """A colleague. `epoch` goes up to end all her sessions at once; `state` says whether she works here.

    invited, waiting (to be bound), active, away (on long leave), returning (to be let in again) or left.
    """

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("state in ('invited', 'waiting', 'active', 'away', 'returning', 'left')", name="state"),
        # Making an account and binding its keys are two people's work, founders excepted.
        CheckConstraint("founder or made_by is null or bound_by is null or made_by <> bound_by", name="two_people"),
    )
    sections: ClassVar[dict[str, Section[StaffHouse]]] = {"house": STAFF_HOUSE}

    id: Mapped[bytes] = own_id()
    sign_in_name: Mapped[str] = mapped_column(String(60), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="invited")
    epoch: Mapped[int] = mapped_column(default=1)
    founder: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[bytes | None] = mapped_column(Id)
    bound_by: Mapped[bytes | None] = mapped_column(Id)
    locale: Mapped[str] = mapped_column(String(5), default="")
    theme: Mapped[str] = mapped_column(String(5), default="")
    house: Mapped[bytes | None] = sealed_column()
    house_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("staff", self.id)


class StaffRole(Base):
    __tablename__ = "staff_role"

    staff_id: Mapped[bytes] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class StaffSite(Base):
    """A site she works at."""

    __tablename__ = "staff_site"

    staff_id: Mapped[bytes] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"), primary_key=True)


class Cover(Base):
    """`by_staff` stands in for `for_staff` from `starts` to `ends`, both days included."""

    __tablename__ = "cover"
    __table_args__ = (Index("ix_cover_by_staff", "by_staff", "ends"),)

    id: Mapped[bytes] = own_id()
    for_staff: Mapped[bytes] = mapped_column(ForeignKey("staff.id"))
    by_staff: Mapped[bytes] = mapped_column(ForeignKey("staff.id"))
    starts: Mapped[date]
    ends: Mapped[date]


class GlassReason(msgspec.Struct, kw_only=True):
    """Why somebody opened a record in an emergency: a code, and her own words."""

    reason: str
    words: str


class GlassReview(msgspec.Struct, kw_only=True):
    """What another found about it."""

    was_right: bool
    words: str = ""


GLASS_REASON = declare("broken_glass", "reason", GlassReason, Kind.IDENTITY, retention="trail")
GLASS_REVIEW = declare("broken_glass", "review", GlassReview, Kind.IDENTITY, retention="trail")


class BrokenGlass(Sealed, Base):
    """One record open to one colleague until `ends`, although she is not assigned; another reviews it."""

    __tablename__ = "broken_glass"
    __table_args__ = (
        CheckConstraint("reviewed_by is null or reviewed_by <> staff_id", name="two_people"),
        Index("ix_broken_glass_staff", "staff_id", "ends"),
    )
    sections: ClassVar[dict[str, Section[Any]]] = {"reason": GLASS_REASON, "review": GLASS_REVIEW}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(Id)
    staff_id: Mapped[bytes] = mapped_column(ForeignKey("staff.id"))
    ends: Mapped[datetime]
    reviewed_by: Mapped[bytes | None] = mapped_column(Id)
    reason: Mapped[bytes | None] = sealed_column()
    reason_version: Mapped[int] = version_column()
    review: Mapped[bytes | None] = sealed_column()
    review_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("client", self.client_id, self.client_id)


class SignedIn(Base):
    """A session: the hash of its sid, and the user key sealed so that only sid and boot secret open it.

    `site_id` is the site its owner put in front; nothing is decided by it.
    """

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_staff", "staff_id"),)

    sid_hash: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[bytes] = mapped_column(ForeignKey("staff.id"))
    epoch: Mapped[int]
    uk_id: Mapped[bytes] = mapped_column(Id)
    uk_sealed: Mapped[bytes]
    last_seen: Mapped[datetime]
    ends: Mapped[datetime]
    factors: Mapped[str] = mapped_column(String(20), default="")
    step_up_until: Mapped[datetime | None] = mapped_column()
    locked: Mapped[bool] = mapped_column(default=False)
    site_id: Mapped[bytes | None] = mapped_column(Id)
    started: Mapped[datetime]


class Throttle(Base):
    """Failed sign-ins of one account or source, under a keyed hash; spans workers and restarts."""

    __tablename__ = "throttle"

    key: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime]


class Invitation(Base):
    """A one-use link, kept as a hash for a day."""

    __tablename__ = "invitation"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[bytes] = mapped_column(ForeignKey("staff.id"))
    ends: Mapped[datetime]


class UsedChallenge(Base):
    """A passkey challenge that was answered, until it would have expired anyway."""

    __tablename__ = "used_challenge"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    ends: Mapped[datetime]
