"""What the clock alone purges, kind by kind: which rows are over on a day under a number. Nothing sealed is opened.

The dry run counts by the conditions that `tick` deletes by. A hold on somebody stands against what names her; and
since nobody can tell without a key whom the books of a house name, against the books of each house she stayed in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from shelter.accounts.notices import KEPT
from shelter.db import db
from shelter.db.aside import Message
from shelter.desk.models import DoorEntry, HandOver, IncidentReport, RequestTurnedAway
from shelter.erasing.queries.due import not_held
from shelter.referrals.models import DroppedReferral
from shelter.rules.clock import now
from shelter.settings.queries import limit
from shelter.stays.models import Stay
from shelter.trail.models import Trail, TrailDetail, TrailSubject


@dataclass(frozen=True, slots=True)
class Purge:
    """`models` lose what is `over(day, number)`; `number` is in the unit of the kind's limit."""

    models: tuple[Any, ...]
    over: Callable[[Any, date, int], ColumnElement[bool]]


def _over_notices(table: Any, day: date, days: int) -> ColumnElement[bool]:
    """Each row bears the month in which the shipped number of days is over; the agency's own moves it."""
    return and_(table.keep_until <= day - (timedelta(days=days) - KEPT), not_held(table.client_id))


def _over_dropped(table: Any, day: date, days: int) -> ColumnElement[bool]:
    """Each row bears the month in which the number in force when it was closed is over."""
    found: ColumnElement[bool] = table.keep_until <= day - timedelta(days=days - limit("dropped_days"))
    return found


def _over_details(table: Any, day: date, years: int) -> ColumnElement[bool]:
    at = datetime.combine(_years_before(day, years), now().timetz())
    last = select(Trail.seq).where(Trail.at < at).order_by(Trail.at.desc()).limit(1).scalar_subquery()
    held = select(TrailSubject.seq).where(~not_held(TrailSubject.client_id))
    return and_(table.seq <= last, table.seq.not_in(held))


def _over_books(table: Any, day: date, days: int) -> ColumnElement[bool]:
    return _written_before(table, day - timedelta(days=days))


def _over_incidents(table: Any, day: date, years: int) -> ColumnElement[bool]:
    return _written_before(table, _years_before(day, years))


def _over_requests(table: Any, day: date, years: int) -> ColumnElement[bool]:
    """It names nobody, so nobody's hold can stand against it."""
    found: ColumnElement[bool] = table.month < _years_before(day, years).replace(day=1)
    return found


def _written_before(table: Any, day: date) -> ColumnElement[bool]:
    """The whole month in which it was written lies before `day`, and nobody who is held stayed in the house."""
    held = select(Stay.site_id).where(~not_held(Stay.client_id))
    return and_(table.month < day.replace(day=1), table.site_id.not_in(held))


def _years_before(day: date, years: int) -> date:
    return day - timedelta(days=365 * years + years // 4)


KINDS: dict[str, Purge] = {
    "notices": Purge((Message,), _over_notices),
    "dropped": Purge((DroppedReferral,), _over_dropped),
    "details": Purge((TrailDetail,), _over_details),
    "books": Purge((HandOver, DoorEntry), _over_books),
    "incidents": Purge((IncidentReport,), _over_incidents),
    "requests": Purge((RequestTurnedAway,), _over_requests),
}
"""By the code of the kind in rules/retention.toml."""
MONTHLY = tuple(model for kind in ("books", "incidents", "requests") for model in KINDS[kind].models)
"""What bears the month in which `tick` first saw it."""
WITH_KEYS = (DroppedReferral, RequestTurnedAway)
"""What has a key for each row, which goes with it."""


def count(kind: str, day: date, number: int) -> int:
    """How many rows `tick` would purge on `day` if the rule said `number`."""
    purge = KINDS[kind]
    counts = (select(func.count()).select_from(one).where(purge.over(one, day, number)) for one in purge.models)
    return sum(db.session.scalar(query) or 0 for query in counts)
