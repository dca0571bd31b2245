"""Putting the days of a stay right after the ten minutes in which the desk may simply take an act back."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from shelter.db import db
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
from shelter.stays.models import CORRECTION, Bed, Correction, Stay, StayBed, StayCorrection, Unit
from shelter.trail.record import recorded

DAY = timedelta(days=1)


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
            days.lets_in = _lets_in(stay, rows[-1].until_day, command.left)
            days.touch(stay, "ended" if command.left else "open")
            _set_days(days, rows, command)
        words = Correction(at=now(), by=actor.id, reason=command.reason, was=was, is_now=is_now)
        kept = StayCorrection(stay_id=stay.id, client_id=stay.client_id)
        fill(actor, kept, CORRECTION, words)
        days.also(kept)
        return days.done()


@dataclass(frozen=True, slots=True)
class CorrectBed:
    """The bed of one row of a stay's days and the first night in it, as they should have been written, and why."""

    code: str
    stay: bytes
    version: int
    row: bytes
    bed: bytes
    day: date
    reason: str


def correct_bed(actor: Actor, command: CorrectBed) -> bytes:
    """Puts a move between beds right, or the first bed of a stay; the rule that no two sleep in one bed holds for then.

    Returns what takes it back. Raises `Conflict` where her days changed since the form was made, Broken where somebody
    else slept there or where the day is not between the beds before and after.
    """
    if not command.reason:
        raise Broken("stays.say_why", "reason")
    with first_come(), recorded(actor, Act.STAYS_WRITE) as unit:
        stay = its_stay(allowed(actor, unit, command.code), command.stay, command.version)
        slept = [row for row in rows_of(stay) if row.until_day is None or row.until_day > row.from_day]
        at = next((number for number, row in enumerate(slept) if row.id == command.row), None)
        if at is None:
            raise Missing
        row, before = slept[at], slept[at - 1] if at else None
        bed = beds.locked([command.bed])[command.bed]
        days = Days(actor, "corrected", beds.lets_in(stay, row))
        if bed.site_id != stay.site_id:
            raise Missing
        if (bed.number, command.day) == (row.bed_number, row.from_day):
            raise Broken("stays.nothing_changed")
        _require_between(stay, before, row, command.day)
        words = Correction(
            at=now(),
            by=actor.id,
            reason=command.reason,
            was=(row.from_day, row.until_day),
            is_now=(command.day, row.until_day),
            beds=(_place(row.bed_number), _place(bed.number)),
        )
        days.touch(stay, stay.state)
        _make_room(days, before, row, command.day)
        _need_bed(actor, row, bed, command.day)
        days.set_bed(row, bed.number, command.day)
        if before is not None and before.until_day != command.day:
            _need(before, before.until_day or command.day, command.day, "day")
            days.set_row(before, before.from_day, command.day)
        kept = StayCorrection(stay_id=stay.id, client_id=stay.client_id)
        fill(actor, kept, CORRECTION, words)
        days.also(kept)
        return days.done()


def _require_between(stay: Stay, before: StayBed | None, row: StayBed, day: date) -> None:
    """Each bed keeps a night of its own; where the stay begins is put right with its days."""
    require_near(day, beds.site_night(stay.site_id).today, "day")
    if before is None and day != row.from_day:
        raise Broken("stays.arrival_elsewhere", "day")
    after = row.until_day or max(beds.site_night(stay.site_id).last, row.from_day) + DAY
    if day >= after or (before is not None and day <= before.from_day):
        raise Broken("stays.move_out_of_order", "day")


def _make_room(days: Days, before: StayBed | None, row: StayBed, day: date) -> None:
    """Whichever bed she had for less long than written is shortened first, so that the other may take the nights."""
    if day > row.from_day:
        days.set_row(row, day, row.until_day)
    elif before is not None and day < row.from_day:
        days.set_row(before, before.from_day, day)


def _need_bed(actor: Actor, row: StayBed, bed: Bed, day: date) -> None:
    if bed.number != row.bed_number:
        beds.need_free(actor, bed, day, row.until_day, hold_known=None)
    else:
        _need(row, day, max(row.from_day, day), "day")


def _place(number: int | None) -> str:
    """Room and label, as they are called now; "" for the unassigned bed."""
    query = select(Unit.name, Bed.label).join(Bed, Bed.unit_id == Unit.id).where(Bed.number == number)
    found = db.session.execute(query).first()
    return f"{found.name}, {found.label}" if found else ""


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


def _lets_in(stay: Stay, was: date | None, left: date | None) -> str:
    """The field by which she sleeps in again: "left" where there are nights to come that she had given up, else ""."""
    last = date.max if left is None else left
    return "left" if was is not None and last > max(was, beds.site_night(stay.site_id).today) else ""


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
    beds.need_open(bed, until, field)
    if beds.slept_in(bed, first, until, but=row.id):
        raise beds.taken(bed, field)
