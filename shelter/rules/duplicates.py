"""Whether two records may be about one person. A reason for somebody to look; nothing is ever merged by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from shelter.rules.names import Name, particles, read_name
from shelter.rules.names_keys import keys_by_token

# At or above this two records are shown as possible duplicates. The names must agree (an equal or like-sounding
# token for each token of the shorter name gives at least 0.70) and the years must not speak against it.
MAY_BE_SAME = 0.70
# Ages written down in haste are off by a year or two; intake of minors and of people without papers by more.
_YEARS_APART = ((0, 1.0), (1, 0.97), (2, 0.93), (5, 0.82))
_TOO_FAR = 0.55
_UNKNOWN_YEAR = 0.95
_LIKE_SOUND = 0.80
_LIKE_SPELLING = 0.80
_ONE_TOKEN = 0.90  # a single name says little


@dataclass(frozen=True, slots=True)
class Described:
    """What a record says of a person: names as typed (legal name and aliases), year of birth where known."""

    names: tuple[str, ...]
    birth_year: int | None = None


def nearest(person: Described, others: Sequence[Described]) -> list[tuple[int, float]]:
    """(place in `others`, score) of those that may be the same person, nearest first; none under MAY_BE_SAME."""
    scored = ((place, likeness(person, other)) for place, other in enumerate(others))
    return sorted((pair for pair in scored if pair[1] >= MAY_BE_SAME), key=lambda pair: (-pair[1], pair[0]))


def likeness(one: Described, other: Described) -> float:
    """0..1, the same both ways: how the nearest two of their names agree, lowered by years that do not."""
    years = _year_factor(one.birth_year, other.birth_year)
    names = [read_name(typed) for typed in one.names]
    other_names = [read_name(typed) for typed in other.names]
    best = max((_agreement(a, b) for a in names for b in other_names), default=0.0)
    return round(best * years, 4)


def _year_factor(one: int | None, other: int | None) -> float:
    if one is None or other is None:
        return _UNKNOWN_YEAR
    apart = abs(one - other)
    return next((factor for most, factor in _YEARS_APART if apart <= most), _TOO_FAR)


def _agreement(one: Name, other: Name) -> float:
    """Each token of the shorter name finds its like in the other, each of which serves once."""
    short, long = sorted((_weighty(one), _weighty(other)), key=len)
    if not short:
        return 0.0
    ways = [(short, long), (short[::-1], long[::-1])]
    if len(short) == len(long):
        ways += [(long, short), (long[::-1], short[::-1])]
    found = max(_assigned(a, b) / sum(len(token) for token, _ in a) for a, b in ways)
    return found * (_ONE_TOKEN if len(short) == 1 else 1.0)


def _assigned(short: list[tuple[str, frozenset[str]]], long: list[tuple[str, frozenset[str]]]) -> float:
    """Letters of the shorter name that agree, when each token takes the best of what is left."""
    left = list(long)
    total = 0.0
    for token, keys in short:
        values = [_token_agreement(token, keys, *candidate) for candidate in left]
        best = max(range(len(values)), key=values.__getitem__)
        total += len(token) * values[best]
        left.pop(best)
    return total


def _token_agreement(token: str, keys: frozenset[str], other: str, other_keys: frozenset[str]) -> float:
    if token == other:
        return 1.0
    alike = OSA.normalized_similarity(token, other)
    if keys & other_keys:
        return _LIKE_SOUND + (1 - _LIKE_SOUND) * alike
    return alike if alike >= _LIKE_SPELLING else 0.0


def _weighty(name: Name) -> list[tuple[str, frozenset[str]]]:
    """Tokens that are no particles, with their keys."""
    keys = keys_by_token(name)
    return [
        (token, frozenset(found))
        for token, found in zip(name.tokens, keys, strict=True)
        if token not in particles() or len(name.tokens) == 1
    ]
