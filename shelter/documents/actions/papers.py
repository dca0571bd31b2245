"""Writing down papers and their scans."""

from dataclasses import dataclass, field
from typing import BinaryIO

from msgspec.structs import replace

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.sections import fill
from shelter.documents import facts
from shelter.documents.actions import packs
from shelter.documents.actions.work import Work, writing
from shelter.documents.known import Known
from shelter.documents.models import PAPER_TEXT, Paper, PaperText
from shelter.files.actions import put
from shelter.files.arriving import arriving
from shelter.files.queries import twin_of
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken
from shelter.rules.papers import papers
from shelter.rules.papers.countries import issuing_country

NO_NUMBER = "ssn_card"
"""The kind whose number is kept nowhere here: a Social Security number is asked only where a funder has it asked."""


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What a form says about a paper; codes as `shelter.rules.papers` has them."""

    kind: str
    country: str = ""
    number: str = ""
    printed_name: str = ""
    issued: Known | None = None
    expires: Known | None = None
    state: str = ""
    held_by: str = ""
    seen_when: Known | None = None
    seen_where: str = ""
    seen_by: str = ""
    police_report: str = ""
    consulate: str = ""
    case_number: str = ""
    contact_risk: str = ""
    note: str = ""
    skipped: dict[str, str] = field(default_factory=dict)

    def require_known(self) -> None:
        """Raises `Broken` for a code that no list has, and for a number that is kept nowhere here."""
        if self.kind not in papers().kinds:
            raise Broken("documents.unknown-kind", field="kind")
        if self.state and self.state not in papers().states:
            raise Broken("documents.unknown-state", field="state")
        if self.kind == NO_NUMBER and self.number:
            raise Broken("documents.no-number", field="number")
        if self.country:
            issuing_country(self.country)


@dataclass(frozen=True, slots=True)
class AddPaper:
    code: str
    facts: PaperFacts


@dataclass(frozen=True, slots=True)
class ChangePaper:
    """`version` is the one that the form was made from."""

    code: str
    paper: bytes
    version: int
    facts: PaperFacts


@dataclass(frozen=True, slots=True)
class AddScan:
    code: str
    paper: bytes
    label: str
    content: bytes | BinaryIO = field(repr=False)
    evidence: bool = False


def add_paper(actor: Actor, command: AddPaper) -> bytes:
    """A new paper; its id."""
    command.facts.require_known()
    with writing(actor, command.code) as work:
        paper = NewPaper(work, command.facts).put()
        packs.keep(actor, work.client)
    return paper.id


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper about to be written down in the caller's transaction, who keeps the pack too; who may was asked there."""

    work: Work
    facts: PaperFacts

    def put(self) -> Paper:
        work = self.work
        paper = Paper(client_id=work.client.id)
        text = facts.followed(None, work.stamped(_with(PaperText(kind=""), self.facts)), agency_today())
        fill(work.actor, paper, PAPER_TEXT, text)
        db.session.add(paper)
        facts.changed(work.actor, work.client, paper, None, text)
        return paper


def change_paper(actor: Actor, command: ChangePaper) -> None:
    """New words about a paper. Raises `Conflict` where somebody saved first."""
    command.facts.require_known()
    with writing(actor, command.code) as work:
        paper = work.paper(command.paper)
        work.save_text(paper, command.version, lambda text: _with(text, command.facts))


def add_scan(actor: Actor, command: AddScan) -> bytes:
    """A photograph or scan of the paper, sealed and named in it, or neither; the file's id.

    What is among her files already is named in the paper and not stored again.
    """
    coming = arriving(command.label, command.content, evidence=command.evidence)
    with coming as file, writing(actor, command.code) as work:
        paper = work.paper(command.paper)
        twin = twin_of(actor, work.client, file.checked.sent)
        if twin in work.text(paper).scans:
            raise Broken("files.twice", field="file")
        if twin is None:
            put(actor, work.client, file)
        scan = twin or file.id
        work.save_text(paper, paper.text_version, lambda text: replace(text, scans=[*text.scans, scan]))
    return scan


def _with(text: PaperText, said: PaperFacts) -> PaperText:
    return replace(text, **{name: getattr(said, name) for name in PaperFacts.__slots__})
