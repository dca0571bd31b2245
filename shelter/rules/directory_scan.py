"""Looks for one query in opened segments, one after the other, and keeps the few people nearest to it.

What it keeps is copied out, so the caller may overwrite its buffer after each `feed`. Drop the scan when done.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shelter.rules.directory import Buffer, Lanes, Words, read_lanes
from shelter.rules.names_query import Query
from shelter.rules.names_rank import Candidate, scores
from shelter.rules.names_signature import key_bits, name_bits

KEEP = 500
LEAST_SCORE = 0.60
_ROOM = 2000  # candidates held before the worst are dropped
_FOR_LETTERS = 200  # what all pairs of letters of the query earn together
_FOR_KEYS = 100  # what all tokens earn together by their keys
_LEAST = 95  # an entry earning less is not looked at
_AS_GOOD_AS_WHOLE = 0.90  # every token is there whole or as a prefix

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Hit:
    """A person found. `score` is 0..1; `names` are normalised and only good for saying why she was found."""

    client_id: bytes
    score: float
    names: tuple[str, ...]


class Scan:
    """One search over any number of segments."""

    def __init__(self, query: Query, keep: int = KEEP) -> None:
        self._query = query
        self._keep = keep
        self._found: list[tuple[int, Candidate]] = []
        self._least = _LEAST
        self._full = False
        bits = name_bits(query.tokens)
        self._bits = (np.uint64(bits & ((1 << 64) - 1)), np.uint64(bits >> 64))
        self._per_bit = np.uint16(_FOR_LETTERS // bits.bit_count())
        self._whole = int(self._per_bit) * bits.bit_count()
        self._masks = [[np.uint64(key_bits((key,))) for key in keys] for keys in query.keys if keys]
        self._per_key = np.uint16(_FOR_KEYS // max(1, len(self._masks)))

    def feed(self, segment: Buffer) -> None:
        """Look through one opened segment. Raises ValueError when it is none."""
        lanes = read_lanes(segment)
        if not lanes.count:
            return
        if self._full:
            places, earned = self._named_just_so(lanes)
        elif self._query.is_short:
            places, earned = self._short(lanes)
        else:
            places, earned = self._alike(lanes)
        for place, points in zip(places.tolist(), earned, strict=True):
            self._found.append((points, _candidate(lanes, place)))
        if len(self._found) > _ROOM:
            self._drop_worst()

    def hits(self, limit: int = 20, least: float = LEAST_SCORE) -> list[Hit]:
        """The nearest people, best first, at most `limit`; none scoring under `least`."""
        candidates = [candidate for _, candidate in self._found]
        ranked = heapq.nsmallest(
            limit,
            (
                (-score, len(candidate.names), candidate.names, candidate.client_id)
                for score, candidate in zip(scores(self._query, candidates), candidates, strict=True)
                if score >= least
            ),
        )
        return [Hit(client_id, -score, tuple(_spoken(names))) for score, _, names, client_id in ranked]

    def _alike(self, lanes: Lanes) -> tuple[Places, list[int]]:
        """Entries that share enough pairs of letters and keys with the query."""
        words = lanes.words
        shared = np.bitwise_count(words[0] & self._bits[0])
        shared += np.bitwise_count(words[1] & self._bits[1])
        earned = np.multiply(shared, self._per_bit, dtype=np.uint16)
        for masks in self._masks:
            has = _has_one(words[2], masks)
            earned += np.multiply(has, self._per_key, dtype=np.uint16)
        places = np.flatnonzero(earned >= self._least)
        return places, earned[places].tolist()

    def _short(self, lanes: Lanes) -> tuple[Places, list[int]]:
        """Entries with a token that begins like the longest one typed, or that has one of its keys."""
        longest = max(range(len(self._query.tokens)), key=lambda place: len(self._query.tokens[place]))
        token = self._query.tokens[longest].encode()
        found: dict[int, int] = {}
        for offset in _offsets(lanes.names, b" " + token):
            whole = lanes.names[offset + 1 + len(token)] == 32
            place = int(np.searchsorted(lanes.name_starts, offset, side="right")) - 1
            found[place] = max(found.get(place, 0), 2 if whole else 1)
        for key in self._query.keys[longest]:
            for offset in _offsets(lanes.keys, f" {key} ".encode()):
                place = int(np.searchsorted(lanes.key_starts, offset, side="right")) - 1
                found[place] = max(found.get(place, 0), 2)
        kept = {place: points for place, points in found.items() if points >= self._least or self._least == _LEAST}
        return np.array(list(kept), dtype=np.intp), list(kept.values())

    def _named_just_so(self, lanes: Lanes) -> tuple[Places, list[int]]:
        """Entries with no other name than the one typed: worth finding however many others there are."""
        same = (lanes.words[0] == self._bits[0]) & (lanes.words[1] == self._bits[1])
        places = np.flatnonzero(same)
        return places, [self._whole] * len(places)

    def _drop_worst(self) -> None:
        """Keep the best; look only for better ones from here on."""
        self._found.sort(key=lambda item: -item[0])
        edge = self._found[self._keep][0]
        if self._found[-1][0] < edge:
            self._found = [item for item in self._found if item[0] >= edge]
            self._least = edge
        if len(self._found) <= _ROOM:
            return
        by_text = scores(self._query, [candidate for _, candidate in self._found])
        best = heapq.nlargest(self._keep, range(len(by_text)), key=by_text.__getitem__)
        self._full = by_text[best[-1]] >= _AS_GOOD_AS_WHOLE
        self._found = [self._found[place] for place in best]


def _candidate(lanes: Lanes, place: int) -> Candidate:
    return Candidate(lanes.id_at(place), lanes.names_at(place), lanes.keys_at(place))


def _spoken(names: str) -> Iterator[str]:
    return (name.strip() for name in names.split(";"))


def _has_one(word: npt.NDArray[np.uint64], masks: list[np.uint64]) -> npt.NDArray[np.bool_]:
    """Which entries may have the key behind one of the masks."""
    has = (word & masks[0]) == masks[0]
    for mask in masks[1:]:
        has |= (word & mask) == mask
    return has


def _offsets(lane: memoryview, needle: bytes) -> Iterator[int]:
    text = bytes(lane)
    found = text.find(needle)
    while found != -1:
        yield found
        found = text.find(needle, found + 1)
