"""Reading papers: those of one client, one with its way back, and what waits on whom over the reader's own scope."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

import msgspec
from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import PersonCard, agency_today, card
from shelter.clients.queries.card import identities
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import Sealed, Section, row_of
from shelter.documents.models import (
    EARLIER_PAPER,
    PAPER_TEXT,
    RECOVERY,
    Paper,
    PaperEarlier,
    PaperText,
    Recovery,
)
from shelter.documents.way import Taken, Waits, WayStep, open_steps, waits
from shelter.files.queries import FileView, some
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.rules.mrz import Zone, read
from shelter.rules.papers import WayBack, papers
from shelter.trail.record import note_read, record_alone

NEVER = datetime.min.replace(tzinfo=UTC)
RUNS_OUT_WITHIN = 180
"""Days before the end of a paper from which it is said that it runs out."""
T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper as shown; `version` and `way_version` are what the forms made from it carry.

    `spoiled` says that the ways back are there and that their seal does not hold.
    """

    id: bytes
    version: int
    way_version: int
    text: PaperText
    recovery: Recovery
    changed_by: str
    changed_at: datetime
    days_left: int | None
    names: dict[bytes, str]
    earlier: int = 0
    spoiled: bool = False

    @property
    def way(self) -> Taken | None:
        """The newest way back that was not set aside."""
        last = self.recovery.ways[-1] if self.recovery.ways else None
        return last if last and last.ended_at is None else None

    def step(self, code: str) -> WayStep:
        """A step of the way back that is under way; `Missing` for any other."""
        for step in self.way.steps if self.way else ():
            if step.code == code:
                return step
        raise Missing

    @property
    def set_aside(self) -> list[Taken]:
        return [one for one in self.recovery.ways if one.ended_at is not None]

    @property
    def waits(self) -> Waits | None:
        return waits(self.way) if self.way else None

    @property
    def open_steps(self) -> Sequence[str]:
        return open_steps(self.way) if self.way else ()

    @property
    def ways(self) -> list[WayBack]:
        """The ways back that the rules know for this kind of paper."""
        return [way for way in papers().ways.values() if way.paper == self.text.kind]

    @property
    def is_out_of_reach(self) -> bool:
        """Whether somebody would look for a way back: it is kept from her, gone, refused or expired."""
        state = papers().states.get(self.text.state)
        return self.text.state in ("lost", "destroyed", "refused", "expired") or bool(
            state and state.holder == "other_side"
        )

    @property
    def runs_out(self) -> bool:
        return self.days_left is not None and self.days_left <= RUNS_OUT_WITHIN


@dataclass(frozen=True, slots=True)
class PapersView:
    """The papers of one client; `lost` counts those whose seal does not hold."""

    card: PersonCard
    papers: tuple[PaperView, ...]
    lost: int


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One paper on the list of what waits: whose, which, and `on` whom; "nobody" where no way was begun."""

    code: str
    called: str
    paper: PaperView
    on: str
    since: datetime
    due: date | None


def of_client(actor: Actor, code: str) -> PapersView:
    """The papers of one client, those out of reach first. `Missing` outside her scope."""
    client = _readable(actor, code)
    rows = db.session.scalars(select(Paper).where(Paper.client_id == client.id)).all()
    found = _views(actor, rows)
    found.sort(key=lambda one: (not one.is_out_of_reach, one.waits is None, one.text.kind))
    return PapersView(card(actor, client), tuple(found), len(rows) - len(found))


def in_short(actor: Actor, client: Client) -> tuple[PaperView, ...] | None:
    """Her papers for the page of the person, those out of reach first; None for a reader who may not know them."""
    decision = decide(actor, Act.PAPERS_READ, scope.facts_of(client))
    if not decision.allowed:
        return None
    note_read(actor, Act.PAPERS_READ, [client.id], decision.clause)
    found = _views(actor, db.session.scalars(select(Paper).where(Paper.client_id == client.id)).all())
    return tuple(sorted(found, key=lambda one: (not one.is_out_of_reach, one.waits is None, one.text.kind)))


def one(actor: Actor, code: str, paper_id: bytes) -> tuple[PersonCard, PaperView, list[FileView]]:
    """One paper of one client, with its scans."""
    client = _readable(actor, code)
    row = db.session.get(Paper, paper_id)
    if row is None or row.client_id != client.id:
        raise Missing
    views = _views(actor, [row])
    if not views:
        raise Missing
    return card(actor, client), views[0], some(actor, client, views[0].text.scans)


def earlier_versions(actor: Actor, code: str, paper_id: bytes) -> tuple[PersonCard, list[PaperText], dict[bytes, str]]:
    """The paper as it was before each change, newest first, and the names of who had changed it."""
    client = _readable(actor, code)
    rows = db.session.scalars(
        select(PaperEarlier)
        .where(PaperEarlier.paper_id == paper_id, PaperEarlier.client_id == client.id)
        .order_by(PaperEarlier.was_version.desc())
    ).all()
    if not rows:
        raise Missing
    texts = [text for text in _opened(actor, rows, EARLIER_PAPER) if text]
    return card(actor, client), texts, names_of(actor, {text.changed_by for text in texts})


def read_zone(text: str) -> Zone:
    """What machine-readable lines say today; of nobody's record. Raises `Broken` for nothing at all."""
    return read(text, agency_today())


