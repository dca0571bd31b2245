"""Acts on beds, whoever will sleep in them: make them, hold one, take one out of use. No word about a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select

from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Missing
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.picklists import picklists
from shelter.rules.staydays import require_near, require_order
from shelter.stays import beds
from shelter.stays.models import Bed, BedOut, Hold, Unit
from shelter.trail.record import recorded

HOLD_FOR = timedelta(minutes=90)
"""How long a bed is kept for somebody on the way (FABT's default, shelter.md)."""


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


def add_unit(actor: Actor, site: bytes, name: str, new_beds: Sequence[NewBed], position: int = 0) -> bytes:
    """A room with its beds at a site; returns its id."""
    require(actor, Act.SETTINGS_MANAGE)
    with recorded(actor, Act.SETTINGS_MANAGE):
        if db.session.get(Site, site) is None:
            raise Missing
        unit = Unit(site_id=site, name=name, position=position)
        db.session.add(unit)
        db.session.flush()
        number = db.session.scalar(select(func.max(Bed.number))) or 0
        for more, new in enumerate(new_beds, start=1):
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
        bed = beds.locked([bed_id])[bed_id]
        if beds.slept_in(bed, until_day, None):
            raise Broken("stays.bed_in_use", "until_day")
        bed.until_day = until_day


# -- holding a bed ---------------------------------------------------------------------


def hold(actor: Actor, bed_id: bytes) -> Bed:
    """Keeps a free bed for ninety minutes. Raises Broken where it is not free any more."""
    require(actor, Act.BEDS_KEEP)
    with recorded(actor, Act.BEDS_KEEP):
        bed = beds.mine(actor, bed_id)
        night = beds.site_night(bed.site_id)
        beds.need_in_use(bed, night.last, "bed")
        if beds.held(bed) or beds.slept_in(bed, night.night, night.last + timedelta(days=1)):
            raise beds.taken(bed)
        db.session.add(Hold(bed_id=bed.id, until=now() + HOLD_FOR, made_by=actor.id))
        return bed


def release(actor: Actor, bed_id: bytes) -> None:
    """Lets a held bed go; nothing happens where the hold has ended by itself."""
    require(actor, Act.BEDS_KEEP)
    with recorded(actor, Act.BEDS_KEEP):
        bed = beds.mine(actor, bed_id)
        db.session.execute(delete(Hold).where(Hold.bed_id == bed.id))


# -- out of use --------------------------------------------------------------------------


def take_out(actor: Actor, command: TakeOut) -> None:
    """Takes a bed out of use. Raises Broken where somebody sleeps in it or it is out already."""
    require(actor, Act.BEDS_KEEP)
    with recorded(actor, Act.BEDS_KEEP):
        bed = beds.mine(actor, command.bed)
        day = require_near(command.from_day, beds.site_night(bed.site_id).today, "from_day")
        if command.until_day is not None:
            require_order(day + timedelta(days=1), command.until_day, "stays.out_ends_before", "until_day")
        if beds.slept_in(bed, day, command.until_day):
            raise Broken("stays.bed_in_use", "from_day")
        if beds.out(bed, day, command.until_day):
            raise Broken("stays.bed_out", "from_day")
        reason = picklists()["bed_out_reasons"].choice(command.reason).code
        db.session.add(BedOut(bed_id=bed.id, from_day=day, until_day=command.until_day, reason=reason))


def put_back(actor: Actor, bed_id: bytes) -> None:
    """The bed is ready again from today on; days that have passed stay as they were."""
    require(actor, Act.BEDS_KEEP)
    with recorded(actor, Act.BEDS_KEEP):
        bed = beds.mine(actor, bed_id)
        ready = beds.site_night(bed.site_id).first
        for out in db.session.scalars(select(BedOut).where(BedOut.bed_id == bed.id, beds.overlap(BedOut, ready, None))):
            if out.from_day < ready:
                out.until_day = ready
            else:
                db.session.delete(out)
