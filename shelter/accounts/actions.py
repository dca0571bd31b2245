"""What an administrator does with accounts, and a supervisor with cover."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select

from shelter.accounts import invitations, queries, sessions
from shelter.accounts.covering import tell_followers
from shelter.accounts.emptying import take_all, take_calendar, take_copies, take_keyed
from shelter.accounts.enrolling import NewColleague, account, free_sign_in_name, refuse_clashes
from shelter.accounts.models import STAFF_HOUSE, Cover, Invitation, Staff, StaffHouse, StaffRole, StaffSite
from shelter.accounts.notices import NoticeKind, notify
from shelter.db import db
from shelter.db.agency import Agency, Site
from shelter.db.errors import Missing
from shelter.db.keystore import Compartment, KeyGrant
from shelter.db.roll import current_roll
from shelter.db.sections import open_section, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind, held_by
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import today
from shelter.trail.record import recorded

COVER_LASTS = timedelta(days=92)
FEWEST_OPENERS = 2


@dataclass(frozen=True, slots=True)
class Invite:
    """A new colleague; `sites` are ids."""

    name: str
    working_name: str
    roles: frozenset[Role]
    sites: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is known of a colleague, made from `version` of it."""

    staff_id: bytes
    version: int
    name: str
    working_name: str
    qualification: str
    training_hours: int
    roles: frozenset[Role]
    sites: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class ArrangeCover:
    """`by_staff` stands in for `for_staff`, both days included."""

    for_staff: bytes
    by_staff: bytes
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Link:
    """What is handed over: shown once, kept nowhere."""

    staff_id: bytes
    sign_in_name: str
    token: str


def invite(actor: Actor, command: Invite) -> Link:
    """Makes an account and its one-use link. Raises Broken for roles that clash."""
    with recorded(actor, "account-invited") as unit:
        unit.clause = require(actor, Act.ACCOUNTS_MANAGE).clause
        new = NewColleague(
            free_sign_in_name(), command.name, command.working_name, command.roles, _sites(command.sites)
        )
        staff = account(actor, new)
        unit.detail["account"] = staff.sign_in_name
        return Link(staff.id, staff.sign_in_name, invitations.new_link(staff))


def new_link(actor: Actor, staff_id: bytes) -> Link:
    """A fresh link: for one that was not used, or for somebody who lost her passphrase.

    Her old keys open nothing more: sessions and grants go now, new keys are bound and granted by others again.
    """
    with recorded(actor, "account-link") as unit:
        unit.clause = require(actor, Act.ACCOUNTS_MANAGE).clause
        staff = _colleague(staff_id)
        _not_herself(actor, staff_id)
        unit.detail["account"] = staff.sign_in_name
        return link_again(actor, staff)


def link_again(actor: Actor, staff: Staff) -> Link:
    """In the caller's transaction: she begins anew, and whoever does this will not be the one who binds her."""
    if staff.state == "left":
        raise Missing
    sessions.end_all(staff.id)
    db.session.execute(delete(KeyGrant).where(KeyGrant.member_id == staff.id))
    take_keyed(staff.id)
    staff.state, staff.made_by, staff.bound_by = "invited", actor.id, None
    return Link(staff.id, staff.sign_in_name, invitations.new_link(staff))


def change_colleague(actor: Actor, command: Change) -> None:
    """Names, roles and sites. Keys that her roles no longer hold go at once; a steward signs the rosters.

    Raises Conflict where somebody saved first, Broken for clashing roles or for one's own.
    """
    with recorded(actor, "account-changed") as unit:
        unit.clause = require(actor, Act.ACCOUNTS_MANAGE).clause
        staff = _colleague(command.staff_id)
        if command.roles != _roles(staff.id):
            _not_herself(actor, staff.id)
            refuse_clashes(command.roles)
            _set_roles(staff.id, command.roles)
        _set_sites(staff.id, _sites(command.sites))
        house = open_section(actor, staff, STAFF_HOUSE) or StaffHouse(name="")
        house.name, house.working_name = command.name, command.working_name
        house.qualification, house.training_hours = command.qualification, command.training_hours
        save(actor, staff, STAFF_HOUSE, house, command.version)
        unit.detail["account"] = staff.sign_in_name
        unit.detail["roles"] = sorted(command.roles)


def dismiss(actor: Actor, staff_id: bytes) -> None:
    """She has left: every session ends with this commit and her grants go; a steward then unbinds her keys.

    A dismissal is never refused, but to oneself.
    """
    with recorded(actor, "account-dismissed") as unit:
        unit.clause = require(actor, Act.ACCOUNTS_MANAGE).clause
        staff = _colleague(staff_id)
        _not_herself(actor, staff_id)
        sessions.end_all(staff.id)
        staff.state = "left"
        db.session.execute(delete(KeyGrant).where(KeyGrant.member_id == staff.id))
        db.session.execute(delete(Invitation).where(Invitation.staff_id == staff.id))
        db.session.execute(delete(Cover).where(Cover.by_staff == staff.id))
        take_all(staff.id)
        unit.detail["account"] = staff.sign_in_name


def arrange_cover(actor: Actor, command: ArrangeCover) -> None:
    """A colleague stands in for another who is away. Raises Missing outside the actor's sites, Broken otherwise."""
    with recorded(actor, "cover-arranged") as unit:
        unit.clause = require(actor, Act.COVERS_ARRANGE).clause
        _check_cover(queries.who_may_be_covered(actor), command)
        _cover(actor, command)
        unit.detail["for"], unit.detail["by"] = command.for_staff.hex(), command.by_staff.hex()


