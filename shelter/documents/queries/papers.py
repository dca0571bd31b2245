"""Reading papers: those of one client, and one with its way back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import PersonCard, agency_today, card
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import Sealed, SealedRow, Section, row_of
from shelter.documents.models import (
    EARLIER_PAPER,
    PAPER_TEXT,
    RECOVERY,
    Paper,
    PaperEarlier,
    PaperText,
    Recovery,
)
from shelter.documents.queries.watching import Watch
from shelter.documents.way import Taken, Waits, WayStep, open_steps, waits
from shelter.files.queries import FileView, some
from shelter.lawbook import queries as lawbook
from shelter.legal import queries as legal
from shelter.legal.models import Writing
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.rules.mrz import Zone, read
from shelter.rules.papers import WayBack, papers
from shelter.trail.record import note_read, record_alone

GONE = frozenset({"lost", "destroyed", "refused", "expired"})
NEVER = datetime.min.replace(tzinfo=UTC)
T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper as shown; `version` and `way_version` are what the forms made from it carry.

    `spoiled` says that the ways back are there and that their seal does not hold; `reminder` how many days before
    the end it is now said that the paper runs out (`expiry.OVER` after it), None where nothing is said or it was seen.
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
    runs_out: bool = False
    reminder: int | None = None

    @property
    def way(self) -> Taken | None:
        return self.recovery.way

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
        """The ways back that are known here for this kind of paper."""
        return [way for way in lawbook.ways(agency_today()).values() if way.paper == self.text.kind]

    @property
    def is_out_of_reach(self) -> bool:
        return is_out_of_reach(self.text.state)


@dataclass(frozen=True, slots=True)
class PapersView:
    """The papers of one client; `lost` counts those whose seal does not hold."""

    card: PersonCard
    papers: tuple[PaperView, ...]
    lost: int


def is_out_of_reach(state: str) -> bool:
    """Whether somebody would look for a way back: it is kept from her, gone, refused or expired."""
    known = papers().states.get(state)
    return state in GONE or bool(known and known.holder == "other_side")


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


def accounts_of(actor: Actor, code: str, paper_id: bytes) -> tuple[list[bytes], list[tuple[bytes, Writing]]] | None:
    """Her matters, and what stands there under the privilege of how this paper was taken; None but for legal staff."""
    return legal.accounts_of(actor, _readable(actor, code), paper_id)


def may_counsel(actor: Actor, code: str) -> bool:
    """Whether the reader is counsel to this client, for a page that offers an answer at a gate."""
    return scope.may(actor, Act.PAPERS_COUNSEL, _readable(actor, code))


def _readable(actor: Actor, code: str) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.PAPERS_READ)
    decision = scope.allowed(actor, Act.PAPERS_READ, client)
    note_read(actor, Act.PAPERS_READ, [client.id], decision.clause)
    return client


def opened(actor: Actor, rows: Sequence[SealedRow], section: Section[T]) -> list[T | None]:
    """One section of many rows; what does not open is written down and hurts no neighbour."""
    found = open_each(actor, rows, section)
    if found.broken:
        spoiled = {row.subject.client for row in rows if row.row_id in found.broken}
        record_alone(actor, "refused:seal", *(client for client in spoiled if client))
    return found.values


def _opened(actor: Actor, rows: Sequence[Sealed], section: Section[T]) -> list[T | None]:
    return opened(actor, [row_of(row, section) for row in rows], section)


def _views(actor: Actor, rows: Sequence[Paper]) -> list[PaperView]:
    texts = _opened(actor, rows, PAPER_TEXT)
    recoveries = _opened(actor, rows, RECOVERY)
    names = names_of(actor, people_in(texts, recoveries))
    earlier = _earlier_counts([row.id for row in rows]) if len(rows) == 1 else {}
    watch = Watch(agency_today())
    return [
        view_of(row, text, recovery, names, watch, earlier.get(row.id, 0))
        for row, text, recovery in zip(rows, texts, recoveries, strict=True)
        if text
    ]


def view_of(
    row: Any, text: PaperText, recovery: Recovery | None, names: dict[bytes, str], watch: Watch, earlier: int = 0
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
        days_left=(ends - watch.today).days if ends else None,
        names=names,
        earlier=earlier,
        spoiled=recovery is None and row.recovery is not None,
        runs_out=watch.runs_out(text.kind, text.state, ends),
        reminder=watch.reminder(text.kind, text.state, ends, recovery.reminded if recovery else None),
    )


def people_in(texts: Iterable[PaperText | None], recoveries: Iterable[Recovery | None]) -> set[bytes]:
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
