"""Writing down papers and taking the steps of a way back. What stood before is kept in the same transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from msgspec.structs import replace

from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import colleagues, staff_at
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.base import new_id
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.documents import way
from shelter.documents.known import Known
from shelter.documents.models import (
    EARLIER_PAPER,
    PAPER_TEXT,
    RECOVERY,
    Paper,
    PaperEarlier,
    PaperText,
    Recovery,
)
from shelter.documents.way import Event, Taken
from shelter.files import store
from shelter.files.actions import put
from shelter.files.checking import check
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.papers import papers
from shelter.rules.papers.countries import issuing_country
from shelter.trail.record import recorded

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
    note: str = ""
    skipped: dict[str, str] = field(default_factory=dict)


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
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BeginWay:
    code: str
    paper: bytes
    version: int
    way: str


@dataclass(frozen=True, slots=True)
class EndWay:
    code: str
    paper: bytes
    version: int
    why: str


@dataclass(frozen=True, slots=True)
class TakeStep:
    """`version` is that of the way; `what` is asked, answered, arranged, done, left_out or reopened."""

    code: str
    paper: bytes
    version: int
    step: str
    what: str
    on: date | None = None
    words: str = ""
    cost: int | None = None
    paid_by: str = ""
    go_ahead: bool = False
    owner: str = ""
    due: date | None = None


def add_paper(actor: Actor, command: AddPaper) -> bytes:
    """A new paper; its id."""
    _require_known(command.facts)
    with _writing(actor, command.code) as client:
        paper = Paper(client_id=client.id)
        fill(actor, paper, PAPER_TEXT, _stamped(actor, _with(PaperText(kind=""), command.facts)))
        db.session.add(paper)
    return paper.id


def change_paper(actor: Actor, command: ChangePaper) -> None:
    """New words about a paper. Raises `Conflict` where somebody saved first."""
    _require_known(command.facts)
    with _writing(actor, command.code) as client:
        paper = _paper(client, command.paper)
        _save_text(actor, paper, command.version, lambda text: _with(text, command.facts))


def add_scan(actor: Actor, command: AddScan) -> bytes:
    """A photograph or scan of the paper, sealed and named in it, or neither; the file's id."""
    checked, file_id = check(command.content), new_id()
    with store.taken_back_on_failure(file_id), _writing(actor, command.code) as client:
        paper = _paper(client, command.paper)
        put(actor, client, file_id, command.label, checked)
        _save_text(actor, paper, paper.text_version, lambda text: replace(text, scans=[*text.scans, file_id]))
    return file_id


def begin_way(actor: Actor, command: BeginWay) -> None:
    """Begins a way back; the one before has to be finished or set aside."""
    with _writing(actor, command.code) as client:
        paper = _paper(client, command.paper)
        text, chosen = _text(actor, paper), papers().ways.get(command.way)
        if chosen is None or chosen.paper != text.kind:
            raise Broken("documents.unknown-way", field="way")
        begun = way.begin(chosen, by=actor.id, at=now())

        def add(recovery: Recovery) -> Recovery:
            if any(one.active for one in recovery.ways):
                raise Broken("documents.way-active", field="way")
            return replace(recovery, ways=[*recovery.ways, begun])

        _save_recovery(actor, paper, command.version, add)


def end_way(actor: Actor, command: EndWay) -> None:
    """Sets the way aside, with why; what was done on it stays."""

    def end(taken: Taken) -> Taken:
        return replace(taken, ended_at=now(), ended_by=actor.id, ended_why=command.why)

    with _writing(actor, command.code) as client:
        _change_way(actor, _paper(client, command.paper), command.version, end)


def take_step(actor: Actor, command: TakeStep) -> None:
    """One event on one step. Counsel alone answers at a gate, or closes it again; asking counsel leaves a notice."""
    counsel = command.what == "answered"
    with _writing(actor, command.code, Act.PAPERS_COUNSEL if counsel else Act.PAPERS_WRITE) as client:
        paper = _paper(client, command.paper)
        asked = _counsel_of(actor, client) if command.what == "asked" else []
        event = _event(actor, command, asked)

        def take(taken: Taken) -> Taken:
            step = next((one for one in taken.steps if one.code == command.step), None)
            if step is None:
                raise Missing
            if step.gate and command.what == "reopened":
                scope.allowed(actor, Act.PAPERS_COUNSEL, client)
            return way.changed(taken, command.step, event)

        _change_way(actor, paper, command.version, take)
        for reader in asked:
            notify(actor, reader, NoticeKind.APPROVAL, client.id, code=client.code, text=command.words)


