"""Acts on beds, whoever will sleep in them: make them, hold one, take one out of use. Nothing here is about a person."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.exc import DBAPIError

from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Missing
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.picklists import picklists
from shelter.rules.staydays import Night, night_at, require_near, require_order
from shelter.stays.models import NO_OVERLAP, Bed, BedOut, Hold, StayBed, Unit
from shelter.trail.record import recorded

HOLD_FOR = timedelta(minutes=90)
"""How long a bed is kept for somebody on the way (FABT's default, shelter.md)."""
_DEADLOCK = "40P01"


@dataclass(frozen=True, slots=True)
class NewBed:
    """A place to sleep; `offers` are codes of the pick list bed_needs."""

    label: str
    kind: str = "single"
    offers: tuple[str, ...] = ()
    from_day: date | None = None
    until_day: date | None = None


@dataclass(frozen=True, slots=True)
class TakeOut:
    """A bed is not in use from `from_day` on, until the day before `until_day` where that is known."""

    bed: bytes
    from_day: date
    until_day: date | None
    reason: str


# -- making places -------------------------------------------------------------------


def add_unit(actor: Actor, site: bytes, name: str, beds: Sequence[NewBed], position: int = 0) -> bytes:
    """A room with its beds at a site; returns its id."""
    require(actor, Act.SETTINGS_MANAGE)
    with recorded(actor, Act.SETTINGS_MANAGE):
        if db.session.get(Site, site) is None:
            raise Missing
        unit = Unit(site_id=site, name=name, position=position)
        db.session.add(unit)
        db.session.flush()
        number = db.session.scalar(select(func.max(Bed.number))) or 0
        for more, new in enumerate(beds, start=1):
            db.session.add(_bed(unit, number + more, new))
        return unit.id


def _bed(unit: Unit, number: int, new: NewBed) -> Bed:
    return Bed(
        number=number,
        site_id=unit.site_id,
        unit_id=unit.id,
        label=new.label,
        kind=picklists()["bed_kinds"].choice(new.kind).code,
        offers=" ".join(picklists()["bed_needs"].choice(code).code for code in new.offers),
        from_day=new.from_day,
        until_day=new.until_day,
    )


def close_bed(actor: Actor, bed_id: bytes, until_day: date) -> None:
    """The bed leaves the board on `until_day`; what happened in it stays. Raises Broken while somebody needs it."""
    require(actor, Act.SETTINGS_MANAGE)
    with recorded(actor, Act.SETTINGS_MANAGE):
        bed = locked([bed_id])[bed_id]
        if _taken(bed, until_day, None):
            raise Broken("stays.bed_in_use", "until_day")
        bed.until_day = until_day


# -- holding a bed ---------------------------------------------------------------------


def hold(actor: Actor, bed_id: bytes) -> Bed:
    """Keeps a free bed for ninety minutes. Raises Broken where it is not free any more."""
    require(actor, Act.BEDS_KEEP)
    with recorded(actor, Act.BEDS_KEEP):
        bed = _mine(actor, bed_id)
        night = site_night(bed.site_id)
        need_in_use(bed, night.last, "bed")
        if held(bed) or _taken(bed, night.night, night.last + timedelta(days=1)):
            raise taken(bed)
        db.session.add(Hold(bed_id=bed.id, until=now() + HOLD_FOR, made_by=actor.id))
        return bed


def release(actor: Actor, bed_id: bytes) -> None:
    """Lets a held bed go; nothing happens where the hold has ended by itself."""
    require(actor, Act.BEDS_KEEP)
    with recorded(actor, Act.BEDS_KEEP):
        bed = _mine(actor, bed_id)
        db.session.execute(delete(Hold).where(Hold.bed_id == bed.id))


# -- out of use --------------------------------------------------------------------------


def take_out(actor: Actor, command: TakeOut) -> None:
    """Takes a bed out of use. Raises Broken where somebody sleeps in it or it is out already."""
    require(actor, Act.BEDS_KEEP)
    with recorded(actor, Act.BEDS_KEEP):
        bed = _mine(actor, command.bed)
        day = require_near(command.from_day, site_night(bed.site_id).today, "from_day")
        if command.until_day is not None:
            require_order(day + timedelta(days=1), command.until_day, "stays.out_ends_before", "until_day")
        if _taken(bed, day, command.until_day):
            raise Broken("stays.bed_in_use", "from_day")
        if _out(bed, day, command.until_day):
            raise Broken("stays.bed_out", "from_day")
        reason = picklists()["bed_out_reasons"].choice(command.reason).code
        db.session.add(BedOut(bed_id=bed.id, from_day=day, until_day=command.until_day, reason=reason))


def put_back(actor: Actor, bed_id: bytes) -> None:
    """The bed is ready again from today on; days that have passed stay as they were."""
    require(actor, Act.BEDS_KEEP)
    with recorded(actor, Act.BEDS_KEEP):
        bed = _mine(actor, bed_id)
        ready = site_night(bed.site_id).first
        for out in db.session.scalars(select(BedOut).where(BedOut.bed_id == bed.id, _overlap(BedOut, ready, None))):
            if out.from_day < ready:
                out.until_day = ready
            else:
                db.session.delete(out)


# -- what other acts ask about a bed, inside their transaction ----------------------------


def site_night(site_id: bytes) -> Night:
    """Tonight at a site."""
    site = db.session.get_one(Site, site_id)
    return night_at(now(), site.zone, site.night_begins)


def locked(bed_ids: Iterable[bytes]) -> dict[bytes, Bed]:
    """The beds, locked in the order of their numbers until the transaction ends. Raises `Missing`."""
    wanted = set(bed_ids)
    query = select(Bed).where(Bed.id.in_(wanted)).order_by(Bed.number).with_for_update()
    found = {bed.id: bed for bed in db.session.scalars(query, execution_options={"populate_existing": True})}
    if found.keys() != wanted:
        raise Missing
    return found


def _mine(actor: Actor, bed_id: bytes) -> Bed:
    bed = locked([bed_id])[bed_id]
    if bed.site_id not in actor.sites:
        raise Missing
    return bed


def need_free(
    actor: Actor, bed: Bed, from_day: date, until_day: date | None, *, hold_known: bytes | None, field: str = "bed"
) -> None:
    """The locked bed can be slept in from `from_day` on, else Broken; an expired hold goes, a known one is used up."""
    need_in_use(bed, from_day, field)
    if _taken(bed, from_day, until_day):
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
    if closed or _out(bed, day, day + timedelta(days=1)):
        raise Broken("stays.bed_out", field)


def held(bed: Bed) -> Hold | None:
    """The hold on a locked bed; one that has expired is removed by whoever needs the bed."""
    kept = db.session.scalars(select(Hold).where(Hold.bed_id == bed.id)).first()
    if kept is not None and kept.until <= now():
        db.session.delete(kept)
        db.session.flush()
        return None
    return kept


def _overlap(model: type[BedOut] | type[StayBed], first: date, until: date | None) -> ColumnElement[bool]:
    """Days of a row that overlap [first, until)."""
    still = or_(model.until_day.is_(None), and_(model.until_day > first, model.until_day > model.from_day))
    return and_(still, model.from_day < until) if until else still


def _out(bed: Bed, first: date, until: date | None) -> bool:
    query = select(BedOut.id).where(BedOut.bed_id == bed.id, _overlap(BedOut, first, until))
    return db.session.scalars(query.limit(1)).first() is not None


def _taken(bed: Bed, first: date, until: date | None) -> bool:
    """Whether anybody's days in the bed overlap [first, until)."""
    query = select(StayBed.id).where(StayBed.bed_number == bed.number, _overlap(StayBed, first, until))
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
