"""Sessions: a row that only its cookie and this server's boot secret can open.

Idling locks by code; the absolute end and the epoch end a session for good.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, column, delete, select, table, update

from shelter.accounts.models import SignedIn, Staff
from shelter.crypto.errors import Unopenable
from shelter.crypto.tokens import open_session, seal_session
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.rules.clock import now
from shelter.rules.limits import limits

SID_BYTES = 32
ABSOLUTE = timedelta(hours=12)
STEP_UP = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)
AT_ONE_DESK = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A living session and what it unseals; it locks after `idle` without a touch."""

    sid: bytes = field(repr=False)
    row: SignedIn
    uk: bytes = field(repr=False)
    locked: bool
    idle: timedelta


def sid_hash(sid: bytes) -> bytes:
    return hashlib.sha256(sid).digest()


def start(staff: Staff, uk: bytes, uk_id: bytes, factors: str) -> bytes:
    """A new session row in the caller's transaction; returns the sid for the cookie."""
    sid, at = secrets.token_bytes(SID_BYTES), now()
    place = deployment()
    db.session.add(
        SignedIn(
            sid_hash=sid_hash(sid),
            staff_id=staff.id,
            epoch=staff.epoch,
            uk_id=uk_id,
            uk_sealed=seal_session(uk, sid, place.boot_secret, place.agency, staff.id),
            last_seen=at,
            ends=at + ABSOLUTE,
            factors=factors,
            step_up_until=at + STEP_UP,
            started=at,
        )
    )
    return sid


_LIMITS = table("limit_setting", column("code"), column("value", Integer))
"""Of the settings, a room above this one: read along with the session, as each request asks for both."""
_IDLE = select(_LIMITS.c.value).where(_LIMITS.c.code == "idle_minutes").scalar_subquery()
_LIVING = (
    select(SignedIn, _IDLE.label("idle"))
    .join(Staff, (Staff.id == SignedIn.staff_id) & (Staff.epoch == SignedIn.epoch))
    .where(SignedIn.sid_hash == bindparam("sid"), Staff.state == "active", SignedIn.ends > bindparam("at"))
)


def find(sid: bytes) -> Found | None:
    """The session behind a cookie, if it lives: right epoch, active person, not past its end."""
    at = now()
    row = db.session.execute(_LIVING, {"sid": sid_hash(sid), "at": at}).one_or_none()
    if row is None:
        return None
    found, idle = row.SignedIn, timedelta(minutes=row.idle or limits()["idle_minutes"].default)
    place = deployment()
    try:
        uk = open_session(found.uk_sealed, sid, place.boot_secret, place.agency, found.staff_id)
    except Unopenable:  # the server has started anew since
        return None
    return Found(sid, found, uk, found.locked or at - found.last_seen > idle, idle)


def touch(found: Found) -> bool:
    """Whether last-seen is old enough to be worth writing."""
    return not found.locked and now() - found.row.last_seen > SEEN_EVERY


def write_seen(sids: list[bytes], at: datetime) -> None:
    db.session.execute(
        update(SignedIn)
        .where(SignedIn.sid_hash.in_([sid_hash(sid) for sid in sids]))
        .values(last_seen=at)
        .execution_options(synchronize_session=False)
    )


def lock(sid: bytes) -> None:
    db.session.execute(
        update(SignedIn)
        .where(SignedIn.sid_hash == sid_hash(sid))
        .values(locked=True)
        .execution_options(synchronize_session=False)
    )


def renew(found: Found) -> bytes:
    """The same session under a new sid, awake and stepped up; the old sid is dead with this commit.

    Its absolute end stays where it was.
    """
    sid, at, place, old = secrets.token_bytes(SID_BYTES), now(), deployment(), found.row
    db.session.add(
        SignedIn(
            sid_hash=sid_hash(sid),
            staff_id=old.staff_id,
            epoch=old.epoch,
            uk_id=old.uk_id,
            uk_sealed=seal_session(found.uk, sid, place.boot_secret, place.agency, old.staff_id),
            last_seen=at,
            ends=old.ends,
            factors=old.factors,
            site_id=old.site_id,
            step_up_until=at + STEP_UP,
            started=old.started,
        )
    )
    end(found.sid)
    return sid


def make_room(at_desk: Sequence[bytes], arriving: bytes) -> None:
    """Somebody signs in at a desk: the others there are locked, an older session of hers there ends.

    Four people at most share a desk; whoever was in front longest ago is signed out.
    """
    for place, sid in enumerate(at_desk, start=2):
        row = db.session.get(SignedIn, sid_hash(sid))
        if row is not None and (row.staff_id == arriving or place > AT_ONE_DESK):
            end(sid)
        elif row is not None:
            lock(sid)


def put_in_front(hashed: bytes, site_id: bytes) -> None:
    """The session, named by its hash, shows this site first from now on."""
    db.session.execute(
        update(SignedIn)
        .where(SignedIn.sid_hash == hashed)
        .values(site_id=site_id)
        .execution_options(synchronize_session=False)
    )


def end(sid: bytes) -> None:
    db.session.execute(delete(SignedIn).where(SignedIn.sid_hash == sid_hash(sid)))


def end_hash(staff_id: bytes, hashed: bytes) -> None:
    """Ends one of a person's own sessions, named by its hash."""
    db.session.execute(delete(SignedIn).where(SignedIn.sid_hash == hashed, SignedIn.staff_id == staff_id))


def end_all(staff_id: bytes) -> None:
    """Raises the epoch: every session of hers is dead with this commit."""
    db.session.execute(
        update(Staff)
        .where(Staff.id == staff_id)
        .values(epoch=Staff.epoch + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(delete(SignedIn).where(SignedIn.staff_id == staff_id))


def of_person(staff_id: bytes) -> list[SignedIn]:
    rows = select(SignedIn).where(SignedIn.staff_id == staff_id, SignedIn.ends > now())
    return list(db.session.scalars(rows.order_by(SignedIn.last_seen.desc())))
