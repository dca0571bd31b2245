"""What a steward sees: who waits, who has left, rosters and offices to sign, and how many open each compartment."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from shelter.accounts.models import Staff
from shelter.accounts.queries import Colleague, colleague, colleagues
from shelter.crypto.bodies import KeyVersion, Roster, Unbind, decode_body
from shelter.crypto.roll import Roll, needs_two
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.keystore import Compartment, KeyGrant, KeyStatement
from shelter.db.roll import as_statement, current_roll
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.stewards.membership import FEWEST_OPENERS, binding_of, differences, mark_of, words_of


@dataclass(frozen=True, slots=True)
class CompartmentOnScreen:
    """`openers` counts the kit; `to_renew` where somebody left it who may still know its key."""

    kind: Kind
    restricted: bool
    members: int
    openers: int
    to_renew: bool

    @property
    def is_thin(self) -> bool:
        return self.openers < FEWEST_OPENERS


@dataclass(frozen=True, slots=True)
class Overview:
    waiting: list[Colleague]
    to_unbind: list[Colleague]
    rosters: list[Colleague]
    offices: list[Colleague]
    compartments: list[CompartmentOnScreen]
    in_office: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting colleague: her words from the keys in the database, and which keys those were."""

    id: bytes
    name: str
    sign_in_name: str
    roles: tuple[Role, ...]
    words: list[str]
    mark: str
    made_by_me: bool
    needs_two: bool


def overview(actor: Actor) -> Overview:
    """Everything that waits for a steward."""
    roll, everybody = current_roll(), colleagues(actor)
    active = [one for one in everybody if one.state == "active" and one.id in roll.bindings]
    return Overview(
        waiting=[one for one in everybody if one.state == "waiting"],
        to_unbind=[one for one in everybody if one.state == "left" and one.id in roll.bindings],
        rosters=[one for one in active if differences(one.id)],
        offices=[one for one in active if (Role.STEWARD in one.roles) != (one.id in roll.stewards)],
        compartments=compartments(),
        in_office=actor.id in roll.stewards,
    )


def candidate(actor: Actor, staff_id: bytes) -> Candidate:
    """Raises Missing for anybody who does not wait."""
    detail = colleague(actor, staff_id)
    staff = db.session.get_one(Staff, staff_id)
    if detail.state != "waiting":
        raise Missing
    return Candidate(
        id=staff_id,
        name=detail.house.name or detail.sign_in_name,
        sign_in_name=detail.sign_in_name,
        roles=detail.roles,
        words=words_of(staff_id),
        mark=mark_of(staff_id),
        made_by_me=staff.made_by == actor.id and not staff.founder,
        needs_two=needs_two(current_roll(), binding_of(staff_id)),
    )


def unbinding_needs_two(staff_id: bytes) -> bool:
    return needs_two(current_roll(), Unbind(staff_id))


def compartments() -> list[CompartmentOnScreen]:
    """Every compartment with how many belong to it and how many open it."""
    roll, rows = current_roll(), list(db.session.scalars(select(Compartment)))
    openers, stale = _openers(roll), to_renew()
    return [
        CompartmentOnScreen(
            Kind(one.kind), one.client_id is not None, len(roll.members(one.id)), openers[one.id], one.id in stale
        )
        for one in sorted(rows, key=lambda one: (one.client_id is not None, one.kind))
    ]


def _openers(roll: Roll) -> Counter[bytes]:
    """Members who have taken in the newest key, and the kit where its grant is there."""
    counted: Counter[bytes] = Counter()
    query = select(KeyGrant.compartment_id, KeyGrant.version, KeyGrant.member_id, KeyGrant.wrap)
    for compartment, version, member, wrap in db.session.execute(query):
        newest = roll.newest.get(compartment) == version
        if newest and member in roll.members(compartment) and (wrap == "uk" or member == roll.kit_id):
            counted[compartment] += 1
    return counted


def to_renew() -> frozenset[bytes]:
    """Compartments that somebody was taken off, or has left, since their newest key was made.

    Read off the signed list itself, so that no mark can be lost or put there. Who leaves a roster by her own
    signature, as a founder does after setup, marks nothing.
    """
    current_roll()
    members: dict[bytes, frozenset[bytes]] = {}
    marked: set[bytes] = set()
    for row in db.session.scalars(select(KeyStatement).order_by(KeyStatement.seq)):
        body, signers = decode_body(row.body), {each.signer for each in as_statement(row).signatures}
        match body:
            case Roster():
                gone = members.get(body.compartment, frozenset()) - set(body.members)
                members[body.compartment] = frozenset(body.members)
                marked |= {body.compartment} if gone - signers else set()
            case Unbind():
                marked |= {one for one, there in members.items() if body.user in there}
                members = {one: there - {body.user} for one, there in members.items()}
            case KeyVersion():
                marked.discard(body.compartment)
    gone = frozenset(db.session.scalars(select(Staff.id).where(Staff.state == "left")))
    return frozenset(marked | {one for one, there in members.items() if there & gone})
