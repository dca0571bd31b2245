"""Reads about colleagues: who she is on screen, her sites, her sessions, her notices."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select

from shelter.accounts import sessions
from shelter.accounts.models import STAFF_HOUSE, Cover, SignedIn, Staff, StaffHouse, StaffRole, StaffSite
from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.aside import Message
from shelter.db.batch import take_keys, with_keys_in
from shelter.db.deks import Subject
from shelter.db.errors import Missing
from shelter.db.keyring import keyring_of
from shelter.db.sections import SealedRow, open_rows, open_section
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.policy.roles import LEGAL_STAFF, Role
from shelter.rules.clock import today


@dataclass(frozen=True, slots=True)
class AgencyOnScreen:
    name_on_screen: str
    fictional: bool
    exit_url: str
    zone: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as her colleagues see her."""

    id: bytes
    sign_in_name: str
    working_name: str
    name: str
    state: str
    roles: tuple[Role, ...] = ()

    @property
    def initials(self) -> str:
        words = self.working_name.split() or [self.sign_in_name]
        return "".join(word[0] for word in words[:2]).upper()


def agency_on_screen() -> AgencyOnScreen:
    agency = the_agency()
    if agency is None:
        return AgencyOnScreen("", False, "/away", "UTC")
    return AgencyOnScreen(agency.name_on_screen, agency.fictional, agency.exit_url, agency.zone)


def has_keys(actor: Actor) -> bool:
    """Whether a colleague has handed her the key that everybody holds; until then she waits."""
    return actor.keyring.holds(Kind.HOUSE)


def me(actor: Actor) -> Colleague:
    return me_and_messages(actor)[0]


def me_and_messages(actor: Actor) -> tuple[Colleague, int]:
    """Herself, and how many messages she has not seen: every page asks for both."""
    compartments = tuple(keyring_of(actor).held_of(STAFF_HOUSE.kind))
    rows = take_keys(actor, db.session.execute(_herself(compartments), {"one": actor.id}).all())
    (her,) = _opened(actor, rows, {actor.id: tuple(sorted(actor.roles))})
    return her, rows[0].unseen


def colleagues(actor: Actor, ids: list[bytes] | None = None) -> list[Colleague]:
    """Staff with their names opened (everybody holds `house`), by working name."""
    found = _opened(actor, _rows(actor, ids), _roles_of(ids))
    return sorted(found, key=lambda one: one.working_name.casefold())


_STAFF = select(Staff.id, Staff.sign_in_name, Staff.state, Staff.house, Staff.house_version)


_UNSEEN = (
    select(func.count())
    .select_from(Message)
    .where(Message.reader_id == Staff.id, Message.seen.is_(False))
    .scalar_subquery()
    .label("unseen")
)


@lru_cache(maxsize=16)
def _herself(compartments: tuple[bytes, ...]) -> Any:
    """One member of staff with her keys in these compartments and her messages."""
    return with_keys_in(compartments, _STAFF.add_columns(_UNSEEN).where(Staff.id == bindparam("one")), Staff.id)


def _rows(actor: Actor, ids: list[bytes] | None) -> list[Any]:
    compartments = tuple(keyring_of(actor).held_of(STAFF_HOUSE.kind))
    query = with_keys_in(compartments, _STAFF if ids is None else _STAFF.where(Staff.id.in_(ids)), Staff.id)
    return take_keys(actor, db.session.execute(query).all())


def _opened(actor: Actor, rows: list[Any], roles: dict[bytes, tuple[Role, ...]]) -> list[Colleague]:
    sealed = [SealedRow(row.id, Subject("staff", row.id), row.house_version, row.house) for row in rows]
    opened = open_rows(actor, sealed, STAFF_HOUSE) if has_keys(actor) else [None] * len(rows)
    return [
        Colleague(
            id=row.id,
            sign_in_name=row.sign_in_name,
            working_name=(house.working_name or house.name) if house else row.sign_in_name,
            name=house.name if house else "",
            state=row.state,
            roles=roles.get(row.id, ()),
        )
        for row, house in zip(rows, opened, strict=True)
    ]


def _roles_of(ids: list[bytes] | None) -> dict[bytes, tuple[Role, ...]]:
    found: dict[bytes, tuple[Role, ...]] = {}
    query = select(StaffRole.staff_id, StaffRole.role).order_by(StaffRole.role)
    for staff_id, role in db.session.execute(query.where(StaffRole.staff_id.in_(ids)) if ids is not None else query):
        found[staff_id] = (*found.get(staff_id, ()), Role(role))
    return found


def names_of(actor: Actor, ids: set[bytes]) -> dict[bytes, str]:
    """Working names by staff id, for lists that say who."""
    return {one.id: one.working_name for one in colleagues(actor, sorted(ids))} if ids else {}


_OPEN_SITES = select(Site).where(Site.id.in_(bindparam("sites", expanding=True)), Site.closed.is_(False))


def my_sites(actor: Actor) -> list[Site]:
    """Where she works: the site she put in front, then the others by code name."""
    found = db.session.scalars(_OPEN_SITES, {"sites": list(actor.sites)})
    return sorted(found, key=lambda site: (site.id != actor.front, site.code_name))


_SITE_NAMES = select(Site.id, Site.code_name).where(
    Site.id.in_(bindparam("sites", expanding=True)), Site.closed.is_(False)
)


