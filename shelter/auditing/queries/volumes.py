"""How many people each colleague met in the trail: in all, on her busiest day, and how often she searched."""

from dataclasses import dataclass
from datetime import date

from shelter.accounts.queries import names_of
from shelter.auditing.queries.reading import days_asked, rows, seqs
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.settings.queries import limit
from shelter.trail.beside import people_of
from shelter.trail.record import note_read

_SEARCHES = frozenset({Act.CLIENTS_SEARCH.value, Act.CLIENTS_MATCH.value})


@dataclass(frozen=True, slots=True)
class Volume:
    """One colleague in these days: `people` different records, `most` of them on `busiest`.

    `usual` is the middle of her other days: what the busiest one is to be compared with. `many` says that it went
    beyond the agency's limit.
    """

    staff: bytes
    who: str
    days: int
    looks: int
    people: int
    searches: int
    busiest: date
    most: int
    usual: int
    many: bool


@dataclass(frozen=True, slots=True)
class Volumes:
    first: date
    last: date
    limit: int
    all: list[Volume]


def volumes(actor: Actor, first: date | None = None, last: date | None = None) -> Volumes:
    """Whoever met somebody in these days, the busiest day first. Raises `Broken` as `period` does."""
    require(actor, Act.AUDIT_READ)
    first, last = days_asked(first, last)
    note_read(actor, Act.AUDIT_READ, [])
    found = [row for row in rows(first, last) if row.actor]
    people, many = people_of(seqs(found)), limit("audit_many_people")
    names = names_of(actor, {row.actor for row in found})
    met: dict[bytes, dict[date, set[bytes]]] = {}
    looks: dict[bytes, int] = {}
    searches: dict[bytes, int] = {}
    for row in found:
        if row.seq in people:
            met.setdefault(row.actor, {}).setdefault(row.at.date(), set()).update(people[row.seq])
            looks[row.actor] = looks.get(row.actor, 0) + 1
        if row.act in _SEARCHES:
            searches[row.actor] = searches.get(row.actor, 0) + 1
    all_of_them = [
        _volume(who, names.get(who, ""), looks[who], searches.get(who, 0), days, many) for who, days in met.items()
    ]
    return Volumes(first, last, many, sorted(all_of_them, key=lambda one: (-one.most, -one.people, one.who)))


def _volume(who: bytes, name: str, looks: int, searches: int, days: dict[date, set[bytes]], many: int) -> Volume:
    busiest = max(days, key=lambda day: (len(days[day]), day))
    others = sorted(len(some) for day, some in days.items() if day != busiest)
    return Volume(
        staff=who,
        who=name,
        days=len(days),
        looks=looks,
        people=len(set[bytes]().union(*days.values())),
        searches=searches,
        busiest=busiest,
        most=len(days[busiest]),
        usual=others[len(others) // 2] if others else 0,
        many=len(days[busiest]) > many,
    )
