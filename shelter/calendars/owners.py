"""Whose addresses are in force: who works here and holds a role that has a calendar, until the address's last day."""

from sqlalchemy import ColumnElement, exists, or_

from shelter.accounts.models import Staff, StaffRole
from shelter.clients.queries import agency_today
from shelter.db.aside import CalendarFeed
from shelter.policy.acts import Act
from shelter.policy.table import TABLE

_ROLES = sorted(clause.role.value for clause in TABLE[Act.CALENDAR_OWN])


def in_force() -> ColumnElement[bool]:
    """An address stops with its owner's work, her leave or her role, whatever became of her assignments."""
    working = exists().where(
        Staff.id == CalendarFeed.staff_id,
        Staff.state == "active",
        StaffRole.staff_id == Staff.id,
        StaffRole.role.in_(_ROLES),
    )
    return working & or_(CalendarFeed.ends.is_(None), CalendarFeed.ends >= agency_today())
