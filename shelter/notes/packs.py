"""The words of older notes once more, folded and packed, so that a search opens a few messages instead of thousands.

A pack holds nothing that its notes do not hold, lies in their compartment under the same data key and is never needed:
without it the notes themselves are looked through. What it covers stands inside the seal, where nobody can move it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, select

from shelter.clients.models import Client, client_subject
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import SealedRow, fill, row_of, save
from shelter.notes.models import NOTE_TEXT, NOTE_WORDS, Note, NotePack, NoteText, PackedWords
from shelter.policy.actor import Actor

EVERY = 100
"""Notes are packed when so many have been added to a file."""
FULL = 256 * 1024
"""Characters after which a new pack begins: one is sealed anew each time something is added to it."""
_BETWEEN = "\n"


def folded(text: NoteText) -> str:
    """What a search looks through: the words, why something was added, who else was there, whatever the case."""
    return f"{text.words}\n{text.why}\n{text.present_words}".casefold()


def pack_if_many(actor: Actor, client: Client, place: int) -> None:
    """Packs what has been added since the last pack, in the transaction of the note at `place`, under its lock."""
    if place % EVERY == 0:
        pack(actor, client)


def pack(actor: Actor, client: Client) -> None:
    """Packs every note of this file that no pack holds; nothing while one of them cannot be opened."""
    held = _packs(actor, client)
    packed = covered([value for _, value in held])
    query = select(Note).where(Note.client_id == client.id, Note.place > packed).order_by(Note.place)
    notes = db.session.scalars(query).all()
    opened = open_each(actor, [row_of(note, NOTE_TEXT) for note in notes], NOTE_TEXT)
    words = [(note.place, folded(text)) for note, text in zip(notes, opened.values, strict=True) if text]
    if len(words) < len(notes):
        return
    if held and packed < held[-1][1].places[-1]:
        return  # a pack is missing or spoiled: what it held is looked through note by note
    begun = held[-1] if held and len(held[-1][1].words) < FULL else None
    last, started = begun or (None, PackedWords(after=packed))
    for value in _filled(started, words):
        if last is None:
            row = NotePack(client_id=client.id)
            fill(actor, row, NOTE_WORDS, value)
            db.session.add(row)
        else:
            save(actor, last, NOTE_WORDS, value, made_from=last.words_version)
        last = None
    db.session.flush()


_PACKS = select(NotePack.id, NotePack.words, NotePack.words_version).where(NotePack.client_id == bindparam("client"))


def search(actor: Actor, client: Client, wanted: Sequence[str]) -> tuple[set[int], int]:
    """(places of packed notes that hold all these folded words, the last place that is packed)."""
    subject = client_subject(client.id)
    sealed = [
        SealedRow(row.id, subject, row.words_version, row.words)
        for row in db.session.execute(_PACKS, {"client": client.id})
    ]
    held = [one for one in open_each(actor, sealed, NOTE_WORDS).values if one]
    packed = covered(sorted(held, key=lambda one: one.after))
    return {place for one in held for place in _holding(one, wanted) if place <= packed}, packed


def covered(held: Sequence[PackedWords]) -> int:
    """The last place up to which no pack is missing between these, which are in order; 0 where the first is."""
    last = 0
    for one in held:
        if one.after != last:
            break
        last = one.places[-1]
    return last


def _packs(actor: Actor, client: Client) -> list[tuple[NotePack, PackedWords]]:
    """Those that open, in the order of their notes."""
    rows = list(db.session.scalars(select(NotePack).where(NotePack.client_id == client.id)))
    values = open_each(actor, [row_of(row, NOTE_WORDS) for row in rows], NOTE_WORDS).values
    held = [(row, value) for row, value in zip(rows, values, strict=True) if value]
    return sorted(held, key=lambda pair: pair[1].after)


def _filled(started: PackedWords, words: Sequence[tuple[int, str]]) -> Iterator[PackedWords]:
    """The pack that was begun with more in it, and those after it, each closed when it is full."""
    after, parts, size = started.after, [started.words], len(started.words)
    places, starts = list(started.places), list(started.starts)
    for place, said in words:
        if size >= FULL:
            yield PackedWords(after=after, places=places, starts=starts, words="".join(parts))
            after = places[-1]
            places, starts, parts, size = [], [], [], 0
        places.append(place)
        starts.append(size)
        parts.append(said + _BETWEEN)
        size += len(said) + len(_BETWEEN)
    if words:
        yield PackedWords(after=after, places=places, starts=starts, words="".join(parts))


def _holding(pack: PackedWords, wanted: Sequence[str]) -> Iterator[int]:
    """Places whose part of the pack holds every word; the longest, which is the rarest, leads from part to part."""
    rarest, at = max(wanted, key=len), 0
    while (at := pack.words.find(rarest, at)) >= 0:
        part = bisect_right(pack.starts, at) - 1
        end = pack.starts[part + 1] if part + 1 < len(pack.starts) else len(pack.words)
        if all(pack.words.find(word, pack.starts[part], end) >= 0 for word in wanted):
            yield pack.places[part]
        at = end
