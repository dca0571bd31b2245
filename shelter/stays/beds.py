"""What an act asks inside its own transaction: whose stay it is, whether a bed is there and free; and who is faster."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.exc import DBAPIError

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Conflict, Missing
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.staydays import Night, night_at
from shelter.stays.changes import Undoing, my_act
from shelter.stays.models import NO_OVERLAP, Bed, BedOut, Hold, HouseRules, Stay, StayBed
from shelter.trail.record import Unit

_DEADLOCK = "40P01"
HOLD_MINUTES = 90
"""How long a bed is kept for somebody on the way where the house says nothing else (FABT's default)."""


def site_night(site_id: bytes) -> Night:
    """Tonight at a site."""
    site = db.session.get_one(Site, site_id)
    return night_at(now(), site.zone, site.night_begins)


def rules_of(site_id: bytes) -> HouseRules:
    """What the house has settled about its beds, or what holds where it has settled nothing."""
    found = db.session.get(HouseRules, site_id)
    if found is not None:
        return found
    return HouseRules(site_id=site_id, hold_minutes=HOLD_MINUTES, stay_limit=None, night_by_night=False, version=0)


def locked(bed_ids: Iterable[bytes]) -> dict[bytes, Bed]:
    """The beds, locked in the order of their numbers until the transaction ends. Raises `Missing`."""
    wanted = set(bed_ids)
    query = select(Bed).where(Bed.id.in_(wanted)).order_by(Bed.number).with_for_update()
    found = {bed.id: bed for bed in db.session.scalars(query, execution_options={"populate_existing": True})}
    if found.keys() != wanted:
        raise Missing
    return found


def numbered(number: int) -> Bed:
    """The bed of a row of days, locked as `locked` does."""
    bed_id = db.session.scalars(select(Bed.id).where(Bed.number == number)).one()
    return locked([bed_id])[bed_id]


def mine(actor: Actor, bed_id: bytes) -> Bed:
    bed = locked([bed_id])[bed_id]
    if bed.site_id not in actor.sites:
        raise Missing
    return bed


def need_free(
    actor: Actor, bed: Bed, from_day: date, until_day: date | None, *, hold_known: bytes | None, field: str = "bed"
) -> None:
    """The locked bed can be slept in from `from_day` on, else Broken; an expired hold goes, a known one is used up."""
    need_in_use(bed, from_day, field)
    need_open(bed, until_day, field)
    if slept_in(bed, from_day, until_day):
        raise taken(bed, field)
    kept = held(bed)
    if kept is None or from_day > site_night(bed.site_id).last:
        return
    if kept.id != hold_known and kept.made_by != actor.id:
        raise taken(bed, field)
    db.session.delete(kept)


def need_in_use(bed: Bed, day: date, field: str) -> None:
    """Raises Broken where the bed is not on the board or out of use on that day."""
    closed = (bed.from_day is not None and day < bed.from_day) or (bed.until_day is not None and day >= bed.until_day)
    if closed or out(bed, day, day + timedelta(days=1)):
        raise Broken("stays.bed_out", field)


def need_open(bed: Bed, until: date | None, field: str | None) -> None:
    """Raises Broken where the bed leaves the board before nights that last `until`."""
    if closes(bed, until):
        raise Broken("stays.bed_closes", field)


def closes(bed: Bed, until: date | None) -> bool:
    return bed.until_day is not None and (until is None or until > bed.until_day)


def need_longer(row: StayBed, until: date, field: str) -> None:
    """A row of days may last `until`: its bed stands there and is nobody else's by then. Raises Broken."""
    if row.until_day is None or row.bed_number is None or until <= row.until_day:
        return
    bed = numbered(row.bed_number)
    need_open(bed, until, field)
    if slept_in(bed, row.until_day, until, but=row.id):
        raise taken(bed, field)


def need_standing(rows: Iterable[bytes]) -> None:
    """After an act was taken back: none of these rows of days has nights in a bed that was closed meanwhile."""
    query = select(Bed.id, StayBed.from_day, StayBed.until_day).join(Bed, Bed.number == StayBed.bed_number)
    again = db.session.execute(query.where(StayBed.id.in_(list(rows)))).all()
    found = locked(bed for bed, _first, _until in again)
    if any(first != until and closes(found[bed], until) for bed, first, until in again):
        raise Broken("stays.changed_since")


def held(bed: Bed) -> Hold | None:
    """The hold on a locked bed; one that has expired is removed by whoever needs the bed."""
    kept = db.session.scalars(select(Hold).where(Hold.bed_id == bed.id)).first()
    if kept is not None and kept.until <= now():
        db.session.delete(kept)
        db.session.flush()
        return None
    return kept


def keep(actor: Actor, bed: Bed, *, hold_known: bytes | None = None) -> Hold:
    """Keeps a locked bed that is free tonight for as long as the house says, or for as long as a known hold still has.
    Raises Broken where it is not free any more.
    """
    night, kept = site_night(bed.site_id), held(bed)
    need_in_use(bed, night.last, "bed")
    if slept_in(bed, night.night, night.last + timedelta(days=1)) or (kept and kept.id != hold_known):
        raise taken(bed)
    if kept is None:
        kept = Hold(
            bed_id=bed.id, until=now() + timedelta(minutes=rules_of(bed.site_id).hold_minutes), made_by=actor.id
        )
        db.session.add(kept)
    return kept


def overlap(model: type[BedOut] | type[StayBed], first: date, until: date | None) -> ColumnElement[bool]:
    """Days of a row that overlap [first, until)."""
    still = or_(model.until_day.is_(None), and_(model.until_day > first, model.until_day > model.from_day))
    return and_(still, model.from_day < until) if until else still


def out(bed: Bed, first: date, until: date | None) -> bool:
    query = select(BedOut.id).where(BedOut.bed_id == bed.id, overlap(BedOut, first, until))
    return db.session.scalars(query.limit(1)).first() is not None


def slept_in(bed: Bed, first: date, until: date | None, *, but: bytes = b"") -> bool:
    """Whether anybody's days in the bed overlap [first, until), those of the row `but` aside."""
    query = select(StayBed.id).where(
        StayBed.bed_number == bed.number, StayBed.id != but, overlap(StayBed, first, until)
    )
    return db.session.scalars(query.limit(1)).first() is not None


def taken(bed: Bed, field: str = "bed") -> Broken:
    """What the slower one of two reads; a bed's label is configuration."""
    return Broken("stays.bed_taken", field, {"bed": bed.label})


@contextmanager
def first_come() -> Iterator[None]:
    """Around a transaction that needs a bed: where the database itself refuses, the same words are said."""
    try:
        yield
    except DBAPIError as error:
        if NO_OVERLAP in str(error.orig) or getattr(error.orig, "sqlstate", "") == _DEADLOCK:
            raise Broken("stays.some_bed_taken", "bed") from None
        raise


def lets_in(stay: Stay, row: StayBed) -> str:
    """The field of the form by which she sleeps in: "bed" where these days had none and are not over, else ""."""
    over = row.until_day is not None and row.until_day <= site_night(stay.site_id).today
    return "bed" if row.bed_number is None and not over else ""


# -- an act that is taken back ------------------------------------------------------------


def for_change(actor: Actor, unit: Unit, undo_id: bytes) -> Undoing:
    """Her own act of the last ten minutes, whom it was about locked. `Missing` later, or for a colleague's."""
    act = my_act(actor, undo_id)
    if act is None:
        raise Missing
    clients = list(db.session.scalars(select(Client).where(Client.id.in_(act.clients))))
    for facts in scope.facts_of_many(clients).values():
        unit.clause = require(actor, Act.STAYS_UNDO, facts).clause
    lock_clients(clients)
    unit.about(*act.clients)
    return act


# -- a stay ---------------------------------------------------------------------------


def allowed(actor: Actor, unit: Unit, code: str) -> Client:
    """The client whose stays she may write; `Missing` outside her reach, else `Denied`."""
    client = scope.visible(actor, code, Act.STAYS_READ, Act.STAYS_WRITE)
    unit.clause = require(actor, Act.STAYS_WRITE, scope.facts_of(client)).clause
    unit.about(client.id)
    return client


def lock_clients(clients: list[Client]) -> None:
    """One act at a time about a person; in the order of ids, so that two acts cannot wait for each other."""
    ids = [client.id for client in clients]
    db.session.execute(select(Client.id).where(Client.id.in_(ids)).order_by(Client.id).with_for_update()).all()


def its_stay(client: Client, stay_id: bytes, version: int | None) -> Stay:
    """One of her stays, as it is now; `Conflict` where its days are not those of `version`."""
    lock_clients([client])
    query = select(Stay).where(Stay.id == stay_id, Stay.client_id == client.id, Stay.state != "undone")
    stay = db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).first()
    if stay is None:
        raise Missing
    if version is not None and stay.days_version != version:
        raise Conflict("stay", "days")
    return stay


def rows_of(stay: Stay) -> list[StayBed]:
    """Its rows of days in order; of those that begin on one day the emptied one comes first."""
    query = select(StayBed).where(StayBed.stay_id == stay.id)
    rows = list(db.session.scalars(query, execution_options={"populate_existing": True}))
    return sorted(rows, key=lambda row: (row.from_day, row.until_day or date.max))


def need_nowhere_else(client_id: bytes, arrived: date, left: date | None, *, but: bytes = b"") -> None:
    """Nobody sleeps in two beds: on these days she has no stay but `but`. Raises Broken."""
    query = select(StayBed.id).join(Stay, Stay.id == StayBed.stay_id)
    hers = query.where(Stay.client_id == client_id, Stay.id != but, Stay.state != "undone")
    days = hers.where(overlap(StayBed, arrived, left)).limit(1)
    if db.session.scalars(days).first() is not None:
        raise Broken("stays.already_here", "arrived")
