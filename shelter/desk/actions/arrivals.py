"""An arrival taken by whoever is at the desk, and the file that a caseworker makes of it in the morning.

Legal names, birth dates and dangerous people are sealed to the intake compartment, which the desk cannot open.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from msgspec.structs import replace
from sqlalchemy import delete, select

from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import staff_at
from shelter.clients import directory, facts, scope
from shelter.clients.models import (
    ALERT,
    DESK_CARD,
    IDENTITY,
    Alert,
    Assignment,
    Birth,
    Client,
    Danger,
    DeskCard,
    DoorAlert,
    Household,
    HouseholdMember,
    Identity,
    PartState,
)
from shelter.clients.parts import Part, Progress
from shelter.clients.queries import named
from shelter.clients.queries.codes import fresh_code
from shelter.db import db, new_id
from shelter.db.deks import discard
from shelter.db.errors import Missing
from shelter.db.sections import drop, fill, open_section, save
from shelter.desk.asking import begin_check, sleeps_in
from shelter.desk.models import TOLD, IntakeItem, Told
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide, require
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.stays import beds
from shelter.stays.actions.stays import put_to_bed
from shelter.stays.beds import first_come
from shelter.stays.changes import Days
from shelter.stays.models import Bed
from shelter.trail.record import Unit, recorded

_COMPLETES = frozenset({Role.CASEWORKER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Companion:
    """What is sealed of somebody who comes along: the name on papers, and of the birth date what is known."""

    legal_name: str = ""
    precision: str = "not_asked"
    born: tuple[int | None, int | None, int | None] = (None, None, None)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who stands at the door. `companions` are the working names of those who come with her, `beds` hers first.
    `companions_told` is sealed of each of them, in the same order, and may be shorter.

    `legal_name`, the birth date (precision, year, month, day), `danger_names` and `danger` are sealed and not shown
    again; `at_door` is how to recognise somebody at the door tonight, and says nothing of whom that protects.
    """

    beds: tuple[bytes, ...]
    arrived: date
    working_name: str
    pronouns: str = ""
    companions: tuple[str, ...] = ()
    companions_told: tuple[Companion, ...] = ()
    needs: tuple[str, ...] = ()
    allergies: str = ""
    alerts: tuple[str, ...] = ()
    hold: bytes | None = None
    legal_name: str = ""
    precision: str = "declined"
    born: tuple[int | None, int | None, int | None] = (None, None, None)
    danger_names: tuple[str, ...] = ()
    danger: str = ""
    at_door: str = ""
    skipped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """The codes to say at the desk, hers first, and what withdraws the arrival, with the alert made for it.
    `held_until` where the house gives no bed before the conflict check: until then the beds are kept for them.
    """

    codes: tuple[str, ...]
    undo: bytes
    alert: bytes | None
    held_until: datetime | None = None


def take_arrival(actor: Actor, command: Arrival) -> Arrived:
    """New clients and their beds in one transaction; beds are only held where the house waits for the conflict check.

    Raises Broken where a bed was taken a moment ago, or where there are not as many beds as people.
    """
    if len(command.companions_told) > len(command.companions):
        raise Broken("desk.more_names_than_people", "companions_told", {"people": len(command.companions)})
    if len(command.beds) != 1 + len(command.companions):
        raise Broken("stays.beds_for_all", "more_beds", {"people": len(command.companions)})
    with first_come(), recorded(actor, Act.ARRIVALS_TAKE) as unit:
        unit.clause = require(actor, Act.ARRIVALS_TAKE).clause
        places = beds.locked(command.beds)
        if any(bed.site_id not in actor.sites for bed in places.values()):
            raise Missing
        site = places[command.beds[0]].site_id
        alert = _alert_at_door(actor, site, command.at_door)
        clients = [_new(actor, unit, site, *said) for said in _said(actor, command, alert)]
        _household(clients)
        begin_check(actor, clients[0])
        days, until = Days(actor, "admitted"), None
        if sleeps_in(site):
            put_to_bed(days, list(zip(clients, command.beds, strict=True)), command.arrived, hold=command.hold)
        else:
            until = _wait(days, clients, [places[bed] for bed in command.beds], command.hold)
        _tell_who_completes(actor, site, clients[0])
        codes = tuple(client.code for client in clients)
        return Arrived(codes, days.done(), bytes.fromhex(alert) or None, until)


def _wait(days: Days, clients: list[Client], places: list[Bed], known: bytes | None) -> datetime:
    """They are written down, and their beds kept, for as long as the house holds a bed; until when."""
    if len({bed.id for bed in places}) < len(places):
        raise Broken("stays.bed_twice", "bed")
    holds = [beds.keep(days.actor, bed, hold_known=known) for bed in places]
    for client, hold in zip(clients, holds, strict=True):
        days.waits(client.id)
        days.also(hold)
    return min(hold.until for hold in holds)


def _said(actor: Actor, command: Arrival, alert: str) -> list[tuple[DeskCard, Told]]:
    """What the desk keeps and what it seals away, for each who came."""
    card = DeskCard(
        working_name=command.working_name,
        pronouns=command.pronouns,
        room_needs=list(command.needs),
        allergies=command.allergies,
        alerts=list(command.alerts),
    )
    told = Told(
        working_name=command.working_name,
        pronouns=command.pronouns,
        legal_name=command.legal_name,
        birth=_birth(command),
        danger_names=list(command.danger_names),
        danger=command.danger,
        alert=alert,
        skipped=dict(command.skipped),
        by=actor.id,
        at=now(),
    )
    others = [_came_along(actor, *pair) for pair in zip_longest(command.companions, command.companions_told)]
    return [(card, told), *others]


