"""How many people each colleague met in the trail: in all, on her busiest day, and how often she searched."""

from dataclasses import dataclass
from datetime import date, timedelta

from shelter.accounts.queries import names_of
from shelter.auditing.queries.counting import people_met, times_done
from shelter.auditing.queries.reading import days_asked
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.settings.queries import limit
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
    by_day: dict[bytes, dict[date, int]] = {}
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        for who, (people, _) in people_met(day, day).items():
            by_day.setdefault(who, {})[day] = people
    # All days together come last: whoever begins meanwhile may be in these and not in a day, never the other way.
    met, many = people_met(first, last), limit("audit_many_people")
    searches = times_done(first, last, _SEARCHES)
    names = names_of(actor, set(met))
    all_of_them = [
        _volume(who, names.get(who, ""), met[who], searches.get(who, 0), days, many) for who, days in by_day.items()
    ]
    return Volumes(first, last, many, sorted(all_of_them, key=lambda one: (-one.most, -one.people, one.who)))


def _volume(who: bytes, name: str, met: tuple[int, int], searches: int, days: dict[date, int], many: int) -> Volume:
    busiest = max(days, key=lambda day: (days[day], day))
    others = sorted(people for day, people in days.items() if day != busiest)
    people, looks = met
    return Volume(
        staff=who,
        who=name,
        days=len(days),
        looks=looks,
        people=people,
        searches=searches,
        busiest=busiest,
        most=days[busiest],
        usual=others[len(others) // 2] if others else 0,
        many=days[busiest] > many,
    )
