"""Reads about colleagues: who she is on screen, her sites, her sessions, her notices."""

from dataclasses import dataclass

from sqlalchemy import func, select

from shelter.accounts.models import STAFF_HOUSE, SignedIn, Staff, StaffRole, StaffSite
from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.aside import Message
from shelter.db.deks import Subject
from shelter.db.errors import Missing
from shelter.db.sections import SealedRow, open_rows
from shelter.policy.actor import Actor
from shelter.policy.roles import Role


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


def me(actor: Actor) -> Colleague:
    return colleagues(actor, [actor.id])[0]


def colleagues(actor: Actor, ids: list[bytes] | None = None) -> list[Colleague]:
    """Staff with their names opened (everybody holds `house`), by working name."""
    query = select(Staff.id, Staff.sign_in_name, Staff.state, Staff.house, Staff.house_version)
    rows = db.session.execute(query.where(Staff.id.in_(ids)) if ids is not None else query).all()
    sealed = [SealedRow(row.id, Subject("staff", row.id), row.house_version, row.house) for row in rows]
    opened = open_rows(actor, sealed, STAFF_HOUSE)
    roles = _roles_of([row.id for row in rows])
    found = [
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
    return sorted(found, key=lambda one: one.working_name.casefold())


def _roles_of(ids: list[bytes]) -> dict[bytes, tuple[Role, ...]]:
    found: dict[bytes, tuple[Role, ...]] = {}
    query = select(StaffRole.staff_id, StaffRole.role).where(StaffRole.staff_id.in_(ids)).order_by(StaffRole.role)
    for staff_id, role in db.session.execute(query):
        found[staff_id] = (*found.get(staff_id, ()), Role(role))
    return found


def names_of(actor: Actor, ids: set[bytes]) -> dict[bytes, str]:
    """Working names by staff id, for lists that say who."""
    return {one.id: one.working_name for one in colleagues(actor, sorted(ids))} if ids else {}


def my_sites(actor: Actor) -> list[Site]:
    query = select(Site).where(Site.id.in_(actor.sites), Site.closed.is_(False)).order_by(Site.code_name)
    return list(db.session.scalars(query))


def site_of(actor: Actor, site_id: bytes) -> Site:
    """A site she works at; `Missing` for any other."""
    site = db.session.get(Site, site_id) if site_id in actor.sites else None
    if site is None:
        raise Missing
    return site


def unseen_messages(actor: Actor) -> int:
    query = select(func.count()).select_from(Message).where(Message.reader_id == actor.id, Message.seen.is_(False))
    return db.session.scalar(query) or 0


def my_sessions(actor: Actor) -> list[SignedIn]:
    query = select(SignedIn).where(SignedIn.staff_id == actor.id).order_by(SignedIn.last_seen.desc())
    return list(db.session.scalars(query))


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


def sign_in_name(staff_id: bytes) -> str:
    """The random words she signs in with; what a shared desk shows before anybody has unlocked."""
    return db.session.scalar(select(Staff.sign_in_name).where(Staff.id == staff_id)) or ""
