"""Papers, their earlier versions and the ways back to them; every word and every date is sealed to `documents`."""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base, Id
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.documents.known import Known
from shelter.documents.way import Taken
from shelter.policy.kinds import Kind
from shelter.rules.papers.expiry import Reminded


class PaperText(msgspec.Struct, kw_only=True):
    """A paper: what it is, what is printed on it, where it is now and who saw it last.

    `kind`, `state` and `country` are codes of `shelter.rules.papers`; `printed_name` is spelled as printed;
    `police_report` and `case_number` are how offices name it, `contact_risk` what contact with one may bring about;
    `held_by` says who in words; `zone` its machine-readable lines as they were read; `scans` are ids of files;
    `skipped` the reasons given instead of answers. `missing_on`, `withheld_on`, `back_on` and `back_how` are kept by
    `facts` from the changes of its state.
    """

    kind: str
    country: str = ""
    number: str = ""
    printed_name: str = ""
    issued: Known | None = None
    expires: Known | None = None
    state: str = ""
    held_by: str = ""
    seen_when: Known | None = None
    seen_where: str = ""
    seen_by: str = ""
    police_report: str = ""
    consulate: str = ""
    case_number: str = ""
    contact_risk: str = ""
    note: str = ""
    zone: str = ""
    scans: list[bytes] = []
    missing_on: date | None = None
    withheld_on: date | None = None
    back_on: date | None = None
    back_how: str = ""
    skipped: dict[str, str] = {}
    changed_by: bytes = b""
    changed_at: datetime | None = None


class Recovery(msgspec.Struct, kw_only=True):
    """The ways back that were begun, oldest first; at most the last one is active.

    `reminded` is the last reminder of its end that somebody has seen.
    """

    ways: list[Taken] = []
    reminded: Reminded | None = None

    @property
    def way(self) -> Taken | None:
        """The newest way back that was not set aside."""
        last = self.ways[-1] if self.ways else None
        return last if last and last.ended_at is None else None


class Listed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a list of many papers asks of one: its place in the order, and by what it is found.

    The versions say from which paper it was taken. `waits_on`, `since` and `due` are of the next step, empty where a
    way back was not begun or is at its end; `ends` is its last day where the whole day is known.
    """

    id: bytes
    text_version: int
    recovery_version: int
    kind: str
    state: str
    begun: bool
    changed_at: datetime | None = None
    waits_on: str = ""
    since: datetime | None = None
    due: date | None = None
    ends: date | None = None
    reminded: Reminded | None = None


class PapersInShort(msgspec.Struct, kw_only=True):
    """Every paper of one client, in short."""

    papers: list[Listed] = []


PAPER_TEXT = declare("paper", "text", PaperText, Kind.DOCUMENTS)
RECOVERY = declare("paper", "recovery", Recovery, Kind.DOCUMENTS)
IN_SHORT = declare("paper_pack", "short", PapersInShort, Kind.DOCUMENTS)
EARLIER_PAPER = declare("paper_earlier", "text", PaperText, Kind.DOCUMENTS)


class Paper(Sealed, Base):
    __tablename__ = "paper"
    __table_args__ = (Index("ix_paper_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"text": PAPER_TEXT, "recovery": RECOVERY}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()
    recovery: Mapped[bytes | None] = sealed_column()
    recovery_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class PaperPack(Sealed, Base):
    """What the lists of papers read instead of opening every paper; one row a client."""

    __tablename__ = "paper_pack"
    __table_args__ = (UniqueConstraint("client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"short": IN_SHORT}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    short: Mapped[bytes | None] = sealed_column()
    short_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class PaperEarlier(Sealed, Base):
    """A paper as it was before a change; never edited."""

    __tablename__ = "paper_earlier"
    __table_args__ = (Index("ix_paper_earlier_paper", "paper_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"text": EARLIER_PAPER}

    id: Mapped[bytes] = own_id()
    paper_id: Mapped[bytes] = mapped_column(ForeignKey("paper.id"))
    client_id: Mapped[bytes] = mapped_column(Id)
    was_version: Mapped[int]
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class Held(msgspec.Struct, kw_only=True, frozen=True):
    """One line of the ledger of an original. `what` is a code of `custody.ACTS`, `who` from whom or to whom it went.

    `strokes` are a drawn signature, as of a release. `photo` is the file of its photograph and `photo_digest` the
    SHA-256 of what was sent; `before` the SHA-256 of the line before, as `custody.told` writes it.
    """

    what: str
    on: date
    time: str = ""
    who: str = ""
    condition: str = ""
    bag: str = ""
    shelf: str = ""
    words: str = ""
    signed: str = ""
    strokes: list[list[int]] = []
    photo: bytes = b""
    photo_digest: str = ""
    by: bytes
    at: datetime
    before: str = ""


HELD = declare("paper_held", "line", Held, Kind.DOCUMENTS)


class PaperHeld(Sealed, Base):
    """A line of the ledger of one paper; only ever added. The number is taken once: two people cannot add one line."""

    __tablename__ = "paper_held"
    __table_args__ = (UniqueConstraint("paper_id", "number", name="uq_paper_held_number"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"line": HELD}

    id: Mapped[bytes] = own_id()
    paper_id: Mapped[bytes] = mapped_column(ForeignKey("paper.id"))
    client_id: Mapped[bytes] = mapped_column(Id)
    number: Mapped[int]
    line: Mapped[bytes | None] = sealed_column()
    line_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