def may_counsel(actor: Actor, code: str) -> bool:
    """Whether the reader is counsel to this client, for a page that offers an answer at a gate."""
    return scope.may(actor, Act.PAPERS_COUNSEL, _readable(actor, code))


def waiting(actor: Actor) -> list[WaitingRow]:
    """Everything that waits, of all clients whose papers she may read, the longest wait first."""
    found = db.session.execute(
        select(Paper, Client).join(Client, Client.id == Paper.client_id).where(scope.scope(actor, Act.PAPERS_READ))
    ).all()
    views = {view.id: view for view in _views(actor, [paper for paper, _ in found])}
    waiting = [(views[p.id], c) for p, c in found if p.id in views and _is_waiting(views[p.id])]
    people = {client.id: client for _, client in waiting}
    note_read(actor, Act.PAPERS_READ, {client.id for _, client in found})
    note_read(actor, Act.CLIENTS_READ, people)
    known = identities(actor, list(people.values()))
    called = {one: who.working_name or who.hmis_personal_id for one, who in known.items()}
    rows = [_waiting_row(view, client, called.get(client.id, "")) for view, client in waiting]
    return sorted(rows, key=lambda row: row.since)


def _is_waiting(view: PaperView) -> bool:
    return view.waits is not None or (view.is_out_of_reach and view.way is None)


def _waiting_row(view: PaperView, client: Client, called: str) -> WaitingRow:
    waits = view.waits
    if waits is None:
        return WaitingRow(client.code, called, view, "nobody", view.changed_at, None)
    return WaitingRow(client.code, called, view, waits.on, waits.since, waits.step.due)


def _readable(actor: Actor, code: str) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.PAPERS_READ)
    decision = scope.allowed(actor, Act.PAPERS_READ, client)
    note_read(actor, Act.PAPERS_READ, [client.id], decision.clause)
    return client


def _opened(actor: Actor, rows: Sequence[Sealed], section: Section[T]) -> list[T | None]:
    """One section of many rows; what does not open is written down and hurts no neighbour."""
    opened = open_each(actor, [row_of(row, section) for row in rows], section)
    if opened.broken:
        spoiled = {row.subject().client for row in rows if row_of(row, section).row_id in opened.broken}
        record_alone(actor, "refused:seal", *(client for client in spoiled if client))
    return opened.values


def _views(actor: Actor, rows: Sequence[Paper]) -> list[PaperView]:
    texts = _opened(actor, rows, PAPER_TEXT)
    recoveries = _opened(actor, rows, RECOVERY)
    names = names_of(actor, _people(texts, recoveries))
    earlier = _earlier_counts([row.id for row in rows]) if len(rows) == 1 else {}
    today = agency_today()
    return [
        _view(row, text, recovery, names, earlier.get(row.id, 0), today)
        for row, text, recovery in zip(rows, texts, recoveries, strict=True)
        if text
    ]


def _view(
    row: Paper, text: PaperText, recovery: Recovery | None, names: dict[bytes, str], earlier: int, today: date
) -> PaperView:
    ends = text.expires.whole if text.expires else None
    return PaperView(
        id=row.id,
        version=row.text_version,
        way_version=row.recovery_version,
        text=text,
        recovery=recovery or Recovery(),
        changed_by=names.get(text.changed_by, ""),
        changed_at=text.changed_at or NEVER,
        days_left=(ends - today).days if ends else None,
        names=names,
        earlier=earlier,
        spoiled=recovery is None and row.recovery is not None,
    )


def _people(texts: Iterable[PaperText | None], recoveries: Iterable[Recovery | None]) -> set[bytes]:
    found = {text.changed_by for text in texts if text and text.changed_by}
    for way in (way for recovery in recoveries if recovery for way in recovery.ways):
        found |= {way.begun_by, way.ended_by} - {b""}
        for event in (event for step in way.steps for event in step.events):
            found |= {event.by, *event.asked}
    return found


def _earlier_counts(ids: list[bytes]) -> dict[bytes, int]:
    counts: dict[bytes, int] = {}
    for paper_id in db.session.scalars(select(PaperEarlier.paper_id).where(PaperEarlier.paper_id.in_(ids))):
        counts[paper_id] = counts.get(paper_id, 0) + 1
    return counts
