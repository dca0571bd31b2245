"""What was measured: rows for build/bench.json and for the terminal, ratios before anything else."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "bench.json"


SLACK = 1.25
"""A bench fails only beyond its limit times this: machines that others use are not quiet."""


@dataclass(frozen=True)
class Row:
    """One comparison; `ratio` is ours / peer, the median of paired rounds. Without a limit it is only reported."""

    name: str
    ours: float
    peer: float
    ratio: float
    limit: float | None
    better: str
    unit: str
    n: int
    note: str = ""

    @property
    def holds(self) -> bool:
        return self._within(1.0)

    @property
    def passes(self) -> bool:
        """Whether it holds, or misses by what a busy machine may do to it."""
        return self._within(SLACK)

    def _within(self, slack: float) -> bool:
        if self.limit is None:
            return True
        return self.ratio <= self.limit * slack if self.better == "lower" else self.ratio >= self.limit / slack


class Ledger:
    """Collects rows during a run and writes them at its end."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, row: Row) -> Row:
        self.rows.append(row)
        self.write()
        return row

    def write(self) -> None:
        OUT.parent.mkdir(parents=True, exist_ok=True)
        OUT.write_text(json.dumps([asdict(row) for row in self.rows], indent=2) + "\n")

    def table(self) -> list[str]:
        head = f"{'what':<62} {'ours':>10} {'peer':>10} {'ratio':>7} {'limit':>6}  unit"
        return [head, *(_line(row) for row in self.rows)]


def _line(row: Row) -> str:
    mark = "  " if row.holds else "!!"
    note = f"  ({row.note})" if row.note else ""
    limit = "     -" if row.limit is None else f"{row.limit:>6.2f}"
    figures = f"{row.ours:>10.3f} {row.peer:>10.3f} {row.ratio:>7.3f} {limit}"
    return f"{row.name:<62} {figures}  {row.unit} n={row.n} {mark}{note}"


@dataclass(frozen=True)
class Pair:
    """Medians of both sides and of the paired ratios."""

    ours: float
    peer: float
    ratio: float
    rounds: int


def paired(
    ours: Callable[[], object],
    peer: Callable[[], object],
    *,
    rounds: int = 9,
    clock: Callable[[], float] = time.process_time,
) -> Pair:
    """Runs both in turn, the first one alternating, and compares round by round."""
    ours(), peer()
    mine, theirs = [], []
    for number in range(rounds):
        order = ((ours, mine), (peer, theirs))
        for call, times in order if number % 2 else order[::-1]:
            start = clock()
            call()
            times.append(clock() - start)
    ratios = [a / b for a, b in zip(mine, theirs, strict=True) if b > 0]
    return Pair(statistics.median(mine), statistics.median(theirs), statistics.median(ratios), rounds)
