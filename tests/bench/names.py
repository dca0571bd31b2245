"""People to be searched for: popular names of many countries and scripts with a long tail, and what somebody types."""

import csv
import os
import random
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.bench.ledger import ROOT

LISTS = Path(os.environ.get("SHELTER_SHARED", ROOT.parent / "shared")) / "data" / "names"
SPELLINGS = Path(__file__).with_name("spellings.toml")
OTHERS = ("SV", "GT", "CO", "PE", "DO", "PH", "IN", "VN", "EG", "RU", "UA", "KR", "GB", "BR", "TR", "ES", "CU", "PL")
COUNTRIES = ("US", "MX") * 4 + ("CN",) * 2 + OTHERS
LETTERS = "abcdefghijklmnopqrstuvwxyz"
TAIL = 40_000
KINDS = ("whole", "parts", "alias", "prefix", "typo", "spelling", "miss")

Pool = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query; `target` is the place of the person it was made from, None where nobody is meant."""

    kind: str
    words: str
    target: int | None


def plain(words: str) -> str:
    decomposed = unicodedata.normalize("NFKD", words)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


@cache
def _pool(file: str) -> Pool:
    found: Pool = {}
    with (LISTS / file).open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            local, roman = row["Localized Name"].strip(), row["Romanized Name"].strip()
            if local or roman:
                found.setdefault(row["Country"], []).append((local or roman, roman or local))
    return found


def _syllable(draw: random.Random) -> str:
    return draw.choice("bcdfghjklmnprstvwz") + draw.choice("aeiou") + draw.choice(["", "", "n", "r", "s"])


def people(count: int, seed: int = 7) -> list[tuple[str, ...]]:
    """Names of so many people: the first is on the papers, others are aliases. A quarter are in their own script."""
    draw = random.Random(seed)
    first, family = _pool("common-forenames-by-country.csv"), _pool("common-surnames-by-country.csv")
    tail = ["".join(_syllable(draw) for _ in range(draw.choice((2, 3, 3)))).title() for _ in range(TAIL)]
    return [_person(draw, first, family, tail) for _ in range(count)]


def _person(draw: random.Random, first: Pool, family: Pool, tail: list[str]) -> tuple[str, ...]:
    country, script = draw.choice(COUNTRIES), 0 if draw.random() < 0.25 else 1

    def one(pool: Pool) -> str:
        names = pool.get(country)
        if not names or draw.random() < 0.25:
            return draw.choice(tail)
        return names[int(len(names) * draw.random() ** 2.2)][script]

    given = [one(first) for _ in range(2 if draw.random() < 0.35 else 1)]
    name = " ".join([*given, one(family)])
    return (name, f"{one(first)} {name.split()[-1]}") if draw.random() < 0.1 else (name,)


def queries(crowd: list[tuple[str, ...]], of_each: int, seed: int = 11) -> list[Asked]:
    """So many queries of each kind, shuffled."""
    draw = random.Random(seed)
    groups = tomllib.loads(SPELLINGS.read_text())["groups"]
    others = {name: [other for other in group if other != name] for group in groups for name in group}
    made = [asked for kind in KINDS for asked in _of_kind(draw, crowd, kind, of_each, others)]
    draw.shuffle(made)
    return made


def _of_kind(
    draw: random.Random, crowd: list[tuple[str, ...]], kind: str, count: int, others: dict[str, list[str]]
) -> list[Asked]:
    makers: dict[str, Callable[[tuple[str, ...]], str]] = {
        "whole": lambda names: names[0],
        "parts": lambda names: plain(" ".join(reversed(names[0].split()[::2]))) if names[0].count(" ") > 1 else "",
        "alias": lambda names: names[1] if len(names) > 1 else "",
        "prefix": lambda names: _begun(names[0]),
        "typo": lambda names: _slip(draw, plain(names[0])) if names[0].isascii() else "",
        "spelling": lambda names: _respelled(draw, names[0], others),
    }
    made: list[Asked] = []
    while len(made) < count:
        if kind == "miss":
            words = " ".join("".join(draw.choice("qxzwvkj") + draw.choice("aeiouy") for _ in range(3)) for _ in "ab")
            made.append(Asked(kind, words, None))
            continue
        target = draw.randrange(len(crowd))
        if words := makers[kind](crowd[target]):
            made.append(Asked(kind, words, target))
    return made


def _begun(name: str) -> str:
    words = plain(name).split()
    return f"{words[0]} {words[-1][:4]}" if len(words) > 1 and len(words[-1]) > 4 and name.isascii() else ""


def _slip(draw: random.Random, words: str) -> str:
    """One letter left out, put in, exchanged, or two the wrong way round."""
    at = draw.randrange(1, len(words) - 1)
    letter = draw.choice(LETTERS)
    return draw.choice(
        (
            words[:at] + words[at + 1 :],
            words[:at] + letter + words[at:],
            words[:at] + letter + words[at + 1 :],
            words[:at] + words[at + 1] + words[at] + words[at + 2 :],
        )
    )


def _respelled(draw: random.Random, name: str, others: dict[str, list[str]]) -> str:
    words = name.split()
    if not any(word in others for word in words) or len(words) < 2:
        return ""
    return " ".join(draw.choice(others[word]) if word in others else word for word in words)


def same_name(one: str) -> tuple[str, ...]:
    """A name without its order and accents: people of one name cannot be told apart by it."""
    return tuple(sorted(plain(one).replace("-", " ").split()))
