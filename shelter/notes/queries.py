"""Reading notes: a page of them, one with what was added to it, and a search inside one client's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client, HouseholdMember, client_subject
from shelter.clients.queries import Event, PersonCard, agency_today, card
from shelter.clients.queries.card import identities
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.keyring import chunks
from shelter.db.sections import SealedRow
from shelter.notes import packs
from shelter.notes.models import NOTE_TEXT, Note, NoteText
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.trail.record import note_read, note_search

PAGE = 50
KIND_ACTS = {"case": Act.NOTES_READ, "counselling": Act.NOTES_COUNSELLING, "supervision": Act.NOTES_SUPERVISION}
"""Whose notes of a kind somebody may read and sign."""


@dataclass(frozen=True, slots=True)
class NoteView:
    """A signed note or an addition to one (then `amends` is the note's id)."""

    id: bytes
    place: int
    amends: bytes | None
    kind: str
    words: str
    on: date
    by: str
    at: datetime
    minutes: int | None
    present: tuple[str, ...]
    present_words: str
    why: str
    household: bool


@dataclass(frozen=True, slots=True)
class NotesView:
    """A page of one client's notes, newest first; `older` is the place before which the next page begins."""

    card: PersonCard
    notes: tuple[NoteView, ...]
    older: int | None
    kinds: tuple[str, ...]
    may_write: bool


def notes(actor: Actor, code: str, before: int | None = None) -> NotesView:
    """Raises `Missing` outside her scope, `Denied` where notes are not hers to read."""
    client = _readable(actor, code)
    rows = _rows(client, before, PAGE + 1)
    kinds = kinds_of(actor, client)
    older = rows[PAGE - 1].place if len(rows) > PAGE else None
    shown = _views(actor, client, rows[:PAGE], kinds)
    return NotesView(card(actor, client), tuple(shown), older, kinds, scope.may(actor, Act.NOTES_WRITE, client))


def all_notes(actor: Actor, code: str) -> list[NoteView]:
    """Every note of one client that this reader may read, newest first: for her own file."""
    found: list[NoteView] = []
    before: int | None = None
    while True:
        page = notes(actor, code, before)
        found += page.notes
        if page.older is None:
            return found
        before = page.older


def note(actor: Actor, code: str, note_id: bytes) -> tuple[PersonCard, NoteView, list[NoteView]]:
    """One note and what was added to it, oldest first; an addition is found by the note it adds to."""
    client = _readable(actor, code)
    query = select(Note).where(Note.client_id == client.id, (Note.id == note_id) | (Note.amends == note_id))
    rows = db.session.scalars(query.order_by(Note.place)).all()
    found = _views(actor, client, rows, kinds_of(actor, client))
    first = next((one for one in found if one.id == note_id and one.amends is None), None)
    if first is None:
        raise Missing
    return card(actor, client), first, [one for one in found if one.amends == note_id]


def search(actor: Actor, code: str, words: str) -> list[NoteView]:
    """Every note of hers that holds all these words, whatever their case: packs first, then what is not packed yet."""
    client = _readable(actor, code)
    kinds = frozenset(kinds_of(actor, client))
    hits = [(row, text) for row, text in holding(actor, client, words.casefold().split()) if text.kind in kinds]
    note_search(actor, Act.NOTES_READ, {"words": words, "found": len(hits)})
    names = names_of(actor, {text.by for _, text in hits})
    return [_view(row, text, names) for row, text in hits]


def holding(actor: Actor, client: Client, wanted: Sequence[str]) -> list[tuple[Any, NoteText]]:
    """The rows and texts of notes that hold all these folded words, newest first, whatever their kind."""
    places, packed = packs.search(actor, client, wanted) if wanted else (set(), 0)
    rows = _found(client, sorted(places, reverse=True), packed)
    opened = zip(rows, _opened(actor, client, rows), strict=True)
    return [(row, text) for row, text in opened if text and all(word in packs.folded(text) for word in wanted)]


def members(actor: Actor, code: str) -> list[tuple[str, str]]:
    """(code, what she is called) of the others of her household in whose files this reader may sign a note."""
    others = in_household(_readable(actor, code))
    facts = scope.facts_of_many(others)
    mine = [one for one in others if scope.may_with(actor, Act.NOTES_WRITE, facts[one.id])]
    note_read(actor, Act.CLIENTS_READ, [one.id for one in mine])
    called = identities(actor, mine)
    return [(one.code, called[one.id].working_name if one.id in called else "") for one in mine]


def in_household(client: Client) -> list[Client]:
    """The others who belong together with her, each person once: under the record that was kept, if that is here."""
    hers = select(HouseholdMember.household_id).where(HouseholdMember.client_id == client.id)
    query = select(Client).join(HouseholdMember, HouseholdMember.client_id == Client.id)
    both = HouseholdMember.household_id.in_(hers) & (Client.id != client.id)
    found: dict[bytes, Client] = {}
    for one in db.session.scalars(query.where(both).order_by(Client.merged_into.is_not(None), Client.code)):
        found.setdefault(_person(one), one)
    found.pop(_person(client), None)
    return sorted(found.values(), key=lambda one: one.code)


def _person(client: Client) -> bytes:
    return client.merged_into or client.id


def kinds_of(actor: Actor, client: Client) -> tuple[str, ...]:
    """The kinds of note of this client that she may read and sign."""
    facts = scope.facts_of(client)
    return tuple(kind for kind, act in KIND_ACTS.items() if scope.may_with(actor, act, facts))


def day_of(actor: Actor, code: str) -> date:
    """Today, for a form that begins with it."""
    _readable(actor, code)
    return agency_today()


def events(actor: Actor, client: Client, titles: tuple[Any, Any]) -> list[Event]:
    """The newest fifty for the timeline (titles of a note and of an addition); nothing for who may not read notes."""
    decision = decide(actor, Act.NOTES_READ, scope.facts_of(client))
    if not decision.allowed:
        return []
    note_read(actor, Act.NOTES_READ, [client.id], decision.clause)
    found = _views(actor, client, _rows(client, None, PAGE), kinds_of(actor, client))
    return [Event(one.at, titles[one.amends is not None], one.kind, one.by, one.words) for one in found]


def last_seen(actor: Actor, clients: Sequence[bytes]) -> dict[bytes, date]:
    """The day of the newest note of each in whose writing she herself was there; the newest three are looked at."""
    found: dict[bytes, date] = {}
    newest = _newest(clients, 3)
    texts = open_each(actor, [_sealed(row) for row in newest], NOTE_TEXT).values
    for row, text in zip(newest, texts, strict=True):
        if text and "client" in text.present:
            found[row.client_id] = max(text.on, found.get(row.client_id, date.min))
    return found


def _readable(actor: Actor, code: str) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.NOTES_READ)
    decision = scope.allowed(actor, Act.NOTES_READ, client)
    note_read(actor, Act.NOTES_READ, [client.id], decision.clause)
    return client


