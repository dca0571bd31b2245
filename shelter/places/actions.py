"""Making, moving and closing rooms and beds. What was slept in keeps its number, so that no night is ever lost."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Conflict, Missing
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.picklists import picklists
from shelter.rules.staydays import require_near, require_order
from shelter.stays import beds
from shelter.stays.models import Bed, HouseRules, Unit
from shelter.trail.record import recorded

MOST_BEDS = 60


@dataclass(frozen=True, slots=True)
class NewBeds:
    """Places to sleep of one kind; `offers` are codes of the pick list bed_needs."""

    labels: tuple[str, ...]
    kind: str = "single"
    offers: tuple[str, ...] = ()
    from_day: date | None = None
    until_day: date | None = None


@dataclass(frozen=True, slots=True)
class NewUnit:
    site: bytes
    name: str
    beds: NewBeds
    position: int = 0


@dataclass(frozen=True, slots=True)
class ChangeBed:
    """Other words for the bed that stands there; nobody's nights change."""

    bed: bytes
    label: str
    kind: str
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveBed:
    """From `day` on the bed stands in another room of its site."""

    bed: bytes
    unit: bytes
    day: date


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """`stay_limit` None: stays have no limit here."""

    site: bytes
    hold_minutes: int
    stay_limit: int | None
    version: int
    night_by_night: bool = False


# -- rooms and beds ------------------------------------------------------------------


def add_unit(actor: Actor, command: NewUnit) -> bytes:
    """A room with its beds; returns its id. Raises Broken for a name that the site has already."""
    require(actor, Act.PLACES_MANAGE)
    with recorded(actor, Act.PLACES_MANAGE):
        site = _site(actor, command.site)
        if db.session.scalar(select(Unit.id).where(Unit.site_id == site.id, Unit.name == command.name)):
            raise Broken("places.room_twice", "name")
        unit = Unit(site_id=site.id, name=command.name, position=command.position)
        db.session.add(unit)
        db.session.flush()
        _stand(unit, command.beds)
        return unit.id


def add_beds(actor: Actor, unit_id: bytes, command: NewBeds) -> None:
    """More beds in a room. Raises Broken for a label that stands there already."""
    require(actor, Act.PLACES_MANAGE)
    with recorded(actor, Act.PLACES_MANAGE):
        _stand(_unit(actor, unit_id), command)


def change_bed(actor: Actor, command: ChangeBed) -> None:
    """Raises Broken for a label that another bed of the room has."""
    require(actor, Act.PLACES_MANAGE)
    with recorded(actor, Act.PLACES_MANAGE):
        bed = _bed(actor, command.bed)
        _need_label(bed.unit_id, command.label, "label", beside=bed)
        bed.label, bed.kind, bed.offers = command.label, _kind(command.kind), _offers(command.offers)


def move_bed(actor: Actor, command: MoveBed) -> bytes:
    """Closes the bed and opens it in another room under another number; the id of the new one.

    Raises Broken while somebody sleeps in it from that day on.
    """
    require(actor, Act.PLACES_MANAGE)
    with recorded(actor, Act.PLACES_MANAGE):
        bed, unit = _bed(actor, command.bed), _unit(actor, command.unit)
        if unit.site_id != bed.site_id:
            raise Missing
        if unit.id == bed.unit_id:
            raise Broken("places.same_room", "unit")
        _need_label(unit.id, bed.label, "unit")
        until_day, kept = bed.until_day, (bed.kind, tuple(bed.offers.split()))
        _close(bed, command.day, "day")
        return _stand(unit, NewBeds((bed.label,), *kept, from_day=command.day, until_day=until_day))[0].id


def close_bed(actor: Actor, bed_id: bytes, until_day: date) -> None:
    """The bed leaves the board on `until_day`; what happened in it stays. Raises Broken while somebody needs it."""
    require(actor, Act.PLACES_MANAGE)
    with recorded(actor, Act.PLACES_MANAGE):
        _close(_bed(actor, bed_id), until_day, "until_day")


