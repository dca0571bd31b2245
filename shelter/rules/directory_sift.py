"""Looks for one query in directories taken apart: all signatures are weighed, the texts of the few nearest are read.

Finds whom `directory_scan.Scan` finds. Where more people are equally near than their signatures tell apart, as those
of a name that thousands bear, it says so, and the caller scans.
"""

import numpy as np
import numpy.typing as npt

from shelter.rules.directory_apart import Bits, Pieces, open_planes, open_texts
from shelter.rules.directory_scan import (
    KEEP,
    LEAST,
    LEAST_SCORE,
    ROOM,
    Earning,
    Hit,
    Places,
    Points,
    best,
    best_by_points,
)
from shelter.rules.names_query import Query
from shelter.rules.names_rank import Candidate
from shelter.rules.names_signature import NAME_BITS


def suits(query: Query) -> bool:
    """Short queries are looked up letter by letter and want every text."""
    return not query.is_short


class Sift:
    """One search over any number of sets of pieces. Keep what is fed as it is until `hits`."""

    def __init__(self, query: Query) -> None:
        self._query = query
        earning = Earning(query)
        self._per_letter, self._per_key = earning.per_letter, earning.per_key
        letters = _places_of(earning.letters)
        self._letters = len(letters)
        keys = [[_places_of(key, NAME_BITS) for key in of_one] for of_one in earning.keys]
        wanted = dict.fromkeys(plane for of_one in keys for key in of_one for plane in key)
        self._planes = [*letters, *wanted]
        row_of = {plane: row for row, plane in enumerate(wanted, start=len(letters))}
        self._keys = [[[row_of[plane] for plane in key] for key in of_one] for of_one in keys]
        self._least = LEAST
        self._near: list[tuple[Pieces, Places, Points]] = []

    def feed(self, pieces: Pieces) -> None:
        """Weigh everybody in it. Raises what opening a piece raises."""
        planes = open_planes(pieces, self._planes)
        try:
            points = self._points(planes)
        finally:
            planes[:] = 0
        places = np.flatnonzero(points >= self._least)
        if len(places):
            self._near.append((pieces, places, points[places]))
            self._raise_least()

    @property
    def is_crowded(self) -> bool:
        """Whether more people are as near as the last that would be kept than their texts are read of."""
        return sum(len(points) for _, _, points in self._near) > ROOM

    def hits(self, limit: int = 20, least: float = LEAST_SCORE) -> list[Hit]:
        """The nearest people, best first, at most `limit`; none scoring under `least`."""
        found: list[tuple[int, Candidate]] = []
        for pieces, places, points in self._near:
            found.extend(zip(points.tolist(), open_texts(pieces, places.tolist()), strict=True))
        return best(self._query, best_by_points(self._query, found), limit, least)

    def _points(self, planes: Bits) -> Points:
        """What each entry earns."""
        shared = _each(planes[: self._letters]).sum(axis=0, dtype=np.uint8)
        points: Points = shared * self._per_letter
        for keys in self._keys:
            has = np.zeros(planes.shape[1], dtype=np.uint8)
            for rows in keys:
                has |= np.bitwise_and.reduce(planes[rows], axis=0)
            points += _each(has) * self._per_key
        return points

    def _raise_least(self) -> None:
        """Once KEEP entries earn more than the least, only those that earn as much are near."""
        points = np.concatenate([points for _, _, points in self._near])
        if len(points) <= KEEP:
            return
        self._least = max(self._least, int(np.partition(points, -KEEP)[-KEEP]))
        still = [(pieces, places, points, points >= self._least) for pieces, places, points in self._near]
        self._near = [(pieces, places[near], points[near]) for pieces, places, points, near in still if near.any()]


def _places_of(bits: int, first: int = 0) -> list[int]:
    return [first + place for place in range(bits.bit_length()) if bits >> place & 1]


def _each(rows: Bits) -> npt.NDArray[np.uint8]:
    """One number an entry, 0 or 1, for one bit an entry."""
    return np.unpackbits(rows, axis=-1, bitorder="little")
