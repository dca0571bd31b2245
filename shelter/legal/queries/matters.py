"""One matter with everything in it, the matters of one client, and the list of all in the reader's scope."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from sqlalchemy import select

from shelter.accounts.queries import Colleague, names_of
from shelter.clients import scope
from shelter.clients.models import Client, client_subject
from shelter.clients.queries import PersonCard, agency_today, card
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import SealedRow, open_rows, open_section
from shelter.lawbook import queries as lawbook
from shelter.legal.models import (
    DATES,
    EARLIER_TEXT,
    PAPERS,
    SHOWN,
    TEXT,
    Dates,
    Filing,
    LegalShown,
    Matter,
    MatterEarlier,
    MatterText,
    Move,
    Notice,
    Papers,
)
from shelter.legal.queries.dates import DateView, Place, views_of
from shelter.legal.reckoning import ANSWERS, not_open_yet, notice_types, receipts_of
from shelter.legal.team import possible_leads
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import Decision
from shelter.policy.roles import Role
from shelter.rules.deadlines import Rule, RuleBook
from shelter.rules.matters import MatterType, Stage
from shelter.trail.record import note_read

Part = TypeVar("Part")
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter in a list."""

    id: bytes
    code: str
    kind: MatterType
    stage: Stage
    opened_on: date
    lead: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The matter came to this stage."""

    stage: Stage
    on: date
    by: str
    why: str
    at: datetime
    confirmed: bool


@dataclass(frozen=True, slots=True)
class FilingView:
    """A filing with its earlier versions, newest first."""

    now: Filing
    by: str
    earlier: tuple[tuple[Filing, str], ...]


@dataclass(frozen=True, slots=True)
class NoticeView:
    now: Notice
    by: str
    about: str
    earlier: tuple[tuple[Notice, str], ...]


@dataclass(frozen=True, slots=True)
class MatterView:
    """Everything on the page of a matter. `version` is the one that a form about the matter itself carries."""

    card: PersonCard
    id: bytes
    version: int
    kind: MatterType
    text: MatterText
    stage: Stage
    lead: str
    changed_by: str
    changed_at: datetime
    moves: tuple[Moved, ...]
    filings: tuple[FilingView, ...]
    notices: tuple[NoticeView, ...]
    dates: tuple[DateView, ...]
    gathered: dict[str, date]
    shown: frozenset[bytes]
    earlier: int
    book: RuleBook
    today: date

    @property
    def next_stages(self) -> tuple[Stage, ...]:
        return self.kind.next_stages(self.text.stage)

    @property
    def warned(self) -> bool:
        """Whether what would end this kind of matter can still happen."""
        return self.kind.warns(move.stage.code for move in self.moves)

    @property
    def receipts(self) -> tuple[str, ...]:
        return tuple(sorted(receipts_of([one.now for one in self.filings], [one.now for one in self.notices])))

    @property
    def not_open(self) -> dict[str, date]:
        """Forms that may not arrive yet, with the earliest day of each."""
        return not_open_yet(self.kind, (view.due for view in self.dates), agency_today())

    @property
    def missing(self) -> tuple[str, ...]:
        """The papers to gather that are not in hand."""
        return tuple(paper for paper in self.kind.gather if paper not in self.gathered)

    @property
    def form_keys(self) -> tuple[str, ...]:
        return tuple(form.key for form in self.kind.forms)

    @property
    def notice_types(self) -> tuple[str, ...]:
        return notice_types(self.kind)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of this type of matter that no notice brings, as they hold today."""
        by_notice = set(ANSWERS.values())
        held = self.book.for_matter(self.kind.code, self.today)
        return tuple(rule for rule in held if rule.id in self.kind.rules and rule.id not in by_notice)

    @property
    def open_dates(self) -> tuple[DateView, ...]:
        return tuple(sorted((one for one in self.dates if one.open), key=lambda one: one.day))

    @property
    def ended_dates(self) -> tuple[DateView, ...]:
        return tuple(reversed([one for one in self.dates if not one.open]))

    def filing(self, filing_id: bytes) -> FilingView:
        """Raises `Missing` for a filing this matter never had."""
        return _found(one for one in self.filings if one.now.id == filing_id)

    def notice(self, notice_id: bytes) -> NoticeView:
        """Raises `Missing`."""
        return _found(one for one in self.notices if one.now.id == notice_id)

    def date(self, date_id: bytes) -> DateView:
        """Raises `Missing`."""
        return _found(one for one in self.dates if one.id == date_id)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the page that opens a matter offers; `leads` is empty for an advocate, who opens her own."""

    card: PersonCard
    types: tuple[MatterType, ...]
    leads: tuple[Colleague, ...]
    today: date


def matters_of(actor: Actor, code: str) -> tuple[PersonCard, list[MatterLine]]:
    """The matters of one client, newest first. Raises `Missing` outside the scope, `Denied` for other roles."""
    client, _ = readable(actor, code)
    rows = db.session.scalars(select(Matter).where(Matter.client_id == client.id)).all()
    sealed = [SealedRow(row.id, row.subject(), row.text_version, row.text) for row in rows]
    texts = open_rows(actor, sealed, TEXT)
    lines = _lines(actor, [(row.id, client.code, text) for row, text in zip(rows, texts, strict=True) if text])
    return card(actor, client), lines


def every(actor: Actor) -> list[MatterLine]:
    """The matters of everybody in the reader's scope; who does not open is written down and left out."""
    rows = db.session.execute(
        select(Matter.id, Matter.client_id, Matter.text, Matter.text_version, Client.code)
        .join(Client, Client.id == Matter.client_id)
        .where(scope.scope(actor, Act.MATTERS_READ))
    ).all()
    sealed = [SealedRow(row.id, client_subject(row.client_id), row.text_version, row.text) for row in rows]
    opened = open_each(actor, sealed, TEXT)
    broken = {row.client_id for row in rows if row.id in opened.broken}
    note_read(actor, Act.MATTERS_READ, {row.client_id for row in rows} - broken)
    return _lines(actor, [(r.id, r.code, text) for r, text in zip(rows, opened.values, strict=True) if text])


