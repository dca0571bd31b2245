"""Two people before anything goes: a supervisor asks, a steward who is somebody else agrees; either lets it be."""

from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace
from sqlalchemy import select

from shelter.accounts.notices import NoticeKind, notify
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.roll import current_roll
from shelter.db.sections import open_section, save
from shelter.erasing import queries
from shelter.erasing.models import ABOUT, About, Erasure
from shelter.erasing.queries import steps
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class Ask:
    """`scope` is whole or narrative, `reason` a code of `words.REASONS`."""

    code: str
    scope: str
    reason: str


def ask(actor: Actor, command: Ask) -> bytes:
    """Everybody who works with her hears of it and may put up a hold; the id. Raises Broken."""
    with recorded(actor, Act.ERASINGS_ASK) as unit:
        client = scope.for_change(actor, unit, command.code, Act.ERASINGS_ASK)
        if client.merged_into is not None:
            raise Broken("erasing.merged", "scope")
        steps.refuse_held(queries.records_of(client))
        if command.scope == "whole":
            steps.refuse_staying(queries.records_of(client))
        row = _row(client, command.scope)
        about = About(reason=command.reason, asked_by=actor.id, asked_at=now())
        save(actor, row, ABOUT, about, made_from=row.about_version)
        row.state = "asked"
        _tell(actor, client)
    return row.id


def _row(client: Client, what: str) -> Erasure:
    """The one that is due by the clock, or a new one."""
    query = select(Erasure).where(Erasure.client_id == client.id, Erasure.state.in_(steps.OPEN)).with_for_update()
    known = db.session.scalars(query.execution_options(populate_existing=True)).all()
    if any(one.state != "due" for one in known):
        raise Broken("erasing.asked-already", "scope")
    for one in known[1:]:
        db.session.delete(one)
    row = known[0] if known else Erasure(client_id=client.id, state="due", scope=what)
    row.scope = what
    db.session.add(row)
    db.session.flush()
    return row


def _tell(actor: Actor, client: Client) -> None:
    facts, roll = scope.facts_of(client), current_roll()
    for worker in sorted((facts.caseworkers | facts.advocates) - facts.denied - {actor.id}):
        if worker in roll.bindings:
            notify(actor, worker, NoticeKind.ERASING, client.id, code=client.code)
    for steward in sorted(roll.stewards - {actor.id}):
        notify(actor, steward, NoticeKind.ERASING)


def agree(actor: Actor, erasure: bytes) -> None:
    """The steward's word. Raises Broken for her who asked, for a steward not in office, and where a hold stands."""
    with recorded(actor, Act.ERASINGS_AGREE) as unit:
        unit.clause = require(actor, Act.ERASINGS_AGREE).clause
        if actor.id not in current_roll().stewards:
            raise Broken("stewards.not-in-office")
        row, about = steps.locked(actor, erasure, "asked")
        unit.about(row.client_id)
        if about.asked_by == actor.id:
            raise Broken("erasing.yourself")
        steps.refuse_held(queries.records_of(db.session.get_one(Client, row.client_id)))
        save(actor, row, ABOUT, replace(about, agreed_by=actor.id, agreed_at=now()), row.about_version)
        row.state = "agreed"
        if about.asked_by in current_roll().bindings:
            notify(actor, about.asked_by, NoticeKind.ERASING)


def drop(actor: Actor, erasure: bytes) -> None:
    """It is let be. What was due by the clock is looked at again in a year."""
    with recorded(actor, Act.ERASINGS_SEE) as unit:
        row = queries.reached(actor, erasure)
        unit.clause = require(actor, Act.ERASINGS_SEE).clause
        unit.about(row.client_id)
        db.session.refresh(row, with_for_update=True)
        if row.state not in steps.OPEN:
            raise Broken("erasing.over")
        client = db.session.get_one(Client, row.client_id)
        if client.keep_until is not None and row.scope == "whole":
            client.keep_until = date(agency_today().year + 1, 1, 1)
        about = open_section(actor, row, ABOUT)
        about = about or About(reason="time", asked_by=actor.id, asked_at=now())
        save(actor, row, ABOUT, replace(about, dropped_by=actor.id), row.about_version)
        row.state = "dropped"
