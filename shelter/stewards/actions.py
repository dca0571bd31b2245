"""What a steward signs: a colleague in, a colleague out, rosters that follow roles, who the stewards are."""

import hmac
from collections.abc import Callable

from shelter.accounts.actions import Link, link_again
from shelter.accounts.models import Staff
from shelter.crypto.errors import Unopenable
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.stewards import membership
from shelter.stewards.membership import Second
from shelter.trail.record import recorded


def bind_colleague(actor: Actor, staff_id: bytes, mark: str, second: Second | None = None) -> None:
    """Binds exactly the keys whose words were compared (`mark`), and signs her onto the rosters of her roles.

    Raises Missing for anybody who does not wait, Broken where the keys are others by now, where the actor made
    the account herself, or where a second signature is missing.
    """
    with recorded(actor, "colleague-bound") as unit:
        unit.clause = require(actor, Act.KEYS_STEWARD).clause
        _in_office(actor)
        staff = _staff(staff_id)
        if staff.state != "waiting":
            raise Missing
        if not hmac.compare_digest(membership.mark_of(staff_id), mark):
            raise Broken("stewards.other-keys")
        unit.detail["account"] = staff.sign_in_name
        _signed(lambda: membership.bind(actor, staff, second))


def unbind_colleague(actor: Actor, staff_id: bytes, second: Second | None = None) -> None:
    """Takes the keys of somebody who has left off the list. Raises Missing for anybody else, Broken for want of two."""
    with recorded(actor, "colleague-unbound") as unit:
        unit.clause = require(actor, Act.KEYS_STEWARD).clause
        _in_office(actor)
        staff = _staff(staff_id)
        if staff.state != "left" or staff_id not in current_roll().bindings:
            raise Missing
        unit.detail["account"] = staff.sign_in_name
        _signed(lambda: membership.unbind(actor, staff_id, second))


def let_in_again(actor: Actor, staff_id: bytes) -> None:
    """Somebody comes back from long leave to the keys that are hers: the second of two, and what her roles hold.

    A signature says so even where her rosters have not changed. Raises Missing for anybody else, Broken where the
    actor is the one who called her back.
    """
    with recorded(actor, "let-in-again") as unit:
        unit.clause = require(actor, Act.KEYS_STEWARD).clause
        _in_office(actor)
        staff = _staff(staff_id)
        if staff.state != "returning" or staff_id not in current_roll().bindings:
            raise Missing
        unit.detail["account"] = staff.sign_in_name
        _signed(lambda: membership.welcome(actor, staff))


def sign_rosters(actor: Actor, staff_id: bytes) -> None:
    """Makes the rosters say what her roles say. Raises Broken where too few would be left."""
    with recorded(actor, "rosters-signed") as unit:
        unit.clause = require(actor, Act.KEYS_STEWARD).clause
        _in_office(actor)
        staff = _staff(staff_id)
        unit.detail["account"] = staff.sign_in_name
        _signed(lambda: membership.match_rosters(actor, staff))


def change_office(actor: Actor, staff_id: bytes, second: Second) -> None:
    """Makes her a steward, or not one any more, as her role says; two sign. Raises Broken."""
    with recorded(actor, "office-changed") as unit:
        unit.clause = require(actor, Act.KEYS_STEWARD).clause
        _in_office(actor)
        staff, stewards = _staff(staff_id), current_roll().stewards
        wanted = Role.STEWARD in membership.roles_of(staff_id) and staff.state == "active"
        if wanted == (staff_id in stewards):
            raise Missing
        unit.detail["account"] = staff.sign_in_name
        changed = stewards | {staff_id} if wanted else stewards - {staff_id}
        _signed(lambda: membership.set_stewards(actor, second, changed))


def reset_administrator(actor: Actor, staff_id: bytes) -> Link:
    """A new link for an administrator who lost her passphrase: nobody else may be there to make one.

    Another steward binds her afterwards; whoever made the link may not. Raises Missing for anybody else.
    """
    with recorded(actor, "administrator-link") as unit:
        unit.clause = require(actor, Act.KEYS_STEWARD).clause
        _in_office(actor)
        staff = _staff(staff_id)
        if Role.ADMINISTRATOR not in membership.roles_of(staff_id):
            raise Missing
        unit.detail["account"] = staff.sign_in_name
        return link_again(actor, staff)


def _in_office(actor: Actor) -> None:
    """The role alone signs nothing: the list must name her."""
    if actor.id not in current_roll().stewards:
        raise Broken("stewards.not-in-office")


def _signed(sign: Callable[[], object]) -> None:
    try:
        sign()
    except Unopenable:
        raise Broken("stewards.list-refused") from None


def _staff(staff_id: bytes) -> Staff:
    staff = db.session.get(Staff, staff_id, populate_existing=True)
    if staff is None:
        raise Missing
    return staff
