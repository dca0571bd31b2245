"""Whom there was no bed for, and who waits: the one in most danger first, never the one who called first."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import open_section, row_of
from shelter.desk.asking import fresh_last
from shelter.desk.models import (
    TURNED_AWAY,
    WAITING,
    RequestBefore,
    RequestTurnedAway,
    RequestWaiting,
    TurnedAway,
    Waiting,
)
from shelter.desk.queries.books import book_page, sites_of
from shelter.desk.queries.pages import Page
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.picklists import picklists
from shelter.trail.record import note_read

_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
"""When what says no moment was written."""


@dataclass(frozen=True, slots=True)
class WaitingView:
    id: bytes
    site: str
    version: int
    request: Waiting
    by: str


@dataclass(frozen=True, slots=True)
class TurnedAwayView:
    """`fresh`: the last act about it is the reader's own of the last minutes, to be taken back without a word."""

    id: bytes
    site: str
    version: int
    request: TurnedAway
    by: str
    before: tuple[tuple[RequestBefore, str], ...]
    fresh: bool


def waiting(actor: Actor) -> list[WaitingView]:
    """Who waits at the reader's houses."""
    require(actor, Act.REQUESTS_KEEP)
    note_read(actor, Act.REQUESTS_KEEP, [])
    sites = sites_of(actor)
    rows = list(
        db.session.scalars(
            select(RequestWaiting).where(RequestWaiting.site_id.in_(sites), RequestWaiting.gone_at.is_(None))
        )
    )
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


def turned_away(actor: Actor, until: date | None = None) -> Page[TurnedAwayView]:
    """The requests that could not be met at the reader's houses, as they were written down up to a day (None: the
    latest); only what is shown is opened.
    """
    require(actor, Act.REQUESTS_KEEP)
    note_read(actor, Act.REQUESTS_KEEP, [])
    page = book_page(actor, RequestTurnedAway, TURNED_AWAY, lambda one: one.at or _LONG_AGO, until)
    return Page(_turned_away(actor, page.shown), page.older)


def turned_away_one(actor: Actor, request_id: bytes) -> TurnedAwayView:
    """One of them, to be put right. `Missing` where it is not of the reader's houses."""
    require(actor, Act.REQUESTS_KEEP)
    note_read(actor, Act.REQUESTS_KEEP, [])
    row = db.session.get(RequestTurnedAway, request_id, populate_existing=True)
    value = open_section(actor, row, TURNED_AWAY) if row is not None and row.site_id in actor.sites else None
    if row is None or value is None:
        raise Missing
    return _turned_away(actor, [(row, value)])[0]


def _turned_away(actor: Actor, pairs: list[tuple[RequestTurnedAway, TurnedAway]]) -> list[TurnedAwayView]:
    sites = sites_of(actor)
    names = names_of(actor, {one.by for _, one in pairs} | {was.by for _, one in pairs for was in one.before})
    return [
        TurnedAwayView(
            row.id,
            sites[row.site_id].code_name,
            row.request_version,
            one,
            names.get(one.by, ""),
            tuple((was, names.get(was.by, "")) for was in one.before),
            fresh_last(actor, one.before, (one.by, one.at)),
        )
        for row, one in pairs
    ]
