"""Whole numbers that fit all that is printed, met on the way: where two of them lie far enough apart in an amount,
nothing need be asked of it. Each was checked by addition; no solver is trusted.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from shelter.rules.disclosure.evidence import Amount
from shelter.rules.disclosure.solver import Program, Undecided

Points = NDArray[np.int64]


class Witnesses:
    """A program, and the points that answered it or one that asks for less."""

    def __init__(self, program: Program, points: Points | None = None) -> None:
        self.program = program
        self._points = points if points is not None else np.empty((0, program.size), dtype=np.int64)
        self._fresh: list[tuple[int, ...]] = []
        self._ends: dict[frozenset[tuple[int, int]], tuple[int, int]] = {}

    def ask(self, form: Mapping[int, int], *, largest: bool) -> tuple[int, ...]:
        """A point at the end of a form, kept for later questions. Raises Undecided."""
        point = self.program.reach(form, largest=largest)
        if point is None:
            raise Undecided
        self._fresh.append(point)
        return point

    def values(self, amount: Amount) -> NDArray[np.int64]:
        """What the amount is at each point."""
        columns = np.fromiter(amount.form, dtype=np.int64)
        weights = np.fromiter(amount.form.values(), dtype=np.int64)
        return np.asarray(self._all()[:, columns] @ weights + amount.printed)

    def spread(self, amount: Amount) -> int:
        """At least how far apart two numbers are that the amount can be."""
        values = self.values(amount) if amount.form else np.empty(0, dtype=np.int64)
        return int(np.ptp(values)) if len(values) else 0

    def range(self, amount: Amount) -> tuple[int, int]:
        """The smallest and the largest number that the amount can be. Raises Undecided."""
        if not amount.form:
            return amount.printed, amount.printed
        hidden = frozenset(amount.form.items())
        if hidden not in self._ends:  # many pairs of tables leave the same hidden cells beside other printed numbers
            low, high = (amount.at(self.ask(amount.form, largest=largest)) for largest in (False, True))
            self._ends[hidden] = low - amount.printed, high - amount.printed
        low, high = self._ends[hidden]
        return amount.printed + low, amount.printed + high

    def knowing(self, program: Program, amount: Amount, number: int) -> "Witnesses":
        """For the same question with one amount known: the points that agree with it."""
        points = self._all()
        return Witnesses(program, points[self.values(amount) == number])

    def _all(self) -> Points:
        if self._fresh:
            self._points = np.vstack([self._points, np.array(self._fresh, dtype=np.int64)])
            self._fresh = []
        return self._points