def _rows(client: Client, before: int | None, most: int | None) -> Sequence[Note]:
    query = select(Note).where(Note.client_id == client.id).order_by(Note.place.desc()).limit(most)
    return db.session.scalars(query if before is None else query.where(Note.place < before)).all()


_COLUMNS = (Note.id, Note.client_id, Note.place, Note.amends, Note.together, Note.text, Note.text_version)
_FOUND = (
    select(*_COLUMNS)
    .where(
        Note.client_id == bindparam("client"),
        (Note.place > bindparam("packed")) | Note.place.in_(bindparam("places", expanding=True)),
    )
    .order_by(Note.place.desc())
)


def _found(client: Client, places: Sequence[int], packed: int) -> list[Any]:
    """The notes at these places and all behind the packed ones, newest first."""
    found: list[Any] = []
    for no, part in enumerate(list(chunks(places)) or [[]]):
        behind = packed if no == 0 else 2**31 - 1  # behind every place
        found += db.session.execute(_FOUND, {"client": client.id, "packed": behind, "places": part})
    return found


def _newest(clients: Sequence[bytes], most: int) -> list[Note]:
    """The newest notes of each of these clients."""
    places = func.row_number().over(partition_by=Note.client_id, order_by=Note.place.desc())
    ranked = select(Note.id, places.label("rank")).where(Note.client_id.in_(clients)).subquery()
    return list(db.session.scalars(select(Note).join(ranked, ranked.c.id == Note.id).where(ranked.c.rank <= most)))


def _sealed(row: Any) -> SealedRow:
    return SealedRow(row.id, client_subject(row.client_id), row.text_version, row.text)


def _opened(actor: Actor, client: Client, rows: Sequence[Any]) -> list[NoteText | None]:
    """What does not open is written down and hurts no neighbour."""
    opened = open_each(actor, [_sealed(row) for row in rows], NOTE_TEXT)
    return opened.values


def _views(actor: Actor, client: Client, rows: Sequence[Note], kinds: Sequence[str]) -> list[NoteView]:
    pairs = [
        (row, text)
        for row, text in zip(rows, _opened(actor, client, rows), strict=True)
        if text is not None and text.kind in kinds
    ]
    names = names_of(actor, {text.by for _, text in pairs})
    return [_view(row, text, names) for row, text in pairs]


def _view(row: Any, text: NoteText, names: dict[bytes, str]) -> NoteView:
    return NoteView(
        id=row.id,
        place=row.place,
        amends=row.amends,
        kind=text.kind,
        words=text.words,
        on=text.on,
        by=names.get(text.by, ""),
        at=text.at,
        minutes=text.minutes,
        present=tuple(text.present),
        present_words=text.present_words,
        why=text.why,
        household=row.together is not None,
    )
