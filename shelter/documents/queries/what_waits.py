"""What waits on whom, and what runs out, over the reader's own scope: all is opened, and what is shown is named."""

from collections.abc import Collection, Mapping, Sequence
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
from shelter.db.sections import SealedRow
from shelter.documents.models import PAPER_TEXT, RECOVERY, Paper, PaperText, Recovery
from shelter.documents.queries.papers import (
    NEVER,
    PaperView,
    is_out_of_reach,
    opened,
    people_in,
    view_of,
    way_of,
)
from shelter.documents.queries.watching import Watch
from shelter.documents.way import LEFT_OPEN, waits
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
class _Opened:
    """A paper as it was opened for the list."""

    row: Row[Any]
    text: PaperText
    recovery: Recovery | None
    on: str
    since: datetime
    due: date | None


def waiting(actor: Actor, only: str = "", start: int = 0) -> list[WaitingGroup]:
    """By heading, what waits longest first; `only` one heading from a line on, else the first lines of each."""
    found = _found(actor, _query(actor))
    groups = []
    for name, whom in GROUPS.items():
        lines = sorted((one for one in found if one.on in whom), key=_order)
        if not lines or (only and name != only):
            continue
        shown = lines[start : start + AT_ONCE] if only else lines[:FIRST]
        groups.append((name, shown, len(lines)))
    rows = iter(_named(actor, [one for _, shown, _ in groups for one in shown]))
    return [
        WaitingGroup(name, tuple(next(rows) for _ in shown), count, start if only else 0)
        for name, shown, count in groups
    ]


def running_out(actor: Actor, clients: Collection[bytes] | None = None) -> list[WaitingRow]:
    """Papers whose reminder is due and which nobody has seen, what ends first in front; `clients` None is all."""
    query = _query(actor) if clients is None else _query(actor).where(Paper.client_id.in_(clients))
    return _named(actor, sorted((one for one in _found(actor, query) if one.on == RUNS_OUT), key=_order))


def _query(actor: Actor) -> Select[*tuple[Any, ...]]:
    columns = (Paper.id, Paper.client_id, Paper.text, Paper.text_version, Paper.recovery, Paper.recovery_version)
    query = select(*columns, Client.code).join(Client, Client.id == Paper.client_id)
    return query.where(scope.scope(actor, Act.PAPERS_READ))


def _found(actor: Actor, query: Select[*tuple[Any, ...]]) -> list[_Opened]:
    """Every paper that waits or runs out; one that does both comes twice."""
    rows = db.session.execute(query).all()
    texts = opened(actor, [_sealed(row, row.text_version, row.text) for row in rows], PAPER_TEXT)
    begun = [row for row in rows if row.recovery is not None]
    ways = opened(actor, [_sealed(row, row.recovery_version, row.recovery) for row in begun], RECOVERY)
    recoveries = {row.id: way for row, way in zip(begun, ways, strict=True)}
    note_read(actor, Act.PAPERS_READ, {row.client_id for row in rows})
    found: list[_Opened] = []
    watch = Watch(agency_today())
    for row, text in zip(rows, texts, strict=True):
        if text is not None:
            found += _lines(row, text, recoveries.get(row.id), watch)
    return found


def _lines(row: Row[Any], text: PaperText, recovery: Recovery | None, watch: Watch) -> list[_Opened]:
    lines, way, changed = [], way_of(recovery), text.changed_at or NEVER
    if way is not None and (waited := waits(way)):
        lines.append(_Opened(row, text, recovery, waited.on, waited.since, waited.step.due))
    elif way is None and is_out_of_reach(text):
        lines.append(_Opened(row, text, recovery, "nobody", changed, None))
    if text.expires and watch.reminder(text, recovery) is not None:
        lines.append(_Opened(row, text, recovery, RUNS_OUT, changed, text.expires.whole))
    return lines


def _order(one: _Opened) -> tuple[date, datetime]:
    return (one.due if one.on == RUNS_OUT and one.due else date.max, one.since)


def _named(actor: Actor, shown: Sequence[_Opened]) -> list[WaitingRow]:
    """What is shown, with whose it is: only these records are opened for it."""
    ids = {one.row.client_id for one in shown}
    people = list(db.session.scalars(select(Client).where(Client.id.in_(ids)))) if ids else []
    known = identities(actor, people)
    note_read(actor, Act.CLIENTS_READ, ids)
    called = {one: who.working_name or who.hmis_personal_id for one, who in known.items()}
    names = names_of(actor, people_in([one.text for one in shown], [one.recovery for one in shown]))
    watch = Watch(agency_today())
    return [
        WaitingRow(
            one.row.client_id,
            one.row.code,
            called.get(one.row.client_id, ""),
            view_of(one.row, one.text, one.recovery, names, watch),
            one.on,
            one.since,
            one.due,
        )
        for one in shown
    ]


def _sealed(row: Row[Any], version: int, sealed: bytes | None) -> SealedRow:
    return SealedRow(row.id, client_subject(row.client_id), version, sealed)
