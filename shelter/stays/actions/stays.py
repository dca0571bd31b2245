"""A stay from arrival to leaving: each act is one transaction, told to whoever listens and kept to be taken back."""

from dataclasses import dataclass, field
from datetime import date, time

from sqlalchemy import select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db, new_id
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import drop, fill, open_section, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.rules.picklists import picklists
from shelter.rules.staydays import require_exit, require_move, require_near, require_order
from shelter.stays import beds
from shelter.stays.beds import first_come
from shelter.stays.changes import Days, ImportedStay, announce, lay_down, my_act
from shelter.stays.models import LEAVING, ROOM, Away, Bed, BedOut, Leaving, Room, Stay, StayBed, StayExit
from shelter.trail.record import Unit, recorded


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who comes along, by code, and the bed for her."""

    code: str
    bed: bytes


@dataclass(frozen=True, slots=True)
class Admit:
    """A client and those who come with her get beds from the night of `arrived` on.

    `hold` is the hold that the form was made over, to be used up.
    """

    code: str
    bed: bytes
    arrived: date
    guests: tuple[Guest, ...] = ()
    expected_exit: date | None = None
    hold: bytes | None = None


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
class Leave:
    """She leaves on `exit_day`, which is not a night; so do those of her party named in `others`, by code."""

    code: str
    stay: bytes
    exit_day: date
    version: int
    destination: str = ""
    reason: str = ""
    skipped: dict[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    clean: bool = False


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
        people = [(_writable(actor, unit, code), bed) for code, bed in wanted.items()]
        _lock_clients([client for client, _ in people])
        if len(set(wanted.values())) < len(wanted):
            raise Broken("stays.bed_twice", "bed")
        days = Days(actor, "admitted")
        put_to_bed(days, people, command.arrived, hold=command.hold, expected_exit=command.expected_exit)
        return days.done()


def put_to_bed(
    days: Days,
    people: list[tuple[Client, bytes]],
    arrived: date,
    *,
    hold: bytes | None = None,
    expected_exit: date | None = None,
) -> None:
    """New stays of people who come together, each in her bed, inside the caller's transaction; the first is the head.

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
    party = new_id()
    for client, bed_id in sorted(people, key=lambda one: found[one[1]].number):
        bed, head = found[bed_id], client is people[0][0]
        _not_here_already(client, arrived)
        beds.need_free(days.actor, bed, arrived, None, hold_known=hold)
        stay = Stay(client_id=client.id, site_id=bed.site_id, party_id=party, head=head)
        if expected_exit is not None:
            fill(days.actor, stay, ROOM, Room(expected_exit=expected_exit))
        days.begin(stay, bed.number, arrived)


def _writable(actor: Actor, unit: Unit, code: str) -> Client:
    """The client whose stays she may write; `Missing` outside her reach, else `Denied`."""
    client = scope.visible(actor, code, Act.STAYS_READ, Act.STAYS_WRITE)
    unit.clause = require(actor, Act.STAYS_WRITE, scope.facts_of(client)).clause
    unit.about(client.id)
    return client


def _lock_clients(clients: list[Client]) -> None:
    """One act at a time about a person; in the order of ids, so that two acts cannot wait for each other."""
    ids = [client.id for client in clients]
    db.session.execute(select(Client.id).where(Client.id.in_(ids)).order_by(Client.id).with_for_update()).all()


def _not_here_already(client: Client, arrived: date) -> None:
    query = select(StayBed.id).join(Stay, Stay.id == StayBed.stay_id)
    days = query.where(Stay.client_id == client.id, beds.overlap(StayBed, arrived, None)).limit(1)
    if db.session.scalars(days).first() is not None:
        raise Broken("stays.already_here", "arrived")


# -- staying --------------------------------------------------------------------------


def move(actor: Actor, command: Move) -> bytes:
    """Another bed from a day on, as a new dated row; returns what takes it back.

    Raises `Conflict` where her days changed since the form was made, Broken as `admit` does.
    """
    with first_come(), recorded(actor, Act.STAYS_WRITE) as unit:
        stay = _stay(actor, unit, command.code, command.stay, command.version)
        bed = beds.locked([command.bed])[command.bed]
        if bed.site_id != stay.site_id or bed.site_id not in actor.sites:
            raise Missing
        last = _rows(stay)[-1]
        require_move(command.day, last.from_day, last.until_day, beds.site_night(stay.site_id).today)
        if bed.number == last.bed_number:
            raise Broken("stays.same_bed", "bed")
        beds.need_free(actor, bed, command.day, last.until_day, hold_known=command.hold)
        days, until_day = Days(actor, "moved"), last.until_day
        days.touch(stay, stay.state)
        days.end_row(last, command.day)
        days.add_row(stay, bed.number, command.day, until_day)
        return days.done()


def _stay(actor: Actor, unit: Unit, code: str, stay_id: bytes, version: int | None) -> Stay:
    """One of her stays, as it is now; `Conflict` where its days are not those of `version`."""
    client = _writable(actor, unit, code)
    _lock_clients([client])
    query = select(Stay).where(Stay.id == stay_id, Stay.client_id == client.id, Stay.state != "undone")
    stay = db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).first()
    if stay is None:
        raise Missing
    if version is not None and stay.days_version != version:
        raise Conflict("stay", "days")
    return stay


def _rows(stay: Stay) -> list[StayBed]:
    """Its rows of days in order; of those that begin on one day the emptied one comes first."""
    query = select(StayBed).where(StayBed.stay_id == stay.id)
    rows = list(db.session.scalars(query, execution_options={"populate_existing": True}))
    return sorted(rows, key=lambda row: (row.from_day, row.until_day or date.max))


