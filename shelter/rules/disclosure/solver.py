"""Linear programs over whole numbers, solved by HiGHS: one thread, one seed, so one answer to a question.

Knows nothing of tables; who asks checks the answer by addition.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

Form = Mapping[int, int]
"""A weighted sum of columns: column number to whole weight."""

_NEAR: Final = 1e-6


class Undecided(Exception):
    """The solver reached its limit of time or steps without an answer that may be used."""


@dataclass(frozen=True, slots=True)
class Row:
    """`low` <= the form <= `high`; None leaves that side open."""

    form: Form
    low: int | None
    high: int | None

    def holds(self, point: Sequence[int]) -> bool:
        total = sum(weight * point[column] for column, weight in self.form.items())
        return (self.low is None or self.low <= total) and (self.high is None or total <= self.high)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and branch-and-bound steps for one question; `gap` is how far from the best will do."""

    seconds: float = 10.0
    steps: int = 20_000
    gap: float = 0.0


class Program:
    """Whole-number columns between bounds under rows; asked again and again with different objectives."""

    def __init__(
        self, lower: Sequence[int], upper: Sequence[int], rows: Sequence[Row], limits: Limits | None = None
    ) -> None:
        self._lower, self._upper, self._rows = list(lower), list(upper), list(rows)
        self._limits = limits or Limits()
        self._relaxed: highspy.Highs | None = None
        self._whole: highspy.Highs | None = None
        self.seconds = 0.0
        lengths = [len(row.form) for row in self._rows]
        entries = sum(lengths)
        self._columns = np.fromiter((c for row in self._rows for c in row.form), np.int32, entries)
        self._weights = np.fromiter((w for row in self._rows for w in row.form.values()), np.float64, entries)
        self._row_of = np.repeat(np.arange(len(self._rows)), lengths)
        self._starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int32)]).astype(np.int32)
        infinity = highspy.kHighsInf
        self._least = np.array([-infinity if row.low is None else row.low for row in self._rows], dtype=np.float64)
        self._most = np.array([infinity if row.high is None else row.high for row in self._rows], dtype=np.float64)
        self._low, self._high = np.array(self._lower, np.float64), np.array(self._upper, np.float64)

    @property
    def size(self) -> int:
        return len(self._lower)

    def reach(self, form: Form, *, largest: bool) -> tuple[int, ...] | None:
        """A point at which the form is as large (small) as it can be; None when no point satisfies the rows.

        Tries without the whole-number condition first: where that answer is whole, it is the answer.
        Raises Undecided when the limits end the search.
        """
        if not self._lower:
            return () if all(row.holds(()) for row in self._rows) else None
        if self._relaxed is None:
            self._relaxed = self._load(whole=False)
        status, point = self._ask(self._relaxed, form, largest)
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status == highspy.HighsModelStatus.kOptimal and point is not None:
            return point
        return self.reach_whole(form, largest=largest)

    def bounds(self, form: Form) -> tuple[float, float] | None:
        """Bounds that hold without the whole-number condition; None when no point satisfies the rows.

        Raises Undecided.
        """
        ends = []
        if self._relaxed is None:
            self._relaxed = self._load(whole=False)
        for largest in (False, True):
            status, _ = self._ask(self._relaxed, form, largest)
            if status == highspy.HighsModelStatus.kInfeasible:
                return None
            if status != highspy.HighsModelStatus.kOptimal:
                raise Undecided
            ends.append(self._relaxed.getInfo().objective_function_value)
        return ends[0], -ends[1]

    def reach_whole(self, form: Mapping[int, float], *, largest: bool) -> tuple[int, ...] | None:
        """The same by branch and bound at once; a good answer found within the limits will do."""
        if self._whole is None:
            self._whole = self._load(whole=True)
        status, point = self._ask(self._whole, form, largest)
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if point is None or (status != highspy.HighsModelStatus.kOptimal and self._limits.gap == 0):
            raise Undecided
        return point

    def _load(self, whole: bool) -> highspy.Highs:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]  # its stubs leave this one untyped
        for option, value in self._options(whole):
            solver.setOptionValue(option, value)
        size = self.size
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        solver.passModel(
            size, len(self._rows), len(self._columns), highspy.MatrixFormat.kRowwise.value,
            highspy.ObjSense.kMinimize.value, 0.0, np.zeros(size),
            self._low, self._high, self._least, self._most,
            self._starts, self._columns, self._weights, np.full(size, kind.value, np.int32),
        )  # fmt: skip
        return solver

    def _options(self, whole: bool) -> Iterator[tuple[str, bool | int | float | str]]:
        yield from (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 0))
        yield from (("time_limit", self._limits.seconds), ("mip_max_nodes", self._limits.steps))
        # Between two whole-number answers lies at least 1, so half of it proves the best one.
        yield from (("mip_rel_gap", self._limits.gap), ("mip_abs_gap", 1e-6 if self._limits.gap else 0.5))
        yield "presolve", "on" if whole else "off"  # without it the next question starts from the last answer

    def _ask(
        self, solver: highspy.Highs, form: Mapping[int, float], largest: bool
    ) -> tuple[highspy.HighsModelStatus, tuple[int, ...] | None]:
        size = len(self._lower)
        costs = np.zeros(size)
        for column, weight in form.items():
            costs[column] = -float(weight) if largest else float(weight)
        solver.changeColsCost(size, np.arange(size, dtype=np.int32), costs)
        before = solver.getRunTime()
        solver.run()
        self.seconds += max(0.0, solver.getRunTime() - before)
        return solver.getModelStatus(), self._point(solver)

    def _point(self, solver: highspy.Highs) -> tuple[int, ...] | None:
        """The solver's point, if it is whole and keeps every bound and row, checked in whole numbers."""
        values = np.array(solver.getSolution().col_value, dtype=np.float64)
        if len(values) != self.size:
            return None
        point = np.rint(values)
        if np.any(np.abs(values - point) >= _NEAR) or np.any(point < self._low) or np.any(point > self._high):
            return None
        # Sums of whole numbers far below 2**53, so exact.
        sums = np.bincount(self._row_of, self._weights * point[self._columns], minlength=len(self._rows))
        if np.any(sums < self._least) or np.any(sums > self._most):
            return None
        return tuple(int(x) for x in point.astype(np.int64).tolist())
