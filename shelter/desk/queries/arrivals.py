"""Who came in the night: what waits for a caseworker, and what the desk may know of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from shelter.clients import scope
from shelter.clients.models import DESK_CARD, Client, client_subject
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import SealedRow, open_section
from shelter.desk.asking import as_read
from shelter.desk.models import ANSWER, TOLD, CheckSetting, CheckState, ConflictCheck, IntakeItem, Told
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever, require
from shelter.stays.models import Stay
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody who came; `check` is None for who came along, `completes` says whether the reader makes the file,
    `bed` whether she has one: where the house waits for the check, that is later.
    """

    code: str
    name: str
    waits: bool
    check: CheckState | None
    may_sleep_in: bool
    completes: bool
    bed: bool


def arrived(actor: Actor) -> list[Arrived]:
    """Those whose file waits, and those whose conflict check is not settled, at the sites of the reader."""
    require(actor, Act.ARRIVALS_TAKE)
    stays = exists().where(Stay.client_id == Client.id, Stay.state != "undone")
    rows: Sequence[Any] = db.session.execute(
        select(Client, IntakeItem.id, ConflictCheck, stays)
        .outerjoin(IntakeItem, IntakeItem.client_id == Client.id)
        .outerjoin(ConflictCheck, ConflictCheck.client_id == Client.id)
        .where(or_(IntakeItem.id.is_not(None), ConflictCheck.id.is_not(None)), _known(actor))
        .order_by(Client.code)
    ).all()
    states = _states(actor, [check for _, _, check, _ in rows if check is not None])
    waiting = [
        (client, item, states.get(client.id), bed)
        for client, item, _, bed in rows
        if item or _unsettled(states, client)
    ]
    names = _names(actor, [client for client, *_ in waiting])
    may = may_sleep_in(actor)
    completes = may_ever(actor, Act.ARRIVALS_COMPLETE)
    found = [
        Arrived(one.code, name, item is not None, state, may.get(one.site_id or b"", True), completes, bed)
        for (one, item, state, bed), name in zip(waiting, names, strict=True)
    ]
    return sorted(found, key=lambda one: (one.check is None, one.check is not CheckState.POSSIBLE, one.name.casefold()))


def _known(actor: Actor) -> ColumnElement[bool]:
    return or_(scope.scope(actor, Act.ARRIVALS_COMPLETE), scope.scope(actor, Act.RESIDENTS_SEE))


def _unsettled(states: dict[bytes, CheckState], client: Client) -> bool:
    return states.get(client.id) in (CheckState.PENDING, CheckState.POSSIBLE)


def _states(actor: Actor, checks: Sequence[ConflictCheck]) -> dict[bytes, CheckState]:
    rows = [SealedRow(one.id, client_subject(one.client_id), one.answer_version, one.answer) for one in checks]
    opened = open_each(actor, rows, ANSWER)
    pairs = zip(checks, opened.values, strict=True)
    checks_names = may_ever(actor, Act.CONFLICTS_CHECK)
    return {one.client_id: as_read(CheckState(answer.state), checks_names) for one, answer in pairs if answer}


def _names(actor: Actor, clients: Sequence[Client]) -> list[str]:
    """What the desk calls them."""
    rows = [SealedRow(one.id, client_subject(one.id), one.desk_card_version, one.desk_card) for one in clients]
    note_read(actor, Act.RESIDENTS_SEE, [one.id for one in clients])
    return [card.working_name if card else "" for card in open_each(actor, rows, DESK_CARD).values]


def may_sleep_in(actor: Actor) -> dict[bytes, bool]:
    """By site, what was settled about households whose check waits."""
    query = select(CheckSetting.site_id, CheckSetting.may_sleep_in).where(CheckSetting.site_id.in_(actor.sites))
    return {row.site_id: row.may_sleep_in for row in db.session.execute(query)}


def told(actor: Actor, code: str) -> Told:
    """What was sealed at the door, for whoever makes a file of it. `Missing` where nothing waits."""
    client = scope.visible(actor, code, Act.ARRIVALS_COMPLETE)
    decision = scope.allowed(actor, Act.ARRIVALS_COMPLETE, client)
    item = db.session.scalars(select(IntakeItem).where(IntakeItem.client_id == client.id)).first()
    if item is None:
        raise Missing
    note_read(actor, Act.ARRIVALS_COMPLETE, [client.id], decision.clause)
    return open_section(actor, item, TOLD) or Told()


def waits(actor: Actor, client: Client) -> bool:
    """Whether her file waits for this reader, for the page of the person."""
    if not scope.may(actor, Act.ARRIVALS_COMPLETE, client):
        return False
    return db.session.scalar(select(IntakeItem.id).where(IntakeItem.client_id == client.id)) is not None
