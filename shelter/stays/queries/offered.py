"""Beds that can be offered: free from a night on, or free on nights long past; held ones say so."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, exists, or_, select

from shelter.accounts.queries import my_sites
from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.errors import Missing
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.clock import now
from shelter.rules.staydays import day_of_arrival
from shelter.stays.models import Bed, BedOut, Hold, StayBed, Unit
from shelter.stays.queries.history import Days


@dataclass(frozen=True, slots=True)
class FreeBed:
    """A bed that can be offered, with the hold to be used up where it is held."""

    id: bytes
    site: str
    room: str
    label: str
    kind: str
    offers: tuple[str, ...]
    hold: bytes | None = None


def free_beds(actor: Actor, day: date | None = None) -> list[FreeBed]:
    """Beds of her sites that are free from that day (None: tonight) on; held ones say so."""
    require(actor, Act.BEDS_SEE)
    sites = {site.id: site for site in db.session.scalars(select(Site).where(Site.id.in_(actor.sites)))}
    return _offered(sites, _not_taken(list(sites), day or default_day(actor)))


def beds_then(actor: Actor, site: bytes, row: Days) -> list[FreeBed]:
    """Beds of a site in which nobody slept on the days of a row, the one she had first."""
    require(actor, Act.BEDS_SEE)
    sites = {one.id: one for one in db.session.scalars(select(Site).where(Site.id.in_(actor.sites), Site.id == site))}
    had = [bed_of(actor, row.bed_id)] if row.bed_id else []
    return [*had, *_offered(sites, _not_taken(list(sites), row.from_day, row.until_day))]


def _offered(sites: dict[bytes, Site], query: Select[Bed, str, bytes]) -> list[FreeBed]:
    found = []
    for bed, room, kept in db.session.execute(query):
        offers = tuple(bed.offers.split())
        place = (sites[bed.site_id].code_name, room, bed.label, bed.kind, offers)
        found.append(FreeBed(bed.id, *place, hold=kept))
    return found


def _not_taken(sites: list[bytes], day: date, until: date | None = None) -> Select[Bed, str, bytes]:
    taken = exists().where(
        StayBed.bed_number == Bed.number,
        or_(StayBed.until_day.is_(None), and_(StayBed.until_day > day, StayBed.until_day > StayBed.from_day)),
        StayBed.from_day < (until or date.max),
    )
    out = exists().where(
        BedOut.bed_id == Bed.id, BedOut.from_day <= day, or_(BedOut.until_day.is_(None), BedOut.until_day > day)
    )
    on_board = and_(or_(Bed.from_day.is_(None), Bed.from_day <= day), or_(Bed.until_day.is_(None), Bed.until_day > day))
    return (
        select(Bed, Unit.name, Hold.id)
        .join(Unit, Unit.id == Bed.unit_id)
        .outerjoin(Hold, and_(Hold.bed_id == Bed.id, Hold.until > now()))
        .where(Bed.site_id.in_(sites), ~taken, ~out, on_board)
        .order_by(Unit.position, Unit.name, Bed.label, Bed.number)
    )


def hold_on(actor: Actor, bed_id: bytes) -> bytes | None:
    """The living hold on a bed, which a form made now may use up. Raises `Missing` for a bed of another site."""
    require(actor, Act.BEDS_SEE)
    bed = bed_of(actor, bed_id)
    return db.session.scalar(select(Hold.id).where(Hold.bed_id == bed.id, Hold.until > now()))


def bed_of(actor: Actor, bed_id: bytes) -> FreeBed:
    """A bed of one of her sites."""
    require(actor, Act.BEDS_SEE)
    query = select(Bed, Unit.name, Site.code_name).join(Unit, Unit.id == Bed.unit_id).join(Site, Site.id == Bed.site_id)
    row = db.session.execute(query.where(Bed.id == bed_id, Bed.site_id.in_(actor.sites))).first()
    if row is None:
        raise Missing
    bed, room, site = row
    return FreeBed(bed.id, site, room, bed.label, bed.kind, tuple(bed.offers.split()))


def default_day(actor: Actor) -> date:
    """The day to offer for an arrival now at the first of her sites; at none of them, as the agency's clock has it."""
    sites = my_sites(actor)
    place = sites[0] if sites else the_agency()
    return day_of_arrival(now(), place.zone, place.night_begins) if place else now().date()
