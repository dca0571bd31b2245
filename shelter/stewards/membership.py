"""Admitting a colleague and letting one go: a steward signs who belongs, any member hands the keys on.

Everything here runs in the caller's transaction and adds to the one signed list.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select

from shelter.accounts.actions import FEWEST_OPENERS
from shelter.accounts.models import Staff, StaffRole
from shelter.crypto.bodies import AnyBody, Binding, Roster, Unbind, id_set
from shelter.crypto.compartments import CompartmentKey, opened_key
from shelter.crypto.roll import Roll, needs_two
from shelter.crypto.statements import confirmation_words, extend, next_statement
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.db.errors import Missing
from shelter.db.keyring import Keyring, keyring_of
from shelter.db.keystore import Compartment, KeyGrant, KeyUser, KeyVersion
from shelter.db.roll import as_row, current_roll
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind, held_by
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.stewards.founding import sealed_to
from shelter.trail.record import serialise


@dataclass(frozen=True, slots=True)
class Second:
    """Who signs beside a steward where two must: another steward, or the recovery kit."""

    id: bytes
    signing_private: bytes = field(repr=False)


def binding_of(staff_id: bytes) -> Binding:
    """The statement that would bind her present keys."""
    row = db.session.get(KeyUser, staff_id, populate_existing=True)
    if row is None:
        raise Missing
    return Binding(staff_id, row.exchange_public, row.signing_public)


def words_of(staff_id: bytes) -> list[str]:
    """The six words she reads aloud and the steward compares."""
    return confirmation_words(binding_of(staff_id), deployment().fingerprint or b"")


def mark_of(staff_id: bytes) -> str:
    """Which keys a page showed: sent back with the answer, so that those and no others are bound."""
    return hashlib.sha256(binding_of(staff_id).encode()).hexdigest()


def bind(steward: Actor, staff: Staff, second: Second | None = None) -> None:
    """Binds a waiting colleague and puts her on the rosters of her roles.

    Whoever made the account may not bind it, founders excepted. Raises Broken.
    """
    if staff.made_by == steward.id and not staff.founder:
        raise Broken("stewards.not-by-the-maker")
    say(steward, binding_of(staff.id), second)
    staff.bound_by = steward.id
    staff.state = "active"
    match_rosters(steward, staff)


def welcome(steward: Actor, staff: Staff) -> None:
    """Somebody who was on long leave works here again. Raises Broken for whoever called her back."""
    if staff.made_by == steward.id:
        raise Broken("stewards.not-by-the-caller")
    staff.bound_by, staff.state = steward.id, "active"
    if not match_rosters(steward, staff):
        house = _house()
        enrol(steward, house, current_roll().members(house) | {staff.id})


def unbind(steward: Actor, staff_id: bytes, second: Second | None = None) -> None:
    """Her keys no longer belong: she is off every roster. A dismissal is never refused for want of openers."""
    say(steward, Unbind(staff_id), second)
    db.session.execute(delete(KeyGrant).where(KeyGrant.member_id == staff_id))


def match_rosters(steward: Actor, staff: Staff) -> int:
    """Signs her onto the rosters that her roles hold and off the others; returns how many changed.

    Raises Broken where fewer than two would be left who open a compartment.
    """
    changed = 0
    for compartment_id, wanted in differences(staff.id):
        roll = current_roll()
        others = roll.members(compartment_id) - {staff.id}
        if not wanted and len(others) < FEWEST_OPENERS:
            raise Broken("stewards.two-openers")
        enrol(steward, compartment_id, others | {staff.id} if wanted else others)
        changed += 1
    return changed


def enrol(steward: Actor, compartment_id: bytes, members: Iterable[bytes]) -> None:
    """Signs a roster; who is on it no longer loses her grants."""
    roll, members = current_roll(), frozenset(members)
    say(steward, Roster(compartment_id, id_set(members), id_set(roll.stewards)))
    for gone in sorted(roll.members(compartment_id) - members):
        _forget_grants(compartment_id, gone)


def differences(staff_id: bytes) -> list[tuple[bytes, bool]]:
    """The compartments whose roster does not say what her roles say, with what it should say.

    Of a restricted client's own she is only ever taken off: who belongs there is asked for by name. What a founder
    still holds since setup is left to her: she leaves when others open it.
    """
    roll, kinds = current_roll(), held_by(roles_of(staff_id))
    hers = _held_since_setup(staff_id)
    everywhere = list(db.session.scalars(select(Compartment).order_by(Compartment.kind, Compartment.id)))
    found = [(one.id, Kind(one.kind) in kinds) for one in everywhere if one.client_id is None]
    found += [(one.id, False) for one in everywhere if one.client_id is not None and Kind(one.kind) not in kinds]
    wrong = [(one, wanted) for one, wanted in found if wanted != (staff_id in roll.members(one))]
    return [(one, wanted) for one, wanted in wrong if wanted or one not in hers]


def _held_since_setup(staff_id: bytes) -> set[bytes]:
    query = (
        select(KeyGrant.compartment_id)
        .join(Staff, Staff.id == KeyGrant.member_id)
        .where(Staff.id == staff_id, Staff.founder, KeyGrant.wrap == "uk")
    )
    return set(db.session.scalars(query))


def set_stewards(signer: Actor, second: Second, stewards: frozenset[bytes]) -> None:
    """A change of office, which two sign: it is said with the roster that everybody is on."""
    roll = current_roll()
    house = _house()
    say(signer, Roster(house, id_set(roll.members(house)), id_set(stewards)), second)


def _house() -> bytes:
    query = select(Compartment.id).where(Compartment.kind == Kind.HOUSE, Compartment.client_id.is_(None))
    return db.session.scalars(query).one()


def roles_of(staff_id: bytes) -> frozenset[Role]:
    rows = db.session.scalars(select(StaffRole.role).where(StaffRole.staff_id == staff_id))
    return frozenset(Role(row) for row in rows)


def say(signer: Actor, body: AnyBody, second: Second | None = None) -> Roll:
    """Adds one statement, signed by one person or, where the list asks for two, by both.

    Raises Broken where a second signature is missing, Unopenable where the list's own rules refuse.
    """
    serialise()
    roll = current_roll()
    signers = [(signer.id, keyring_of(signer).signing_private)]
    if needs_two(roll, body):
        if second is None or second.id == signer.id:
            raise Broken("stewards.two-sign")
        signers.append((second.id, second.signing_private))
    statement = next_statement(roll, body, signers)
    longer = extend(roll, statement)
    db.session.add(as_row(statement))
    db.session.flush()
    return longer


def deliver(actor: Actor) -> int:
    """Hands every key she holds to those who lack it; returns how many grants were made."""
    keyring, made = keyring_of(actor), 0
    for compartment_id, version, missing in undelivered(actor):
        roll = current_roll()
        key = proved_key(keyring, roll, compartment_id, version)
        for member in missing:
            db.session.add(sealed_to(roll, key, member, "kit" if member == roll.kit_id else "user"))
        made += len(missing)
    return made


def undelivered(actor: Actor) -> list[tuple[bytes, int, list[bytes]]]:
    """For each key she holds of a compartment she belongs to, the members who have no grant of it.

    A member is whoever the signed list names; of these nobody who has left or whose roles no longer hold it. While
    a renewal goes on, the older version goes to newcomers too: some data keys are still under it.
    """
    roll, keyring = current_roll(), keyring_of(actor)
    living = select(Compartment, KeyVersion.version).join(KeyVersion, KeyVersion.compartment_id == Compartment.id)
    lacking = []
    for compartment, version in db.session.execute(living.where(KeyVersion.retired.is_(False))):
        members = roll.members(compartment.id)
        if actor.id not in members or not keyring.has(compartment.id, version):
            continue
        missing = sorted(entitled(compartment, members, roll.kit_id) - _with_grant(compartment.id, version))
        lacking += [(compartment.id, version, missing)] if missing else []
    return lacking


def proved_key(keyring: Keyring, roll: Roll, compartment_id: bytes, version: int | None = None) -> CompartmentKey:
    """Her key of a compartment, only if it is the one that a signed statement commits to. Raises Unopenable."""
    key = keyring.compartment_key(compartment_id, version)
    return opened_key(roll.key_version(compartment_id, key.version), key.secret, key.private)


def entitled(compartment: Compartment, members: Iterable[bytes], kit: bytes) -> set[bytes]:
    """Those members who work here and whose roles hold it, and the kit: whom a key is sealed to."""
    rows = db.session.execute(
        select(Staff.id, StaffRole.role)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.id.in_(members), Staff.state == "active")
    )
    kind, mine = Kind(compartment.kind), set[bytes]()
    for staff_id, role in rows:
        if compartment.client_id is not None or kind in held_by([Role(role)]):
            mine.add(staff_id)
    return mine | ({kit} & set(members))


def _with_grant(compartment_id: bytes, version: int) -> set[bytes]:
    query = select(KeyGrant.member_id).where(KeyGrant.compartment_id == compartment_id, KeyGrant.version == version)
    return set(db.session.scalars(query))


def to_leave(founder: Actor) -> Sequence[bytes]:
    """The compartments a founder holds since setup, her roles do not need, and others open by now."""
    kinds, roll = held_by(founder.roles), current_roll()
    agency_wide = db.session.scalars(select(Compartment).where(Compartment.client_id.is_(None)))
    return [
        one.id
        for one in agency_wide
        if Kind(one.kind) not in kinds
        and founder.id in roll.members(one.id)
        and _opened_by_another(one.id, founder.id, roll)
    ]


def leave_what_is_not_mine(founder: Actor) -> int:
    """A founder leaves each such roster; returns how many."""
    left = to_leave(founder)
    for compartment_id in left:
        roll = current_roll()
        members = id_set(roll.members(compartment_id) - {founder.id})
        say(founder, Roster(compartment_id, members, id_set(roll.stewards)))
        _forget_grants(compartment_id, founder.id)
    return len(left)


def _opened_by_another(compartment_id: bytes, besides: bytes, roll: Roll) -> bool:
    """Whether the kit has its grant and another member already has this key under her own user key."""
    query = select(KeyGrant.member_id, KeyGrant.wrap).where(KeyGrant.compartment_id == compartment_id)
    members = roll.members(compartment_id) - {besides}
    grants = [row for row in db.session.execute(query) if row.member_id in members]
    return any(row.member_id == roll.kit_id for row in grants) and any(row.wrap == "uk" for row in grants)


def _forget_grants(compartment_id: bytes, member: bytes) -> None:
    db.session.execute(delete(KeyGrant).where(KeyGrant.compartment_id == compartment_id, KeyGrant.member_id == member))
