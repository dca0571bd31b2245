"""Every steward is gone: a colleague who belongs, with the recovery kit in her hands, takes the office."""

from sqlalchemy import select

from shelter.accounts.enrolling import refuse_clashes
from shelter.accounts.models import Staff, StaffRole
from shelter.crypto.errors import Unopenable
from shelter.db import db
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.stewards import seconds
from shelter.stewards.membership import Second, set_stewards
from shelter.trail.record import recorded


def refound(actor: Actor, typed: str) -> None:
    """She is the steward from then on, alone until she has signed another in with the kit beside her.

    Raises Broken while a steward still works here, for roles that do not meet in one person, or for another kit.
    """
    with recorded(actor, "stewards-refounded") as unit:
        roll = current_roll()
        kit = seconds.kit_of(typed, roll)
        if _still_here(roll.stewards):
            raise Broken("stewards.still-there")
        refuse_clashes(actor.roles | {Role.STEWARD})
        try:
            set_stewards(actor, Second(kit.id, kit.signing.private), frozenset({actor.id}))
        except Unopenable:
            raise Broken("stewards.list-refused") from None
        if not actor.has(Role.STEWARD):
            db.session.add(StaffRole(staff_id=actor.id, role=Role.STEWARD.value))
        unit.detail["account"] = db.session.scalar(select(Staff.sign_in_name).where(Staff.id == actor.id)) or ""


def _still_here(stewards: frozenset[bytes]) -> bool:
    working = select(Staff.id).where(Staff.id.in_(stewards), Staff.state == "active")
    return db.session.scalar(working.limit(1)) is not None
