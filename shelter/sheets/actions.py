"""A spreadsheet on its way: sent, sheet chosen, columns matched, brought in as a whole, taken back as a whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from shelter.db import db
from shelter.db.base import new_id
from shelter.db.bulk import uncollected
from shelter.db.errors import Missing
from shelter.db.sections import fill, save
from shelter.db.transaction import abandon
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require, require_step_up
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.sheets import staging
from shelter.sheets.kinds import KINDS, SheetKind, kinds_for
from shelter.sheets.kinds.people import still_within
from shelter.sheets.kinds.rows import Row
from shelter.sheets.models import Made, Remembered, SheetImport, SheetMatch, SheetPart, SheetText, Table
from shelter.sheets.queries import Waiting, Words, check, digest_of, remembered
from shelter.sheets.reading import Line, lines_of
from shelter.trail.record import recorded

EXAMPLES = 3
MOST_NAMED = 20
LEAVE_OUT, BRING_TOO = "leave", "bring"


@dataclass(frozen=True, slots=True)
class Match:
    """Where each column goes, in their order; `day_first` how the file writes days, `site` where people belong."""

    id: bytes
    targets: tuple[str, ...]
    day_first: bool = False
    site: bytes = b""


@dataclass(frozen=True, slots=True)
class BringIn:
    """`twins` is what becomes of rows that repeat something: left out, or brought in as well."""

    id: bytes
    words: Words = field(repr=False)
    twins: str = LEAVE_OUT


# -- coming ------------------------------------------------------------------------------


def take_in(actor: Actor, what: str, file: BinaryIO) -> bytes:
    """Reads what was sent and lets it wait, sealed; its id.

    Raises `Broken` with what is wrong with the file as a whole; then nothing of it is left.
    """
    clause = require(actor, Act.SHEETS_PREPARE).clause
    kind = next((one for one in kinds_for(actor) if one.code == what), None)
    if kind is None:
        raise Broken("sheets.unknown_kind", field="what")
    coming = _begin(actor, kind, clause)
    try:
        tables = _keep(actor, coming, lines_of(file))
        with recorded(actor, Act.SHEETS_PREPARE, clause=clause):
            row = db.session.get_one(SheetImport, coming)
            chosen = 0 if len(tables) == 1 else None
            staging.keep_text(actor, row, SheetText(what=what, at=now(), tables=tables, chosen=chosen))
            row.state = "waiting"
    except BaseException:
        abandon()
        with recorded(actor, "sheet-given-up"):
            staging.throw_away(coming)
        raise
    return coming


def _begin(actor: Actor, kind: SheetKind, clause: str) -> bytes:
    with recorded(actor, Act.SHEETS_PREPARE, clause=clause):
        row = SheetImport(staff_id=actor.id, state="coming", until=now() + staging.WAITS)
        section = row.sections[staging.kind_for(actor, legal=kind.legal).value]
        fill(actor, row, section, SheetText(what=kind.code, at=now()))
        db.session.add(row)
    return row.id


def _keep(actor: Actor, coming: bytes, lines: Iterator[Line]) -> list[Table]:
    """Rows sealed in parts, a short transaction each; what the file says is never whole in memory."""
    tables: dict[int, Table] = {}
    waiting, place, size = SheetPart(), 0, 0
    last = -1
    for line in lines:
        table = tables.get(line.sheet)
        if table is None:
            tables[line.sheet] = Table(name=line.name[:80], headings=[cell[:100] for cell in line.cells])
        if table is None or len(waiting.rows) >= staging.ROWS_AT_ONCE or size >= staging.LETTERS_AT_ONCE:
            _put(actor, coming, list(tables).index(last) if last in tables else 0, place, waiting)
            waiting, place, size = SheetPart(), place + 1, 0
        last = line.sheet
        if table is not None:
            table.rows += 1
            if len(table.examples) < EXAMPLES:
                table.examples.append([cell[:40] for cell in line.cells])
            waiting.rows.append((line.number, line.cells))
            size += sum(map(len, line.cells)) + 5 * len(line.cells)
    _put(actor, coming, list(tables).index(last), place, waiting)
    _require_few_words(tables.values())
    return list(tables.values())


def _require_few_words(tables: Iterable[Table]) -> None:
    """Headings and examples of all sheets together fit one section."""
    lines = (line for table in tables for line in (table.headings, *table.examples))
    if sum(len(cell) + 5 for line in lines for cell in line) > staging.LETTERS_AT_ONCE:
        raise Broken("sheets.too_much_inside", field="file")


def _put(actor: Actor, coming: bytes, sheet: int, place: int, part: SheetPart) -> None:
    if part.rows:
        with recorded(actor, Act.SHEETS_PREPARE):
            staging.put(actor, db.session.get_one(SheetImport, coming), sheet, place, part)


# -- saying what it is ---------------------------------------------------------------------


def choose(actor: Actor, import_id: bytes, sheet: int) -> None:
    """Which sheet of the file is meant. Raises `Broken` for one that is empty or not there."""
    clause = require(actor, Act.SHEETS_PREPARE).clause
    with recorded(actor, Act.SHEETS_PREPARE, clause=clause):
        row = staging.mine(actor, import_id, lock=True)
        text = staging.text_of(actor, row)
        if not 0 <= sheet < len(text.tables) or not text.tables[sheet].rows:
            raise Broken("sheets.choose_a_sheet", field="sheet")
        text.chosen, text.targets = sheet, None
        staging.keep_text(actor, row, text)


def match(actor: Actor, command: Match) -> None:
    """Raises `Broken` where a place is given twice or a needed one to no column."""
    clause = require(actor, Act.SHEETS_PREPARE).clause
    with recorded(actor, Act.SHEETS_PREPARE, clause=clause):
        row = staging.mine(actor, command.id, lock=True)
        text = staging.text_of(actor, row)
        one = Waiting(row.id, KINDS[text.what], text)
        if one.table.rows > one.kind.most:
            raise Broken("sheets.too_many_of_kind", values={"most": one.kind.most})
        _require_sound(one.kind, command.targets, len(one.table.headings))
        if one.kind.at_a_site and command.site not in actor.sites:
            raise Broken("sheets.choose_a_site", field="site")
        text.targets, text.day_first, text.site = list(command.targets), command.day_first, command.site
        _remember(actor, row, text)
        staging.keep_text(actor, row, text)


def _require_sound(kind: SheetKind, targets: tuple[str, ...], columns: int) -> None:
    names = [one for one in targets if one]
    known = {one.name for one in kind.columns}
    if len(targets) != columns or not set(names) <= known:
        raise Missing
    for name in names:
        if names.count(name) > 1:
            raise Broken("sheets.place_twice", field=f"column_{targets.index(name, targets.index(name) + 1)}")
    if kind.one_of and not set(kind.one_of) & set(names):
        raise Broken("sheets.place_needed", field="column_0")
    if any(one.needed and one.name not in names for one in kind.columns):
        raise Broken("sheets.place_needed", field="column_0")


def throw_away(actor: Actor, import_id: bytes) -> None:
    """She does not want it; nothing of it is left."""
    clause = require(actor, Act.SHEETS_PREPARE).clause
    with recorded(actor, Act.SHEETS_PREPARE, clause=clause):
        staging.throw_away(staging.mine(actor, import_id, lock=True).id)


# -- all of it or none -------------------------------------------------------------------------


def bring_in(actor: Actor, command: BringIn) -> int:
    """How many rows came in: all of them or none, in one transaction with their facts, names and trail.

    Raises `Broken` where a row cannot come in, or where all of them were left out.
    """
    clause = require(actor, Act.SHEETS_IMPORT).clause
    require_step_up(actor, Act.SHEETS_IMPORT, now())
    with uncollected():
        return _bring(actor, command, clause)


def _bring(actor: Actor, command: BringIn, clause: str) -> int:
    rows = _rows_to_bring(actor, command)
    with recorded(actor, Act.SHEETS_IMPORT, clause=clause) as unit:
        row = staging.mine(actor, command.id, lock=True)
        text = staging.text_of(actor, row)
        kind = KINDS[text.what]
        about = {one.client for one in rows if one.client}
        if about and not still_within(actor, kind.act, about):
            raise Broken("sheets.changed_meanwhile")
        unit.about(*about)
        made = kind.bring(actor, unit, rows)
        staging.put_made(actor, row, made)
        staging.drop_rows(row.id)
        text.done_at, text.counts = now(), _counts(made)
        row.state, row.until = "done", now() + staging.KEPT
        _forget_cells(text)
        staging.keep_text(actor, row, text)
        unit.detail = {"kind": kind.code, "rows": len(rows)}
    return len(rows)


def _rows_to_bring(actor: Actor, command: BringIn) -> list[Row]:
    row = staging.mine(actor, command.id)
    text = staging.text_of(actor, row)
    found = check(actor, Waiting(row.id, KINDS[text.what], text), command.words)
    if found.wrong:
        raise Broken("sheets.rows_are_wrong", values={"rows": len(found.wrong)})
    rows = found.rows
    if command.twins != BRING_TOO or not KINDS[text.what].repeats:
        rows = [one for one in rows if one.number not in found.twins]
    if not rows:
        raise Broken("sheets.nothing_left")
    return rows


def _counts(made: list[Made]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in made:
        counts[one.table] = counts.get(one.table, 0) + 1
    return counts


def _remember(actor: Actor, row: SheetImport, text: SheetText) -> None:
    """The columns of this file, for the next one with the same headings."""
    headings = text.tables[text.chosen or 0].headings
    before = remembered(actor, text.what, headings)
    value = Remembered(what=text.what, digest=digest_of(headings), targets=text.targets or [], day_first=text.day_first)
    if before is not None:
        save(actor, before[0], staging.section_of(before[0]), value, _version(before[0]))
        return
    kept = SheetMatch(id=new_id())
    fill(actor, kept, kept.sections[staging.section_of(row).name], value)
    db.session.add(kept)


def _version(kept: SheetMatch) -> int:
    return kept.advocacy_version if kept.advocacy is not None else kept.legal_version


def _forget_cells(text: SheetText) -> None:
    """What stood in the file is in the records now, and nowhere else."""
    text.tables = [Table(name="", headings=[], rows=table.rows) for table in text.tables]
    text.chosen, text.targets = 0, []


def take_back(actor: Actor, import_id: bytes) -> int:
    """Undoes a whole import within a week; how many rows. Raises `Broken` where people have worked with it since."""
    clause = require(actor, Act.SHEETS_IMPORT).clause
    require_step_up(actor, Act.SHEETS_IMPORT, now())
    with recorded(actor, Act.SHEETS_IMPORT, clause=clause) as unit:
        row = db.session.get(SheetImport, import_id, populate_existing=True, with_for_update=True)
        if row is None or row.state != "done" or row.until <= now():
            raise Missing
        text, standing = staging.text_of(actor, row), staging.standing(actor, row)
        kind = KINDS[text.what]
        if kind not in kinds_for(actor):
            raise Missing
        _require_mine(actor, standing)
        if kind.changed(actor, standing):
            raise Broken("sheets.worked_with_since")
        kind.take_back(actor, unit, standing)
        staging.drop_rows(row.id, made_too=True)
        row.state = "back"
        unit.detail = {"taken back": kind.code, "rows": len(standing)}
    return len(standing)


def _require_mine(actor: Actor, made: list[Made]) -> None:
    if not still_within(actor, Act.CLIENTS_READ, {one.client for one in made}):
        raise Broken("sheets.out_of_reach")
