"""Long leave: somebody who stays a colleague and opens nothing until two people have let her in again."""

from sqlalchemy import delete

from shelter.accounts import sessions
from shelter.accounts.actions import require_two_openers
from shelter.accounts.emptying import take_keyed
from shelter.accounts.models import Cover, Staff
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.keystore import KeyGrant
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.trail.record import recorded


def go_away(actor: Actor, staff_id: bytes) -> None:
    """From this commit every session of hers has ended and every key of hers is gone; she stays on the signed list.

    Raises Missing for whoever does not work here now, Broken for oneself, or where too few would be left.
    """
    with recorded(actor, "leave-begun") as unit:
        unit.clause = require(actor, Act.ACCOUNTS_MANAGE).clause
        staff = _in_state(staff_id, "active")
        if actor.id == staff_id:
            raise Broken("accounts.not-yourself")
        require_two_openers(staff_id, [kind.value for kind in Kind])
        sessions.end_all(staff.id)
        staff.state = "away"
        db.session.execute(delete(KeyGrant).where(KeyGrant.member_id == staff.id))
        db.session.execute(delete(Cover).where(Cover.by_staff == staff.id))
        take_keyed(staff.id)
        unit.detail["account"] = staff.sign_in_name


def come_back(actor: Actor, staff_id: bytes) -> None:
    """The first of the two: she is expected. Whoever says so will not be the one who lets her in. Raises Missing."""
    with recorded(actor, "leave-ended") as unit:
        unit.clause = require(actor, Act.ACCOUNTS_MANAGE).clause
        staff = _in_state(staff_id, "away")
        staff.state, staff.made_by, staff.bound_by = "returning", actor.id, None
        unit.detail["account"] = staff.sign_in_name


def _in_state(staff_id: bytes, state: str) -> Staff:
    staff = db.session.get(Staff, staff_id, populate_existing=True, with_for_update=True)
    if staff is None or staff.state != state:
        raise Missing
    return staff
