"""The same search among few known people: all of them are weighed, so a caseload never loses one to a crowd."""

import numpy as np

from shelter.rules.directory import ID_BYTES, Buffer, read_lanes
from shelter.rules.directory_scan import LEAST_SCORE, Hit, best
from shelter.rules.names_query import Query
from shelter.rules.names_rank import Candidate

MOST = 1000
"""More people than these are searched with `directory_scan.Scan`."""


class Few:
    """One search over any number of segments, of which only the entries of these ids are looked at."""

    def __init__(self, query: Query, ids: frozenset[bytes]) -> None:
        self._query = query
        self._ids = np.frombuffer(b"".join(sorted(ids)), dtype=f"V{ID_BYTES}")
        self._found: list[Candidate] = []

    def feed(self, segment: Buffer) -> None:
        """Look through one opened segment. Raises ValueError when it is none."""
        lanes = read_lanes(segment)
        if lanes.count and len(self._ids):
            here = np.frombuffer(lanes.ids, dtype=self._ids.dtype)
            self._found.extend(lanes.texts_at(np.flatnonzero(np.isin(here, self._ids))))

    def hits(self, limit: int = 20, least: float = LEAST_SCORE) -> list[Hit]:
        """The nearest people, best first, at most `limit`; none scoring under `least`."""
        return best(self._query, self._found, limit, least)
