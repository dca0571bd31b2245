"""A member of staff as rows: made by an administrator, or all at once for a fictional agency and for tests."""

from dataclasses import dataclass, field

from sqlalchemy import select

from shelter.accounts.keys import Factors, OwnKeys, make
from shelter.accounts.models import STAFF_HOUSE, Staff, StaffHouse, StaffRole, StaffSite
from shelter.crypto.words import new_sign_in_name
from shelter.db import db, new_id
from shelter.db.sections import fill
from shelter.policy.actor import Actor
from shelter.policy.roles import Role, clashes
from shelter.rules.broken import Broken


@dataclass(frozen=True, slots=True)
class NewColleague:
    """What it takes to make an account; `sites` are ids."""

    sign_in_name: str
    name: str
    working_name: str
    roles: frozenset[Role]
    sites: tuple[bytes, ...] = ()
    id: bytes = field(default_factory=new_id)


def free_sign_in_name() -> str:
    """Random words that nobody signs in with yet."""
    while True:
        name = new_sign_in_name()
        if db.session.scalar(select(Staff.id).where(Staff.sign_in_name == name)) is None:
            return name


def account(maker: Actor | None, new: NewColleague, *, state: str = "invited", founder: bool = False) -> Staff:
    """The account's rows, in the caller's transaction; roles that one person may not hold are refused.

    The name is sealed to `house`, so a maker who does not exist yet (the first founder) fills it in later.
    """
    refuse_clashes(new.roles)
    made_by = maker.id if maker else None
    staff = Staff(id=new.id, sign_in_name=new.sign_in_name, state=state, founder=founder, made_by=made_by)
    db.session.add(staff)
    db.session.flush()
    db.session.add_all(StaffRole(staff_id=staff.id, role=role.value) for role in sorted(new.roles))
    db.session.add_all(StaffSite(staff_id=staff.id, site_id=site) for site in new.sites)
    if maker is not None:
        name_her(maker, staff, new)
    return staff


def refuse_clashes(roles: frozenset[Role]) -> None:
    """Raises Broken for roles that may not meet in one person."""
    if clashes(roles):
        raise Broken("accounts.roles-clash", field="roles")


def name_her(maker: Actor, staff: Staff, new: NewColleague) -> None:
    house = StaffHouse(name=new.name, working_name=new.working_name)
    fill(maker, staff, STAFF_HOUSE, house)
    db.session.flush()


def give_keys(staff: Staff, passphrase: str, factors: Factors) -> OwnKeys:
    """New keys for an account, in the caller's transaction; she then waits to be bound."""
    row, keys = make(staff.id, passphrase, factors)
    db.session.add(row)
    db.session.flush()
    return keys
