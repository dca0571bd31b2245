"""How near the people found are to what was typed: order-free, forgiving slips, spellings, and parts left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import add

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from shelter.rules.names import particles
from shelter.rules.names_query import Query

Floats = npt.NDArray[np.float32]

# What a token of the query earns, whole equal tokens earning 1.
_PREFIX = 0.90  # and up to 0.08 more, the more of the token was typed
_LEAST_SLIP = 0.5  # a spelling less alike than this earns nothing
_SAME_KEY = 0.72  # and up to 0.2 more, the more alike the spelling is
_GLUED = 0.98  # written as one word here and as two there
# What the whole earns.
_PARTICLE_WEIGHT = 0.25
_FOR_COVERAGE = 0.06  # lost by a name that says much more than was typed
_ACROSS_NAMES = 0.93  # parts found in different names of one person
_IN_TYPED_ORDER = 0.004


# An entry as copied out of the lanes: id, its part of the names lane, its part of the keys lane.
Candidate = tuple[bytes, str, str]


def scores(query: Query, candidates: Sequence[Candidate]) -> list[float]:
    """For each candidate 0..1: 1 when everything typed is there as typed and nothing else is."""
    if not candidates:
        return []
    flat = _flatten(candidates)
    similar = _similarities(query, flat.units)
    by_name = np.maximum.reduceat(similar[:, flat.unit_of], flat.name_starts, axis=1)
    key_hits = _key_hits(query, candidates)
    by_entry = np.maximum.reduceat(by_name, flat.entry_starts, axis=1)
    bonus = np.where(key_hits, _SAME_KEY + 0.2 * by_entry, 0)
    weights = _weights(query)
    names_of_entry = np.repeat(np.arange(len(candidates)), np.diff([*flat.entry_starts, len(flat.name_starts)]))
    whole = weights @ np.maximum(by_name, bonus[:, names_of_entry])
    typed_letters = sum(map(len, query.tokens))
    coverage = np.minimum(1, typed_letters / flat.letters)
    whole *= 1 - _FOR_COVERAGE * (1 - coverage)
    best = np.maximum.reduceat(whole, flat.entry_starts)
    across = (weights @ np.maximum(by_entry, bonus)) * _ACROSS_NAMES
    typed = f" {' '.join(query.tokens)}"
    order = np.array([_IN_TYPED_ORDER if typed in spoken else 0 for _, spoken, _ in candidates])
    found = np.maximum(best, across) * (1 - _IN_TYPED_ORDER) + order
    return [float(score) for score in found]


def rough_scores(query: Query, candidates: Sequence[Candidate]) -> list[float]:
    """A cheap stand-in for `scores`, to choose among thousands: 1 when every token begins a token of the name.

    Else a token counts by its halves: one slip leaves one of them as it was.
    """
    found = [0.0] * len(candidates)
    for token in query.tokens:
        begins, half = f" {token}", len(token) // 2
        head, tail = token[:half], token[half:]
        for place, (_, spoken, _) in enumerate(candidates):
            found[place] += 1 if begins in spoken else 0.4 * (head in spoken) + 0.4 * (tail in spoken)
    return [score / len(query.tokens) for score in found]


def excess(query: Query, candidate: Candidate) -> int:
    """How many letters her shortest name with the first of the typed tokens has: among equals the least is nearest."""
    begins = " " + query.tokens[0]
    return min((len(name) for name in candidate[1].split(";") if begins in name), default=len(candidate[1]))


@dataclass(frozen=True, slots=True)
class _Flat:
    """All names of all candidates as one run: units are distinct tokens and neighbours written as one word."""

    units: list[str]
    unit_of: npt.NDArray[np.int64]
    name_starts: npt.NDArray[np.int64]
    entry_starts: npt.NDArray[np.int64]
    letters: Floats


def _flatten(candidates: Sequence[Candidate]) -> _Flat:
    places: dict[str, int] = {}
    unit_of: list[int] = []
    name_starts: list[int] = []
    entry_starts: list[int] = []
    letters: list[int] = []
    for _, spoken, _ in candidates:
        entry_starts.append(len(name_starts))
        for name in spoken.split(";"):
            name_starts.append(len(unit_of))
            tokens = name.split() or [""]
            letters.append(max(1, len(name) - 1 - len(tokens)))
            unit_of += [places.setdefault(token, len(places)) for token in tokens]
            if len(tokens) > 1:
                glued = map(add, tokens, tokens[1:])
                unit_of += [places.setdefault(unit, len(places)) for unit in glued]
    return _Flat(
        list(places),
        np.array(unit_of, dtype=np.int64),
        np.array(name_starts, dtype=np.int64),
        np.array(entry_starts, dtype=np.int64),
        np.array(letters, dtype=np.float32),
    )


def _similarities(query: Query, units: list[str]) -> Floats:
    """tokens x units: what each unit earns each token of the query."""
    glued = list(map("".join, pairwise(query.tokens)))
    typed = [*query.tokens, *glued]
    similar: Floats = cdist(typed, units, scorer=OSA.normalized_similarity, dtype=np.float32)
    similar[similar < _LEAST_SLIP] = 0
    for row, token in zip(similar, query.tokens, strict=False):
        for place, unit in enumerate(units):
            if unit.startswith(token) and unit != token:
                row[place] = max(row[place], _PREFIX + 0.08 * len(token) / len(unit))
    tokens = len(query.tokens)
    for place in range(len(glued)):
        pair = similar[place : place + 2]
        np.maximum(pair, similar[tokens + place] * _GLUED, out=pair)
    return similar[:tokens]


def _key_hits(query: Query, candidates: Sequence[Candidate]) -> npt.NDArray[np.bool_]:
    """tokens x candidates: whether some key of the token is among the candidate's."""
    needles = [tuple(f" {key} " for key in keys) for keys in query.keys]
    return np.array(
        [[any(needle in keys for needle in any_of) for _, _, keys in candidates] for any_of in needles], dtype=bool
    )


def _weights(query: Query) -> Floats:
    """Each token's share of the whole, by its length; words such as de and al count little."""
    lone = all(token in particles() for token in query.tokens)
    raw = [len(token) * (_PARTICLE_WEIGHT if token in particles() and not lone else 1) for token in query.tokens]
    weights: Floats = np.array(raw, dtype=np.float32) / sum(raw)
    return weights
