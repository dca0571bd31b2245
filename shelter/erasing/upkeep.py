"""What time does to records: closed files are marked, and what the rules leave to the clock alone is purged.

Nothing sealed is opened, and no file is erased here: that waits for two people. A hold stands against both.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import CursorResult, Delete, delete, exists, or_, select

from shelter.accounts.notices import KEPT
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.aside import Draft, Message
from shelter.db.keystore import KeyDek
from shelter.erasing.models import Erasure
from shelter.erasing.queries.due import due_files, not_held
from shelter.referrals.models import DroppedReferral
from shelter.settings.queries import limit
from shelter.trail.models import Trail, TrailDetail, TrailSubject
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
    """Notices, drafts, closed referrals and details of the trail; the trail says how many of each."""
    day = agency_today()
    gone = {
        "notices": _notices(day),
        "drafts": _count(delete(Draft).where(Draft.keep_until < day)),
        "dropped": _dropped(day),
        "details": _details(at),
    }
    if any(gone.values()):
        append(Unit("purged", None, detail={name: count for name, count in gone.items() if count}), [])


def _notices(day: date) -> int:
    """Each row bears the month in which the shipped number of days is over; the agency's own moves it."""
    until = day - (timedelta(days=limit("notice_days")) - KEPT)
    return _count(delete(Message).where(Message.keep_until <= until, not_held(Message.client_id)))


def _dropped(day: date) -> int:
    """One that was closed since gets the end of a month as its own; one whose end has come goes with its keys."""
    end = ((day + timedelta(days=limit("dropped_days"))).replace(day=1) + timedelta(days=32)).replace(day=1)
    for row in db.session.scalars(
        select(DroppedReferral).where(DroppedReferral.answer_version > 0, DroppedReferral.keep_until.is_(None))
    ):
        row.keep_until = end
    db.session.flush()
    over = list(db.session.scalars(select(DroppedReferral.id).where(DroppedReferral.keep_until <= day)))
    _count(delete(KeyDek).where(KeyDek.subject_kind == "item", KeyDek.subject_id.in_(over)))
    return _count(delete(DroppedReferral).where(DroppedReferral.id.in_(over)))


def _details(at: datetime) -> int:
    years = limit("detail_years")
    before = at - timedelta(days=365 * years + years // 4)
    last = db.session.scalar(select(Trail.seq).where(Trail.at < before).order_by(Trail.at.desc()).limit(1))
    if last is None:
        return 0
    held = select(TrailSubject.seq).where(~not_held(TrailSubject.client_id))
    return _count(delete(TrailDetail).where(TrailDetail.seq <= last, TrailDetail.seq.not_in(held)))


def _count(statement: Delete) -> int:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0


DUTIES = (mark_due, purge)
