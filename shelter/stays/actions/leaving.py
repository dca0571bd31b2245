"""Leaving: the day on which a stay ends and how, for one or for several of those who came together."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import drop, fill
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.rules.staydays import require_exit
from shelter.stays import beds, facts
from shelter.stays.beds import allowed, first_come, its_stay, rows_of
from shelter.stays.changes import Days
from shelter.stays.models import LEAVING, BedOut, Leaving, Stay, StayExit
from shelter.trail.record import Unit, recorded


@dataclass(frozen=True, slots=True)
class Leave:
    """She leaves on `exit_day`, which is not a night; so do those of her party named in `others`, by code."""

    code: str
    stay: bytes
    exit_day: date
    version: int
    words: Leaving = field(default_factory=Leaving)
    others: tuple[str, ...] = ()
    clean: bool = False


def leave(actor: Actor, command: Leave) -> bytes:
    """Ends a stay, or changes the day on which it ends; returns what takes it back.

    Raises `Conflict` where her days changed since the form was made, Broken for a day before she came.
    """
    with first_come(), recorded(actor, Act.STAYS_WRITE) as unit:
        days = Days(actor, "left")
        stay = its_stay(allowed(actor, unit, command.code), command.stay, command.version)
        party = [_of_party(actor, unit, code, stay) for code in command.others]
        for one in sorted([stay, *party], key=lambda each: each.id):
            _end(days, one, command)
        return days.done()


def _of_party(actor: Actor, unit: Unit, code: str, stay: Stay) -> Stay:
    """The open stay of somebody who came with her."""
    client = allowed(actor, unit, code)
    mine = (Stay.client_id == client.id, Stay.party_id == stay.party_id, Stay.state == "open")
    other = db.session.scalar(select(Stay.id).where(*mine))
    if other is None:
        raise Missing
    return its_stay(client, other, None)


def _end(days: Days, stay: Stay, command: Leave) -> None:
    rows = rows_of(stay)
    last, today = rows[-1], beds.site_night(stay.site_id).today
    require_exit(command.exit_day, rows[0].from_day, last.from_day, today)
    if last.until_day is not None and last.until_day < today:
        raise Broken("stays.left_already", "exit_day")
    beds.need_longer(last, command.exit_day, "exit_day")
    days.touch(stay, "ended")
    days.end_row(last, command.exit_day)
    if command.words != Leaving():
        _keep_words(days, stay, command)
    if command.clean and last.bed_number is not None:
        _to_be_cleaned(days, last.bed_number, command.exit_day)


def _keep_words(days: Days, stay: Stay, command: Leave) -> None:
    """How she left, for those who keep her plan; the desk drops it and cannot read it back."""
    words = command.words
    row = StayExit(stay_id=stay.id, client_id=stay.client_id)
    if days.actor.keyring.holds(Kind.ADVOCACY, stay.client_id):
        fill(days.actor, row, LEAVING, words)
    else:
        drop(days.actor, row, LEAVING, words)
    days.also(row)
    facts.left(days.actor, stay, words, command.exit_day)


def _to_be_cleaned(days: Days, number: int, day: date) -> None:
    bed = beds.numbered(number)
    if not beds.out(bed, day, None) and not beds.slept_in(bed, day, None):
        days.also(BedOut(bed_id=bed.id, from_day=day, until_day=None, reason="cleaning"))
