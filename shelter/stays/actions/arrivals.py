"""An arrival taken by whoever is at the desk: a working name and a bed now, the rest sealed away from her.

Legal names, birth dates and dangerous people go to the identity compartment, which the desk cannot open again.
"""

from dataclasses import dataclass
from datetime import date

from shelter.clients import directory
from shelter.clients.models import (
    DESK_CARD,
    IDENTITY,
    Assignment,
    Birth,
    Client,
    Danger,
    DeskCard,
    Household,
    HouseholdMember,
    Identity,
    PartState,
)
from shelter.clients.parts import Part, Progress
from shelter.clients.queries.codes import fresh_code
from shelter.db import db, new_id
from shelter.db.errors import Missing
from shelter.db.sections import drop, fill
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide, require
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.stays import beds
from shelter.stays.actions.stays import put_to_bed
from shelter.stays.beds import first_come
from shelter.stays.changes import Days
from shelter.trail.record import Unit, recorded


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who stands at the door. `companions` are the working names of those who come with her, `beds` hers first.

    `legal_name`, the birth date (precision, year, month, day) and `danger` are sealed and not shown again.
    """

    beds: tuple[bytes, ...]
    arrived: date
    working_name: str
    pronouns: str = ""
    companions: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    allergies: str = ""
    alerts: tuple[str, ...] = ()
    hold: bytes | None = None
    legal_name: str = ""
    precision: str = "declined"
    born: tuple[int | None, int | None, int | None] = (None, None, None)
    danger: str = ""
    skipped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """The codes to say at the desk, hers first, and what takes the stay back (the records stay)."""

    codes: tuple[str, ...]
    undo: bytes


def take_arrival(actor: Actor, command: Arrival) -> Arrived:
    """New clients and their beds in one transaction.

    Raises Broken where a bed was taken a moment ago, or where there are not as many beds as people.
    """
    if len(command.beds) != 1 + len(command.companions):
        raise Broken("stays.beds_for_all", "more_beds", {"people": len(command.companions)})
    with first_come(), recorded(actor, Act.ARRIVALS_TAKE) as unit:
        unit.clause = require(actor, Act.ARRIVALS_TAKE).clause
        places = beds.locked(command.beds)
        if any(bed.site_id not in actor.sites for bed in places.values()):
            raise Missing
        site = places[command.beds[0]].site_id
        clients = [_new(actor, unit, site, *said) for said in _said(command)]
        _household(clients)
        days = Days(actor, "admitted")
        put_to_bed(days, list(zip(clients, command.beds, strict=True)), command.arrived, hold=command.hold)
        return Arrived(tuple(client.code for client in clients), days.done())


def _said(command: Arrival) -> list[tuple[DeskCard, Identity]]:
    """What the desk keeps and what it seals away, for each who came."""
    year, month, day = command.born
    dangers = [Danger(id=new_id().hex(), description=command.danger)] if command.danger else []
    card = DeskCard(
        working_name=command.working_name,
        pronouns=command.pronouns,
        room_needs=list(command.needs),
        allergies=command.allergies,
        alerts=list(command.alerts),
    )
    identity = Identity(
        working_name=command.working_name,
        pronouns=command.pronouns,
        legal_name=command.legal_name,
        birth=Birth(precision=command.precision, year=year, month=month, day=day),
        dangers=dangers,
        skipped=dict(command.skipped),
    )
    others = [(DeskCard(working_name=name), Identity(working_name=name)) for name in command.companions]
    return [(card, identity), *others]


def _new(actor: Actor, unit: Unit, site: bytes, card: DeskCard, identity: Identity) -> Client:
    """A client of whom the desk keeps the card alone; her names wait for a caseworker to complete the file."""
    client = Client(code=fresh_code(), site_id=site)
    identity.parts = {Part.FIRST: PartState(state=Progress.IN_PART, version=1, by=actor.id, at=now())}
    fill(actor, client, DESK_CARD, card)
    if actor.keyring.holds(Kind.IDENTITY):
        directory.keep(actor, client, None, identity)
        fill(actor, client, IDENTITY, identity)
    else:
        drop(actor, client, IDENTITY, identity)
    db.session.add(client)
    db.session.flush()
    if decide(actor, Act.CLIENTS_CREATE).allowed:
        db.session.add(Assignment(client_id=client.id, staff_id=actor.id, kind="case"))
    unit.about(client.id)
    return client


def _household(clients: list[Client]) -> None:
    """Those who came together are a household; whoever gave her name first is its head until somebody says else."""
    if len(clients) < 2:
        return
    household = Household(id=new_id())
    db.session.add(household)
    db.session.flush()
    for position, client in enumerate(clients):
        db.session.add(HouseholdMember(household_id=household.id, client_id=client.id, head=position == 0))
