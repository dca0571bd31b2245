"""Whom there was no bed for, and who waits: the one in most danger first, never the one who called first."""

from dataclasses import dataclass

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import row_of
from shelter.desk.models import TURNED_AWAY, WAITING, RequestTurnedAway, RequestWaiting, TurnedAway, Waiting
from shelter.desk.queries.books import sites_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.picklists import picklists
from shelter.trail.record import note_read

SHOWN = 40


@dataclass(frozen=True, slots=True)
class WaitingView:
    id: bytes
    site: str
    version: int
    request: Waiting
    by: str


@dataclass(frozen=True, slots=True)
class TurnedAwayView:
    id: bytes
    site: str
    request: TurnedAway
    by: str


def waiting(actor: Actor) -> list[WaitingView]:
    """Who waits at the reader's houses."""
    require(actor, Act.REQUESTS_KEEP)
    note_read(actor, Act.REQUESTS_KEEP, [])
    sites = sites_of(actor)
    rows = list(db.session.scalars(select(RequestWaiting).where(RequestWaiting.site_id.in_(sites))))
    opened = open_each(actor, [row_of(row, WAITING) for row in rows], WAITING)
    pairs = [(row, one) for row, one in zip(rows, opened.values, strict=True) if one]
    names = names_of(actor, {one.by for _, one in pairs})
    order = [choice.code for choice in picklists()["waiting_danger"].choices]
    views = [
        WaitingView(row.id, sites[row.site_id].code_name, row.request_version, one, names.get(one.by, ""))
        for row, one in pairs
    ]
    return sorted(views, key=lambda view: (order.index(view.request.danger), view.request.at))


def waiting_one(actor: Actor, request_id: bytes) -> WaitingView:
    found = [one for one in waiting(actor) if one.id == request_id]
    if not found:
        raise Missing
    return found[0]


def turned_away(actor: Actor) -> list[TurnedAwayView]:
    """The latest requests that could not be met at the reader's houses."""
    require(actor, Act.REQUESTS_KEEP)
    sites = sites_of(actor)
    rows = list(db.session.scalars(select(RequestTurnedAway).where(RequestTurnedAway.site_id.in_(sites))))
    opened = open_each(actor, [row_of(row, TURNED_AWAY) for row in rows], TURNED_AWAY)
    pairs = [(row, one) for row, one in zip(rows, opened.values, strict=True) if one]
    pairs.sort(key=lambda pair: pair[1].day, reverse=True)
    names = names_of(actor, {one.by for _, one in pairs[:SHOWN]})
    return [
        TurnedAwayView(row.id, sites[row.site_id].code_name, one, names.get(one.by, "")) for row, one in pairs[:SHOWN]
    ]
