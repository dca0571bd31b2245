"""The register of breaches: found, contained, told in time; whom it concerns is written apart, under her own keys."""

from dataclasses import dataclass
from datetime import date, datetime

from msgspec.structs import replace
from sqlalchemy import Select, select

from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import staff_with
from shelter.clients import scope
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.roll import current_roll
from shelter.db.sections import fill, open_section, save
from shelter.demands.models import BREACH, BREACH_PART, Breach, BreachAbout, BreachPart, BreachPerson, BreachTold
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import recorded

KEEPERS = frozenset({Role.DIRECTOR, Role.SUPERVISOR, Role.LEGAL_SUPERVISOR, Role.STEWARD})


@dataclass(frozen=True, slots=True)
class Found:
    """`kind` is a code of `words.BREACHES`; the clock runs from `found`."""

    kind: str
    what: str
    found: datetime
    imminent: bool


@dataclass(frozen=True, slots=True)
class Change:
    breach: bytes
    version: int
    what: str
    contained: str
    letter: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Somebody outside was told: `who` is the code of a clock, or other."""

    breach: bytes
    version: int
    who: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Affected:
    """One person's part: what of hers, and on which day she was told how, or why not."""

    breach: bytes
    code: str
    version: int
    what: str
    told_on: date | None
    told_how: str
    why_not: str


def found(actor: Actor, command: Found) -> bytes:
    """The clock runs; whoever keeps the register hears of it at once. Raises Broken for a moment to come."""
    if command.found > now():
        raise Broken("demands.found-to-come", "found_on")
    with recorded(actor, Act.BREACHES_KEEP) as unit:
        unit.clause = require(actor, Act.BREACHES_KEEP).clause
        row = Breach()
        about = BreachAbout(
            kind=command.kind,
            what=command.what,
            found=command.found,
            imminent=command.imminent,
            by=actor.id,
            at=now(),
        )
        fill(actor, row, BREACH, about)
        db.session.add(row)
        db.session.flush()
        roll = current_roll()
        for keeper in staff_with(KEEPERS):
            if keeper != actor.id and keeper in roll.bindings:
                notify(actor, keeper, NoticeKind.BREACH)
    return row.id


def change_breach(actor: Actor, command: Change) -> None:
    """Raises Conflict where somebody was faster."""
    with recorded(actor, Act.BREACHES_KEEP) as unit:
        unit.clause = require(actor, Act.BREACHES_KEEP).clause
        row, about = _open(actor, command.breach)
        changed = replace(about, what=command.what, contained=command.contained, letter=command.letter)
        save(actor, row, BREACH, changed, made_from=command.version)


def told(actor: Actor, command: Tell) -> None:
    """Somebody was told, at a moment that lies behind. Raises Broken."""
    if command.at > now():
        raise Broken("demands.told-to-come", "told_on")
    with recorded(actor, Act.BREACHES_KEEP) as unit:
        unit.clause = require(actor, Act.BREACHES_KEEP).clause
        row, about = _open(actor, command.breach)
        one = BreachTold(who=command.who, at=command.at, by=actor.id, words=command.words)
        save(actor, row, BREACH, replace(about, told=[*about.told, one]), made_from=command.version)


def close_breach(actor: Actor, breach: bytes, version: int) -> None:
    """Contained, told, looked at. Raises Broken while nobody said how it was contained."""
    with recorded(actor, Act.BREACHES_KEEP) as unit:
        unit.clause = require(actor, Act.BREACHES_KEEP).clause
        row, about = _open(actor, breach)
        if not about.contained:
            raise Broken("demands.not-contained")
        save(actor, row, BREACH, replace(about, closed_by=actor.id, closed_at=now()), made_from=version)
        row.state = "closed"


def add_affected(actor: Actor, breach: bytes, code: str) -> None:
    """Whom it concerns. Raises Broken for a code that is not hers to see."""
    with recorded(actor, Act.BREACHES_TELL) as unit:
        try:
            client = scope.for_change(actor, unit, code, Act.BREACHES_TELL)
        except Missing:
            raise Broken("demands.no-such-code", "code") from None
        row, _ = _open(actor, breach)
        if db.session.scalar(_person(row.id, client.id)) is not None:
            raise Broken("demands.named-already", "code")
        person = BreachPerson(breach_id=row.id, client_id=client.id)
        fill(actor, person, BREACH_PART, BreachPart())
        db.session.add(person)


def told_her(actor: Actor, command: Affected) -> None:
    """What of hers was affected, and when she was told. Raises Broken for a day to come."""
    if command.told_on is not None and command.told_on > agency_today():
        raise Broken("demands.told-to-come", "told_on")
    with recorded(actor, Act.BREACHES_TELL) as unit:
        client = scope.for_change(actor, unit, command.code, Act.BREACHES_TELL)
        known = db.session.scalar(_person(command.breach, client.id))
        row = db.session.get(BreachPerson, known, populate_existing=True) if known else None
        part = open_section(actor, row, BREACH_PART) if row else None
        if row is None or part is None:
            raise Missing
        if row.part_version != command.version:
            raise Conflict("breach_person", "part")
        changed = replace(
            part,
            what=command.what,
            told_on=command.told_on,
            told_how=command.told_how,
            told_by=actor.id,
            why_not=command.why_not,
        )
        save(actor, row, BREACH_PART, changed, made_from=command.version)


def _open(actor: Actor, breach: bytes) -> tuple[Breach, BreachAbout]:
    row = db.session.get(Breach, breach, populate_existing=True, with_for_update=True)
    about = open_section(actor, row, BREACH) if row else None
    if row is None or about is None:
        raise Missing
    if row.state != "open":
        raise Broken("demands.closed")
    return row, about


def _person(breach: bytes, client: bytes) -> Select[bytes]:
    return select(BreachPerson.id).where(BreachPerson.breach_id == breach, BreachPerson.client_id == client)
