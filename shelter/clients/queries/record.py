"""The record of one client in parts: what stands in a form, how far the intake has come, what is read back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import parts, scope
from shelter.clients.models import (
    DESK_CARD,
    IDENTITY,
    Client,
    ContactRule,
    Danger,
    DeskCard,
    HouseholdMember,
    Identity,
    PartState,
)
from shelter.clients.parts import Part, Progress
from shelter.clients.queries.card import Age, age_on, agency_today, identities
from shelter.clients.queries.contact import SafeContact, judge
from shelter.db import db
from shelter.db.sections import open_section
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.clock import now
from shelter.trail.record import note_read

_HIDDEN = frozenset({Part.NAMES, Part.NUMBERS, Part.READBACK})
"""Parts whose page shows what is otherwise behind a reveal: opening them is written down as one."""


@dataclass(frozen=True, slots=True)
class PartView:
    """One part for its form: field data by name, reasons for skipping, and the versions it was read at."""

    client: Client
    values: Mapping[str, Any]
    skipped: Mapping[str, str]
    progress: str
    version: int
    desk_version: int
    by: str
    at: datetime


def part(actor: Actor, code: str, which: Part, act: Act = Act.CLIENTS_UPDATE) -> PartView:
    """What is saved of one part now. `Missing` outside the reader's scope, `Denied` for who may not change it."""
    client, identity, desk = _both(actor, code, act, reveals=which in _HIDDEN)
    state = identity.parts.get(which, PartState())
    values = {name: _value(identity, desk, name) for name in parts.questions(which)}
    return PartView(
        client=client,
        values=values,
        skipped={name: why for name, why in identity.skipped.items() if name in values},
        progress=state.state,
        version=state.version,
        desk_version=client.desk_card_version,
        by=names_of(actor, {state.by}).get(state.by, "") if state.by else "",
        at=state.at or now(),
    )


def _value(identity: Identity, desk: DeskCard, name: str) -> Any:
    if name == "ssn":
        return ""
    return getattr(identity, name) if hasattr(identity, name) else getattr(desk, name)


def _both(actor: Actor, code: str, act: Act, *, reveals: bool = False) -> tuple[Client, Identity, DeskCard]:
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    clause = scope.allowed(actor, act, client).clause
    note_read(actor, Act.CLIENTS_REVEAL if reveals else Act.CLIENTS_READ, [client.id], clause)
    identity = open_section(actor, client, IDENTITY) or Identity()
    desk = open_section(actor, client, DESK_CARD) if scope.may(actor, Act.RESIDENTS_SEE, client) else None
    return client, identity, desk or DeskCard()


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the intake in the list: its state is the worker's own word, or what the answers show."""

    part: Part
    state: str


def steps(actor: Actor, code: str) -> list[Step]:
    """The parts of the intake with their states."""
    _, identity, desk = _both(actor, code, Act.CLIENTS_UPDATE)
    return [Step(one, _state(identity, desk, one)) for one in Part]


def _state(identity: Identity, desk: DeskCard, which: Part) -> str:
    said = identity.parts.get(which, PartState()).state
    if said:
        return said
    if which is Part.CONTACT:
        begun = bool(identity.contact)
    elif which is Part.DANGERS:
        begun = bool(identity.dangers)
    else:
        empty, bare = Identity(), DeskCard()
        names = parts.questions(which)
        begun = any(
            name in identity.skipped or _value(identity, desk, name) != _value(empty, bare, name) for name in names
        )
    return Progress.IN_PART if begun else Progress.NOT_STARTED


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything of a record that stands in identity and desk card, for reading back and for paper."""

    client: Client
    identity: Identity
    desk: DeskCard
    age: Age | None
    channels: list[tuple[ContactRule, SafeContact]]


def whole(actor: Actor, code: str, act: Act, *, reveals: bool) -> Whole:
    """`reveals` writes a reveal in the trail beside the read; without it legal names and numbers are blank."""
    client, identity, desk = _both(actor, code, act, reveals=reveals)
    note_read(actor, act, [client.id])
    if not reveals:
        identity.legal_name, identity.aliases, identity.ssn, identity.a_number = "", [], "", ""
    day = agency_today()
    channels = [(rule, judge(rule, day)) for rule in identity.contact]
    return Whole(client, identity, desk, age_on(identity.birth, day), channels)


@dataclass(frozen=True, slots=True)
class ContactView:
    rules: list[tuple[ContactRule, SafeContact]]
    version: int
    by: str
    at: datetime
    today: date


def contact(actor: Actor, code: str, act: Act = Act.CLIENTS_UPDATE) -> ContactView:
    """Her rules by channel, each with what may be done with it today."""
    _, identity, _ = _both(actor, code, act)
    day, state = agency_today(), identity.parts.get(Part.CONTACT, PartState())
    by = names_of(actor, {state.by}).get(state.by, "") if state.by else ""
    rules = [(rule, judge(rule, day)) for rule in identity.contact]
    return ContactView(rules, state.version, by, state.at or now(), day)


@dataclass(frozen=True, slots=True)
class DangersView:
    dangers: list[Danger]
    version: int
    by: str
    at: datetime


def dangers(actor: Actor, code: str) -> DangersView:
    """Who endangers her, for those who may change her record."""
    _, identity, _ = _both(actor, code, Act.CLIENTS_UPDATE)
    state = identity.parts.get(Part.DANGERS, PartState())
    by = names_of(actor, {state.by}).get(state.by, "") if state.by else ""
    return DangersView(identity.dangers, state.version, by, state.at or now())


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of her household; only the code where the reader may not open that record."""

    code: str
    called: str
    age: Age | None
    relationship: str
    consent: str
    head: bool
    open: bool


def household(actor: Actor, code: str) -> list[Member]:
    """Those who belong together with her, herself among them; nobody where she is alone."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    scope.allowed(actor, Act.CLIENTS_READ, client)
    mine = select(HouseholdMember.household_id).where(HouseholdMember.client_id == client.id)
    rows = db.session.execute(
        select(Client, HouseholdMember.head)
        .join(HouseholdMember, HouseholdMember.client_id == Client.id)
        .where(HouseholdMember.household_id.in_(mine))
        .order_by(HouseholdMember.head.desc(), Client.code)
    ).all()
    people = [row[0] for row in rows]
    facts = scope.facts_of_many(people)
    readable = [one for one in people if scope.may_with(actor, Act.CLIENTS_READ, facts[one.id])]
    note_read(actor, Act.CLIENTS_READ, [client.id, *(one.id for one in readable)])
    opened = identities(actor, readable)
    return [_member(row[0], row[1], opened.get(row[0].id)) for row in rows]


def _member(client: Client, head: bool, identity: Identity | None) -> Member:
    if identity is None:
        return Member(client.code, "", None, "", "", head, False)
    return Member(
        code=client.code,
        called=identity.working_name or identity.hmis_personal_id,
        age=age_on(identity.birth, agency_today()),
        relationship=identity.relationship_to_head,
        consent=identity.minor_consent,
        head=head,
        open=True,
    )
