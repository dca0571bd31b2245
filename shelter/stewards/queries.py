"""What a steward sees: who waits, who has left, rosters and offices to sign, and how many open each compartment."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from shelter.accounts.actions import FEWEST_OPENERS
from shelter.accounts.models import Staff
from shelter.accounts.queries import Colleague, colleague, colleagues
from shelter.crypto.bodies import Unbind
from shelter.crypto.roll import Roll, needs_two
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.keystore import Compartment, KeyDek, KeyGrant, KeyVersion
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.stewards import kit_page
from shelter.stewards.marks import to_renew
from shelter.stewards.membership import binding_of, differences, mark_of, words_of


@dataclass(frozen=True, slots=True)
class CompartmentOnScreen:
    """`openers` counts the kit; `to_renew` where somebody left it who may still know its key.

    `left` are the data keys that a renewal has still to wrap again; None where none goes on.
    """

    kind: Kind
    restricted: bool
    members: int
    openers: int
    to_renew: bool
    left: int | None = None

    @property
    def is_thin(self) -> bool:
        return self.openers < FEWEST_OPENERS


@dataclass(frozen=True, slots=True)
class Overview:
    waiting: list[Colleague]
    returning: list[Colleague]
    to_unbind: list[Colleague]
    rosters: list[Colleague]
    offices: list[Colleague]
    compartments: list[CompartmentOnScreen]
    in_office: bool
    kit_is_due: bool
    administrators: list[Colleague]


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
        returning=[one for one in everybody if one.state == "returning" and one.id in roll.bindings],
        to_unbind=[one for one in everybody if one.state == "left" and one.id in roll.bindings],
        rosters=[one for one in active if differences(one.id)],
        offices=[one for one in active if (Role.STEWARD in one.roles) != (one.id in roll.stewards)],
        compartments=compartments(),
        in_office=actor.id in roll.stewards,
        kit_is_due=kit_page.is_due(),
        administrators=[one for one in active if Role.ADMINISTRATOR in one.roles],
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
    """Every compartment that has a key, with how many belong to it and how many open it."""
    roll = current_roll()
    rows = [one for one in db.session.scalars(select(Compartment)) if one.id in roll.newest]
    openers, stale, left = _openers(roll), to_renew(), _left()
    return [
        CompartmentOnScreen(
            Kind(one.kind),
            one.client_id is not None,
            len(roll.members(one.id)),
            openers[one.id],
            one.id in stale,
            left.get(one.id),
        )
        for one in sorted(rows, key=lambda one: (one.client_id is not None, one.kind))
    ]


def _openers(roll: Roll) -> Counter[bytes]:
    """Members who open the newest key, and the kit where its grant is there.

    A member opens what she has taken in, and a renewed key of what she had taken in before.
    """
    counted: Counter[bytes] = Counter()
    query = select(KeyGrant.compartment_id, KeyGrant.version, KeyGrant.member_id, KeyGrant.wrap)
    grants = db.session.execute(query).all()
    taken_in = {(row.compartment_id, row.member_id) for row in grants if row.wrap == "uk"}
    for compartment, version, member, _ in grants:
        newest = roll.newest.get(compartment) == version
        opens = member == roll.kit_id or (compartment, member) in taken_in
        if newest and opens and member in roll.members(compartment):
            counted[compartment] += 1
    return counted


def _left() -> dict[bytes, int]:
    """How many data keys still name an older version, by compartment in which one is not retired yet."""
    newest = select(KeyVersion.compartment_id, func.max(KeyVersion.version).label("version"))
    top = newest.group_by(KeyVersion.compartment_id).subquery()
    older = (KeyVersion.compartment_id == top.c.compartment_id) & (KeyVersion.version < top.c.version)
    named = (KeyDek.compartment_id == KeyVersion.compartment_id) & (KeyDek.ck_version == KeyVersion.version)
    counted = (
        select(KeyVersion.compartment_id, func.count(KeyDek.id))
        .join(top, older)
        .outerjoin(KeyDek, named)
        .where(KeyVersion.retired.is_(False))
        .group_by(KeyVersion.compartment_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}
