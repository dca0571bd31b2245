"""Which bed was slept in when: each room's timeline of three years and more, without a gap in the rules."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shelter.cli.demo.persons import Person, draw_party

BEGIN = date(2022, 12, 20)
STILL_HERE = 7
"""Whoever would have left in the last week is taken to be here still, so that the board tonight is well filled."""
ROOMS = (  # (site, room, places, for families)
    *((0, f"Room {n}", 2, False) for n in range(1, 7)),
    *((0, f"Family room {n}", 4, True) for n in range(1, 4)),
    *((1, f"Room {n}", 2, False) for n in range(1, 5)),
    *((1, f"Family room {n}", 4, True) for n in range(1, 3)),
    *((2, f"Room {n}", 2, False) for n in range(1, 5)),
    (2, "Family room 1", 4, True),
)


@dataclass(frozen=True, slots=True)
class Party:
    """People who came together: the places of one room they sleep in, first night, and morning of leaving."""

    site: int
    room: int
    places: tuple[int, ...]
    people: tuple[Person, ...]
    arrived: date
    left: date | None


def parties(luck: random.Random, today: date) -> Iterator[Party]:
    """Everybody who ever stayed, room by room; those without an end sleep here tonight."""
    for room, (site, _, places, family) in enumerate(ROOMS):
        if family:
            yield from _timeline(luck, today, site, room, tuple(range(places)), family=True)
        else:
            for place in range(places):
                yield from _timeline(luck, today, site, room, (place,), family=False)


def _timeline(
    luck: random.Random, today: date, site: int, room: int, places: tuple[int, ...], *, family: bool
) -> Iterator[Party]:
    day = BEGIN + timedelta(days=luck.randint(0, 40))
    while day < today:
        people = tuple(draw_party(luck, day.year, family=family))
        nights = int(min(max(luck.gauss(46, 22), 2), 120))
        left = day + timedelta(days=nights)
        if left > today - timedelta(days=STILL_HERE):
            yield Party(site, room, places[: len(people)], people, day, None)
            return
        yield Party(site, room, places[: len(people)], people, day, left)
        day = left + timedelta(days=int(luck.expovariate(1 / 8)) + 1)
