"""What it costs to free one cell: a mixed-integer program for the cheapest further cells to hide.

Knows true counts, so nothing of it is kept: the tables it finds only steer the search.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2
from typing import Final

from shelter.rules.disclosure.board import Board
from shelter.rules.disclosure.solver import Limits, Program, Row, Undecided

_LIMITS: Final = Limits(seconds=5.0, steps=2_000, gap=0.02)


@dataclass(frozen=True, slots=True)
class Demand:
    """Two tables that differ in `cell` by `least`; where an `insider` cell is known, one that moves `cell` by
    `least` from the truth (down when negative) and leaves the insider's cell."""

    cell: int
    least: int
    insider: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Further cells to hide, the tables that they make possible, and the cost."""

    cells: frozenset[int]
    tables: tuple[tuple[int, ...], ...]
    cost: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Market:
    """A table under way: true counts by cell number, cells hidden already, cells that may be."""

    board: Board
    truth: tuple[int, ...]
    hidden: frozenset[int]
    open: frozenset[int]

    def cheapest(self, demand: Demand) -> Offer | None:
        """None where no hiding is enough or the solver found nothing in time."""
        layout = _Layout(self, demand)
        program = Program(layout.lower, layout.upper, layout.rows, _LIMITS)
        prices = {column: self._price(cell) for cell, column in layout.bought.items()}
        try:
            point = program.reach_whole(prices, largest=False)
        except Undecided:
            return None
        if point is None:
            return None
        tables = tuple(
            tuple(count + (point[moves[cell]] if cell in moves else 0) for cell, count in enumerate(self.truth))
            for moves in layout.moves
        )
        cells = frozenset(cell for cell, column in layout.bought.items() if point[column])
        return Offer(cells, tables, sum(prices[layout.bought[cell]] for cell in cells), program.seconds)

    def _price(self, cell: int) -> float:
        """Every number is worth keeping, one about more people a little more."""
        return 1.0 + log2(1 + self.truth[cell]) / 4


class _Layout:
    """Columns and rows: how far each open cell moves, per table; whether each printed one is bought."""

    def __init__(self, market: Market, demand: Demand) -> None:
        self.lower, self.upper = list[int](), list[int]()
        self.rows: list[Row] = []
        reach = abs(demand.least) + (2 if demand.insider is not None else 0)
        self.moves = [self._moves(market, demand, reach) for _ in range(1 if demand.insider is not None else 2)]
        self.bought = {cell: self._column(0, 1) for cell in sorted(market.open - market.hidden)}
        for moves in self.moves:
            self._keep_sums(market.board, moves)
            for cell, column in self.bought.items():
                down = min(reach, market.truth[cell] - 1)
                self.rows.append(Row({moves[cell]: 1, column: -reach}, None, 0))
                self.rows.append(Row({moves[cell]: 1, column: down}, 0, None))
        self.rows.append(self._demand(demand))

    def _column(self, low: int, high: int) -> int:
        self.lower.append(low)
        self.upper.append(high)
        return len(self.lower) - 1

    def _moves(self, market: Market, demand: Demand, reach: int) -> dict[int, int]:
        free = sorted(market.open - {demand.insider})
        return {cell: self._column(max(1 - market.truth[cell], -reach), reach) for cell in free}

    def _keep_sums(self, board: Board, moves: Mapping[int, int]) -> None:
        for whole, parts in board.sums:
            form = {moves[cell]: sign for cell, sign in _signed(whole, parts) if cell in moves}
            if form:
                self.rows.append(Row(form, 0, 0))

    def _demand(self, demand: Demand) -> Row:
        first = self.moves[0][demand.cell]
        if demand.insider is None:
            return Row({first: 1, self.moves[1][demand.cell]: -1}, demand.least, None)
        if demand.least > 0:
            return Row({first: 1}, demand.least, None)
        return Row({first: 1}, None, demand.least)


def _signed(whole: int, parts: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(whole, 1), *((part, -1) for part in parts)]
