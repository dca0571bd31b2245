"""Counts and times by endpoint and kind of answer, over all workers of a host; no address, no person, no code.

The table is made before the workers are and shared by them: each has a part of its own, so that no lock is needed
and one that is killed leaves nothing locked.
"""

import mmap
import os
import time
from threading import Lock
from typing import cast

from flask import Flask, Response, current_app, g, request

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds."""
KINDS = ("2xx", "3xx", "4xx", "5xx")
PARTS = 16
EXTENSION = "shelter_metrics"
NOWHERE = "nowhere"
_CELLS = 2 + len(BUCKETS)  # answers, microseconds, answers within each bucket
_BEGAN = "metrics_began"


class Table:
    """The numbers of one host."""

    def __init__(self, endpoints: list[str]) -> None:
        self._places = {name: at for at, name in enumerate([*sorted(endpoints), NOWHERE])}
        self._part = len(self._places) * len(KINDS) * _CELLS
        self._memory = mmap.mmap(-1, PARTS * self._part * 8)
        self._cells = memoryview(self._memory).cast("Q")
        self._lock = Lock()

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        """One answer. Two workers whose numbers share a part may, rarely, lose one of two counts."""
        kind = min(max(status // 100, 2), 5) - 2
        place = self._places.get(endpoint, self._places[NOWHERE])
        start = (os.getpid() % PARTS) * self._part + (place * len(KINDS) + kind) * _CELLS
        with self._lock:
            self._cells[start] += 1
            self._cells[start + 1] += int(seconds * 1_000_000)
            for at, most in enumerate(BUCKETS):
                self._cells[start + 2 + at] += seconds <= most

    def lines(self) -> list[str]:
        """The text format that Prometheus and its kin read; only what was ever asked for."""
        found = ["# TYPE shelter_seconds histogram"]
        for name, place in self._places.items():
            for at, kind in enumerate(KINDS):
                values = self._sum((place * len(KINDS) + at) * _CELLS)
                if values[0]:
                    found += _of_one(f'endpoint="{name}",status="{kind}"', values)
        return found

    def _sum(self, start: int) -> list[int]:
        return [sum(self._cells[part * self._part + start + at] for part in range(PARTS)) for at in range(_CELLS)]


def _of_one(labels: str, values: list[int]) -> list[str]:
    answers, microseconds, *within = values
    buckets = [
        f'shelter_seconds_bucket{{{labels},le="{most}"}} {count}' for most, count in zip(BUCKETS, within, strict=True)
    ]
    return [
        *buckets,
        f'shelter_seconds_bucket{{{labels},le="+Inf"}} {answers}',
        f"shelter_seconds_sum{{{labels}}} {microseconds / 1_000_000:.6f}",
        f"shelter_seconds_count{{{labels}}} {answers}",
    ]


def init(app: Flask) -> None:
    """Counts every answer of this application; called when all addresses are known, before workers are made."""
    app.extensions[EXTENSION] = Table(sorted(app.view_functions))
    # Before and after everything else, so that what the guard takes is counted too.
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request_funcs.setdefault(None, []).insert(0, _count)


def table() -> Table:
    return cast(Table, current_app.extensions[EXTENSION])


def _begin() -> None:
    setattr(g, _BEGAN, time.monotonic())


def _count(response: Response) -> Response:
    seconds = time.monotonic() - g.get(_BEGAN, time.monotonic())
    table().count(request.endpoint or NOWHERE, response.status_code, seconds)
    return response
