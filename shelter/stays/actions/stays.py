"""A stay from arrival to leaving: each act is one transaction, told to whoever listens and kept to be taken back."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from msgspec.structs import replace
from sqlalchemy import select

from shelter.clients.models import Client
from shelter.db import db, new_id
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.staydays import each_day, require_move, require_near, require_order
from shelter.stays import beds, facts
from shelter.stays.beds import allowed, first_come, for_change, its_stay, lock_clients, need_nowhere_else, rows_of
from shelter.stays.changes import UNDO_FOR, Days, ImportedStay, announce, lay_down
from shelter.stays.models import ROOM, Away, Room, Stay
from shelter.trail.record import Unit, recorded


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who comes along, by code, and the bed for her."""

    code: str
    bed: bytes


@dataclass(frozen=True, slots=True)
class Admit:
    """A client and those who come with her get beds from the night of `arrived` on.

    `hold` is the hold that the form was made over, to be used up. `joins` is the code of somebody who is here already
    and whose household she joins; `head` says that she is its head from now on.
    """

    code: str
    bed: bytes
    arrived: date
    guests: tuple[Guest, ...] = ()
    expected_exit: date | None = None
    hold: bytes | None = None
    joins: str = ""
    head: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Those who came together; `head` says whether the first who comes now is the head."""

    id: bytes
    head: bool


@dataclass(frozen=True, slots=True)
class Move:
    """From the night of `day` on she sleeps in another bed; `version` is that of the days the form was made from."""

    code: str
    stay: bytes
    bed: bytes
    day: date
    version: int
    hold: bytes | None = None


@dataclass(frozen=True, slots=True)
class NoteRoom:
    """What the desk keeps of a stay: when she expects to leave, agreed nights away, a note about the room."""

    code: str
    stay: bytes
    version: int
    expected_exit: date | None = None
    away_from: date | None = None
    back_day: date | None = None
    back_by: time | None = None
    notes: str = ""


# -- coming ---------------------------------------------------------------------------


def admit(actor: Actor, command: Admit) -> bytes:
    """Gives beds to a client and those with her; returns what takes it back.

    Raises Broken where a bed was taken a moment ago or is out of use, where somebody is here already, or where the
    day cannot be meant.
    """
    with first_come(), recorded(actor, Act.STAYS_WRITE) as unit:
        wanted = {command.code: command.bed} | {guest.code: guest.bed for guest in command.guests}
        people = [(allowed(actor, unit, code), bed) for code, bed in wanted.items()]
        lock_clients([client for client, _ in people])
        if len(set(wanted.values())) < len(wanted):
            raise Broken("stays.bed_twice", "bed")
        party = _joined(actor, unit, command) if command.joins else Party(new_id(), head=True)
        days = Days(actor, "admitted")
        put_to_bed(days, people, command.arrived, party=party, hold=command.hold, expected_exit=command.expected_exit)
        return days.done()


def _joined(actor: Actor, unit: Unit, command: Admit) -> Party:
    """The household that she joins. Raises Broken for a second head while the first one is here."""
    known = allowed(actor, unit, command.joins)
    mine = select(Stay.party_id).where(Stay.client_id == known.id, Stay.state == "open")
    party = db.session.scalar(mine)
    if party is None:
        raise Broken("stays.not_here_to_join", "joins")
    head = select(Stay.id).where(Stay.party_id == party, Stay.state == "open", Stay.head)
    if command.head and db.session.scalar(head.limit(1)) is not None:
        raise Broken("stays.second_head", "head")
    return Party(party, head=command.head)


def put_to_bed(
    days: Days,
    people: list[tuple[Client, bytes]],
    arrived: date,
    *,
    party: Party | None = None,
    hold: bytes | None = None,
    expected_exit: date | None = None,
) -> None:
    """New stays of people who come together, each in her bed, inside the caller's transaction; the first is the head
    of a new party, or what `party` says.

    Raises Broken as `admit` does.
    """
    found = beds.locked(bed for _, bed in people)
    if any(bed.site_id not in days.actor.sites for bed in found.values()):
        raise Missing
    today = beds.site_night(found[people[0][1]].site_id).today
    require_near(arrived, today, "arrived")
    if expected_exit is not None:
        require_near(expected_exit, today, "expected_exit")
        require_order(arrived, expected_exit, "stays.exit_before_entry", "expected_exit")
    party = party or Party(new_id(), head=True)
    for client, bed_id in sorted(people, key=lambda one: found[one[1]].number):
        bed, head = found[bed_id], party.head and client is people[0][0]
        need_nowhere_else(client.id, arrived, None)
        beds.need_free(days.actor, bed, arrived, None, hold_known=hold)
        stay = Stay(client_id=client.id, site_id=bed.site_id, party_id=party.id, head=head)
        if expected_exit is not None:
            fill(days.actor, stay, ROOM, Room(expected_exit=expected_exit))
        days.begin(stay, bed.number, arrived)


# -- staying --------------------------------------------------------------------------


def move(actor: Actor, command: Move) -> bytes:
    """Another bed from a day on, as a new dated row; returns what takes it back.

    Raises `Conflict` where her days changed since the form was made, Broken as `admit` does.
    """
    with first_come(), recorded(actor, Act.STAYS_WRITE) as unit:
        stay = its_stay(allowed(actor, unit, command.code), command.stay, command.version)
        bed = beds.locked([command.bed])[command.bed]
        if bed.site_id != stay.site_id or bed.site_id not in actor.sites:
            raise Missing
        last = rows_of(stay)[-1]
        require_move(command.day, last.from_day, last.until_day, beds.site_night(stay.site_id).today)
        if bed.number == last.bed_number:
            raise Broken("stays.same_bed", "bed")
        beds.need_free(actor, bed, command.day, last.until_day, hold_known=command.hold)
        days, until_day = Days(actor, "moved", beds.lets_in(stay, last)), last.until_day
        days.touch(stay, stay.state)
        days.end_row(last, command.day)
        days.add_row(stay, bed.number, command.day, until_day)
        return days.done()


def note_room(actor: Actor, command: NoteRoom) -> None:
    """What the desk keeps of a stay; what stood can be brought back for ten minutes.

    Raises `Conflict` where somebody saved it first, Broken for days out of order.
    """
    with recorded(actor, Act.STAYS_WRITE) as unit:
        stay = its_stay(allowed(actor, unit, command.code), command.stay, None)
        old = open_section(actor, stay, ROOM) or Room()
        arrived, today = rows_of(stay)[0].from_day, beds.site_night(stay.site_id).today
        if command.expected_exit is not None:
            require_near(command.expected_exit, today, "expected_exit")
            require_order(arrived, command.expected_exit, "stays.exit_before_entry", "expected_exit")
        away = [*_earlier(old.away, today), *_away(command, arrived, today)]
        value = Room(expected_exit=command.expected_exit, away=away, notes=command.notes, by=actor.id, at=now())
        _keep_room(actor, stay, old, replace(value, was=replace(old, was=None)), command.version)


def take_back_room(actor: Actor, code: str, stay_id: bytes) -> None:
    """Her own last change of what is kept of a stay: what stood before stands again.

    `Missing` for the change of somebody else, Broken where it is too late.
    """
    with recorded(actor, Act.STAYS_WRITE) as unit:
        stay = its_stay(allowed(actor, unit, code), stay_id, None)
        value = open_section(actor, stay, ROOM)
        if value is None or value.was is None or value.by != actor.id:
            raise Missing
        if value.at is None or value.at + UNDO_FOR <= now():
            raise Broken("stays.too_late", None, {"minutes": UNDO_FOR // timedelta(minutes=1)})
        _keep_room(actor, stay, value, value.was, stay.room_version)


def _keep_room(actor: Actor, stay: Stay, old: Room, new: Room, version: int) -> None:
    save(actor, stay, ROOM, new, version)
    if new.away != old.away:
        nights = [day for one in new.away for day in each_day(one.from_day, one.back_day)]
        facts.away(actor, stay, nights, stay.room_version)
    announce(actor, "noted", [(stay.id, stay.client_id)])


def _earlier(away: list[Away], today: date) -> list[Away]:
    """Agreed nights that are over stay as they were."""
    return [one for one in away if one.back_day <= today]


def _away(command: NoteRoom, arrived: date, today: date) -> list[Away]:
    if command.away_from is None and command.back_day is None:
        return []
    if command.away_from is None or command.back_day is None:
        raise Broken("stays.away_both", "back_day" if command.back_day is None else "away_from")
    require_near(command.away_from, today, "away_from")
    require_near(command.back_day, today, "back_day")
    require_order(arrived, command.away_from, "stays.away_before_entry", "away_from")
    if command.back_day <= command.away_from:
        raise Broken("stays.back_before_away", "back_day")
    if command.back_day <= today:
        raise Broken("stays.back_passed", "back_day")
    return [Away(from_day=command.away_from, back_day=command.back_day, back_by=command.back_by)]


# -- taking back, bringing in ---------------------------------------------------------


def undo(actor: Actor, undo_id: bytes) -> None:
    """Takes back her own act of the last ten minutes. `Missing` later; Broken where a stay or its bed has changed."""
    with first_come(), recorded(actor, Act.STAYS_UNDO) as unit:
        act = for_change(actor, unit, undo_id)
        act.take_back(actor)
        beds.need_standing(act.rows)


def admit_imported(actor: Actor, stays: list[ImportedStay]) -> int:
    """Stays of an import in the unassigned bed, in a transaction of their own; the number of them.

    An importer that has a transaction open calls `changes.lay_down` in it instead.
    """
    require(actor, Act.HMIS_IMPORT)
    with recorded(actor, Act.HMIS_IMPORT) as unit:
        unit.about(*(one.client for one in stays))
        return lay_down(actor, stays)
