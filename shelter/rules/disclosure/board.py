"""The additions of one table, as the protector sees them: its filled cells, and which of them sum to which.

Zeros are printed, so they are left out. Counts enter only where a question is asked about the hidden cells.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from shelter.rules.disclosure.solver import Limits, Program, Row
from shelter.rules.disclosure.spec import Key, TableSpec

CEILING: Final = 1_000_000
"""No agency counts more people; a number that nothing else bounds is taken to lie below."""


@dataclass(frozen=True, slots=True)
class Board:
    """Filled cells by number, and the sums between them as (whole, parts)."""

    keys: tuple[Key, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]

    @classmethod
    def of(cls, spec: TableSpec, filled: Collection[Key]) -> "Board":
        """`filled` are the cells that are not 0: a fact that the printed table shows."""
        present = set(filled)
        keys = tuple(key for key in spec.all_keys() if key in present)
        place = {key: number for number, key in enumerate(keys)}
        sums = tuple(
            (place[whole], tuple(place[part] for part in parts if part in place))
            for whole, parts in spec.sums()
            if whole in place
        )
        return cls(keys, sums)

    def numbers(self, keys: Collection[Key]) -> frozenset[int]:
        wanted = set(keys)
        return frozenset(number for number, key in enumerate(self.keys) if key in wanted)

    def lines_through(self, cell: int) -> frozenset[int]:
        """Every cell of every row, column and group that the cell is a part or the whole of."""
        return frozenset(
            number for whole, parts in self.sums if cell == whole or cell in parts for number in (whole, *parts)
        )

    def question(self, hidden: Collection[int], shown: Mapping[int, int], limits: Limits) -> "Question":
        """What the hidden cells can be, when the shown ones are as they are."""
        return Question(self, tuple(sorted(hidden)), shown, limits)


class Question:
    """The tables that agree with what is shown: hidden cells at least 1, every sum kept."""

    def __init__(self, board: Board, hidden: tuple[int, ...], shown: Mapping[int, int], limits: Limits) -> None:
        self._column = {number: column for column, number in enumerate(hidden)}
        self._shown = shown
        self._size = len(board.keys)
        rows = [row for whole, parts in board.sums if (row := self._row(whole, parts)).form]
        self.rows = rows
        self._limits = limits
        self._bounds = ([1] * len(hidden), [CEILING] * len(hidden))
        self.program = Program(*self._bounds, rows, limits)

    def _row(self, whole: int, parts: tuple[int, ...]) -> Row:
        form: dict[int, int] = {}
        constant = 0
        for number, sign in ((whole, 1), *((part, -1) for part in parts)):
            if number in self._column:
                form[self._column[number]] = sign
            else:
                constant += sign * self._shown[number]
        return Row(form, -constant, -constant)

    def knowing(self, cell: int, count: int) -> "Question":
        """The same, asked by somebody who knows one hidden cell."""
        known = object.__new__(Question)
        known._column, known._shown, known._size = self._column, self._shown, self._size
        known._limits, known._bounds = self._limits, self._bounds
        known.rows = [*self.rows, Row({self._column[cell]: 1}, count, count)]
        known.program = Program(*self._bounds, known.rows, self._limits)
        return known

    def extreme(self, weights: Mapping[int, int], *, largest: bool) -> tuple[int, ...] | None:
        """A whole table, by cell number, whose weighted cells sum highest (lowest). Raises Undecided."""
        form = {self._column[number]: weight for number, weight in weights.items()}
        point = self.program.reach(form, largest=largest)
        if point is None:
            return None
        return tuple(
            point[self._column[number]] if number in self._column else self._shown[number]
            for number in range(self._size)
        )
