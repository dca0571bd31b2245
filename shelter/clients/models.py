"""Clients, households and the relations that decide who may open what.

A client's identity lives in `identity`, what the night desk needs in `shelter`: the working name is a
field of its own and never derived from a legal one.
"""

from datetime import date, datetime, time
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind


class Birth(msgspec.Struct, kw_only=True):
    """A birth date as far as she told it: `precision` is exact, approximate, declined or not_asked (HMIS 3.03)."""

    precision: str = "not_asked"
    year: int | None = None
    month: int | None = None
    day: int | None = None


class ContactRule(msgspec.Struct, kw_only=True):
    """What is safe on one channel; the words of `channel` and `allowed` are those of `shelter.rules.contact`."""

    channel: str
    allowed: str = "not_asked"
    value: str = ""
    hours_from: time | None = None
    hours_to: time | None = None
    say: str = ""
    code_word: str = ""
    language: str = ""
    shared_with: str = ""
    skipped: str = ""
    confirmed: date | None = None


class Danger(msgspec.Struct, kw_only=True):
    """Somebody who endangers her; never shown to the desk, which gets an alert that does not name whom it protects.

    `alert` is the id of that alert's row, in hex, and `elsewhere` the ids at other sites where she sleeps, by site in
    hex; nothing but these sealed fields joins them.
    """

    id: str
    names: list[str] = []
    aliases: list[str] = []
    relationship: str = ""
    description: str = ""
    vehicle: str = ""
    order_in_force: str = ""
    respond: str = "call_on_call"
    alert: str = ""
    elsewhere: dict[str, str] = {}
    skipped: dict[str, str] = {}


class PartState(msgspec.Struct, kw_only=True):
    """How far one part of the intake has come, who last saved it, and its own version for two people at once."""

    state: str = ""
    version: int = 0
    by: bytes = b""
    at: datetime | None = None


class Identity(msgspec.Struct, kw_only=True):
    """Who she is: opened by caseworkers, advocates and their supervisors only; each reveal is in the trail.

    `working_name` repeats the desk card for an advocate, who holds no key of the shelter compartment. `entry`
    is the number of the directory segment that holds her names, `since` the day she was first met.
    """

    working_name: str = ""
    legal_name: str = ""
    aliases: list[str] = []
    birth: Birth = msgspec.field(default_factory=Birth)
    pronouns: str = ""
    languages: list[str] = []
    contact: list[ContactRule] = []
    dangers: list[Danger] = []
    ssn: str = ""
    a_number: str = ""
    referral_source: str = ""
    referral_note: str = ""
    minor_consent: str = ""
    minor_consent_note: str = ""
    relationship_to_head: str = ""
    hmis_personal_id: str = ""
    skipped: dict[str, str] = {}
    parts: dict[str, PartState] = {}
    entry: int | None = None
    since: date | None = None


class DeskCard(msgspec.Struct, kw_only=True):
    """What shelter staff need at the desk: no legal name, no birth date, nothing of her history."""

    working_name: str = ""
    pronouns: str = ""
    languages: list[str] = []
    room_needs: list[str] = []
    allergies: str = ""
    alerts: list[str] = []
    hmis_personal_id: str = ""


IDENTITY = declare("client", "identity", Identity, Kind.IDENTITY)
DESK_CARD = declare("client", "desk_card", DeskCard, Kind.SHELTER)


