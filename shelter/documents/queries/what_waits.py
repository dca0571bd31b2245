"""What waits on whom, and what runs out, over the reader's own scope: put in order from packs, opened where shown."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client, client_subject
from shelter.clients.queries import agency_today
from shelter.clients.queries.card import identities
from shelter.db import db
from shelter.db.batch import take_keys, with_keys
from shelter.db.keyring import chunks
from shelter.db.sections import SealedRow
from shelter.documents.models import (
    IN_SHORT,
    PAPER_TEXT,
    RECOVERY,
    Listed,
    Paper,
    PaperPack,
    PaperText,
    Recovery,
)
from shelter.documents.queries.papers import (
    NEVER,
    PaperView,
    is_out_of_reach,
    people_in,
    view_of,
)
from shelter.documents.queries.papers import opened as opened_each
from shelter.documents.queries.short import in_short, stands
from shelter.documents.queries.watching import Watch
from shelter.documents.way import LEFT_OPEN
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import note_read

RUNS_OUT = "runs_out"
GROUPS: Mapping[str, tuple[str, ...]] = {
    RUNS_OUT: (RUNS_OUT,),
    "unasked": (LEFT_OPEN,),
    "us": ("staff", "client_with_staff"),
    "her": ("client",),
    "office": ("office",),
    "counsel": ("legal",),
    "nobody": ("nobody",),
}
"""The headings of the list, and whom each waits on; "nobody" where no way back was begun."""
FIRST, AT_ONCE = 12, 100
"""Lines of a heading on the page of all, and on a page of its own."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One paper on the list: whose, which, and `on` whom it waits, or `RUNS_OUT`; `due` is then its last day."""

    client: bytes
    code: str
    called: str
    paper: PaperView
    on: str
    since: datetime
    due: date | None


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """`rows` are those of this page, from `start` on; `count` is how many there are."""

    name: str
    rows: tuple[WaitingRow, ...]
    count: int
    start: int = 0

    @property
    def newer(self) -> int | None:
        return max(0, self.start - AT_ONCE) if self.start else None

    @property
    def older(self) -> int | None:
        after = self.start + len(self.rows)
        return after if after < self.count else None


@dataclass(frozen=True, slots=True)
class _Line:
    """A paper on one of the lists, by what its pack says."""

    id: bytes
    on: str
    since: datetime
    due: date | None


@dataclass(frozen=True, slots=True)
class _Opened:
    """A paper that is shown; `short` is what its pack should say, None where it does not open."""

    row: Row[Any]
    text: PaperText | None
    recovery: Recovery | None

    @property
    def short(self) -> Listed | None:
        return in_short(self.row, self.text, self.recovery) if self.text else None


_Group = tuple[str, Sequence[_Line], int]
"""A heading, its lines that are shown, and how many it has."""


def waiting(actor: Actor, only: str = "", start: int = 0) -> list[WaitingGroup]:
    """By heading, what waits longest first; `only` one heading from a line on, else the first lines of each."""

    def shown(lines: list[_Line]) -> list[_Group]:
        found: list[_Group] = []
        for name, whom in GROUPS.items():
            here = sorted((one for one in lines if one.on in whom), key=_order)
            if here and only in ("", name):
                found.append((name, here[start : start + AT_ONCE] if only else here[:FIRST], len(here)))
        return found

    groups, opened = _settled(actor, None, shown)
    rows = iter(_named(actor, [one for _, lines, _ in groups for one in lines], opened))
    return [
        WaitingGroup(name, tuple(next(rows) for _ in lines), count, start if only else 0)
        for name, lines, count in groups
    ]


def running_out(actor: Actor, clients: Collection[bytes] | None = None) -> list[WaitingRow]:
    """Papers whose reminder is due and which nobody has seen, what ends first in front; `clients` None is all."""

    def shown(lines: list[_Line]) -> list[_Group]:
        here = sorted((one for one in lines if one.on == RUNS_OUT), key=_order)
        return [(RUNS_OUT, here, len(here))]

    [(_name, lines, _count)], opened = _settled(actor, clients, shown)
    return _named(actor, lines, opened)


def _settled(
    actor: Actor, clients: Collection[bytes] | None, choose: Callable[[list[_Line]], list[_Group]]
) -> tuple[list[_Group], dict[bytes, _Opened]]:
    """What is shown, each paper of it opened. Where one says something else than its pack did, it is chosen again."""
    known = _in_short(actor, clients)
    watch, opened = Watch(agency_today()), dict[bytes, _Opened]()
    while True:
        groups = choose([line for one in known.values() for line in _lines(one, watch)])
        fresh = {one.id for _, lines, _ in groups for one in lines} - opened.keys()
        opened |= _open(actor, fresh)
        wrong = [one for one in fresh if one not in opened or opened[one].short != known[one]]
        if not wrong:
            return groups, opened
        for one in wrong:
            del known[one]
            if one in opened and (short := opened[one].short):
                known[one] = short


