"""Acts on beds, whoever will sleep in them: hold one, take one out of use. No word about a person."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select

from shelter.db import db
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.picklists import picklists
from shelter.rules.staydays import require_near, require_order
from shelter.stays import beds
from shelter.stays.models import BedOut, Hold
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class TakeOut:
    """A bed is not in use from `from_day` on, until the day before `until_day` where that is known."""

    bed: bytes
    from_day: date
    until_day: date | None
    reason: str


# -- holding a bed ---------------------------------------------------------------------


def hold(actor: Actor, bed_id: bytes) -> Hold:
    """Keeps a free bed for as long as the house says. Raises Broken where it is not free any more."""
    require(actor, Act.BEDS_KEEP)
    with recorded(actor, Act.BEDS_KEEP):
        return beds.keep(actor, beds.mine(actor, bed_id))


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
            require_near(command.until_day, beds.site_night(bed.site_id).today, "until_day")
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
