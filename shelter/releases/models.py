"""Releases and what left under them; every word and every day is sealed to `identity`, which all who ask hold."""

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


class Signature(msgspec.Struct, kw_only=True):
    """One signature: `who` is self, minor, parent or guardian; `how` is drawn, typed or paper.

    `strokes` are lines as x, y, x, y ... on a sheet of 600 by 200; `scan` is the id of a file.
    """

    who: str
    name: str
    how: str
    strokes: list[list[int]] = []
    scan: bytes = b""
    at: datetime
    taken_by: bytes


class Happened(msgspec.Struct, kw_only=True, frozen=True):
    """What became of a release: `what` is made, signed, declined, extended, let_end, revoked or told."""

    at: datetime
    by: bytes
    what: str
    words: str = ""
    until: date | None = None


class Terms(msgspec.Struct, kw_only=True):
    """What she agreed to: to whom, exactly what, what for, how, from when to when, and how it was explained.

    `items`, `purpose` and `methods` are codes of the pick lists of releases; `signer` a way of `rules.consent`;
    `papers` the kinds of papers (`rules.papers`) of which copies may be given, where `items` names copies.
    """

    organisation: str
    person: str = ""
    reach: str = ""
    items: list[str] = []
    papers: list[str] = []
    purpose: str = ""
    purpose_words: str = ""
    methods: list[str] = []
    starts: date
    expires: date
    risks_discussed: bool = False
    risks: str = ""
    signer: str = "self"
    not_abuser: bool = False
    language: str = ""
    interpreter: str = ""
    signatures: list[Signature] = []
    declined: bool = False
    revoked: bool = False
    recipient_told: bool = False
    history: list[Happened] = []


class Copied(msgspec.Struct, kw_only=True, frozen=True):
    """A copy of a scan that left: of which kind of paper, which paper and file; `digest` is the SHA-256 of the copy."""

    kind: str
    paper: bytes
    scan: bytes
    digest: bytes


class Shared(msgspec.Struct, kw_only=True):
    """What left under a release, by which way, and who sent it; the words themselves stay where they were written."""

    release: bytes
    organisation: str
    items: list[str]
    method: str
    note: str = ""
    copied: Copied | None = None
    by: bytes
    at: datetime


TERMS = declare("release", "terms", Terms, Kind.IDENTITY)
SHARED = declare("disclosure", "shared", Shared, Kind.IDENTITY)


class Release(Sealed, Base):
    """What a person lets one recipient know; the row says whose it is and nothing else."""

    __tablename__ = "release"
    __table_args__ = (Index("ix_release_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"terms": TERMS}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    terms: Mapped[bytes | None] = sealed_column()
    terms_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class Disclosure(Sealed, Base):
    """Something that left; under which release is sealed with it. Never changed."""

    __tablename__ = "disclosure"
    __table_args__ = (Index("ix_disclosure_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"shared": SHARED}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    shared: Mapped[bytes | None] = sealed_column()
    shared_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
