"""Looks for one query in opened segments, one after the other, and keeps the few people nearest to it.

What it keeps is copied out, so the caller may overwrite its buffer after each `feed`. Drop the scan when done.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from shelter.rules.directory import Buffer, Lanes, read_lanes, split_names
from shelter.rules.names_query import Query
from shelter.rules.names_rank import Candidate, excess, rough_scores, scores
from shelter.rules.names_signature import in_words, key_bits, name_bits

KEEP = 400
LEAST_SCORE = 0.60
ROOM = 4 * KEEP  # candidates held before the worst are dropped
_FOR_LETTERS = 200  # what all pairs of letters of the query earn together
_FOR_KEYS = 100  # what all tokens earn together by their keys
_RAISE_AFTER = KEEP // 8  # this many more found, and the least is looked at again
LEAST = 100  # an entry earning less is not looked at
_MOST_KEYS_OF_A_SHORT_TOKEN = 3
_BEGINS, _IS_WHOLE = 1, 2  # what an entry earns in a short search

Places = npt.NDArray[np.intp]
Points = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Hit:
    """A person found. `score` is 0..1; `names` are normalised and only good for saying why she was found."""

    client_id: bytes
    score: float
    names: tuple[str, ...]


class Earning:
    """What an entry earns by her signature: for each pair of letters in common, and for each token with a key of hers.

    `keys[i]` are the bits of the keys any one of which may stand for a token.
    """

    def __init__(self, query: Query) -> None:
        self.letters = name_bits(query.tokens)
        self.keys = [[key_bits((key,)) for key in keys] for keys in query.keys if keys]
        self.per_letter = np.uint16(_FOR_LETTERS // self.letters.bit_count())
        self.per_key = np.uint16(_FOR_KEYS // max(1, len(self.keys)))


class Scan:
    """One search over any number of segments."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._found: list[tuple[int, Candidate]] = []
        self._full = False
        earning = Earning(query)
        bits = earning.letters
        self._bits = np.array(in_words(bits), dtype=np.uint64)
        self._per_bit = earning.per_letter
        self._masks = [[np.uint64(mask) for mask in masks] for masks in earning.keys]
        self._per_key = earning.per_key
        self._least = 1 if query.is_short else LEAST
        most = bits.bit_count() * int(self._per_bit) + len(self._masks) * int(self._per_key)
        self._most = _IS_WHOLE if query.is_short else most
        self._points: list[Points] = []
        self._since_raised = 0

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
        if len(places):
            self._raise_least(earned)
            near = earned >= self._least
            places, earned = places[near], earned[near]
            self._found.extend(zip(earned.tolist(), lanes.texts_at(places), strict=True))
        if len(self._found) > ROOM:
            self._drop_worst()

    def hits(self, limit: int = 20, least: float = LEAST_SCORE) -> list[Hit]:
        """The nearest people, best first, at most `limit`; none scoring under `least`."""
        return best(self._query, best_by_points(self._query, self._found), limit, least)

    def _alike(self, lanes: Lanes) -> tuple[Places, Points]:
        """Entries that share enough pairs of letters and keys with the query."""
        *letters, keys = lanes.words
        shared = np.bitwise_count(letters[0] & self._bits[0])
        for word, typed in zip(letters[1:], self._bits[1:], strict=True):
            shared += np.bitwise_count(word & typed)
        # Only who can still earn enough by her keys has them looked at.
        missing = self._least - len(self._masks) * int(self._per_key)
        places = (shared >= max(0, -(-missing // int(self._per_bit)))).nonzero()[0]
        earned: Points = shared[places] * self._per_bit
        theirs = keys[places]
        for masks in self._masks:
            earned += _has_one(theirs, masks) * self._per_key
        enough = earned >= self._least
        return places[enough], earned[enough]

    def _short(self, lanes: Lanes) -> tuple[Places, Points]:
        """Entries with a token that begins like the longest one typed, or that has one of its keys."""
        token, keys = max(zip(self._query.tokens, self._query.keys, strict=True), key=lambda pair: len(pair[0]))
        earned = np.zeros(lanes.count, dtype=np.uint16)
        if self._least <= _BEGINS:
            earned[_places(lanes.names, lanes.name_starts, f" {token}")] = _BEGINS
        if self._least > _BEGINS or earned.any():
            earned[_places(lanes.names, lanes.name_starts, f" {token} ")] = _IS_WHOLE
        for key in keys[:_MOST_KEYS_OF_A_SHORT_TOKEN]:
            earned[_places(lanes.keys, lanes.key_starts, f" {key} ")] = _IS_WHOLE
        places = np.flatnonzero(earned)
        if len(self._query.tokens) > 1:
            places = places[[self._has_all(candidate) for candidate in lanes.texts_at(places)]]
        return places, earned[places]

    def _has_all(self, candidate: Candidate) -> bool:
        _, spoken, keys = candidate
        return all(
            f" {token}" in spoken or any(f" {key} " in keys for key in any_of)
            for token, any_of in zip(self._query.tokens, self._query.keys, strict=True)
        )

    def _named_just_so(self, lanes: Lanes) -> tuple[Places, Points]:
        """Entries with a name that is or ends in what was typed: worth finding however many others there are."""
        same = np.all(np.equal(lanes.words[:-1].T, self._bits), axis=1)
        typed = " ".join(self._query.tokens)
        for ending in (";", "\n"):
            same[_places(lanes.names, lanes.name_starts, f" {typed} {ending}")] = True
        places = np.flatnonzero(same)
        return places, np.full(len(places), self._most + 1, dtype=np.uint16)

    def _raise_least(self, earned: Points) -> None:
        """Once KEEP entries earn more than the least, look only for those that earn as much."""
        if self._query.is_short or self._full:
            return
        self._points.append(earned)
        self._since_raised += len(earned)
        if self._since_raised < _RAISE_AFTER:
            return
        points = np.concatenate(self._points)
        if len(points) > KEEP:
            self._least = max(self._least, int(np.partition(points, -KEEP)[-KEEP]))
        self._points, self._since_raised = [points[points >= self._least]], 0

    def _drop_worst(self) -> None:
        """Make room: first those that earn least; then, among equals, the least alike."""
        self._found = [item for item in self._found if item[0] >= self._least]
        if len(self._found) <= ROOM:
            return
        by_text = rough_scores(self._query, [candidate for _, candidate in self._found])
        ranked = sorted(
            zip(by_text, self._found, strict=True),
            key=lambda item: (-item[1][0], -item[0], excess(self._query, item[1][1]) if item[0] == 1 else 0),
        )[:KEEP]
        self._found = [item for _, item in ranked]
        if min(text for text, _ in ranked) == 1:
            # More like these would crowd the page: from here on only what is nearer than the least of them.
            edge = self._found[-1][0]
            self._full = edge >= self._most
            self._least = max(self._least, edge + 1)


def best_by_points(query: Query, found: Sequence[tuple[int, Candidate]]) -> list[Candidate]:
    """The KEEP that earn most; among equals at the edge those whose names say least beyond what was typed."""
    by_points = sorted(found, key=itemgetter(0), reverse=True)
    if len(by_points) <= KEEP:
        return [candidate for _, candidate in by_points]
    edge = by_points[KEEP - 1][0]
    surely = [candidate for points, candidate in by_points if points > edge]
    equals = [candidate for points, candidate in by_points if points == edge]
    return surely + heapq.nsmallest(KEEP - len(surely), equals, key=partial(excess, query))


def best(query: Query, candidates: Sequence[Candidate], limit: int, least: float) -> list[Hit]:
    """The nearest of these people, best first, at most `limit`; none scoring under `least`."""
    scored = zip(scores(query, candidates), candidates, strict=True)
    ranked = ((-score, len(names), names, client_id) for score, (client_id, names, _) in scored if score >= least)
    nearest = heapq.nsmallest(limit, ranked)
    return [Hit(client_id, -score, split_names(names)) for score, _, names, client_id in nearest]


def _has_one(word: npt.NDArray[np.uint64], masks: list[np.uint64]) -> npt.NDArray[np.bool_]:
    """Which entries may have the key behind one of the masks."""
    has: npt.NDArray[np.bool_] = (word & masks[0]) == masks[0]
    for mask in masks[1:]:
        has |= (word & mask) == mask
    return has


def _places(lane: memoryview, starts: npt.NDArray[np.uint32], needle: str) -> Places:
    """Entries whose part of the lane has the needle."""
    offsets = np.array(list(_offsets(bytes(lane), needle.encode())), dtype=np.uint32)
    return np.searchsorted(starts, offsets, side="right") - 1


def _offsets(text: bytes, needle: bytes) -> Iterator[int]:
    found = text.find(needle)
    while found != -1:
        yield found
        found = text.find(needle, found + 1)