class Client(Sealed, Base):
    """A person served, under a random code. The row says nothing of when or why she came."""

    __tablename__ = "client"
    __table_args__ = (Index("ix_client_site", "site_id", "code"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"identity": IDENTITY, "desk_card": DESK_CARD}

    id: Mapped[bytes] = own_id()
    code: Mapped[str] = mapped_column(String(12), unique=True)
    site_id: Mapped[bytes | None] = mapped_column(ForeignKey("site.id"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    merged_into: Mapped[bytes | None] = mapped_column(Id)
    keep_until: Mapped[date | None] = mapped_column()
    identity: Mapped[bytes | None] = sealed_column()
    identity_version: Mapped[int] = version_column()
    desk_card: Mapped[bytes | None] = sealed_column()
    desk_card_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.id)


def client_subject(client_id: bytes) -> Subject:
    """The subject under whose data keys everything about one client is sealed."""
    return Subject("client", client_id, client_id)


class Household(Base):
    """People who come together; which persons, and nothing else."""

    __tablename__ = "household"

    id: Mapped[bytes] = own_id()


class HouseholdMember(Base):
    __tablename__ = "household_member"

    household_id: Mapped[bytes] = mapped_column(ForeignKey("household.id"), primary_key=True)
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"), primary_key=True)
    head: Mapped[bool] = mapped_column(default=False)


class Assignment(Base):
    """Who works with her: `kind` is case or legal. The dates are in the trail."""

    __tablename__ = "assignment"
    __table_args__ = (Index("ix_assignment_staff", "staff_id", "kind"),)

    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"), primary_key=True)
    staff_id: Mapped[bytes] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(5), primary_key=True)


class Denial(Base):
    """A conflict of interest: this colleague may not open this client, whatever else allows it."""

    __tablename__ = "denial"

    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"), primary_key=True)
    staff_id: Mapped[bytes] = mapped_column(ForeignKey("staff.id"), primary_key=True)


class DoorAlert(Sealed, Base):
    """What the desk sees of somebody dangerous at a site: how he looks and what to do, not whom it protects.

    The link back to the client is sealed in her identity; the row itself names a site alone.
    """

    __tablename__ = "door_alert"
    sections: ClassVar[dict[str, Section[Any]]] = {}

    id: Mapped[bytes] = own_id()
    site_id: Mapped[bytes] = mapped_column(ForeignKey("site.id"))
    alert: Mapped[bytes | None] = sealed_column()
    alert_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("site", self.site_id)


class Alert(msgspec.Struct, kw_only=True):
    """Recognise, then do: `respond` is call_police or call_on_call. `by` and `at` where the desk wrote it."""

    description: str
    vehicle: str = ""
    respond: str = "call_on_call"
    by: bytes = b""
    at: datetime | None = None


ALERT = declare("door_alert", "alert", Alert, Kind.SHELTER, retention="site")
DoorAlert.sections["alert"] = ALERT


class Wish(msgspec.Struct, kw_only=True):
    """What she asked about her own file: `what` is correct or delete; `state` is open, done or kept (with why)."""

    what: str
    words: str
    state: str = "open"
    at: datetime
    by: bytes
    answer: str = ""
    answered_at: datetime | None = None
    answered_by: bytes = b""


WISH = declare("file_wish", "wish", Wish, Kind.IDENTITY)


class FileWish(Sealed, Base):
    """Something she wants put right or taken out, and what became of it."""

    __tablename__ = "file_wish"
    __table_args__ = (Index("ix_file_wish_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"wish": WISH}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    wish: Mapped[bytes | None] = sealed_column()
    wish_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class MergeAbout(msgspec.Struct, kw_only=True):
    """Who said that two records are of one person, and what each was given of the other's team, to be taken back.

    `assigned` and `denied` are client, colleague (and kind) as they were added.
    """

    by: bytes
    at: datetime
    assigned: list[tuple[bytes, bytes, str]] = []
    denied: list[tuple[bytes, bytes]] = []


MERGE = declare("merge", "about", MergeAbout, Kind.IDENTITY)


class Merge(Sealed, Base):
    """Two records of one person: `gone_id` is read with `kept_id` from now on. It goes when it is undone."""

    __tablename__ = "merge"
    __table_args__ = (Index("ix_merge_kept", "kept_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"about": MERGE}

    id: Mapped[bytes] = own_id()
    gone_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"), unique=True)
    kept_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.kept_id)


class Happened(msgspec.Struct, kw_only=True):
    """What happened, in codes of `shelter.rules.picklists` alone; what was not answered stands in `skipped`."""

    trafficking_status: str = ""
    trafficking_kind: str = ""
    exploitation: list[str] = []
    control: list[str] = []
    industry: list[str] = []
    victimisations: list[str] = []
    skipped: dict[str, str] = {}
    changed_by: bytes = b""
    changed_at: datetime | None = None


class Herself(msgspec.Struct, kw_only=True):
    """Who she is as funders ask it, beside her own words."""

    race_ethnicity: list[str] = []
    sex_asked: str = ""
    own_words: str = ""
    country: str = ""
    citizenship: str = ""
    disabilities: list[str] = []
    classifications: list[str] = []
    immigration_at_intake: str = ""
    housing_before: str = ""
    skipped: dict[str, str] = {}
    changed_by: bytes = b""
    changed_at: datetime | None = None


HAPPENED = declare("client_coded", "happened", Happened, Kind.ADVOCACY)
HERSELF = declare("client_coded", "herself", Herself, Kind.IDENTITY)


class ClientCoded(Sealed, Base):
    """Coded answers of one client; history of harm never lies where legal staff or the desk could open it."""

    __tablename__ = "client_coded"
    sections: ClassVar[dict[str, Section[Any]]] = {"happened": HAPPENED, "herself": HERSELF}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"), unique=True)
    happened: Mapped[bytes | None] = sealed_column()
    happened_version: Mapped[int] = version_column()
    herself: Mapped[bytes | None] = sealed_column()
    herself_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
