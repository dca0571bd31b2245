"""Whether somebody has a calendar address, whether it is in force, and what a fetch of one gives."""

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select

from shelter.accounts.models import Cover, Staff, StaffRole
from shelter.calendars import ics, sealing
from shelter.calendars.sealing import Entry
from shelter.clients.models import Assignment, Client, Denial
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.aside import CalendarFeed
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.policy.table import TABLE
from shelter.stewards.restricted import compartments_of
from shelter.trail.record import record_alone

ADDRESS_LENGTH = 43
_ROLES = sorted(clause.role.value for clause in TABLE[Act.CALENDAR_OWN])


@dataclass(frozen=True, slots=True)
class Mine:
    """Her own address: until when it works, None where she has none."""

    ends: date | None


def mine(actor: Actor) -> Mine:
    require(actor, Act.CALENDAR_OWN)
    return Mine(db.session.scalar(select(CalendarFeed.ends).where(CalendarFeed.staff_id == actor.id)))


def fetched(address: str, words: ics.Words) -> str | None:
    """The calendar at an address, written down as a fetch; None where there is none, whatever the reason."""
    try:
        secret = base64.urlsafe_b64decode(address + "=") if len(address) == ADDRESS_LENGTH else b""
    except (binascii.Error, ValueError):
        return None
    found = sealing.opened(secret)
    if found is None:
        return None
    feed, entries = found
    if not _in_force(feed):
        return None
    codes = _hers(feed.staff_id, {entry.code for _, entry in entries})
    record_alone(None, "calendar-fetched", *codes.values(), staff=feed.staff_id.hex())
    return ics.calendar(_shown(entries, codes), words)


def _shown(entries: list[tuple[bytes, Entry]], codes: dict[str, bytes]) -> list[tuple[bytes, Entry]]:
    return sorted(((place, one) for place, one in entries if one.code in codes), key=lambda pair: pair[1].day)


def in_force() -> ColumnElement[bool]:
    """An address stops with its owner's work, her leave or her office, whatever became of her assignments."""
    working = exists().where(
        Staff.id == CalendarFeed.staff_id,
        Staff.state == "active",
        StaffRole.staff_id == Staff.id,
        StaffRole.role.in_(_ROLES),
    )
    return working & or_(CalendarFeed.ends.is_(None), CalendarFeed.ends >= agency_today())


def closed_to(staff: bytes, clients: Collection[bytes]) -> frozenset[bytes]:
    """Those of these people whose dates are not for her phone, whoever she works or stands in for: a conflict of
    interest is entered, or legal work has a roster of its own, signed by a steward, without her on it."""
    denied = select(Denial.client_id).where(Denial.staff_id == staff, Denial.client_id.in_(clients))
    rosters = [own for own in compartments_of(clients) if own.kind is Kind.LEGAL]
    return frozenset(db.session.scalars(denied)).union(own.client for own in rosters if staff not in own.members)


def _in_force(feed: CalendarFeed) -> bool:
    return db.session.scalar(select(CalendarFeed.id).where(CalendarFeed.id == feed.id, in_force())) is not None


def _hers(staff: bytes, codes: set[str]) -> dict[str, bytes]:
    """Those of the codes whose people she, or a colleague she stands in for, works for today.

    An address that outlives an assignment or a cover shows nothing of it.
    """
    day = agency_today()
    away = select(Cover.for_staff).where(Cover.by_staff == staff, Cover.starts <= day, Cover.ends >= day)
    rows = db.session.execute(
        select(Client.code, Client.id)
        .join(Assignment, Assignment.client_id == Client.id)
        .where(or_(Assignment.staff_id == staff, Assignment.staff_id.in_(away)), Assignment.kind == "legal")
    )
    found = {row.code: row.id for row in rows if row.code in codes}
    closed = closed_to(staff, set(found.values()))
    return {code: client for code, client in found.items() if client not in closed}