def note_room(actor: Actor, command: NoteRoom) -> None:
    """What the desk keeps of a stay. Raises `Conflict` where somebody saved it first, Broken for days out of order."""
    with recorded(actor, Act.STAYS_WRITE) as unit:
        stay = _stay(actor, unit, command.code, command.stay, None)
        old = open_section(actor, stay, ROOM) or Room()
        arrived, today = _rows(stay)[0].from_day, beds.site_night(stay.site_id).today
        if command.expected_exit is not None:
            require_near(command.expected_exit, today, "expected_exit")
            require_order(arrived, command.expected_exit, "stays.exit_before_entry", "expected_exit")
        away = [*_earlier(old.away, today), *_away(command, arrived, today)]
        value = Room(expected_exit=command.expected_exit, away=away, notes=command.notes)
        save(actor, stay, ROOM, value, command.version)
        announce(actor, "noted", [(stay.id, stay.client_id)])


def _earlier(away: list[Away], today: date) -> list[Away]:
    """Agreed nights that are over stay as they were."""
    return [one for one in away if one.back_day <= today]


def _away(command: NoteRoom, arrived: date, today: date) -> list[Away]:
    if command.away_from is None and command.back_day is None:
        return []
    if command.away_from is None or command.back_day is None:
        raise Broken("stays.away_both", "back_day" if command.back_day is None else "away_from")
    require_near(command.back_day, today, "back_day")
    require_order(arrived, command.away_from, "stays.away_before_entry", "away_from")
    if command.back_day <= command.away_from:
        raise Broken("stays.back_before_away", "back_day")
    if command.back_day <= today:
        raise Broken("stays.back_passed", "back_day")
    return [Away(from_day=command.away_from, back_day=command.back_day, back_by=command.back_by)]


# -- leaving --------------------------------------------------------------------------


def leave(actor: Actor, command: Leave) -> bytes:
    """Ends a stay, or changes the day on which it ends; returns what takes it back.

    Raises `Conflict` where her days changed since the form was made, Broken for a day before she came.
    """
    with first_come(), recorded(actor, Act.STAYS_WRITE) as unit:
        days = Days(actor, "left")
        stay = _stay(actor, unit, command.code, command.stay, command.version)
        party = [_of_party(actor, unit, code, stay) for code in command.others]
        for one in sorted([stay, *party], key=lambda each: each.id):
            _end(days, one, command)
        return days.done()


def _of_party(actor: Actor, unit: Unit, code: str, stay: Stay) -> Stay:
    """The open stay of somebody who came with her."""
    client = _writable(actor, unit, code)
    mine = (Stay.client_id == client.id, Stay.party_id == stay.party_id, Stay.state == "open")
    other = db.session.scalar(select(Stay.id).where(*mine))
    if other is None:
        raise Missing
    return _stay(actor, unit, code, other, None)


def _end(days: Days, stay: Stay, command: Leave) -> None:
    rows = _rows(stay)
    last, today = rows[-1], beds.site_night(stay.site_id).today
    require_exit(command.exit_day, rows[0].from_day, last.from_day, today)
    days.touch(stay, "ended")
    days.end_row(last, command.exit_day)
    words = Leaving(destination=_destination(command.destination), reason=command.reason, skipped=command.skipped)
    if words != Leaving():
        _keep_words(days, stay, words)
    if command.clean and last.bed_number is not None:
        _to_be_cleaned(days, last.bed_number, command.exit_day)


def _destination(code: str) -> str:
    return picklists()["destinations"].choice(code).code if code else ""


def _keep_words(days: Days, stay: Stay, words: Leaving) -> None:
    """How she left, for those who keep her plan; the desk drops it and cannot read it back."""
    row = StayExit(stay_id=stay.id, client_id=stay.client_id)
    if days.actor.keyring.holds(Kind.ADVOCACY, stay.client_id):
        fill(days.actor, row, LEAVING, words)
    else:
        drop(days.actor, row, LEAVING, words)
    days.also(row)


def _to_be_cleaned(days: Days, number: int, day: date) -> None:
    bed = db.session.scalars(select(Bed).where(Bed.number == number)).one()
    if not beds.out(bed, day, None) and not beds.slept_in(bed, day, None):
        days.also(BedOut(bed_id=bed.id, from_day=day, until_day=None, reason="cleaning"))


# -- taking back, bringing in ---------------------------------------------------------


def undo(actor: Actor, undo_id: bytes) -> None:
    """Takes back her own act of the last ten minutes. `Missing` later; Broken where a stay has changed since."""
    with first_come(), recorded(actor, Act.STAYS_UNDO) as unit:
        act = my_act(actor, undo_id)
        if act is None:
            raise Missing
        clients = list(db.session.scalars(select(Client).where(Client.id.in_(act.clients))))
        for facts in scope.facts_of_many(clients).values():
            unit.clause = require(actor, Act.STAYS_UNDO, facts).clause
        _lock_clients(clients)
        unit.about(*act.clients)
        act.take_back(actor)


def admit_imported(actor: Actor, stays: list[ImportedStay]) -> int:
    """Stays of an import in the unassigned bed, in a transaction of their own; the number of them.

    An importer that has a transaction open calls `changes.lay_down` in it instead.
    """
    require(actor, Act.HMIS_IMPORT)
    with recorded(actor, Act.HMIS_IMPORT) as unit:
        unit.about(*(one.client for one in stays))
        return lay_down(actor, stays)
