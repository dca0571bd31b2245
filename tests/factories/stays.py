"""Rooms and beds of a world, and people who sleep in them, made through the same use-cases as the pages."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from shelter.db import db
from shelter.db.agency import Site
from shelter.places import actions as places
from shelter.places.actions import NewBeds, NewUnit
from shelter.rules import clock
from shelter.rules.staydays import night_at
from shelter.stays import actions
from shelter.stays.actions import Admit, Guest
from shelter.stays.models import Bed, Stay, StayBed, Unit
from tests.factories.agency import World
from tests.factories.clients import begin, client_id

DAY = timedelta(days=1)


def make_beds(world: World, site: str = "north", room: str = "Room 1", labels: str = "AB") -> dict[str, bytes]:
    """A room of single beds; their ids by label."""
    new = NewUnit(world.sites[site], room, NewBeds(tuple(labels)))
    unit = places.add_unit(world.actor("administrator"), new)
    return {bed.label: bed.id for bed in db.session.scalars(select(Bed).where(Bed.unit_id == unit))}


def tonight(at: datetime | None = None) -> date:
    """The night that is running at the sites of a world, which all keep one clock."""
    site = db.session.scalars(select(Site)).first()
    assert site is not None
    return night_at(at or clock.now(), site.zone, site.night_begins).night


def resident(world: World, bed: bytes, *, called: str = "Lin", since: date | None = None, **more: object) -> str:
    """A client of the caseworker in a bed; the code."""
    code = begin(world, called=called)
    actions.admit(world.actor("caseworker"), Admit(code, bed, since or tonight(), **more))  # type: ignore[arg-type]
    return code


def guest(code: str, bed: bytes) -> Guest:
    return Guest(code, bed)


def stay_of(code: str) -> Stay:
    """The newest stay of a client that was not taken back."""
    query = select(Stay).where(Stay.client_id == client_id(code), Stay.state != "undone")
    found = db.session.scalars(query, execution_options={"populate_existing": True}).all()
    return max(found, key=lambda stay: rows_of(stay)[-1].from_day)


def rows_of(stay: Stay) -> list[StayBed]:
    query = select(StayBed).where(StayBed.stay_id == stay.id)
    rows = db.session.scalars(query, execution_options={"populate_existing": True}).all()
    return sorted(rows, key=lambda row: (row.from_day, row.until_day or date.max))


def days_of(code: str) -> list[tuple[str, date, date | None]]:
    """Where she slept: room and bed ("" for none), first night, day of leaving it."""
    found = []
    for row in rows_of(stay_of(code)):
        bed = db.session.scalars(select(Bed).where(Bed.number == row.bed_number)).first()
        unit = db.session.get(Unit, bed.unit_id) if bed else None
        found.append((f"{unit.name}, {bed.label}" if unit and bed else "", row.from_day, row.until_day))
    return found