def my_site_names(actor: Actor) -> list[tuple[bytes, str]]:
    """Ids and code names of the same, in the same order, for the frame of a page."""
    found = db.session.execute(_SITE_NAMES, {"sites": list(actor.sites)})
    return sorted(((row.id, row.code_name) for row in found), key=lambda one: (one[0] != actor.front, one[1]))


def site_of(actor: Actor, site_id: bytes) -> Site:
    """A site she works at; `Missing` for any other."""
    site = db.session.get(Site, site_id) if site_id in actor.sites else None
    if site is None:
        raise Missing
    return site


def my_sessions(actor: Actor) -> list[SignedIn]:
    return sessions.of_person(actor.id)


def all_sites() -> list[tuple[str, str]]:
    """Every open site, as (id in hex, code name)."""
    query = select(Site.id, Site.code_name).where(Site.closed.is_(False)).order_by(Site.code_name)
    return [(row.id.hex(), row.code_name) for row in db.session.execute(query)]


def staff_at(site_ids: frozenset[bytes], roles: frozenset[Role]) -> list[bytes]:
    """Active colleagues of some roles at some sites, to be chosen or told."""
    query = (
        select(Staff.id)
        .join(StaffSite, StaffSite.staff_id == Staff.id)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(
            Staff.state == "active",
            StaffSite.site_id.in_(site_ids),
            StaffRole.role.in_([role.value for role in roles]),
        )
        .distinct()
    )
    return list(db.session.scalars(query))


def staff_with(roles: frozenset[Role]) -> list[bytes]:
    """Active colleagues of some roles, wherever they work, to be told."""
    held = select(StaffRole.staff_id).where(StaffRole.role.in_([role.value for role in roles]))
    return sorted(db.session.scalars(select(Staff.id).where(Staff.state == "active", Staff.id.in_(held))))


def sign_in_name(staff_id: bytes) -> str:
    """The random words she signs in with; what a shared desk shows before anybody has unlocked."""
    return db.session.scalar(select(Staff.sign_in_name).where(Staff.id == staff_id)) or ""


@dataclass(frozen=True, slots=True)
class ColleagueDetail:
    """A colleague as an administrator changes her; `version` is what the form was made from."""

    id: bytes
    sign_in_name: str
    state: str
    version: int
    house: StaffHouse
    roles: tuple[Role, ...]
    sites: tuple[bytes, ...]


def colleague(actor: Actor, staff_id: bytes) -> ColleagueDetail:
    """One colleague with her name opened. Raises Missing for nobody."""
    staff = db.session.get(Staff, staff_id, populate_existing=True)
    if staff is None:
        raise Missing
    house = open_section(actor, staff, STAFF_HOUSE) or StaffHouse(name="")
    sites = db.session.scalars(select(StaffSite.site_id).where(StaffSite.staff_id == staff_id))
    roles = _roles_of([staff_id]).get(staff_id, ())
    return ColleagueDetail(staff.id, staff.sign_in_name, staff.state, staff.house_version, house, roles, tuple(sites))


_STANDS_IN = {
    Role.SUPERVISOR: frozenset({Role.CASEWORKER, Role.SUPERVISOR}),
    Role.LEGAL_SUPERVISOR: frozenset({Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR}),
}


def who_may_be_covered(actor: Actor) -> list[bytes]:
    """Active colleagues at her sites whose work she arranges: who is away, and who stands in, are among them."""
    roles = frozenset[Role]().union(*(_STANDS_IN.get(role, frozenset()) for role in actor.roles))
    return staff_at(actor.sites, roles) if roles else []


def who_may_stand_in(actor: Actor) -> list[bytes]:
    """Active colleagues of the legal staff who could take over the actor's own work while she is away."""
    return [one for one in staff_at(actor.sites, LEGAL_STAFF) if one != actor.id] if LEGAL_STAFF & actor.roles else []


@dataclass(frozen=True, slots=True)
class CoverOnScreen:
    id: bytes
    for_name: str
    by_name: str
    starts: date
    ends: date


def covers(actor: Actor) -> list[CoverOnScreen]:
    """Cover that is on or to come, for colleagues whose work she arranges."""
    day = today(agency_on_screen().zone)
    mine = who_may_be_covered(actor)
    query = select(Cover).where(Cover.for_staff.in_(mine), Cover.ends >= day).order_by(Cover.starts, Cover.ends)
    rows = list(db.session.scalars(query))
    names = names_of(actor, {one.for_staff for one in rows} | {one.by_staff for one in rows})
    return [CoverOnScreen(one.id, names[one.for_staff], names[one.by_staff], one.starts, one.ends) for one in rows]


def my_covers(actor: Actor) -> list[CoverOnScreen]:
    """Whom she stands in for today, and until when."""
    day = today(agency_on_screen().zone)
    query = select(Cover).where(Cover.by_staff == actor.id, Cover.starts <= day, Cover.ends >= day)
    rows = list(db.session.scalars(query.order_by(Cover.ends)))
    names = names_of(actor, {one.for_staff for one in rows} | {actor.id})
    return [CoverOnScreen(one.id, names[one.for_staff], names[actor.id], one.starts, one.ends) for one in rows]


def my_absences(actor: Actor) -> list[CoverOnScreen]:
    """When others stand in for her, now and to come."""
    query = select(Cover).where(Cover.for_staff == actor.id, Cover.ends >= today(agency_on_screen().zone))
    rows = list(db.session.scalars(query.order_by(Cover.starts)))
    names = names_of(actor, {one.by_staff for one in rows} | {actor.id})
    return [CoverOnScreen(one.id, names[actor.id], names[one.by_staff], one.starts, one.ends) for one in rows]