def _lines(actor: Actor, found: Sequence[tuple[bytes, str, MatterText]]) -> list[MatterLine]:
    names = names_of(actor, {text.lead for _, _, text in found})
    types = lawbook.matter_types()
    lines = [
        MatterLine(
            id=matter_id,
            code=code,
            kind=types[text.type],
            stage=types[text.type].stage(text.stage),
            opened_on=text.opened_on,
            lead=names.get(text.lead, ""),
        )
        for matter_id, code, text in found
    ]
    return sorted(lines, key=lambda line: (line.stage.ends, -line.opened_on.toordinal(), line.code))


def opening(actor: Actor, code: str) -> Opening:
    """What is asked before a matter opens. Raises as `matters_of`."""
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.MATTERS_READ)
    note_read(actor, Act.MATTERS_OPEN, [client.id], scope.allowed(actor, Act.MATTERS_OPEN, client).clause)
    names = possible_leads(actor, client.id) if actor.has(Role.LEGAL_SUPERVISOR) else []
    return Opening(card(actor, client), tuple(lawbook.matter_types().values()), tuple(names), agency_today())


def may_be_given(actor: Actor, code: str) -> list[Colleague]:
    """Whom a matter of this client may be given to. Raises `Missing`, `Denied`."""
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.MATTERS_READ)
    note_read(actor, Act.MATTERS_GIVE, [client.id], scope.allowed(actor, Act.MATTERS_GIVE, client).clause)
    return possible_leads(actor, client.id)


