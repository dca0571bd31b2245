"""A demand arrives: whoever takes it writes it down at once, also who may not read the register afterwards."""

from dataclasses import dataclass
from datetime import date

from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import staff_with
from shelter.db import db
from shelter.db.roll import current_roll
from shelter.db.sections import drop, fill
from shelter.demands.models import ABOUT, Demand, DemandAbout
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.demands import guide
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class Arrived:
    """What whoever takes it can say; `judge` is yes, no or unknown, `due` the day on the paper."""

    kind: str
    from_whom: str
    covers: str
    number: str
    judge: str
    arrived: date
    due: date | None


def arrived(actor: Actor, command: Arrived) -> bytes:
    """Into the register, sealed to those who keep it; they are told at once. The id."""
    if guide().one(command.kind) is None:
        raise Broken("demands.no-kind", "kind")
    if command.due is not None and command.due < command.arrived:
        raise Broken("demands.due-before", "due")
    with recorded(actor, Act.DEMANDS_RECEIVE) as unit:
        unit.clause = require(actor, Act.DEMANDS_RECEIVE).clause
        row = Demand()
        about = DemandAbout(
            kind=command.kind,
            from_whom=command.from_whom,
            covers=command.covers,
            number=command.number,
            judge=command.judge,
            arrived=command.arrived,
            due=command.due,
            taken_by=actor.id,
            at=now(),
        )
        seal = fill if actor.keyring.holds(Kind.IDENTITY) else drop
        seal(actor, row, ABOUT, about)
        db.session.add(row)
        db.session.flush()
        roll = current_roll()
        for keeper in staff_with(frozenset({Role.SUPERVISOR, Role.LEGAL_SUPERVISOR})):
            if keeper != actor.id and keeper in roll.bindings:
                notify(actor, keeper, NoticeKind.DEMAND)
    return row.id
