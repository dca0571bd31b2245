"""Admitting a colleague: a steward binds her keys and signs the rosters, any member hands the keys on."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from shelter.accounts.models import Staff, StaffRole
from shelter.crypto.bodies import AnyBody, Binding, Roster, id_set
from shelter.crypto.roll import Roll
from shelter.crypto.statements import confirmation_words, extend, next_statement
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.db.errors import Missing
from shelter.db.keyring import Keyring, keyring_of
from shelter.db.keystore import Compartment, KeyGrant, KeyUser
from shelter.db.roll import as_row, current_roll
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind, held_by
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.stewards.founding import sealed_to


def binding_of(staff_id: bytes) -> Binding:
    """The statement that would bind her present keys."""
    row = db.session.get(KeyUser, staff_id)
    if row is None:
        raise Missing
    return Binding(staff_id, row.exchange_public, row.signing_public)


def words_of(staff_id: bytes) -> list[str]:
    """The six words she reads aloud and the steward compares."""
    return confirmation_words(binding_of(staff_id), deployment().fingerprint or b"")


def bind(steward: Actor, staff: Staff) -> None:
    """Binds a waiting colleague and puts her on the rosters of her roles, in the caller's transaction.

    Whoever made the account may not bind it, founders excepted.
    """
    if staff.made_by == steward.id and not staff.founder:
        raise Broken("stewards.not-by-the-maker")
    say(steward, binding_of(staff.id))
    staff.bound_by = steward.id
    staff.state = "active"
    enrol_in_rosters(steward, staff)


def enrol_in_rosters(steward: Actor, staff: Staff) -> None:
    """Signs her into the roster of each agency-wide compartment that her roles hold."""
    roll = current_roll()
    kinds = held_by(roles_of(staff.id))
    for compartment in db.session.scalars(select(Compartment).where(Compartment.client_id.is_(None))):
        if Kind(compartment.kind) in kinds and staff.id not in roll.members(compartment.id):
            members = id_set(roll.members(compartment.id) | {staff.id})
            roll = say(steward, Roster(compartment.id, members, id_set(roll.stewards)))


def roles_of(staff_id: bytes) -> frozenset[Role]:
    rows = db.session.scalars(select(StaffRole.role).where(StaffRole.staff_id == staff_id))
    return frozenset(Role(row) for row in rows)


def say(signer: Actor, body: AnyBody) -> Roll:
    """Adds one statement signed by one person; refused by the list's own rules where she may not."""
    roll = current_roll()
    statement = next_statement(roll, body, [(signer.id, keyring_of(signer).signing_private)])
    longer = extend(roll, statement)
    db.session.add(as_row(statement))
    db.session.flush()
    return longer


def deliver(actor: Actor) -> int:
    """Hands every key she holds to those on its roster who lack it; returns how many grants were made."""
    keyring, roll, made = keyring_of(actor), current_roll(), 0
    for compartment in db.session.scalars(select(Compartment)):
        members = roll.members(compartment.id)
        if compartment.id in keyring.held() and actor.id in members:
            made += _deliver_one(keyring, roll, compartment.id, members)
    return made


def _deliver_one(keyring: Keyring, roll: Roll, compartment: bytes, members: Iterable[bytes]) -> int:
    key = keyring.compartment_key(compartment)
    have = set(
        db.session.scalars(
            select(KeyGrant.member_id).where(
                KeyGrant.compartment_id == compartment, KeyGrant.version == key.version
            )
        )
    )
    missing = [member for member in members if member not in have]
    for member in missing:
        db.session.add(sealed_to(roll, key, member, "kit" if member == roll.kit_id else "user"))
    return len(missing)


def leave_what_is_not_mine(founder: Actor) -> int:
    """A founder leaves each roster that none of her roles needs, once another person has opened the key."""
    kinds, left = held_by(founder.roles), 0
    for compartment in db.session.scalars(select(Compartment).where(Compartment.client_id.is_(None))):
        roll = current_roll()
        members = roll.members(compartment.id)
        if (
            Kind(compartment.kind) in kinds
            or founder.id not in members
            or not _opened(compartment.id, founder.id)
        ):
            continue
        say(founder, Roster(compartment.id, id_set(members - {founder.id}), id_set(roll.stewards)))
        db.session.execute(
            delete(KeyGrant).where(
                KeyGrant.compartment_id == compartment.id, KeyGrant.member_id == founder.id
            )
        )
        left += 1
    return left


def _opened(compartment: bytes, besides: bytes) -> bool:
    """Whether somebody else than the founder already has this key under her own user key."""
    query = select(KeyGrant.id).where(
        KeyGrant.compartment_id == compartment,
        KeyGrant.member_kind == "user",
        KeyGrant.member_id != besides,
        KeyGrant.wrap == "uk",
    )
    return db.session.execute(query.limit(1)).first() is not None
