"""People who do not exist, drawn the same way every time: names, ages, languages, who comes with whom."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from shelter.rules.rulefile import read

FILE = Path(__file__).with_name("names.toml")
CALLED = (
    "Lin", "Mira", "Rosa", "Noa", "Sol", "Ada", "Ines", "Mei", "Lola", "Tam", "Asha", "Vera", "Nina", "Luz", "Eva",
    "Dina", "Paz", "Iris", "Yara", "Cleo", "June", "Wren", "Sky", "Bea", "Nur", "Lena", "Kim", "Sana", "Tala", "Zoe",
)  # fmt: skip
NEEDS = ("accessible", "ground_floor", "service_animal")
ALLERGIES = ("peanuts", "shellfish", "penicillin", "milk")
PRONOUNS = ("she/her", "she/her", "she/her", "ella", "they/them", "he/him")


class Origin(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Names of one part of the world, the share of people drawn from it, and what they speak."""

    share: int
    languages: list[str]
    country: str
    women: list[str]
    men: list[str]
    family: list[str]


class _Names(msgspec.Struct, forbid_unknown_fields=True):
    origin: list[Origin]


@dataclass(frozen=True, slots=True)
class Person:
    """`born` is a year; children come with the adult before them in the list of a party."""

    legal_name: str
    aliases: tuple[str, ...]
    working_name: str
    born: int
    month: int
    day: int
    is_child: bool
    languages: tuple[str, ...]
    country: str
    pronouns: str
    room_needs: tuple[str, ...]
    allergies: str


@cache
def origins() -> tuple[Origin, ...]:
    return tuple(read(FILE, _Names).origin)


def draw_party(luck: random.Random, year: int, *, family: bool) -> list[Person]:
    """One adult alone, or with one to three children; `year` is when they came."""
    origin = luck.choices(origins(), [one.share for one in origins()])[0]
    surname = luck.choice(origin.family)
    adult = _person(luck, origin, surname, year - _adult_age(luck), child=False)
    if not family:
        return [adult]
    children = luck.choices((1, 2, 3), (5, 3, 1))[0]
    return [adult, *(_person(luck, origin, surname, year - luck.randint(1, 16), child=True) for _ in range(children))]


def _adult_age(luck: random.Random) -> int:
    return int(min(max(luck.gauss(31, 9), 18), 71))


def _person(luck: random.Random, origin: Origin, surname: str, born: int, *, child: bool) -> Person:
    first = luck.choice(origin.men if luck.random() < (0.5 if child else 0.12) else origin.women)
    other = luck.choice(origin.women)
    return Person(
        legal_name=f"{first} {surname}",
        aliases=(f"{other} {surname}",) if luck.random() < 0.12 else (),
        working_name=luck.choice(CALLED),
        born=born,
        month=luck.randint(1, 12),
        day=luck.randint(1, 28),
        is_child=child,
        languages=tuple(origin.languages),
        country=origin.country,
        pronouns=luck.choice(PRONOUNS),
        room_needs=(luck.choice(NEEDS),) if luck.random() < 0.1 else (),
        allergies=luck.choice(ALLERGIES) if luck.random() < 0.08 else "",
    )