def open_bed(actor: Actor, bed_id: bytes) -> None:
    """A closed bed stands on the board again, without an end: the days between count as open too."""
    require(actor, Act.PLACES_MANAGE)
    with recorded(actor, Act.PLACES_MANAGE):
        bed = _bed(actor, bed_id)
        _need_label(bed.unit_id, bed.label, "bed", beside=bed)
        today = beds.site_night(bed.site_id).first
        if bed.until_day is not None and bed.until_day < today:
            kept = NewBeds((bed.label,), bed.kind, tuple(bed.offers.split()), from_day=today)
            _stand(_unit(actor, bed.unit_id), kept)
        else:
            bed.until_day = None


def change_rules(actor: Actor, command: ChangeRules) -> None:
    """What the house settles about its beds. Raises `Conflict` where somebody was faster."""
    require(actor, Act.PLACES_MANAGE)
    with recorded(actor, Act.PLACES_MANAGE):
        site = _site(actor, command.site)
        row = db.session.get(HouseRules, site.id, with_for_update=True, populate_existing=True)
        if (row.version if row else 0) != command.version:
            raise Conflict("house_rules", "rules")
        if row is None:
            row = HouseRules(site_id=site.id, version=0)
            db.session.add(row)
        row.hold_minutes, row.stay_limit = command.hold_minutes, command.stay_limit
        row.night_by_night = command.night_by_night
        row.version += 1


# -- what they share -------------------------------------------------------------------


def _site(actor: Actor, site_id: bytes) -> Site:
    """A site that is hers to furnish: any for an administrator, else one where she works."""
    site = db.session.get(Site, site_id)
    if site is None or not (actor.has(Role.ADMINISTRATOR) or site_id in actor.sites):
        raise Missing
    return site


def _unit(actor: Actor, unit_id: bytes) -> Unit:
    """The room, locked, so that two people do not give one label at once."""
    query = select(Unit).where(Unit.id == unit_id).with_for_update()
    unit = db.session.scalars(query).first()
    if unit is None:
        raise Missing
    _site(actor, unit.site_id)
    return unit


def _bed(actor: Actor, bed_id: bytes) -> Bed:
    bed = beds.locked([bed_id])[bed_id]
    _site(actor, bed.site_id)
    return bed


def _stand(unit: Unit, new: NewBeds) -> list[Bed]:
    """New beds in a room, each under a number that no bed ever had."""
    if len(new.labels) > MOST_BEDS:
        raise Broken("places.too_many", "labels", {"most": MOST_BEDS})
    if len(set(new.labels)) < len(new.labels):
        raise Broken("places.label_twice", "labels")
    for label in new.labels:
        _need_label(unit.id, label, "labels")
    if new.from_day is not None:
        require_near(new.from_day, beds.site_night(unit.site_id).today, "from_day")
    number = db.session.scalar(select(func.max(Bed.number))) or 0
    made = [_new_bed(unit, number + more, label, new) for more, label in enumerate(new.labels, start=1)]
    db.session.add_all(made)
    db.session.flush()
    return made


def _new_bed(unit: Unit, number: int, label: str, new: NewBeds) -> Bed:
    return Bed(
        number=number,
        site_id=unit.site_id,
        unit_id=unit.id,
        label=label,
        kind=_kind(new.kind),
        offers=_offers(new.offers),
        from_day=new.from_day,
        until_day=new.until_day,
    )


def _kind(code: str) -> str:
    return picklists()["bed_kinds"].choice(code).code


def _offers(codes: tuple[str, ...]) -> str:
    return " ".join(picklists()["bed_needs"].choice(code).code for code in codes)


def _need_label(unit_id: bytes, label: str, field: str, *, beside: Bed | None = None) -> None:
    """Of the beds that stand in one room each has a label of its own. Raises Broken."""
    others = select(Bed).where(Bed.unit_id == unit_id, Bed.label == label)
    for other in db.session.scalars(others):
        over = other.until_day is not None and other.until_day <= beds.site_night(other.site_id).today
        if not over and other is not beside:
            raise Broken("places.label_taken", field, {"label": label})


def _close(bed: Bed, day: date, field: str) -> None:
    require_near(day, beds.site_night(bed.site_id).today, field)
    if bed.from_day is not None:
        require_order(bed.from_day, day, "places.closed_before_opened", field)
    if bed.until_day is not None and bed.until_day <= day:
        raise Broken("places.closed_already", field)
    if beds.slept_in(bed, day, None):
        raise Broken("stays.bed_in_use", field)
    bed.until_day = day
