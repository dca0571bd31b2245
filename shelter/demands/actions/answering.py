"""Counsel is asked, she is told, as little as possible is given, and each of it is written down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from msgspec.structs import replace
from sqlalchemy import Select, select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.demands import queries
from shelter.demands.models import (
    ABOUT,
    COUNSEL,
    PART,
    CounselSaid,
    Demand,
    DemandAbout,
    DemandPart,
    DemandPerson,
    NoticeTried,
    Produced,
)
from shelter.erasing.actions import PutHold, put_hold
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.releases.disclosing import Share, compelled, disclose, refusals_written
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import recorded

HELD_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the register says of the paper from now on."""

    demand: bytes
    version: int
    covers: str
    number: str
    judge: str
    due: date | None
    counsel: str
    counsel_asked: date | None


@dataclass(frozen=True, slots=True)
class Counsel:
    demand: bytes
    version: int
    words: str


@dataclass(frozen=True, slots=True)
class Notice:
    """`reached` is yes, no or not-tried; why it was not tried has to be said."""

    demand: bytes
    code: str
    version: int
    how: str
    reached: str
    words: str


@dataclass(frozen=True, slots=True)
class Give:
    """Exactly these items (codes of `release_items`); under a release of hers where there is one."""

    demand: bytes
    code: str
    version: int
    items: tuple[str, ...]
    method: str
    withheld: str
    release: bytes = b""


def answer(actor: Actor, command: Answer) -> None:
    """Raises Conflict where somebody was faster."""
    with recorded(actor, Act.DEMANDS_KEEP) as unit:
        unit.clause = require(actor, Act.DEMANDS_KEEP).clause
        row, about = _open(actor, command.demand)
        if command.due is not None and command.due < about.arrived:
            raise Broken("demands.due-before", "due")
        changed = replace(
            about,
            covers=command.covers,
            number=command.number,
            judge=command.judge,
            due=command.due,
            counsel=command.counsel,
            counsel_asked=command.counsel_asked,
        )
        save(actor, row, ABOUT, changed, made_from=command.version)


def counsel_said(actor: Actor, command: Counsel) -> None:
    """Counsel's advice, under the legal privilege."""
    with recorded(actor, Act.DEMANDS_COUNSEL) as unit:
        unit.clause = require(actor, Act.DEMANDS_COUNSEL).clause
        row, _ = _open(actor, command.demand)
        said = CounselSaid(words=command.words, by=actor.id, at=now())
        save(actor, row, COUNSEL, said, made_from=command.version)


def add_person(actor: Actor, demand: bytes, code: str) -> None:
    """Whose records are demanded; a hold keeps them from being erased. Raises Broken for a code that is not hers."""
    try:
        put_hold(actor, PutHold(code, "demand", "", agency_today() + HELD_FOR))
    except Missing:
        raise Broken("demands.no-such-code", "code") from None
    with recorded(actor, Act.DEMANDS_ANSWER) as unit:
        client = scope.for_change(actor, unit, code, Act.DEMANDS_ANSWER)
        row, _ = _open(actor, demand)
        if db.session.scalar(_person(row.id, client)) is not None:
            raise Broken("demands.named-already", "code")
        person = DemandPerson(demand_id=row.id, client_id=client.id)
        fill(actor, person, PART, DemandPart())
        db.session.add(person)


def tried_notice(actor: Actor, command: Notice) -> None:
    """Raises Broken where it was not tried and nobody says why."""
    if command.reached == "not-tried" and not command.words:
        raise Broken("demands.say-why-not", "words")
    tried = NoticeTried(at=now(), by=actor.id, how=command.how, reached=command.reached, words=command.words)
    with recorded(actor, Act.DEMANDS_ANSWER) as unit:
        client = scope.for_change(actor, unit, command.code, Act.DEMANDS_ANSWER)
        row, _ = _open(actor, command.demand)
        _change_part(actor, row, client, command.version, lambda part: replace(part, notices=[*part.notices, tried]))


def give(actor: Actor, command: Give) -> None:
    """What leaves goes through the one door: under her release, or written down as compelled.

    Raises Broken while counsel was not asked, or nobody tried to tell her.
    """
    with refusals_written(actor), recorded(actor, Act.DEMANDS_ANSWER) as unit:
        client = scope.for_change(actor, unit, command.code, Act.DEMANDS_ANSWER)
        row, about = _open(actor, command.demand)
        if about.counsel_asked is None:
            raise Broken("demands.ask-counsel-first")
        to = about.from_whom
        share = Share(command.release, command.items, command.method, command.withheld)
        if command.release:
            to = disclose(actor, unit, client, share).organisation
        else:
            compelled(actor, unit, client, share, to)
        produced = Produced(
            at=now(),
            by=actor.id,
            items=list(command.items),
            method=command.method,
            to=to,
            withheld=command.withheld,
            release=command.release,
        )

        def given(part: DemandPart) -> DemandPart:
            if not part.notices:
                raise Broken("demands.tell-her-first")
            return replace(part, produced=[*part.produced, produced])

        _change_part(actor, row, client, command.version, given)


def close(actor: Actor, demand: bytes, version: int, outcome: str, words: str) -> None:
    """Answered, refused, withdrawn or quashed; what was written stays as it is."""
    with recorded(actor, Act.DEMANDS_KEEP) as unit:
        unit.clause = require(actor, Act.DEMANDS_KEEP).clause
        row, about = _open(actor, demand)
        closed = replace(about, outcome=outcome, outcome_words=words, closed_by=actor.id, closed_at=now())
        save(actor, row, ABOUT, closed, made_from=version)
        row.state = "closed"


def _open(actor: Actor, demand: bytes) -> tuple[Demand, DemandAbout]:
    row = queries.reached(actor, demand)
    db.session.refresh(row, with_for_update=True)
    about = open_section(actor, row, ABOUT)
    if about is None:
        raise Missing
    if row.state != "open":
        raise Broken("demands.closed")
    return row, about


def _person(demand: bytes, client: Client) -> Select[bytes]:
    return select(DemandPerson.id).where(DemandPerson.demand_id == demand, DemandPerson.client_id == client.id)


def _change_part(
    actor: Actor, demand: Demand, client: Client, version: int, changed: Callable[[DemandPart], DemandPart]
) -> None:
    found = db.session.scalar(_person(demand.id, client))
    row = db.session.get(DemandPerson, found, populate_existing=True) if found else None
    part = open_section(actor, row, PART) if row else None
    if row is None or part is None:
        raise Missing
    if row.part_version != version:
        raise Conflict("demand_person", "part")
    save(actor, row, PART, changed(part), made_from=version)
