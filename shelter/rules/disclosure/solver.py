"""Linear programs over whole numbers, solved by HiGHS: one thread, one seed, so one answer to a question.

Knows nothing of tables; who asks checks the answer by addition.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import highspy

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
        starts, columns, weights = [0], list[int](), list[float]()
        for row in self._rows:
            columns.extend(row.form)
            weights.extend(float(weight) for weight in row.form.values())
            starts.append(len(columns))
        size, infinity = len(self._lower), highspy.kHighsInf
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        solver.passModel(
            size, len(self._rows), len(columns), highspy.MatrixFormat.kRowwise.value,
            highspy.ObjSense.kMinimize.value, 0.0, [0.0] * size,
            [float(bound) for bound in self._lower], [float(bound) for bound in self._upper],
            [-infinity if row.low is None else float(row.low) for row in self._rows],
            [infinity if row.high is None else float(row.high) for row in self._rows],
            starts, columns, weights, [kind.value] * size,
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
        costs = [0.0] * size
        for column, weight in form.items():
            costs[column] = -float(weight) if largest else float(weight)
        solver.changeColsCost(size, list(range(size)), costs)
        before = solver.getRunTime()
        solver.run()
        self.seconds += max(0.0, solver.getRunTime() - before)
        return solver.getModelStatus(), self._point(solver)

    def _point(self, solver: highspy.Highs) -> tuple[int, ...] | None:
        """The solver's point, if it is whole and keeps every bound and row, checked in whole numbers."""
        values = solver.getSolution().col_value
        if len(values) != len(self._lower):
            return None
        point = tuple(round(value) for value in values)
        whole = all(abs(value - near) < _NEAR for value, near in zip(values, point, strict=True))
        inside = all(low <= x <= high for low, x, high in zip(self._lower, point, self._upper, strict=True))
        return point if whole and inside and all(row.holds(point) for row in self._rows) else None
