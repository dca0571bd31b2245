"""What reports may know of a stay: at which site, from which month, until which; no bed and no day."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import func, select

from shelter.db import db
from shelter.db.inbox import Coded, emit
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.stays.models import Stay, StayBed

_AT_ONCE = 500


def changed(actor: Actor, stays: Collection[bytes]) -> None:
    """Tells the ledger of these stays as the database has them now, in the caller's transaction."""
    ids, coded = sorted(stays), list[Coded]()
    for start in range(0, len(ids), _AT_ONCE):
        coded += _of_stays(ids[start : start + _AT_ONCE])
    emit(actor, coded)


def _of_stays(ids: list[bytes]) -> list[Coded]:
    """Columns, not objects: what the session holds of a row may be older than what an update wrote."""
    ends = func.max(func.coalesce(StayBed.until_day, date.max))
    rows = db.session.execute(
        select(Stay.id, Stay.client_id, Stay.site_id, Stay.state, Stay.days_version, func.min(StayBed.from_day), ends)
        .outerjoin(StayBed, StayBed.stay_id == Stay.id)
        .where(Stay.id.in_(ids))
        .group_by(Stay.id, Stay.client_id, Stay.site_id, Stay.state, Stay.days_version)
    )
    found = []
    for stay, client, site, state, version, first, until in rows:
        gone = state == "undone" or first is None
        left = None if gone or until == date.max else until
        found.append(of_stay(stay, client, site, version, None if gone else first, left))
    return found


def of_stay(stay: bytes, client: bytes, site: bytes, version: int, arrived: date | None, left: date | None) -> Coded:
    """`until` is the month of the last night, "" while it goes on; a stay that was taken back has no `arrived`."""
    return Coded(
        client=client,
        table="stay",
        row=stay,
        section="days",
        origin=Kind.SHELTER,
        version=version,
        what="stay",
        values=_months(site, arrived, left) if arrived else {},
        deleted=arrived is None,
    )


def _months(site: bytes, arrived: date, left: date | None) -> dict[str, str | int]:
    last_night = max(arrived, left - timedelta(days=1)) if left else None
    return {"site": site.hex(), "from": _month(arrived), "until": _month(last_night) if last_night else ""}


def _month(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"
