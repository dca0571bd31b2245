"""The rooms and beds of a site as those who furnish it see them, and how many beds stand on a day. Nobody's nights."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Missing
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.roles import Role
from shelter.stays import beds
from shelter.stays.models import Bed, BedOut, HouseRules, Unit


@dataclass(frozen=True, slots=True)
class BedView:
    """A bed on a day. State: stands, ahead (not yet), closed or out."""

    id: bytes
    label: str
    kind: str
    offers: tuple[str, ...]
    unit: bytes
    room: str
    from_day: date | None
    until_day: date | None
    state: str
    out_reason: str = ""
    out_until: date | None = None


@dataclass(frozen=True, slots=True)
class RoomView:
    id: bytes
    name: str
    beds: list[BedView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HouseView:
    """A site with its rooms. `standing` beds are those of the board on `day`; `out` of them are not in use."""

    id: bytes
    code_name: str
    day: date
    rooms: list[RoomView]
    hold_minutes: int
    stay_limit: int | None
    version: int
    night_by_night: bool

    @property
    def standing(self) -> int:
        return sum(bed.state in ("stands", "out") for room in self.rooms for bed in room.beds)

    @property
    def out(self) -> int:
        return sum(bed.state == "out" for room in self.rooms for bed in room.beds)


def houses(actor: Actor, day: date | None = None) -> list[HouseView]:
    """The sites that she furnishes, as they stand on a day (None: today)."""
    require(actor, Act.PLACES_MANAGE)
    query = select(Site).where(Site.closed.is_(False)).order_by(Site.code_name)
    if not actor.has(Role.ADMINISTRATOR):
        query = query.where(Site.id.in_(actor.sites))
    return [_house(site, day) for site in db.session.scalars(query)]


def house(actor: Actor, site_id: bytes, day: date | None = None) -> HouseView:
    """One of them, else `Missing`."""
    found = next((one for one in houses(actor, day) if one.id == site_id), None)
    if found is None:
        raise Missing
    return found


def room(actor: Actor, unit_id: bytes) -> tuple[HouseView, RoomView]:
    for one in houses(actor):
        for found in one.rooms:
            if found.id == unit_id:
                return one, found
    raise Missing


def bed(actor: Actor, bed_id: bytes) -> tuple[HouseView, BedView]:
    for one in houses(actor):
        for found in (bed for room in one.rooms for bed in room.beds):
            if found.id == bed_id:
                return one, found
    raise Missing


def _house(site: Site, day: date | None) -> HouseView:
    known = day or beds.site_night(site.id).today
    rules: HouseRules = beds.rules_of(site.id)
    units = db.session.scalars(select(Unit).where(Unit.site_id == site.id).order_by(Unit.position, Unit.name))
    rooms = {unit.id: RoomView(unit.id, unit.name) for unit in units}
    out = _out_on(site.id, known)
    for row in db.session.scalars(select(Bed).where(Bed.site_id == site.id).order_by(Bed.label, Bed.number)):
        rooms[row.unit_id].beds.append(_view(row, rooms[row.unit_id], known, out.get(row.id)))
    limits = (rules.hold_minutes, rules.stay_limit, rules.version, rules.night_by_night)
    return HouseView(site.id, site.code_name, known, list(rooms.values()), *limits)


def _out_on(site_id: bytes, day: date) -> dict[bytes, BedOut]:
    here = select(Bed.id).where(Bed.site_id == site_id)
    query = select(BedOut).where(BedOut.bed_id.in_(here), BedOut.from_day <= day, beds.overlap(BedOut, day, None))
    return {row.bed_id: row for row in db.session.scalars(query)}


def _view(row: Bed, room: RoomView, day: date, out: BedOut | None) -> BedView:
    state = "out" if out else "stands"
    if row.from_day is not None and day < row.from_day:
        state = "ahead"
    elif row.until_day is not None and day >= row.until_day:
        state = "closed"
    return BedView(
        id=row.id,
        label=row.label,
        kind=row.kind,
        offers=tuple(row.offers.split()),
        unit=room.id,
        room=room.name,
        from_day=row.from_day,
        until_day=row.until_day,
        state=state,
        out_reason=out.reason if out else "",
        out_until=out.until_day if out else None,
    )
