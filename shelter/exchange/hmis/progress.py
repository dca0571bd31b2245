"""How far the reading of an export is, for a progress bar; counts only."""

from collections.abc import Callable
from enum import StrEnum

import msgspec


class Phase(StrEnum):
    CHECKING = "checking"
    READING = "reading"
    HANDING_OVER = "handing_over"


class Progress(msgspec.Struct, frozen=True):
    """`done` of `total` bytes of this phase; `rows` counts the rows of this phase over all files."""

    phase: Phase
    file: str
    rows: int
    done: int
    total: int


ProgressCallback = Callable[[Progress], None]


class Meter:
    """Adds up bytes and rows of one phase and tells the callback, at most every `step` bytes and at the
    end."""

    def __init__(self, callback: ProgressCallback | None, step: int = 262_144) -> None:
        self._callback = callback
        self._step = step
        self.begin(Phase.CHECKING, 0)

    def begin(self, phase: Phase, total: int) -> None:
        self._phase, self._total = phase, total
        self._done = self._rows = self._told = 0

    def advance(self, file: str, size: int = 0, rows: int = 0) -> None:
        self._done += size
        self._rows += rows
        if self._done - self._told >= self._step or (size and self._done >= self._total):
            self.tell(file)

    def tell(self, file: str) -> None:
        self._told = self._done
        if self._callback is not None:
            total = max(self._total, self._done)
            self._callback(Progress(self._phase, file, self._rows, self._done, total))