def _event(actor: Actor, command: TakeStep, asked: list[bytes]) -> Event:
    return Event(
        what=command.what,
        at=now(),
        by=actor.id,
        on=command.on,
        words=command.words,
        cost=command.cost,
        paid_by=command.paid_by,
        asked=asked,
        go_ahead=command.go_ahead,
        owner=command.owner,
        due=command.due,
    )


def _counsel_of(actor: Actor, client: Client) -> list[bytes]:
    """Her legal advocates; where she has none, the legal supervisors of her site."""
    facts = scope.facts_of(client)
    hers = [one.id for one in colleagues(actor, sorted(facts.advocates)) if one.state == "active"]
    sites = frozenset({client.site_id}) if client.site_id else actor.sites
    found = set(hers or staff_at(sites, frozenset({Role.LEGAL_SUPERVISOR})))
    return sorted(found - facts.denied - {actor.id})


@contextmanager
def _writing(actor: Actor, code: str, act: Act = Act.PAPERS_WRITE) -> Iterator[Client]:
    """Every write of this feature; what reports count of it is put down here, before the transaction ends."""
    with recorded(actor, act) as unit:
        client = scope.visible(actor, code, Act.CLIENTS_READ, Act.PAPERS_READ)
        unit.clause = scope.allowed(actor, act, client).clause
        unit.about(client.id)
        yield client


def _paper(client: Client, paper_id: bytes) -> Paper:
    paper = db.session.get(Paper, paper_id, populate_existing=True)
    if paper is None or paper.client_id != client.id:
        raise Missing
    return paper


def _text(actor: Actor, paper: Paper) -> PaperText:
    text = open_section(actor, paper, PAPER_TEXT)
    if text is None:
        raise Missing
    return text


def _save_text(actor: Actor, paper: Paper, version: int, change: Callable[[PaperText], PaperText]) -> None:
    if paper.text_version != version:
        raise Conflict("paper", "text")
    before = _text(actor, paper)
    after = _stamped(actor, change(before))
    earlier = PaperEarlier(paper_id=paper.id, client_id=paper.client_id, was_version=version)
    fill(actor, earlier, EARLIER_PAPER, before)
    db.session.add(earlier)
    save(actor, paper, PAPER_TEXT, after, made_from=version)


def _save_recovery(actor: Actor, paper: Paper, version: int, change: Callable[[Recovery], Recovery]) -> None:
    if paper.recovery_version != version:
        raise Conflict("paper", "recovery")
    before = open_section(actor, paper, RECOVERY) or Recovery()
    save(actor, paper, RECOVERY, change(before), made_from=version)


def _change_way(actor: Actor, paper: Paper, version: int, change: Callable[[Taken], Taken]) -> None:
    def last(recovery: Recovery) -> Recovery:
        if not recovery.ways or recovery.ways[-1].ended_at is not None:
            raise Missing
        return replace(recovery, ways=[*recovery.ways[:-1], change(recovery.ways[-1])])

    _save_recovery(actor, paper, version, last)


def _with(text: PaperText, facts: PaperFacts) -> PaperText:
    return replace(text, **{name: getattr(facts, name) for name in PaperFacts.__slots__})


def _stamped(actor: Actor, text: PaperText) -> PaperText:
    return replace(text, changed_by=actor.id, changed_at=now())


def _require_known(facts: PaperFacts) -> None:
    if facts.kind not in papers().kinds:
        raise Broken("documents.unknown-kind", field="kind")
    if facts.state and facts.state not in papers().states:
        raise Broken("documents.unknown-state", field="state")
    if facts.kind == NO_NUMBER and facts.number:
        raise Broken("documents.no-number", field="number")
    if facts.country:
        issuing_country(facts.country)
