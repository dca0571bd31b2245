"""What waits and what was brought in, and how a sheet would come in if it were brought in now."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from sqlalchemy import select

from shelter.accounts.queries import my_sites, names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.keyring import chunks, keyring_of
from shelter.db.sections import open_section
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.clock import now
from shelter.sheets import staging
from shelter.sheets.kinds import KINDS, SheetKind, kinds_for
from shelter.sheets.kinds.columns import Reading, folded
from shelter.sheets.kinds.rows import Checked, read_rows
from shelter.sheets.models import Remembered, SheetImport, SheetMatch, SheetText, Table
from shelter.trail.record import note_read, note_search

Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Listed:
    """One import as listed; `mine` may go on with it where it waits."""

    id: bytes
    kind: SheetKind
    state: str
    at: datetime
    until: datetime
    by: str
    mine: bool
    counts: dict[str, int] = field(default_factory=dict)
    step: str = "columns"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One of her own, open: its text, and the sheet that was chosen."""

    id: bytes
    kind: SheetKind
    text: SheetText

    @property
    def table(self) -> Table:
        """Raises `Missing` while none is chosen."""
        if self.text.chosen is None:
            raise Missing
        return self.text.tables[self.text.chosen]


def imports(actor: Actor) -> list[Listed]:
    """Her own that wait, and everybody's that were brought in within a week and that she could have brought."""
    require(actor, Act.SHEETS_PREPARE)
    mine = {one.code for one in kinds_for(actor)}
    rows = db.session.scalars(select(SheetImport).where(SheetImport.until > now(), SheetImport.state != "coming")).all()
    names = names_of(actor, {row.staff_id for row in rows})
    found = []
    for row in rows:
        if row.state == "waiting" and row.staff_id != actor.id:
            continue
        try:
            text = staging.text_of(actor, row)
        except Missing:
            continue
        if text.what in mine:
            found.append(_listed(actor, row, text, names))
    return sorted(found, key=lambda one: one.at, reverse=True)


def _listed(actor: Actor, row: SheetImport, text: SheetText, names: Mapping[bytes, str]) -> Listed:
    return Listed(
        id=row.id,
        kind=KINDS[text.what],
        state=row.state,
        at=text.done_at or text.at,
        until=row.until,
        by=names.get(row.staff_id, ""),
        mine=row.staff_id == actor.id,
        counts=text.counts,
        step="sheet" if text.chosen is None else "columns" if text.targets is None else "check",
    )


def waiting(actor: Actor, import_id: bytes) -> Waiting:
    """One of her own that is not brought in yet. `Missing` for any other."""
    require(actor, Act.SHEETS_PREPARE)
    row = staging.mine(actor, import_id)
    text = staging.text_of(actor, row)
    return Waiting(row.id, KINDS[text.what], text)


def done(actor: Actor, import_id: bytes) -> Listed:
    """One that was brought in within a week. `Missing` for any other."""
    found = next((one for one in imports(actor) if one.id == import_id and one.state != "waiting"), None)
    if found is None:
        raise Missing
    return found


def digest_of(headings: list[str]) -> bytes:
    return hashlib.blake2b(msgspec.msgpack.encode([folded(one) for one in headings]), digest_size=16).digest()


def remembered(actor: Actor, what: str, headings: list[str]) -> tuple[SheetMatch, Remembered] | None:
    """How columns under these very headings were matched last."""
    digest, keyring = digest_of(headings), keyring_of(actor)
    for row in db.session.scalars(select(SheetMatch)):
        section = staging.section_of(row)
        kept = open_section(actor, row, section) if keyring.holds(section.kind) else None
        if isinstance(kept, Remembered) and (kept.what, kept.digest) == (what, digest):
            return row, kept
    return None


def suggested(actor: Actor, one: Waiting, labels: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """Where the columns go as far as can be said: as she has said, as was remembered (True), or as it is guessed."""
    text, known = one.text, remembered(actor, one.kind.code, one.table.headings)
    targets, day_first = text.targets, text.day_first
    if targets is None and known is not None:
        targets, day_first = known[1].targets, known[1].day_first
    is_known = text.targets is None and known is not None
    if targets is None:
        targets = guessed(one.kind, one.table.headings, labels)
    site = text.site or next((site.id for site in my_sites(actor)), b"")
    said = {f"column_{place}": name for place, name in enumerate(targets)}
    return said | {"days": "day" if day_first else "month", "site": site.hex()}, is_known


def in_the_way(actor: Actor, import_id: bytes) -> list[str]:
    """The codes of people with whom somebody has worked since, because of whom it cannot be taken back."""
    require(actor, Act.SHEETS_IMPORT)
    row = db.session.get_one(SheetImport, import_id)
    made = staging.standing(actor, row)
    changed = KINDS[staging.text_of(actor, row).what].changed(actor, made)
    found: list[str] = []
    for part in chunks(changed):
        query = select(Client.code).where(Client.id.in_(part), scope.scope(actor, Act.CLIENTS_READ))
        found += db.session.scalars(query)
    note_read(actor, Act.CLIENTS_READ, changed)
    return sorted(found)


def guessed(kind: SheetKind, headings: list[str], labels: Mapping[str, str]) -> list[str]:
    """Where each column most likely goes, by its heading; each place once. `labels` are the places in words."""
    known = {folded(label): name for name, label in labels.items()}
    for column in kind.columns:
        known |= dict.fromkeys((column.name.replace("_", " "), *column.known_as), column.name)
    found: list[str] = []
    for heading in headings:
        name = known.get(folded(heading), "")
        found.append(name if name not in found else "")
    return found


def checked(actor: Actor, import_id: bytes, words: Words) -> tuple[Waiting, Checked]:
    """Every row as it would come in now; writes nothing. `words` are the values of lists in the reader's language."""
    one = waiting(actor, import_id)
    found = check(actor, one, words)
    note_search(actor, Act.SHEETS_PREPARE, {"rows": len(found.rows), "kind": one.kind.code})
    return one, found


def check(actor: Actor, one: Waiting, words: Words) -> Checked:
    """Raises `Missing` where the columns are not matched yet."""
    text = one.text
    if text.chosen is None or text.targets is None:
        raise Missing
    row = db.session.get_one(SheetImport, one.id)
    sites = {folded(site.code_name): site.id for site in my_sites(actor)}
    reading = Reading(agency_today(), lambda name: words.get(name, {}), text.day_first, sites)
    found = read_rows(staging.rows_of(actor, row, text.chosen), text.targets, one.kind.columns, reading)
    one.kind.look(actor, found, text.site)
    note_read(actor, Act.SHEETS_PREPARE, {row.client for row in found.rows if row.client})
    found.problems.sort(key=lambda problem: problem.row)
    return found


def rows_again(actor: Actor, one: Waiting, numbers: set[int]) -> list[tuple[int, list[str]]]:
    """Some rows as they came, to be put right."""
    row = db.session.get_one(SheetImport, one.id)
    chosen = one.text.chosen
    return [] if chosen is None else [line for line in staging.rows_of(actor, row, chosen) if line[0] in numbers]
