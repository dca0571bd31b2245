"""A file for a funder: what is said of it to those who agree, and the file itself until it is handed over."""

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.policy.kinds import Kind
from shelter.rules.performance import Warning_


class About(msgspec.Struct, kw_only=True):
    """Without a number about people. `rules` is the year of the rule set, of a portal's form the day from which its
    rules hold; `digest` is the SHA-256 of the file in hex.

    `unbalanced` counts sums that do not hold, of a form what its portal would ask
    about; `agreed_by` is the second person, `given_at` when it left.
    """

    report: str
    rules: str
    first: date
    last: date
    purpose: str
    by: bytes
    at: datetime
    tables: int
    unbalanced: int
    digest: str
    projects: list[str] = []
    funds: list[str] = []
    agreed_by: bytes = b""
    agreed_at: datetime | None = None
    given_at: datetime | None = None


class Told(msgspec.Struct, kw_only=True):
    """One number of a portal's form, and how many records it counts; None for a text that people write."""

    section: str
    row: str
    line: str
    column: str
    number: int | None
    records: int


class Content(msgspec.Struct, kw_only=True):
    """The ZIP as it is handed over: as confidential as a case file. Of a portal's form also its numbers, what the
    portal would ask about, and how many people are left out because they were never asked."""

    file: bytes
    told: list[Told] = []
    warnings: list[Warning_] = []
    unasked: int = 0


class Grant(msgspec.Struct, kw_only=True):
    """A grant: `key` makes the numbers that stand for clients in its files alone, `funds` are those it pays into."""

    name: str
    form: str
    key: bytes
    by: bytes
    at: datetime
    funds: list[str] = []


ABOUT = declare("funder_file", "about", About, Kind.FACTS, retention="agency")


class Counted(msgspec.Struct, kw_only=True):
    """One record behind a number: whose, by pseudonym, of which kind, from which day or month."""

    person: bytes
    what: str
    day: str


class Question(msgspec.Struct, kw_only=True):
    """What a preparer asks about a number: its form and line, in her words, and the records that it counts."""

    form: str
    line: str
    words: str
    at: datetime
    counted: list[Counted]


GRANT = declare("funder_grant", "grant", Grant, Kind.EXACT, retention="agency")
CONTENT = declare("funder_content", "content", Content, Kind.EXACT, retention="agency")


class FunderFile(Sealed, Base):
    """One file; it waits for a second person, is agreed, and is given once, or dropped."""

    __tablename__ = "funder_file"
    __table_args__ = (CheckConstraint("state in ('waiting', 'agreed', 'given', 'dropped')", name="state"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"about": ABOUT}

    id: Mapped[bytes] = own_id()
    state: Mapped[str] = mapped_column(String(7), default="waiting")
    about: Mapped[bytes | None] = sealed_column()
    about_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


class FunderContent(Sealed, Base):
    """What is in a file; gone once it was given or dropped."""

    __tablename__ = "funder_content"
    sections: ClassVar[dict[str, Section[Any]]] = {"content": CONTENT}

    id: Mapped[bytes] = own_id()
    file_id: Mapped[bytes] = mapped_column(ForeignKey("funder_file.id"), unique=True)
    content: Mapped[bytes | None] = sealed_column()
    content_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


class FunderGrant(Sealed, Base):
    """One grant; which one, of whom and its key are sealed."""

    __tablename__ = "funder_grant"
    sections: ClassVar[dict[str, Section[Any]]] = {"grant": GRANT}

    id: Mapped[bytes] = own_id()
    grant: Mapped[bytes | None] = sealed_column()
    grant_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return Subject("item", self.id)


class FunderQuestion(Base):
    """A number that is asked about: a letter to case work (`kind` advocacy) or legal staff; it goes with its file."""

    __tablename__ = "funder_question"
    __table_args__ = (CheckConstraint("kind in ('advocacy', 'legal')", name="kind"),)

    id: Mapped[bytes] = own_id()
    file_id: Mapped[bytes] = mapped_column(ForeignKey("funder_file.id"))
    kind: Mapped[str] = mapped_column(String(8))
    ck_version: Mapped[int]
    sealed: Mapped[bytes]
