"""Ways back and pages on countries as they are read and changed on screens."""

from collections.abc import Sequence
from dataclasses import dataclass

from shelter.accounts.queries import names_of
from shelter.clients.queries import agency_today
from shelter.db.errors import Missing
from shelter.lawbook import queries as lawbook
from shelter.lawbook.queries import Own
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.papers import WayBack
from shelter.rules.papers.abroad import CountryFacts
from shelter.rules.papers.countries import countries


@dataclass(frozen=True, slots=True)
class WaysView:
    """The ways that hold today, and every version that was written here with who wrote it, the latest first."""

    ways: tuple[WayBack, ...]
    own: tuple[Own[WayBack], ...]
    names: dict[bytes, str]

    def version(self, code: str) -> int:
        """The number of the latest version written here; 0 where only the shipped one is there."""
        return next((one.number for one in self.own if one.text.code == code), 0)

    def one(self, code: str) -> WayBack:
        """The latest version written here, though it may hold later; else the shipped one. Raises `Missing`."""
        for way in (*(one.text for one in self.own), *self.ways):
            if way.code == code:
                return way
        raise Missing


@dataclass(frozen=True, slots=True)
class CountryView:
    """The page on a country, its versions latest first; none where nobody wrote one yet."""

    code: str
    versions: tuple[Own[CountryFacts], ...]
    names: dict[bytes, str]

    @property
    def now(self) -> Own[CountryFacts] | None:
        return self.versions[0] if self.versions else None


def ways(actor: Actor) -> WaysView:
    require(actor, Act.LAW_READ)
    own = tuple(lawbook.own_ways())
    held = sorted(lawbook.ways(agency_today()).values(), key=lambda way: (way.paper, way.label))
    return WaysView(tuple(held), own, names_of(actor, {one.made_by for one in own}))


def country(actor: Actor, code: str) -> CountryView:
    """Raises `Missing` for a code of no country."""
    require(actor, Act.COUNTRIES_READ)
    if code not in countries():
        raise Missing
    versions = tuple(one for one in lawbook.own_countries() if one.text.country == code)
    return CountryView(code, versions, names_of(actor, {one.made_by for one in versions}))


def written_countries(actor: Actor) -> Sequence[Own[CountryFacts]]:
    """The latest version of each page that was written."""
    require(actor, Act.COUNTRIES_READ)
    latest: dict[str, Own[CountryFacts]] = {}
    for one in lawbook.own_countries():
        latest.setdefault(one.text.country, one)
    return list(latest.values())
