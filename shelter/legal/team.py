"""The legal staff around a client: who may answer for a matter, and whose eyes a date can be shown to."""

from collections.abc import Collection

from sqlalchemy import select

from shelter.accounts.models import Staff, StaffRole
from shelter.accounts.queries import Colleague, colleagues
from shelter.clients.models import Assignment, Denial
from shelter.db import db
from shelter.db.keyring import chunks
from shelter.policy.actor import Actor
from shelter.policy.roles import Role

_ROLES = (Role.LEGAL_ADVOCATE.value, Role.LEGAL_SUPERVISOR.value)


def possible_leads(actor: Actor, client_id: bytes) -> list[Colleague]:
    """Active legal staff without a conflict of interest, to choose from."""
    denied = set(db.session.scalars(select(Denial.staff_id).where(Denial.client_id == client_id)))
    ids = [one for one in _active() if one not in denied]
    return colleagues(actor, ids) if ids else []


def eyes_on(clients: Collection[bytes]) -> dict[bytes, frozenset[bytes]]:
    """Who among the legal staff may read each client's matters: the supervisors and her own advocates."""
    roles = _active()
    supervisors = {one for one, held in roles.items() if Role.LEGAL_SUPERVISOR in held}
    found = {client: set(supervisors) for client in clients}
    working = select(Assignment.client_id, Assignment.staff_id).where(Assignment.kind == "legal")
    denied = select(Denial.client_id, Denial.staff_id)
    for part in chunks(clients):
        for client, staff in db.session.execute(working.where(Assignment.client_id.in_(part))):
            if staff in roles:
                found[client].add(staff)
        for client, staff in db.session.execute(denied.where(Denial.client_id.in_(part))):
            found[client].discard(staff)
    return {client: frozenset(staff) for client, staff in found.items()}


def supervisors_among(staff: Collection[bytes]) -> set[bytes]:
    return {one for one, held in _active().items() if one in staff and Role.LEGAL_SUPERVISOR in held}


def _active() -> dict[bytes, frozenset[str]]:
    """Active legal staff with their legal roles."""
    rows = db.session.execute(
        select(StaffRole.staff_id, StaffRole.role)
        .join(Staff, Staff.id == StaffRole.staff_id)
        .where(Staff.state == "active", StaffRole.role.in_(_ROLES))
    )
    found: dict[bytes, frozenset[str]] = {}
    for staff, role in rows:
        found[staff] = found.get(staff, frozenset()) | {role}
    return found
