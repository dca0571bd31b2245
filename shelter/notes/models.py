"""Notes, additions to them, what a search looks through; kind, day, words, who was there are sealed to `advocacy`."""

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
from shelter.policy.kinds import Kind


class NoteText(msgspec.Struct, kw_only=True):
    """What was signed: `kind` is of the pick list note_kinds, `present` are codes of note_present.

    `why` says why something was added to an earlier note, and is empty for a note of its own.
    """

    kind: str
    words: str
    on: date
    by: bytes
    at: datetime
    minutes: int | None = None
    present: list[str] = []
    present_words: str = ""
    why: str = ""


NOTE_TEXT = declare("note", "text", NoteText, Kind.ADVOCACY)


class PackedWords(msgspec.Struct, kw_only=True):
    """Folded words of the notes after place `after`, one after another: `places[n]` begins at character `starts[n]`."""

    after: int = 0
    places: list[int] = []
    starts: list[int] = []
    words: str = ""


NOTE_WORDS = declare("note_pack", "words", PackedWords, Kind.ADVOCACY)


class Note(Sealed, Base):
    """A signed note; the row is written once.

    `place` is its number in this file, `amends` the note to which it adds, and `together` joins the copies of a note
    about a household, one in each file.
    """

    __tablename__ = "note"
    __table_args__ = (
        UniqueConstraint("client_id", "place"),
        Index("ix_note_amends", "amends"),
        Index("ix_note_together", "together"),
    )
    sections: ClassVar[dict[str, Section[Any]]] = {"text": NOTE_TEXT}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    place: Mapped[int]
    amends: Mapped[bytes | None] = mapped_column(ForeignKey("note.id"))
    together: Mapped[bytes | None] = mapped_column(Id)
    text: Mapped[bytes | None] = sealed_column()
    text_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)


class NotePack(Sealed, Base):
    """What a search inside one file looks through instead of every old note."""

    __tablename__ = "note_pack"
    __table_args__ = (Index("ix_note_pack_client", "client_id"),)
    sections: ClassVar[dict[str, Section[Any]]] = {"words": NOTE_WORDS}

    id: Mapped[bytes] = own_id()
    client_id: Mapped[bytes] = mapped_column(ForeignKey("client.id"))
    words: Mapped[bytes | None] = sealed_column()
    words_version: Mapped[int] = version_column()

    def subject(self) -> Subject:
        return client_subject(self.client_id)
