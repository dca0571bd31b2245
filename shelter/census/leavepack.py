"""What a segment of agreed leave holds: stays that ended, whose they are, and their nights away, as arrays.

`u32 people | u32 stays | u32 runs | u32 zero | ids of people | stays | runs | zeros`, in steps of 4 KiB, as the size
should not tell how many were away. A day is its ordinal.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from shelter.db.base import ID_BYTES

_HEAD, _STEP = 16, 4096
_STAY = np.dtype([("stay", f"V{ID_BYTES}"), ("person", "<u4"), ("arrived", "<i4"), ("left", "<i4")])
_RUN = np.dtype([("stay", "<u4"), ("gone", "<i4"), ("back", "<i4")])


@dataclass(frozen=True, slots=True)
class Packed:
    """One stay that ended: its nights away are those of the stay, each once."""

    stay: bytes
    client: bytes
    arrived: date
    left: date
    away: frozenset[date]


def pack(stays: Sequence[Packed]) -> bytes:
    """The content of a segment."""
    people = {client: place for place, client in enumerate(sorted({one.client for one in stays}))}
    rows = [(one.stay, people[one.client], one.arrived.toordinal(), one.left.toordinal()) for one in stays]
    runs = [(place, gone, back) for place, one in enumerate(stays) for gone, back in _runs(one.away)]
    head = np.array([len(people), len(rows), len(runs), 0], "<u4").tobytes()
    content = b"".join((head, *people, np.array(rows, _STAY).tobytes(), np.array(runs, _RUN).tobytes()))
    return content + bytes(-len(content) % _STEP)


def _runs(days: Collection[date]) -> list[tuple[int, int]]:
    """First night away and the one after the last, for each run of nights."""
    ordinals = sorted(day.toordinal() for day in days)
    found = []
    for _, run in groupby(enumerate(ordinals), lambda pair: pair[1] - pair[0]):
        inside = [ordinal for _, ordinal in run]
        found.append((inside[0], inside[-1] + 1))
    return found


class Leaves:
    """A segment's content, read as it lies: good for as long as its buffer is."""

    def __init__(self, content: memoryview) -> None:
        people, stays, runs, _ = (int(one) for one in np.frombuffer(content, "<u4", 4))
        ids = _HEAD + people * ID_BYTES
        self._people = bytes(content[_HEAD:ids])
        self._stays: npt.NDArray[Any] = np.frombuffer(content, _STAY, stays, ids)
        self._runs: npt.NDArray[Any] = np.frombuffer(content, _RUN, runs, ids + self._stays.nbytes)
        self._counts = np.ones(stays, bool)

    def __len__(self) -> int:
        return len(self._stays)

    def stays(self) -> list[Packed]:
        """Everything that it says, stay by stay."""
        away: list[set[date]] = [set() for _ in self._names()]
        for place, gone, back in self._runs.tolist():
            away[place] |= {date.fromordinal(day) for day in range(gone, back)}
        people, day = self._ids(), date.fromordinal
        return [
            Packed(stay, people[who], day(first), day(end), frozenset(days))
            for stay, (_, who, first, end), days in zip(self._names(), self._stays.tolist(), away, strict=True)
        ]

    def keep(self, known: Collection[bytes], changed: Collection[bytes]) -> set[bytes]:
        """What is said of people but those `known`, and of stays `changed` since, counts no more; who is not known."""
        strangers = {one for one in self._ids() if one not in known}
        if strangers:
            inside = np.array([one not in strangers for one in self._ids()], bool)
            self._counts &= inside[self._stays["person"]]
        if changed:
            self._counts &= np.array([one not in changed for one in self._names()], bool)
        return strangers

    def told_of(self, first: date, last: date) -> set[bytes]:
        """Who had a stay that touches the period."""
        rows, people = self._stays, self._ids()
        touching = self._counts & (rows["arrived"] <= last.toordinal()) & (rows["left"] > first.toordinal())
        return {people[place] for place in np.unique(rows["person"][touching]).tolist()}

    def nights(self, first: date, last: date, doubled: Mapping[bytes, frozenset[date]]) -> int:
        """Nights away in the period, both ends included, but for those in `doubled` of a stay."""
        runs = self._runs[self._counts[self._runs["stay"]]]
        begun, ended = first.toordinal(), last.toordinal() + 1
        total = int(np.maximum(np.minimum(runs["back"], ended) - np.maximum(runs["gone"], begun), 0).sum())
        if not doubled:
            return total
        stays = self._names()
        for place, gone, back in runs.tolist():
            for day in doubled.get(stays[place], ()):
                total -= first <= day <= last and gone <= day.toordinal() < back
        return total

    def _ids(self) -> list[bytes]:
        return _each_id(self._people)

    def _names(self) -> list[bytes]:
        return _each_id(self._stays["stay"].tobytes())


def _each_id(joined: bytes) -> list[bytes]:
    return [joined[at : at + ID_BYTES] for at in range(0, len(joined), ID_BYTES)]
