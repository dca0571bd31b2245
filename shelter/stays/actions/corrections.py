"""Putting the days of a stay right after the ten minutes in which the desk may simply take an act back."""

from dataclasses import dataclass
from datetime import date

from shelter.db.errors import Missing
from shelter.db.sections import fill
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.staydays import require_exit, require_near
from shelter.stays import beds
from shelter.stays.beds import allowed, first_come, its_stay, need_nowhere_else, rows_of
from shelter.stays.changes import Days
from shelter.stays.models import CORRECTION, Correction, Stay, StayBed, StayCorrection
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class Correct:
    """Other days for a stay, and why. `left` None: she has not left; `never_came`: there were no nights at all."""

    code: str
    stay: bytes
    version: int
    reason: str
    arrived: date
    left: date | None
    never_came: bool = False


def correct(actor: Actor, command: Correct) -> bytes:
    """Puts the first and last day of a stay right; what stood before is kept. Returns what takes it back.

    Raises `Conflict` where her days changed since the form was made, Broken where the days cannot be meant.
    """
    if not command.reason:
        raise Broken("stays.say_why", "reason")
    with first_come(), recorded(actor, Act.STAYS_WRITE) as unit:
        stay = its_stay(allowed(actor, unit, command.code), command.stay, command.version)
        rows, days = rows_of(stay), Days(actor, "corrected")
        if not rows:
            raise Missing
        was = (rows[0].from_day, rows[-1].until_day)
        is_now = None if command.never_came else (command.arrived, command.left)
        if was == is_now:
            raise Broken("stays.nothing_changed")
        if is_now is None:
            days.touch(stay, "undone")
            for row in rows:
                days.end_row(row, row.from_day)
        else:
            _require_days(stay, rows, command)
            need_nowhere_else(stay.client_id, command.arrived, command.left, but=stay.id)
            days.touch(stay, "ended" if command.left else "open")
            _set_days(days, rows, command)
        words = Correction(at=now(), by=actor.id, reason=command.reason, was=was, is_now=is_now)
        kept = StayCorrection(stay_id=stay.id, client_id=stay.client_id)
        fill(actor, kept, CORRECTION, words)
        days.also(kept)
        return days.done()


def _require_days(stay: Stay, rows: list[StayBed], command: Correct) -> None:
    """The days are in order and within the beds she had: moves stay where they were."""
    today = beds.site_night(stay.site_id).today
    require_near(command.arrived, today, "arrived")
    ends_first_bed = rows[0].until_day if len(rows) > 1 else None
    if ends_first_bed is not None and command.arrived > ends_first_bed:
        raise Broken("stays.arrived_after_move", "arrived")
    if command.left is not None:
        from_day = command.arrived if len(rows) == 1 else rows[-1].from_day
        require_exit(command.left, command.arrived, from_day, today, "left")


def _set_days(days: Days, rows: list[StayBed], command: Correct) -> None:
    """Longer days need the bed to be free then; in the unassigned bed they always are."""
    first, last = rows[0], rows[-1]
    if command.arrived < first.from_day:
        _need(first, command.arrived, min(first.from_day, command.left or first.from_day), "arrived")
    if last.until_day is not None and (command.left is None or command.left > last.until_day):
        _need(last, max(last.until_day, command.arrived), command.left, "left")
    if first is last:
        days.set_row(first, command.arrived, command.left)
    else:
        days.set_row(first, command.arrived, first.until_day)
        days.set_row(last, last.from_day, command.left)


def _need(row: StayBed, first: date, until: date | None, field: str) -> None:
    if row.bed_number is None or first == until:
        return
    bed = beds.numbered(row.bed_number)
    beds.need_in_use(bed, first, field)
    if beds.slept_in(bed, first, until, but=row.id):
        raise beds.taken(bed, field)
