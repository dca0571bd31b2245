"""The recovery kit between disasters: tried once a year, and divided into shares for those who keep them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from shelter.crypto.errors import Unopenable
from shelter.crypto.kit import Kit
from shelter.crypto.shares import split
from shelter.db import db
from shelter.db.errors import NoKey
from shelter.db.keystore import Compartment
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.stewards import seconds
from shelter.stewards.kit_member import KitKeyring, kit_as_actor
from shelter.stewards.membership import deliver
from shelter.trail.models import Trail
from shelter.trail.record import recorded

TRIED = "kit-tried"
FEWEST, MOST = 2, 9
YEARLY = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class KitOnScreen:
    """Which kit is in force, and when it was last tried or an agency restored with it."""

    number: int
    tried: datetime | None


def is_due() -> bool:
    """Whether a year has passed since the kit was tried, or since the agency began."""
    last = last_tried() or db.session.scalar(select(func.min(Trail.at)))
    return last is not None and now() - last > YEARLY


def last_tried() -> datetime | None:
    return db.session.scalar(select(func.max(Trail.at)).where(Trail.act.in_((TRIED, "restored"))))


def overview(actor: Actor) -> KitOnScreen:
    require(actor, Act.KEYS_STEWARD)
    return KitOnScreen(current_roll().kit.number, last_tried())


def try_it(actor: Actor, typed: str) -> int:
    """The kit opens the newest key of every compartment; returns how many. Raises Broken where it does not.

    While it is here it hands on what colleagues wait for: a key that nobody else holds comes from it alone.
    """
    with recorded(actor, TRIED) as unit:
        unit.clause = require(actor, Act.KEYS_STEWARD).clause
        roll = current_roll()
        kit = seconds.kit_of(typed, roll)
        unit.detail["compartments"] = opened = opens_all(kit)
        unit.detail["grants"] = deliver(kit_as_actor(kit, roll))
        return opened


def opens_all(kit: Kit) -> int:
    """The kit is of the list, and opens the newest key of every compartment; returns how many. Raises Broken."""
    try:
        roll = current_roll()
        if kit.public_keys() != roll.kit:
            raise Unopenable
        ring = KitKeyring(kit, roll)
        compartments = [one for one in db.session.scalars(select(Compartment.id)) if one in roll.newest]
        for one in compartments:
            ring.secret(one, roll.newest_version(one).version)
    except (Unopenable, NoKey):
        raise Broken("backups.kit-does-not-open", "kit") from None
    return len(compartments)


def divide(actor: Actor, typed: str, needed: int, of: int) -> list[str]:
    """Shares of the kit, of which `needed` together are as good as the sheet; shown once. Raises Broken."""
    if not FEWEST <= needed <= of <= MOST:
        raise Broken("stewards.shares-numbers", "needed", {"most": MOST})
    with recorded(actor, "kit-divided") as unit:
        unit.clause = require(actor, Act.KEYS_STEWARD).clause
        seconds.kit_of(typed, current_roll())
        unit.detail["needed"], unit.detail["of"] = needed, of
        return split(seconds.seed_of(typed), needed, of)
