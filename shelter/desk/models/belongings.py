"""What the desk keeps for somebody, and what it must know of her animal or of a child; under her own keys."""

from datetime import datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shelter.clients.models import client_subject
from shelter.db import Base
from shelter.db.base import own_id
from shelter.db.deks import Subject
from shelter.db.sections import Sealed, Section, declare, sealed_column, version_column
from shelter.desk.models.books import Before
from shelter.policy.kinds import Kind


class Handled(msgspec.Struct, kw_only=True):
    """What was done with a thing, of the pick list kept_moves."""

    move: str
    by: bytes
    at: datetime


class KeptBefore(Before, kw_only=True):
    """`moved`: putting it right also noted a move."""

    kind: str
    what: str
    where: str
    moved: bool = False


class Kept(msgspec.Struct, kw_only=True):
    """A letter, a box of tablets, a phone in the safe; where it lies, and who had it in hand."""

    kind: str
    what: str
    where: str = ""
    moves: list[Handled] = []
    before: list[KeptBefore] = []

    @property
    def here(self) -> bool:
        return bool(self.moves) and self.moves[-1].move in ("taken_in", "brought_back")


class ToKnow(msgspec.Struct, kw_only=True):
    """Of somebody's animal, and of a child who lives here; each question may stay open. `was` is what stood before
    the last change, so that it can be taken back.
    """

    pet: str = ""
    pet_care: str = ""
    service_animal: bool = False
    school: str = ""
    picks_up: str = ""
    custody: str = ""
    immunisation: str = ""
    mandated_report: str = ""
    by: bytes = b""
    at: datetime | None = None
    was: "ToKnow | None" = None


KEPT = declare("kept_thing", "thing", Kept, Kind.SHELTER)
TO_KNOW = declare("desk_facts", "facts", ToKnow, Kind.SHELTER)


class KeptThing(Sealed, Base):
    __tablename__ = "kept_thing"
    __table_args__ = (Index("ix_kept_thing_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"thing": KEPT}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    thing: Mapped[bytes | None] = sealed_column()
    thing_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class DeskFacts(Sealed, Base):
    __tablename__ = "desk_facts"
    __table_args__ = (UniqueConstraint("client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"facts": TO_KNOW}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    facts: Mapped[bytes | None] = sealed_column()
    facts_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
