"""A new recovery kit in the place of the old: signed by two, printed once, a member of every roster from then on."""

from dataclasses import dataclass, field

from sqlalchemy import delete

from shelter.crypto.bodies import KitKeys, NewKit
from shelter.crypto.errors import Unopenable
from shelter.crypto.kit import Kit, kit_from_seed, kit_sheet, new_seed
from shelter.crypto.roll import Roll
from shelter.db import db
from shelter.db.keystore import KeyGrant
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.stewards import seconds
from shelter.stewards.founding import sealed_to
from shelter.stewards.kit_member import KitKeyring, kit_as_actor
from shelter.stewards.membership import Second, proved_key, say
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class NewSheet:
    """What is printed, this once: the groups of the key and of the agency, and the number of the kit."""

    number: int
    key: list[str] = field(repr=False)
    agency: list[str] = field(repr=False)


def with_the_old(actor: Actor, typed: str) -> NewSheet:
    """The old kit signs beside her and hands everything on at once: at no moment does anything lack its kit.

    Raises Broken.
    """
    roll = current_roll()
    old = seconds.kit_of(typed, roll)
    return _make(actor, Second(old.id, old.signing.private), old)


def without_the_old(actor: Actor, second: Second) -> NewSheet:
    """The old one is lost: another steward signs, and members hand everything on with their next saved pages.

    Raises Broken.
    """
    return _make(actor, second, None)


def _make(actor: Actor, second: Second, old: Kit | None) -> NewSheet:
    with recorded(actor, "kit-renewed") as unit:
        unit.clause = require(actor, Act.KEYS_STEWARD).clause
        roll = current_roll()
        if actor.id not in roll.stewards:
            raise Broken("stewards.not-in-office")
        seed, number = new_seed(), roll.kit.number + 1
        kit = kit_from_seed(seed, agency=roll.agency, number=number)
        keys = KitKeys(number, kit.exchange.public, kit.signing.public, kit.backup.public)
        unit.detail["number"] = number
        held = kit_as_actor(old, roll) if old is not None else None
        try:
            roll = say(actor, NewKit(keys), second)
        except Unopenable:
            raise Broken("stewards.list-refused") from None
        db.session.execute(delete(KeyGrant).where(KeyGrant.member_kind == "kit"))
        if held is not None:
            _hand_on(held, roll)
        key, agency = kit_sheet(seed, number=number, agency=roll.agency, fingerprint=roll.fingerprint)
        return NewSheet(number, key, agency)


def _hand_on(held: Actor, roll: Roll) -> None:
    """Every key that the old kit holds, sealed to the new one."""
    ring = held.keyring
    if not isinstance(ring, KitKeyring):
        raise TypeError
    for compartment, version in ring.all_held():
        key = proved_key(ring, roll, compartment, version)
        db.session.add(sealed_to(roll, key, roll.kit_id, "kit"))
