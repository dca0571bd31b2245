"""Taking the steps of a way back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import colleagues, staff_at
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db.errors import Missing
from shelter.documents import way
from shelter.documents.actions.work import Work, writing
from shelter.documents.models import Paper, Recovery
from shelter.documents.way import Event, Taken
from shelter.lawbook import queries as lawbook
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import now


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


def begin_way(actor: Actor, command: BeginWay) -> None:
    """Begins a way back; the one before has to be finished or set aside."""
    with writing(actor, command.code) as work:
        paper = work.paper(command.paper)
        text, chosen = work.text(paper), lawbook.ways(agency_today()).get(command.way)
        if chosen is None or chosen.paper != text.kind:
            raise Broken("documents.unknown-way", field="way")
        begun = way.begin(chosen, by=actor.id, at=now())

        def add(recovery: Recovery) -> Recovery:
            if any(one.active for one in recovery.ways):
                raise Broken("documents.way-active", field="way")
            return replace(recovery, ways=[*recovery.ways, begun])

        work.save_recovery(paper, command.version, add)


def end_way(actor: Actor, command: EndWay) -> None:
    """Sets the way aside, with why; what was done on it stays."""

    def end(taken: Taken) -> Taken:
        return replace(taken, ended_at=now(), ended_by=actor.id, ended_why=command.why)

    with writing(actor, command.code) as work:
        _change_way(work, work.paper(command.paper), command.version, end)


def take_step(actor: Actor, command: TakeStep) -> None:
    """One event on one step. Counsel alone answers at a gate, or closes it again; asking counsel leaves a notice."""
    counsel = command.what == "answered"
    with writing(actor, command.code, Act.PAPERS_COUNSEL if counsel else Act.PAPERS_WRITE) as work:
        paper = work.paper(command.paper)
        asked = _counsel_of(actor, work.client) if command.what == "asked" else []
        event = _event(actor, command, asked)

        def take(taken: Taken) -> Taken:
            step = next((one for one in taken.steps if one.code == command.step), None)
            if step is None:
                raise Missing
            if step.gate and command.what == "reopened":
                scope.allowed(actor, Act.PAPERS_COUNSEL, work.client)
            return way.changed(taken, command.step, event)

        _change_way(work, paper, command.version, take)
        for reader in asked:
            notify(actor, reader, NoticeKind.APPROVAL, work.client.id, code=work.client.code, text=command.words)


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


def _change_way(work: Work, paper: Paper, version: int, change: Callable[[Taken], Taken]) -> None:
    def last(recovery: Recovery) -> Recovery:
        if not recovery.ways or recovery.ways[-1].ended_at is not None:
            raise Missing
        return replace(recovery, ways=[*recovery.ways[:-1], change(recovery.ways[-1])])

    work.save_recovery(paper, version, last)
