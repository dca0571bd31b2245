"""A house of many beds with everybody in one, and years of stays behind it, laid down with Core."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import insert, select

from shelter.db import db, new_id
from shelter.db.sections import fill
from shelter.places import actions as places
from shelter.places.actions import NewBeds, NewUnit
from shelter.policy.actor import Actor
from shelter.stays.beds import site_night
from shelter.stays.models import ROOM, Away, Bed, Room, Stay, StayBed
from shelter.trail.record import recorded
from tests.bench import crowd
from tests.factories.agency import World

A_ROOM = 25
LASTS = 30


def beds_of(world: World, site: str, count: int) -> list[int]:
    """Numbers of so many beds, in rooms of twenty-five."""
    boss = world.actor("administrator")
    for room in range(count // A_ROOM):
        labels = tuple(f"{room}-{n}" for n in range(A_ROOM))
        places.add_unit(boss, NewUnit(world.sites[site], f"Room {room}", NewBeds(labels)))
    return list(db.session.scalars(select(Bed.number).where(Bed.site_id == world.sites[site]).order_by(Bed.number)))


def full_house(world: World, people: Sequence[crowd.Invented], numbers: Sequence[int], tonight: date) -> None:
    """Everybody in a bed since last week, without an end."""
    site = world.sites["north"]
    _lay(
        site, [(one.id, number, tonight - timedelta(days=7), None) for one, number in zip(people, numbers, strict=True)]
    )


def years_behind(
    site: bytes, people: Sequence[crowd.Invented], numbers: Sequence[int], count: int, until: date, lasts: int = LASTS
) -> None:
    """So many stays of some nights each that ended before `until`, one after another in each bed."""
    rows, day, at = list[tuple[bytes, int, date, date | None]](), until - timedelta(days=lasts), 0
    while len(rows) < count:
        for number in numbers:
            one = people[at % len(people)]
            rows.append((one.id, number, day, day + timedelta(days=lasts)))
            at += 1
        day -= timedelta(days=lasts)
    _lay(site, rows[:count])


def _lay(site: bytes, rows: Sequence[tuple[bytes, int, date, date | None]]) -> None:
    stays, days = [], []
    for client, number, first, until in rows:
        stay = new_id()
        state = "ended" if until else "open"
        known = {"id": stay, "client_id": client, "site_id": site, "party_id": stay, "head": True}
        stays.append(known | {"state": state, "days_version": 1, "room_version": 0})
        days.append({"id": new_id(), "stay_id": stay, "bed_number": number, "from_day": first, "until_day": until})
    with recorded(None, "laid-down"):
        for start in range(0, len(stays), crowd.PORTION):
            db.session.execute(insert(Stay), stays[start : start + crowd.PORTION])
            db.session.execute(insert(StayBed), days[start : start + crowd.PORTION])


def night(world: World) -> date:
    """Tonight."""
    return site_night(world.sites["north"]).night


def rooms_sealed(actor: Actor, one_in: int, leave_in: int) -> int:
    """One stay in so many has a sealed room, as the desk keeps one where it knows when she goes; one in `leave_in` of
    those has agreed nights away. How many there are.
    """
    rows = db.session.execute(
        select(Stay, StayBed.from_day, StayBed.until_day).join(StayBed, StayBed.stay_id == Stay.id).order_by(Stay.id)
    ).all()
    chosen = rows[::one_in]
    with recorded(None, "laid-down"):
        for at, (stay, first, until) in enumerate(chosen):
            leave = [Away(from_day=first + timedelta(days=2), back_day=first + timedelta(days=4))]
            fill(actor, stay, ROOM, Room(expected_exit=until, away=leave if at % leave_in == 0 else []))
            if at % crowd.PORTION == 0:
                db.session.flush()
    db.session.expunge_all()
    return len(chosen)
