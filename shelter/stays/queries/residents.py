"""Who sleeps here tonight: the relation that lets the desk see somebody, as SQL and the same in memory.

Registered when this file is read, so that every list and every record judge it alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, select, union_all

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import register_place
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.keyring import chunks
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.rules.clock import now
from shelter.rules.staydays import Night, night_at
from shelter.stays.models import Bed, Stay, StayBed, Unit


@dataclass(frozen=True, slots=True)
class SiteNow:
    """A site and the night it lives in."""

    id: bytes
    code_name: str
    zone: str
    night_begins: int
    night: Night


def sites_now(ids: Iterable[bytes] | None = None, front: bytes | None = None) -> list[SiteNow]:
    """Open sites, each with its own tonight: `front`, then by code name; None for all of the agency."""
    query = select(Site.id, Site.code_name, Site.zone, Site.night_begins).where(Site.closed.is_(False))
    at = now()
    rows = db.session.execute(query if ids is None else query.where(Site.id.in_(ids))).all()
    found = [SiteNow(*row, night=night_at(at, row.zone, row.night_begins)) for row in rows]
    return sorted(found, key=lambda one: (one.id != front, one.code_name))


def _claim(actor: Actor | scope.Reach) -> ColumnElement[bool]:
    """A client with days in a bed (or in none yet) that cover tonight at a site where this person works.

    Asked from the days that are still running, which are few, never from each client's history.
    """
    sites: dict[Night, list[bytes]] = {}
    for site in sites_now(actor.sites):
        sites.setdefault(site.night, []).append(site.id)
    here = [
        select(Stay.client_id).join(StayBed, StayBed.stay_id == Stay.id).where(Stay.site_id.in_(ids), condition)
        for night, ids in sites.items()
        for condition in running(night)
    ]
    return Client.id.in_(union_all(*here)) if here else false()


def running(night: Night) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """`Night.covers` of the days in a `stay_bed` row: those without an end, and those that end later; each reads an
    index."""
    come = StayBed.from_day <= night.last
    ends = and_(StayBed.until_day > night.night, StayBed.until_day > StayBed.from_day)
    return and_(StayBed.until_day.is_(None), come), and_(ends, come)


def _lookup(client_ids: list[bytes]) -> dict[bytes, frozenset[bytes]]:
    """The sites where each of these clients sleeps tonight."""
    nights = {site.id: site.night for site in sites_now()}
    found: dict[bytes, set[bytes]] = {}
    for part in chunks(client_ids):
        query = (
            select(Stay.client_id, Stay.site_id, StayBed.from_day, StayBed.until_day)
            .join(StayBed, StayBed.stay_id == Stay.id)
            .where(Stay.client_id.in_(part))
        )
        for client_id, site_id, from_day, until_day in db.session.execute(query):
            if site_id in nights and nights[site_id].covers(from_day, until_day):
                found.setdefault(client_id, set()).add(site_id)
    return {client: frozenset(where) for client, where in found.items()}


def _place(actor: Actor, client_id: bytes) -> str:
    """Room and bed tonight, where this reader may know them: "Room 4, B"."""
    client = db.session.get(Client, client_id)
    if client is None or not decide(actor, Act.STAYS_READ, scope.facts_of(client)).allowed:
        return ""
    query = (
        select(Unit.name, Bed.label, StayBed.from_day, StayBed.until_day, Stay.site_id)
        .join(Stay, Stay.id == StayBed.stay_id)
        .join(Bed, Bed.number == StayBed.bed_number)
        .join(Unit, Unit.id == Bed.unit_id)
        .where(Stay.client_id == client_id)
        .order_by(StayBed.from_day.desc())
    )
    nights = {site.id: site.night for site in sites_now()}
    for unit, label, from_day, until_day, site_id in db.session.execute(query):
        if site_id in nights and nights[site_id].covers(from_day, until_day):
            return f"{unit}, {label}"
    return ""


scope.register_residents(_claim, _lookup)
register_place(_place)
