"""From a staff id to the actor that policy judges: roles, sites, cover and keys in few queries."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, LargeBinary, bindparam, case, cast, literal, null, select, union_all

from shelter.accounts.models import BrokenGlass, Cover, SignedIn, StaffRole, StaffSite
from shelter.db import db
from shelter.db.agency import Agency, Site
from shelter.db.deployment import deployment
from shelter.db.keyring import Keyring
from shelter.policy.actor import Actor
from shelter.policy.roles import Role
from shelter.rules.clock import now, today


def actor_of_session(row: SignedIn, uk: bytes) -> Actor:
    """The actor of a living session."""
    keyring = Keyring(agency=deployment().agency, user_id=row.staff_id, uk=uk, uk_id=row.uk_id)
    found = _build(keyring, row.step_up_until, row.sid_hash, row.site_id)
    return replace(found, by_passkey=row.factors == "passkey")


def actor_for(uk: bytes, uk_id: bytes, user_id: bytes) -> Actor:
    """The actor behind a user key that was opened with a passphrase just now."""
    keyring = Keyring(agency=deployment().agency, user_id=user_id, uk=uk, uk_id=uk_id)
    return _build(keyring, now() + timedelta(minutes=10), b"")


def _build(keyring: Keyring, step_up_until: datetime | None, session_id: bytes, front: bytes | None = None) -> Actor:
    me = keyring.user_id
    roles: set[Role] = set()
    sites: set[bytes] = set()
    open_sites: set[bytes] = set()
    covers: set[bytes] = set()
    glass: set[bytes] = set()
    day, near = today("UTC"), timedelta(days=1)  # today is another day in some zones: covers are looked at again
    at = {"me": me, "begun": day + near, "not_over": day - near, "now": now()}
    rows: Any = db.session.execute(_RELATIONS, at)
    for what, text, row_id in rows:
        match what:
            case "role":
                roles.add(Role(text))
            case "site":
                sites.add(row_id)
                if text == "open":
                    open_sites.add(row_id)
            case "cover":
                covers.add(row_id)
            case "glass":
                glass.add(row_id)
    covers = _covered_today(me) if covers else covers
    return Actor(
        id=me,
        agency=keyring.agency,
        roles=frozenset(roles),
        keyring=keyring,
        sites=frozenset(sites),
        open_sites=frozenset(open_sites),
        covers=frozenset(covers),
        glass=frozenset(glass),
        step_up_until=step_up_until,
        session_id=session_id,
        front=front if front in sites else None,
    )


def _relations() -> CompoundSelect[tuple[str, str, bytes]]:
    """Of somebody's id: her roles and sites, those she may stand in for on a day, records open in an emergency."""
    me, nothing = bindparam("me", type_=LargeBinary), cast(null(), LargeBinary)
    roles = select(literal("role"), StaffRole.role, nothing).where(StaffRole.staff_id == me)
    sites = (
        select(
            literal("site"),
            case((Site.open_to_caseworkers, "open"), else_=""),
            StaffSite.site_id,
        )
        .join(Site, Site.id == StaffSite.site_id)
        .where(StaffSite.staff_id == me)
    )
    covers = select(literal("cover"), literal(""), Cover.for_staff).where(
        Cover.by_staff == me, Cover.starts <= bindparam("begun"), Cover.ends >= bindparam("not_over")
    )
    glass = select(literal("glass"), literal(""), BrokenGlass.client_id).where(
        BrokenGlass.staff_id == me, BrokenGlass.ends > bindparam("now")
    )
    return union_all(roles, sites, covers, glass)


_RELATIONS = _relations()


def _covered_today(me: bytes) -> set[bytes]:
    """The colleagues she stands in for on the agency's calendar day."""
    day = today(db.session.scalar(select(Agency.zone)) or "UTC")
    query = select(Cover.for_staff).where(Cover.by_staff == me, Cover.starts <= day, Cover.ends >= day)
    return set(db.session.scalars(query))