def matter(actor: Actor, code: str, matter_id: bytes) -> MatterView:
    """Raises `Missing` for a matter of somebody else, whoever she is."""
    client, _ = readable(actor, code)
    row = row_in(client, matter_id)
    text = open_section(actor, row, TEXT)
    if text is None:
        raise Missing
    papers = open_section(actor, row, PAPERS) or Papers()
    dates = open_section(actor, row, DATES) or Dates(type=text.type)
    place = Place(client.code, client.id, row.id, text.type)
    views = views_of(actor, [(place, due) for due in dates.dates])
    names = names_of(actor, _people(text, papers))
    kind = lawbook.matter_type(text.type)
    return MatterView(
        card=card(actor, client),
        id=row.id,
        version=row.text_version,
        kind=kind,
        text=text,
        stage=kind.stage(text.stage),
        lead=names.get(text.lead, ""),
        changed_by=names.get(text.changed_by, ""),
        changed_at=text.changed_at or NEVER,
        moves=tuple(_moved(kind, move, names) for move in text.moves),
        filings=_filings(papers, names),
        notices=_notices(papers, names),
        dates=tuple(views),
        gathered=papers.gathered,
        shown=_shown(actor, client),
        earlier=len(_earlier(row)),
        book=lawbook.book(),
        today=agency_today(),
    )


def _moved(kind: MatterType, move: Move, names: dict[bytes, str]) -> Moved:
    return Moved(kind.stage(move.stage), move.on, names.get(move.by, ""), move.why, move.at, move.confirmed)


def _shown(actor: Actor, client: Client) -> frozenset[bytes]:
    """The dates of this client that her caseworker may read."""
    row = db.session.scalar(select(LegalShown).where(LegalShown.client_id == client.id))
    found = open_section(actor, row, SHOWN) if row else None
    return frozenset(one.due for one in found.dates) if found else frozenset()


def earlier_versions(actor: Actor, code: str, matter_id: bytes) -> tuple[PersonCard, list[tuple[MatterText, str]]]:
    """The matter's text before each change, newest first, with who wrote it."""
    client, _ = readable(actor, code)
    rows = _earlier(row_in(client, matter_id))
    sealed = [SealedRow(row.id, row.subject(), row.text_version, row.text) for row in rows]
    texts = [text for text in open_rows(actor, sealed, EARLIER_TEXT) if text]
    names = names_of(actor, {text.changed_by for text in texts})
    return card(actor, client), [(text, names.get(text.changed_by, "")) for text in texts]


def readable(actor: Actor, code: str) -> tuple[Client, Decision]:
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.MATTERS_READ)
    decision = scope.allowed(actor, Act.MATTERS_READ, client)
    note_read(actor, Act.MATTERS_READ, [client.id], decision.clause)
    return client, decision


def row_in(client: Client, matter_id: bytes) -> Matter:
    row = db.session.get(Matter, matter_id)
    if row is None or row.client_id != client.id:
        raise Missing
    return row


def _earlier(row: Matter) -> Sequence[MatterEarlier]:
    return db.session.scalars(
        select(MatterEarlier)
        .where(MatterEarlier.matter_id == row.id, MatterEarlier.client_id == row.client_id)
        .order_by(MatterEarlier.was_version.desc())
    ).all()


def _people(text: MatterText, papers: Papers) -> set[bytes]:
    papers_by = (papers.filings, papers.earlier_filings, papers.notices, papers.earlier_notices)
    found = {paper.by for papers in papers_by for paper in papers}
    return found | {move.by for move in text.moves} | {text.lead, text.changed_by}


def _filings(papers: Papers, names: dict[bytes, str]) -> tuple[FilingView, ...]:
    return tuple(
        FilingView(
            now=one,
            by=names.get(one.by, ""),
            earlier=tuple(
                (before, names.get(before.by, "")) for before in reversed(papers.earlier_filings) if before.id == one.id
            ),
        )
        for one in papers.filings
    )


def _notices(papers: Papers, names: dict[bytes, str]) -> tuple[NoticeView, ...]:
    forms = {one.id: one.form for one in papers.filings}
    views = (
        NoticeView(
            now=one,
            by=names.get(one.by, ""),
            about=forms.get(one.filing, "") if one.filing else "",
            earlier=tuple(
                (before, names.get(before.by, "")) for before in reversed(papers.earlier_notices) if before.id == one.id
            ),
        )
        for one in papers.notices
    )
    return tuple(sorted(views, key=lambda view: view.now.printed_on, reverse=True))


def _found(parts: Iterable[Part]) -> Part:
    for part in parts:
        return part
    raise Missing
