"""Signing a note and adding to one. A signed note is never written again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db, new_id
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section
from shelter.notes.models import NOTE_TEXT, Note, NoteText
from shelter.notes.packs import pack_if_many
from shelter.notes.queries import KIND_ACTS, in_household
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import Unit, recorded


@dataclass(frozen=True, slots=True)
class WriteNote:
    """`also` are codes of people of her household in whose files it has to stand as well."""

    code: str
    kind: str
    on: date
    words: str
    minutes: int | None = None
    present: tuple[str, ...] = ()
    present_words: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddToNote:
    code: str
    note: bytes
    words: str
    why: str


def write_note(actor: Actor, command: WriteNote) -> bytes:
    """Signs a note into her file and into those of `also`; the id of the one in hers.

    Raises `Missing` for somebody of another household or outside the writer's scope, before anything is written.
    """
    if command.on > agency_today():
        raise Broken("notes.future", field="on")
    with recorded(actor, Act.NOTES_WRITE) as unit:
        client = _writable(actor, unit, command.code, command.kind)
        others = _of_household(actor, unit, client, command)
        together = new_id() if others else None
        text = NoteText(
            kind=command.kind,
            words=command.words,
            on=command.on,
            by=actor.id,
            at=now(),
            minutes=command.minutes,
            present=list(command.present),
            present_words=command.present_words,
        )
        written = {one.id: put(actor, one, text, together=together) for one in _in_order([client, *others])}
    return written[client.id].id


def add_to_note(actor: Actor, command: AddToNote) -> None:
    """An addition with why; it lands in every file in which the note stands and that the writer may write in."""
    with recorded(actor, Act.NOTES_WRITE) as unit:
        client = scope.visible(actor, command.code, Act.NOTES_READ)
        note = db.session.get(Note, command.note)
        before = open_section(actor, note, NOTE_TEXT) if note and note.client_id == client.id else None
        if note is None or before is None or note.amends is not None:
            raise Missing
        unit.clause = scope.allowed(actor, Act.NOTES_WRITE, client).clause
        scope.allowed(actor, KIND_ACTS[before.kind], client)
        text = NoteText(
            kind=before.kind, words=command.words, on=agency_today(), by=actor.id, at=now(), why=command.why
        )
        together = new_id() if note.together else None
        copies = [(note, client), *_copies(actor, note, before.kind)]
        for copy, whose in sorted(copies, key=lambda pair: pair[1].id):
            unit.about(whose.id)
            db.session.refresh(whose, with_for_update=True)
            put(actor, whose, text, together=together, amends=copy.id)


def put(
    actor: Actor, client: Client, text: NoteText, *, together: bytes | None = None, amends: bytes | None = None
) -> Note:
    """One note at the end of one file, in the caller's transaction; the caller has settled that it may be."""
    last = db.session.scalar(select(func.max(Note.place)).where(Note.client_id == client.id))
    note = Note(client_id=client.id, place=(last or 0) + 1, together=together, amends=amends)
    fill(actor, note, NOTE_TEXT, text)
    db.session.add(note)
    db.session.flush()
    pack_if_many(actor, client, note.place)
    return note


def _writable(actor: Actor, unit: Unit, code: str, kind: str) -> Client:
    if kind not in KIND_ACTS:
        raise Broken("notes.unknown-kind", field="kind")
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.NOTES_READ)
    unit.clause = scope.allowed(actor, Act.NOTES_WRITE, client).clause
    scope.allowed(actor, KIND_ACTS[kind], client)
    unit.about(client.id)
    return client


def _of_household(actor: Actor, unit: Unit, client: Client, command: WriteNote) -> list[Client]:
    if not command.also:
        return []
    theirs = {member.code for member in in_household(client)}
    if not set(command.also) <= theirs:
        raise Missing
    return [_writable(actor, unit, code, command.kind) for code in sorted(set(command.also))]


def _in_order(clients: Iterable[Client]) -> list[Client]:
    """Locked one after another by id, so that two writers of one household never wait for each other."""
    ordered = sorted(clients, key=lambda one: one.id)
    for client in ordered:
        db.session.refresh(client, with_for_update=True)
    return ordered


def _copies(actor: Actor, note: Note, kind: str) -> list[tuple[Note, Client]]:
    """The same note in other files, where this writer may add to it."""
    if note.together is None:
        return []
    rows = db.session.execute(
        select(Note, Client)
        .join(Client, Client.id == Note.client_id)
        .where(Note.together == note.together, Note.id != note.id, scope.scope(actor, Act.NOTES_WRITE))
    ).all()
    facts = scope.facts_of_many([client for _, client in rows])
    return [(copy, client) for copy, client in rows if scope.may_with(actor, KIND_ACTS[kind], facts[client.id])]