def _in_short(actor: Actor, clients: Collection[bytes] | None) -> dict[bytes, Listed]:
    """Every paper of the scope by its id, from the packs; what they do not know as it stands is opened."""
    rows = db.session.execute(_here(actor, clients, Paper, *_VERSIONS)).all()
    note_read(actor, Act.PAPERS_READ, {row.client_id for row in rows})
    whole = with_keys(actor, _here(actor, clients, PaperPack, *_PACK), PaperPack.client_id, IN_SHORT)
    packed = take_keys(actor, db.session.execute(whole).all())
    held = opened_each(actor, [_sealed(row, row.short_version, row.short) for row in packed], IN_SHORT)
    known = {one.id: one for pack in held if pack for one in pack.papers}
    found = {row.id: one for row in rows if (one := known.get(row.id)) and stands(one, row)}
    for paper in _open(actor, [row.id for row in rows if row.id not in found]).values():
        if short := paper.short:
            found[short.id] = short
    return found


_VERSIONS = (Paper.id, Paper.client_id, Paper.text_version, Paper.recovery_version)
_PACK = (PaperPack.id, PaperPack.client_id, PaperPack.short, PaperPack.short_version)
_WHOLE = (*_VERSIONS, Paper.text, Paper.recovery, Client.code)


def _here(actor: Actor, clients: Collection[bytes] | None, of: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
    query = select(*columns).join(Client, Client.id == of.client_id).where(scope.scope(actor, Act.PAPERS_READ))
    return query if clients is None else query.where(of.client_id.in_(clients))


def _open(actor: Actor, ids: Collection[bytes]) -> dict[bytes, _Opened]:
    """These papers, by id; one that is gone meanwhile is not there."""
    query = select(*_WHOLE).join(Client, Client.id == Paper.client_id)
    rows: list[Any] = [row for part in chunks(ids) for row in db.session.execute(query.where(Paper.id.in_(part)))]
    texts = opened_each(actor, [_sealed(row, row.text_version, row.text) for row in rows], PAPER_TEXT)
    begun = [row for row in rows if row.recovery is not None]
    ways = opened_each(actor, [_sealed(row, row.recovery_version, row.recovery) for row in begun], RECOVERY)
    recoveries = {row.id: way for row, way in zip(begun, ways, strict=True)}
    return {row.id: _Opened(row, text, recoveries.get(row.id)) for row, text in zip(rows, texts, strict=True)}


def _lines(one: Listed, watch: Watch) -> Iterator[_Line]:
    """Where it stands; one that waits and runs out stands in both."""
    changed = one.changed_at or NEVER
    if one.waits_on:
        yield _Line(one.id, one.waits_on, one.since or changed, one.due)
    elif not one.begun and is_out_of_reach(one.state):
        yield _Line(one.id, "nobody", changed, None)
    if one.ends and watch.reminder(one.kind, one.state, one.ends, one.reminded) is not None:
        yield _Line(one.id, RUNS_OUT, changed, one.ends)


def _order(one: _Line) -> tuple[date, datetime, bytes]:
    return (one.due if one.on == RUNS_OUT and one.due else date.max, one.since, one.id)


def _named(actor: Actor, lines: Sequence[_Line], opened: dict[bytes, _Opened]) -> list[WaitingRow]:
    """What is shown, with whose it is: only these records are opened for it."""
    shown = [(line, paper.row, paper.text, paper.recovery) for line in lines for paper in [opened[line.id]]]
    ids = {row.client_id for _, row, _, _ in shown}
    people = list(db.session.scalars(select(Client).where(Client.id.in_(ids)))) if ids else []
    known = identities(actor, people)
    note_read(actor, Act.CLIENTS_READ, ids)
    called = {one: who.working_name or who.hmis_personal_id for one, who in known.items()}
    names = names_of(actor, people_in([text for _, _, text, _ in shown], [way for _, _, _, way in shown]))
    watch = Watch(agency_today())
    return [
        WaitingRow(
            row.client_id,
            row.code,
            called.get(row.client_id, ""),
            view_of(row, text, recovery, names, watch),
            line.on,
            line.since,
            line.due,
        )
        for line, row, text, recovery in shown
        if text
    ]


def _sealed(row: Row[Any], version: int, sealed: bytes | None) -> SealedRow:
    return SealedRow(row.id, client_subject(row.client_id), version, sealed)