def _came_along(actor: Actor, name: str, sealed: Companion | None) -> tuple[DeskCard, Told]:
    known = sealed or Companion()
    told = Told(working_name=name, legal_name=known.legal_name, birth=_birth(known), by=actor.id, at=now())
    return DeskCard(working_name=name), told


def _alert_at_door(actor: Actor, site: bytes, looks: str) -> str:
    """The id of a new alert at the door, in hex; "" where there is nothing to look out for."""
    if not looks:
        return ""
    row = DoorAlert(site_id=site)
    fill(actor, row, ALERT, Alert(description=looks, by=actor.id, at=now()))
    db.session.add(row)
    return row.id.hex()


def _new(actor: Actor, unit: Unit, site: bytes, card: DeskCard, told: Told) -> Client:
    """A client of whom the desk keeps the card alone; the rest waits for a caseworker."""
    client = Client(code=fresh_code(), site_id=site)
    fill(actor, client, DESK_CARD, card)
    db.session.add(client)
    db.session.flush()
    item = IntakeItem(client_id=client.id)
    if actor.keyring.holds(Kind.INTAKE):
        fill(actor, item, TOLD, told)
    else:
        drop(actor, item, TOLD, told)
    db.session.add(item)
    if decide(actor, Act.CLIENTS_CREATE).allowed:
        db.session.add(Assignment(client_id=client.id, staff_id=actor.id, kind="case"))
    unit.about(client.id)
    return client


def _tell_who_completes(actor: Actor, site: bytes, head: Client) -> None:
    for reader in staff_at(frozenset({site}), _COMPLETES):
        if reader != actor.id:
            notify(actor, reader, NoticeKind.ARRIVAL, head.id, code=head.code)


def _household(clients: list[Client]) -> None:
    """Those who came together are a household; whoever gave her name first is its head until somebody says else."""
    if len(clients) < 2:
        return
    household = Household(id=new_id())
    db.session.add(household)
    db.session.flush()
    for position, client in enumerate(clients):
        db.session.add(HouseholdMember(household_id=household.id, client_id=client.id, head=position == 0))


# -- the file, in the morning ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Complete:
    """What becomes of an arrival's item: the answers as a caseworker has read and put them right."""

    code: str
    working_name: str
    legal_name: str = ""
    precision: str = "declined"
    born: tuple[int | None, int | None, int | None] = (None, None, None)
    danger_names: tuple[str, ...] = ()
    danger: str = ""


def complete(actor: Actor, command: Complete) -> None:
    """Makes her file: a section under her own keys; the item and its data key are gone in the same transaction.

    Her names enter the directory now, and whoever completes works with her. What somebody wrote into her file
    meanwhile stands. Broken where a colleague was faster.
    """
    with recorded(actor, Act.ARRIVALS_COMPLETE) as unit:
        client = scope.visible(actor, command.code, Act.ARRIVALS_COMPLETE)
        unit.clause = scope.allowed(actor, Act.ARRIVALS_COMPLETE, client).clause
        unit.about(client.id)
        db.session.refresh(client, with_for_update=True)
        item = db.session.scalars(select(IntakeItem).where(IntakeItem.client_id == client.id)).first()
        told = open_section(actor, item, TOLD) if item else None
        if item is None or told is None:
            raise Broken("desk.completed_already")
        old = open_section(actor, client, IDENTITY) or Identity()
        new = _completed(actor, old, told, command)
        _make_file(actor, client, old, new)
        named.told(actor, client, _compared(old, told), new)
        db.session.execute(delete(IntakeItem).where(IntakeItem.id == item.id))
        discard(item.subject())
        if db.session.get(Assignment, (client.id, actor.id, "case")) is None:
            db.session.add(Assignment(client_id=client.id, staff_id=actor.id, kind="case"))


def _completed(actor: Actor, old: Identity, told: Told, command: Complete) -> Identity:
    """The identity with what was told where nothing stands yet."""
    dangers = list(old.dangers)
    if command.danger_names or command.danger or told.alert:
        names, alert = list(command.danger_names), told.alert
        dangers.append(Danger(id=new_id().hex(), names=names, description=command.danger, alert=alert))
    first = PartState(state=Progress.IN_PART, version=1, by=actor.id, at=now())
    return replace(
        old,
        working_name=old.working_name or command.working_name,
        pronouns=old.pronouns or told.pronouns,
        legal_name=old.legal_name or command.legal_name,
        birth=old.birth if old.birth.year else _birth(command),
        dangers=dangers,
        skipped=told.skipped | old.skipped,
        parts={Part.FIRST: first} | old.parts,
    )


def _compared(old: Identity, told: Told) -> Identity:
    """The names that a check has read before there was a file."""
    at_door = Danger(id="", names=list(told.danger_names))
    return replace(old, aliases=[*old.aliases, told.legal_name], dangers=[*old.dangers, at_door])


def _birth(command: Arrival | Companion | Complete) -> Birth:
    year, month, day = command.born
    return Birth(precision=command.precision, year=year, month=month, day=day)


def _make_file(actor: Actor, client: Client, old: Identity, new: Identity) -> None:
    directory.keep(actor, client, old if client.identity_version else None, new)
    save(actor, client, IDENTITY, new, client.identity_version)
    facts.changed(actor, client, new)
    directory.tell_of_matches(actor, client, new)