def cover_own_work(actor: Actor, by_staff: bytes, starts: date, ends: date) -> None:
    """Somebody who will be away asks a colleague of her own work to stand in, and the colleague is told."""
    command = ArrangeCover(actor.id, by_staff, starts, ends)
    with recorded(actor, "cover-arranged") as unit:
        unit.clause = require(actor, Act.COVERS_OWN).clause
        _check_cover([actor.id, *queries.who_may_stand_in(actor)], command)
        _cover(actor, command)
        notify(actor, by_staff, NoticeKind.COVER)
        unit.detail["for"], unit.detail["by"] = actor.id.hex(), by_staff.hex()


def _cover(actor: Actor, command: ArrangeCover) -> None:
    db.session.add(
        Cover(for_staff=command.for_staff, by_staff=command.by_staff, starts=command.starts, ends=command.ends)
    )
    tell_followers(actor, command.for_staff, command.by_staff)


def end_cover(actor: Actor, cover_id: bytes) -> None:
    """Ends a cover that the actor may arrange. Raises Missing for any other."""
    with recorded(actor, "cover-ended") as unit:
        unit.clause = require(actor, Act.COVERS_ARRANGE).clause
        cover = db.session.get(Cover, cover_id)
        if cover is None or cover.for_staff not in queries.who_may_be_covered(actor):
            raise Missing
        unit.detail["for"], unit.detail["by"] = cover.for_staff.hex(), cover.by_staff.hex()
        db.session.delete(cover)
        db.session.flush()
        tell_followers(actor, cover.for_staff, cover.by_staff)


def _check_cover(reachable: list[bytes], command: ArrangeCover) -> None:
    if command.for_staff not in reachable or command.by_staff not in reachable:
        raise Missing
    if command.for_staff == command.by_staff:
        raise Broken("accounts.cover-same", "by_staff")
    if not _kinds(command.for_staff) <= _kinds(command.by_staff):
        raise Broken("accounts.cover-keys", "by_staff")
    if command.ends < command.starts:
        raise Broken("accounts.cover-order", "ends")
    if command.ends - command.starts > COVER_LASTS:
        raise Broken("accounts.cover-long", "ends", {"most": COVER_LASTS.days})
    if command.ends < today(db.session.scalar(select(Agency.zone)) or "UTC"):
        raise Broken("accounts.cover-past", "ends")


def _kinds(staff_id: bytes) -> frozenset[Kind]:
    """The compartments that somebody's records about clients live in."""
    return held_by(_roles(staff_id)) & {Kind.ADVOCACY, Kind.LEGAL}


def _colleague(staff_id: bytes) -> Staff:
    staff = db.session.get(Staff, staff_id, populate_existing=True)
    if staff is None:
        raise Missing
    return staff


def _not_herself(actor: Actor, staff_id: bytes) -> None:
    if actor.id == staff_id:
        raise Broken("accounts.not-yourself")


def _roles(staff_id: bytes) -> frozenset[Role]:
    rows = db.session.scalars(select(StaffRole.role).where(StaffRole.staff_id == staff_id))
    return frozenset(Role(row) for row in rows)


def _sites(ids: tuple[bytes, ...]) -> tuple[bytes, ...]:
    known = set(db.session.scalars(select(Site.id).where(Site.id.in_(ids))))
    if known != set(ids):
        raise Missing
    return ids


def _set_roles(staff_id: bytes, roles: frozenset[Role]) -> None:
    db.session.execute(delete(StaffRole).where(StaffRole.staff_id == staff_id))
    db.session.add_all(StaffRole(staff_id=staff_id, role=role.value) for role in sorted(roles))
    lost = [kind.value for kind in frozenset(Kind) - held_by(roles)]
    require_two_openers(staff_id, lost)
    if Kind.IDENTITY.value in lost:
        take_copies(staff_id)
    if Kind.LEGAL.value in lost:
        take_calendar(staff_id)
    gone = select(Compartment.id).where(Compartment.kind.in_(lost))
    db.session.execute(
        delete(KeyGrant)
        .where(KeyGrant.member_id == staff_id, KeyGrant.compartment_id.in_(gone))
        .execution_options(synchronize_session=False)
    )


def require_two_openers(staff_id: bytes, lost: list[str]) -> None:
    """No voluntary change leaves a compartment with fewer than two who open it, the kit counted. Raises Broken."""
    roll = current_roll()
    query = select(KeyGrant.compartment_id, KeyGrant.version, KeyGrant.member_id)
    rows = db.session.execute(
        query.join(Compartment, Compartment.id == KeyGrant.compartment_id).where(Compartment.kind.in_(lost))
    )
    openers: dict[bytes, set[bytes]] = {}
    for compartment, version, member in rows:
        if roll.newest.get(compartment) == version and member in roll.members(compartment):
            openers.setdefault(compartment, set()).add(member)
    if any(staff_id in members and len(members) <= FEWEST_OPENERS for members in openers.values()):
        raise Broken("accounts.two-openers", "roles")


def _set_sites(staff_id: bytes, sites: tuple[bytes, ...]) -> None:
    db.session.execute(delete(StaffSite).where(StaffSite.staff_id == staff_id))
    db.session.add_all(StaffSite(staff_id=staff_id, site_id=site) for site in sites)


def put_in_front(actor: Actor, site_id: bytes) -> None:
    """The site that she sees first in this session. `Missing` for one where she does not work."""
    with recorded(actor, Act.ACCOUNT_OWN) as unit:
        unit.clause = require(actor, Act.ACCOUNT_OWN).clause
        queries.site_of(actor, site_id)
        sessions.put_in_front(actor.session_id, site_id)
