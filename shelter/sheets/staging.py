"""What waits: sealed part by part in short transactions, read part by part, and thrown away with its data keys.

Holds no key when it deletes, so that `tick` can.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select

from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.keyring import chunks, keyring_of
from shelter.db.keystore import KeyDek
from shelter.db.sections import Section, fill, open_section, save
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules.clock import now
from shelter.sheets.models import Made, SheetImport, SheetMatch, SheetPart, SheetRows, SheetText

WAITS = timedelta(hours=24)
KEPT = timedelta(days=7)
MADE = -1
ROWS_AT_ONCE = 2_000
LETTERS_AT_ONCE = 150_000
"""Of one part, and one row more: a section holds 1 MiB, and a letter is up to four bytes."""
MADE_AT_ONCE = 4_000


def kind_for(actor: Actor, *, legal: bool) -> Kind:
    """The discipline in whose compartment a sheet lies: legal work in its own, anything else in that of who brings it.

    Raises `NoKey` for whoever holds neither.
    """
    if legal or not keyring_of(actor).holds(Kind.ADVOCACY):
        return Kind.LEGAL
    return Kind.ADVOCACY


def section_of(row: SheetImport | SheetRows | SheetMatch) -> Section[Any]:
    """The one of the two that is filled."""
    return row.sections["advocacy" if row.advocacy is not None else "legal"]


def text_of(actor: Actor, row: SheetImport) -> SheetText:
    """Raises `Missing` for another discipline's."""
    section = section_of(row)
    text = open_section(actor, row, section) if keyring_of(actor).holds(section.kind) else None
    if not isinstance(text, SheetText):
        raise Missing
    return text


def keep_text(actor: Actor, row: SheetImport, text: SheetText) -> None:
    section = section_of(row)
    save(actor, row, section, text, getattr(row, f"{section.name}_version"))


def mine(actor: Actor, import_id: bytes, *, lock: bool = False) -> SheetImport:
    """Her own that is waiting still. `Missing` for any other."""
    row = db.session.get(SheetImport, import_id, populate_existing=True, with_for_update=lock or None)
    if row is None or row.staff_id != actor.id or row.state != "waiting" or row.until <= now():
        raise Missing
    return row


def put(actor: Actor, row: SheetImport, sheet: int, place: int, part: SheetPart) -> None:
    """One part more, in the caller's transaction."""
    kept = SheetRows(import_id=row.id, sheet=sheet, place=place)
    fill(actor, kept, kept.sections[section_of(row).name], part)
    db.session.add(kept)
    db.session.flush()


def put_made(actor: Actor, row: SheetImport, made: Sequence[Made]) -> None:
    for place, start in enumerate(range(0, len(made), MADE_AT_ONCE)):
        put(actor, row, MADE, place, SheetPart(made=list(made[start : start + MADE_AT_ONCE])))


def rows_of(actor: Actor, row: SheetImport, sheet: int) -> Iterator[tuple[int, list[str]]]:
    for part in _parts(actor, row, sheet):
        yield from part.rows


def standing(actor: Actor, row: SheetImport) -> list[Made]:
    """What was made about people who are here still: whoever was erased since is gone already."""
    made = [one for part in _parts(actor, row, MADE) for one in part.made]
    here: set[bytes] = set()
    for part in chunks({one.client for one in made}):
        here.update(db.session.scalars(select(Client.id).where(Client.id.in_(part), Client.state != "erased")))
    return [one for one in made if one.client in here]


def _parts(actor: Actor, row: SheetImport, sheet: int) -> Iterator[SheetPart]:
    ids = db.session.scalars(_of(row.id, SheetRows.sheet == sheet).order_by(SheetRows.place)).all()
    for one in ids:
        kept = db.session.get_one(SheetRows, one)
        part = open_section(actor, kept, section_of(kept))
        db.session.expunge(kept)
        if isinstance(part, SheetPart):
            yield part


def _of(import_id: bytes, *conditions: ColumnElement[bool]) -> Select[bytes]:
    return select(SheetRows.id).where(SheetRows.import_id == import_id, *conditions)


def drop_rows(import_id: bytes, *, made_too: bool = False) -> None:
    """What came (and what was made of it) is gone with its keys, in the caller's transaction."""
    conditions = () if made_too else (SheetRows.sheet != MADE,)
    _delete_rows(db.session.scalars(_of(import_id, *conditions)).all())


def throw_away(import_id: bytes) -> None:
    """The whole of it, in the caller's transaction."""
    drop_rows(import_id, made_too=True)
    db.session.execute(delete(KeyDek).where(KeyDek.subject_id == import_id))
    db.session.execute(delete(SheetImport).where(SheetImport.id == import_id))


def _delete_rows(ids: Iterable[bytes]) -> None:
    for one in ids:
        db.session.execute(delete(KeyDek).where(KeyDek.subject_id == one))
        db.session.execute(delete(SheetRows).where(SheetRows.id == one))


def overdue(at: datetime) -> Sequence[bytes]:
    """What waited too long, and what can be taken back no more."""
    return db.session.scalars(select(SheetImport.id).where(SheetImport.until <= at)).all()
