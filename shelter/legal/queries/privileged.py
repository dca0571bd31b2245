"""What is written and kept under the privilege of one matter, and what a caseworker may read of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today, apart_from_the_kept
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import open_section, row_of
from shelter.files.handing import Enclosed, enclosed, register_enclosures
from shelter.files.queries import FileView, views_of, whole_of
from shelter.legal.models import (
    LEGAL_FILE,
    SHOWN,
    WRITING,
    LegalFile,
    LegalShown,
    LegalWriting,
    Matter,
    ShownDate,
    Writing,
)
from shelter.legal.queries.matters import matters_of, readable, row_in
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide, may_ever
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class WritingView:
    """Something written, every version of it with who wrote it, the latest first."""

    versions: tuple[tuple[Writing, str], ...]

    @property
    def id(self) -> bytes:
        return self.now.of

    @property
    def now(self) -> Writing:
        return self.versions[0][0]

    @property
    def by(self) -> str:
        return self.versions[0][1]

    def version(self, number: int) -> Writing:
        """Raises `Missing`."""
        for text, _ in self.versions:
            if text.number == number:
                return text
        raise Missing


@dataclass(frozen=True, slots=True)
class LegalFileView:
    file: FileView
    notice: bytes | None


def writings(actor: Actor, code: str, matter_id: bytes) -> tuple[WritingView, ...]:
    """All of a matter, the one written last first."""
    client = readable(actor, code)[0]
    row = row_in(client, matter_id)
    rows = db.session.scalars(select(LegalWriting).where(LegalWriting.matter_id == row.id)).all()
    opened = open_each(actor, [row_of(one, WRITING) for one in rows], WRITING)
    texts = [text for text in opened.values if text]
    names = names_of(actor, {text.by for text in texts})
    grouped: dict[bytes, list[Writing]] = {}
    for text in texts:
        grouped.setdefault(text.of, []).append(text)
    views = [_view(versions, names) for versions in grouped.values()]
    return tuple(sorted(views, key=lambda view: view.now.at, reverse=True))


def _view(versions: list[Writing], names: dict[bytes, str]) -> WritingView:
    ordered = sorted(versions, key=lambda text: text.number, reverse=True)
    return WritingView(tuple((text, names.get(text.by, "")) for text in ordered))


def writing(actor: Actor, code: str, matter_id: bytes, writing_id: bytes) -> WritingView:
    """Raises `Missing`."""
    for view in writings(actor, code, matter_id):
        if view.id == writing_id:
            return view
    raise Missing


def legal_files(actor: Actor, code: str, matter_id: bytes) -> tuple[LegalFileView, ...]:
    """The files of a matter, oldest first; one whose seal does not hold is written down and left out."""
    client = readable(actor, code)[0]
    row = row_in(client, matter_id)
    rows = db.session.scalars(select(LegalFile).where(LegalFile.matter_id == row.id)).all()
    views = {view.id: view for view in views_of(actor, client, rows)}
    abouts = open_each(actor, [row_of(one, LEGAL_FILE) for one in rows], LEGAL_FILE).values
    pairs = zip(rows, abouts, strict=True)
    found = [LegalFileView(views[row.id], about.notice) for row, about in pairs if about and row.id in views]
    return tuple(sorted(found, key=lambda one: one.file.added_at))


def legal_content(actor: Actor, code: str, matter_id: bytes, file_id: bytes) -> tuple[FileView, Iterator[bytes]]:
    """One file, whole. Raises `Missing` outside this matter, `Spoiled` where its seal does not hold."""
    client = readable(actor, code)[0]
    matter = row_in(client, matter_id)
    row = db.session.get(LegalFile, file_id)
    if row is None or row.matter_id != matter.id:
        raise Missing
    return whole_of(actor, client, row)


def enclosures(actor: Actor, code: str) -> list[Enclosed]:
    """The files of all her matters, matter by matter, as they lie beside what legal staff give her to take along."""
    found = [
        (line.id, one.file)
        for line in matters_of(actor, code)[1]
        for one in legal_files(actor, code, line.id)
        if not one.file.original_of
    ]
    apart = apart_from_the_kept(code)
    return [
        enclosed(f"{apart}legal-{n}", file.label, file, partial(legal_content, actor, code, matter, file.id))
        for n, (matter, file) in enumerate(found, 1)
    ]


register_enclosures(Act.MATTERS_COPY, enclosures)


def accounts_of(
    actor: Actor, client: Client, paper_id: bytes
) -> tuple[list[bytes], list[tuple[bytes, Writing]]] | None:
    """The matters of a client in scope, and what was written there of how this paper was taken, the newest version of
    each with its matter. None to whom matters are not for: not even that there is one is told."""
    if not decide(actor, Act.MATTERS_READ, scope.facts_of(client)).allowed:
        return None
    note_read(actor, Act.MATTERS_READ, [client.id])
    matters = list(db.session.scalars(select(Matter.id).where(Matter.client_id == client.id)))
    rows = db.session.scalars(select(LegalWriting).where(LegalWriting.matter_id.in_(matters))).all()
    opened = open_each(actor, [row_of(row, WRITING) for row in rows], WRITING)
    newest: dict[bytes, tuple[bytes, Writing]] = {}
    for row, text in zip(rows, opened.values, strict=True):
        if text and text.paper == paper_id and (text.of not in newest or newest[text.of][1].number < text.number):
            newest[text.of] = (row.matter_id, text)
    return matters, sorted(newest.values(), key=lambda pair: pair[1].at)


# -- what a caseworker may read --------------------------------------------------


def shown_of(actor: Actor, client: Client) -> list[ShownDate] | None:
    """Dates of a client that her advocate shows, soonest first; None to whom they are not for, or where there is
    none."""
    if may_ever(actor, Act.MATTERS_READ) or not decide(actor, Act.PAPERS_READ, scope.facts_of(client)).allowed:
        return None
    row = db.session.scalar(select(LegalShown).where(LegalShown.client_id == client.id))
    if row is None:
        return None
    note_read(actor, Act.PAPERS_READ, [client.id])
    found = open_section(actor, row, SHOWN)
    return list(found.dates) if found else []


def shown_within(actor: Actor, clients: Sequence[bytes], until: date) -> list[tuple[bytes, ShownDate]]:
    """The same for people whose day somebody looks at, from today up to a day."""
    rows = db.session.scalars(select(LegalShown).where(LegalShown.client_id.in_(clients))).all()
    opened = open_each(actor, [row_of(row, SHOWN) for row in rows], SHOWN).values
    today = agency_today()
    pairs = [(row.client_id, one) for row, found in zip(rows, opened, strict=True) if found for one in found.dates]
    return [(client, one) for client, one in pairs if today <= one.day <= until]
