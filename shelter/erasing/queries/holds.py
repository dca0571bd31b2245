"""Holds of one person, and those whose day of review has come."""

from dataclasses import dataclass

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import row_of
from shelter.erasing.models import HOLD, HoldAbout, LegalHold
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.trail.record import note_read, record_alone


@dataclass(frozen=True, slots=True)
class HoldView:
    """`due` where somebody has to look at it again."""

    id: bytes
    code: str
    version: int
    ended: bool
    about: HoldAbout
    by: str
    ended_by: str
    due: bool


def holds_of(actor: Actor, client: Client) -> list[HoldView]:
    """Those that stand first, then the newest; the caller has asked whether she may."""
    rows = db.session.execute(select(LegalHold, Client.code).join(Client).where(LegalHold.client_id == client.id))
    return _views(actor, [(row[0], row[1]) for row in rows])


def to_review(actor: Actor) -> list[HoldView]:
    """Holds that stand longer than was said, of people in her scope."""
    if not may_ever(actor, Act.HOLDS_KEEP):
        return []
    query = select(LegalHold, Client.code).join(Client).where(LegalHold.ended.is_(False))
    rows = [(row[0], row[1]) for row in db.session.execute(query.where(scope.scope(actor, Act.HOLDS_KEEP)))]
    if rows:
        note_read(actor, Act.HOLDS_KEEP, [row[0].client_id for row in rows])
    return [one for one in _views(actor, rows) if one.due]


def _views(actor: Actor, rows: list[tuple[LegalHold, str]]) -> list[HoldView]:
    opened = open_each(actor, [row_of(row, HOLD) for row, _ in rows], HOLD)
    if opened.broken:
        record_alone(actor, "refused:seal")
    known = [(row, code, about) for (row, code), about in zip(rows, opened.values, strict=True) if about]
    names = names_of(actor, {who for _, _, about in known for who in (about.by, about.ended_by) if who})
    today = agency_today()
    views = [
        HoldView(
            row.id,
            code,
            row.about_version,
            row.ended,
            about,
            names.get(about.by, ""),
            names.get(about.ended_by, ""),
            not row.ended and about.review <= today,
        )
        for row, code, about in known
    ]
    return sorted(views, key=lambda one: (one.ended, -one.about.at.timestamp()))
