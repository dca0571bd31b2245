"""Houses that HMIS counts night by night: their bed nights are those on which the desk saw somebody."""

from collections.abc import Callable, Collection
from datetime import date

from sqlalchemy import select

from shelter.clients.models import Client
from shelter.db import db
from shelter.policy.actor import Actor
from shelter.stays.models import HouseRules

Seen = Callable[[Actor, Client], frozenset[date]]
_seen: list[Seen] = []


def register_seen(seen: Seen) -> None:
    """Called by the feature that calls the roll: the nights on which somebody was here, whatever the house."""
    _seen[:] = [seen]


def night_by_night(sites: Collection[bytes]) -> frozenset[bytes]:
    """Those of the sites that are counted night by night."""
    query = select(HouseRules.site_id).where(HouseRules.site_id.in_(sites), HouseRules.night_by_night)
    return frozenset(db.session.scalars(query))


def nights_seen(actor: Actor, client: Client, sites: Collection[bytes]) -> dict[bytes, frozenset[date]]:
    """Her recorded nights by site, for the sites that are counted so."""
    counted = night_by_night(sites)
    known = frozenset[date]().union(*(seen(actor, client) for seen in _seen)) if counted else frozenset[date]()
    return dict.fromkeys(counted, known)
