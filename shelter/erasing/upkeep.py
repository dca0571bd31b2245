"""What time does to records: closed files are marked, and what the rules leave to the clock alone is purged.

Nothing sealed is opened, and no file is erased here: that waits for two people. A hold stands against both.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, exists, or_, select, update

from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.aside import Draft
from shelter.db.keystore import KeyDek
from shelter.erasing.models import Erasure
from shelter.erasing.queries.due import due_files, not_held
from shelter.erasing.queries.over import KINDS, MONTHLY, WITH_KEYS
from shelter.referrals.models import DroppedReferral
from shelter.rules.retention import retention
from shelter.settings.queries import limit
from shelter.trail.record import Unit, append


def mark_due(at: datetime) -> None:
    """Files whose time is over wait for a supervisor from now on; a case begun again, or held, does not."""
    stale = exists().where(Client.id == Erasure.client_id, or_(Client.state != "closed", ~not_held(Client.id)))
    db.session.execute(
        delete(Erasure).where(Erasure.state == "due", stale).execution_options(synchronize_session=False)
    )
    for scope in ("whole", "narrative"):
        for client in db.session.scalars(due_files(scope, agency_today())).all():
            db.session.add(Erasure(client_id=client, state="due", scope=scope))
        db.session.flush()


def purge(at: datetime) -> None:
    """What the clock alone takes, and old drafts; the trail says how many of each."""
    day = agency_today()
    _end_closed_referrals(day)
    _note_month(day)
    gone = {one.code: _purge(one.code, day, limit(one.limit)) for one in retention() if one.by == "clock"}
    gone["drafts"] = _run(delete(Draft).where(Draft.keep_until < day))
    if any(gone.values()):
        append(Unit("purged", None, detail={name: count for name, count in gone.items() if count}), [])


def _end_closed_referrals(day: date) -> None:
    """One that was closed since gets the end of a month as its own."""
    end = ((day + timedelta(days=limit("dropped_days"))).replace(day=1) + timedelta(days=32)).replace(day=1)
    for row in db.session.scalars(
        select(DroppedReferral).where(DroppedReferral.answer_version > 0, DroppedReferral.keep_until.is_(None))
    ):
        row.keep_until = end
    db.session.flush()


def _note_month(day: date) -> None:
    """An entry at a house gets the month in which it was first seen here: when it was written is sealed."""
    for table in MONTHLY:
        _run(update(table).where(table.month.is_(None)).values(month=day.replace(day=1)))


def _purge(kind: str, day: date, number: int) -> int:
    """Rows that are over, with the keys of those that have keys of their own; how many rows."""
    gone = 0
    for table in KINDS[kind].models:
        over = KINDS[kind].over(table, day, number)
        if table in WITH_KEYS:
            of_these = KeyDek.subject_id.in_(select(table.id).where(over))
            _run(delete(KeyDek).where(KeyDek.subject_kind == "item", of_these))
        gone += _run(delete(table).where(over))
    return gone


def _run(statement: Any) -> int:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0


DUTIES = (mark_due, purge)
