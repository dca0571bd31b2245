"""Facts as colleagues' changes leave them, people by the hundred, and releases of the cast's director."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from shelter.clients.facts import of_client
from shelter.clients.models import Birth, Identity
from shelter.db import new_id
from shelter.db.inbox import Coded, emit
from shelter.policy.kinds import Kind
from shelter.reports import actions, queries
from shelter.reports.catalogue import PEOPLE_SERVED, Quarter
from shelter.stays.facts import of_stay
from shelter.trail.record import recorded
from tests.factories.agency import World

Q3 = Quarter(2026, 3)


@dataclass(frozen=True, slots=True)
class Stayed:
    """A stay at a site of the world: first day, day of leaving or None."""

    site: str
    came: date
    left: date | None = None


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as the ledger will know her."""

    born: int | None = 1990
    stays: Sequence[Stayed] = (Stayed("north", date(2026, 8, 3)),)
    id: bytes = field(default_factory=new_id)


def tell(world: World, *people: Someone, version: int = 1) -> None:
    """One batch of facts, as an import or many small changes would leave them."""
    coded = [fact for one in people for fact in _facts(world, one, version)]
    with recorded(world.actor("supervisor"), "told"):
        emit(world.actor("supervisor"), coded)


def _facts(world: World, one: Someone, version: int) -> list[Coded]:
    identity = Identity(birth=Birth(precision="approximate", year=one.born))
    found = [of_client(one.id, version, identity)]
    for place, stay in enumerate(one.stays):
        row = one.id[:15] + bytes([place])
        found.append(of_stay(row, one.id, world.sites[stay.site], version, stay.came, stay.left))
    return found


def matter_of(one: Someone, *, site: bytes | None, opened: str, closed: str = "") -> Coded:
    return Coded(
        client=one.id,
        table="matter",
        row=new_id(),
        section="text",
        origin=Kind.LEGAL,
        version=1,
        what="matter",
        values={"site": site.hex() if site else "", "from": opened, "until": closed},
    )


def crowd(counts: dict[tuple[int, str], int], quarter: Quarter = Q3) -> list[Someone]:
    """So many people of an age in years at a site, all there in the quarter's middle month."""
    came = date(quarter.year, quarter.first.month + 1, 5)
    return [
        Someone(born=quarter.year - age, stays=(Stayed(site, came, date(came.year, came.month, 25)),))
        for (age, site), count in counts.items()
        for _ in range(count)
    ]


def mixed(how_many: int, quarter: Quarter = Q3, seed: int = 7) -> list[Someone]:
    """People of all ages at three sites, more of the young and at the first."""
    luck = random.Random(seed)
    ages, sites = (3, 9, 15, 21, 29, 39, 50, 60, 70), ("north", "south", "east")
    counts: dict[tuple[int, str], int] = {}
    for _ in range(how_many):
        place = (luck.choices(ages, (5, 4, 6, 22, 30, 18, 9, 4, 2))[0], luck.choices(sites, (55, 32, 13))[0])
        counts[place] = counts.get(place, 0) + 1
    return crowd(counts, quarter)


def publish(world: World, way: str = "as-asked", quarter: Quarter = Q3) -> int:
    """Her release, by the action itself; the number."""
    return actions.publish(world.actor("director"), actions.Publish(PEOPLE_SERVED, quarter, way)).number


def released(world: World, number: int | None = None, quarter: Quarter = Q3) -> queries.Published:
    found = queries.published(world.actor("director"), PEOPLE_SERVED, quarter, number)
    assert found is not None
    return found
