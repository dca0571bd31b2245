"""Proof of protection by addition: for each hidden cell two tables that fit the print, k - 1 apart.

Made from the printed table alone, so that it tells nothing that the table does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from shelter.rules.disclosure.board import Board
from shelter.rules.disclosure.solver import Limits
from shelter.rules.disclosure.spec import Key, TableSpec
from shelter.rules.disclosure.table import HIDDEN, ProtectedTable

_LIMITS: Final = Limits(seconds=5.0)


@dataclass(frozen=True, slots=True)
class Certificate:
    """`tables` in the order of `spec.all_keys()`; `pairs` are (cell, higher, lower table) by position."""

    tables: tuple[tuple[int, ...], ...]
    pairs: tuple[tuple[int, int, int], ...]


def verify_certificate(protected: ProtectedTable, certificate: Certificate, k: int) -> bool:
    """Whether the tables fit the print, sum up, and spread every hidden cell over k values."""
    positions = protected.spec.positions()
    if not all(_agrees(protected, positions, table) for table in certificate.tables):
        return False
    count = len(certificate.tables)
    proved: set[int] = set()
    for cell, high, low in certificate.pairs:
        if not (0 <= cell < protected.cell_count and 0 <= high < count and 0 <= low < count):
            return False
        if certificate.tables[high][cell] - certificate.tables[low][cell] >= k - 1:
            proved.add(cell)
    return proved == {place for place, cell in enumerate(protected.cells) if cell is HIDDEN}


def _agrees(protected: ProtectedTable, positions: dict[Key, int], table: tuple[int, ...]) -> bool:
    if len(table) != protected.cell_count:
        return False
    pairs = zip(protected.cells, table, strict=True)
    if any(other < 1 if cell is HIDDEN else other != cell for cell, other in pairs):
        return False
    return all(
        table[positions[whole]] == sum(table[positions[part]] for part in parts)
        for whole, parts in protected.spec.sums()
    )


def certify(protected: ProtectedTable, k: int) -> Certificate | None:
    """A certificate, or None where some hidden cell cannot be k values apart. Raises solver.Undecided."""
    filled = {key: cell for key, cell in protected.rows() if cell != 0}
    board = Board.of(protected.spec, filled)
    hidden = [number for number, key in enumerate(board.keys) if filled[key] is HIDDEN]
    shown = {number: cell for number, key in enumerate(board.keys) if isinstance(cell := filled[key], int)}
    question = board.question(hidden, shown, _LIMITS)
    tables: list[tuple[int, ...]] = []
    for cell in hidden:
        if _spread(tables, cell) >= k - 1:
            continue
        for largest in (True, False):
            table = question.extreme({cell: 1}, largest=largest)
            if table is None:
                return None
            tables.append(table)
        if _spread(tables, cell) < k - 1:
            return None
    return _written(protected.spec, board, tables, hidden)


def _spread(tables: Sequence[tuple[int, ...]], cell: int) -> int:
    values = [table[cell] for table in tables]
    return max(values) - min(values) if values else 0


def _written(spec: TableSpec, board: Board, tables: Sequence[tuple[int, ...]], hidden: Sequence[int]) -> Certificate:
    """Only the tables that some cell needs, with the zeros put back."""
    chosen: dict[tuple[int, ...], int] = {}
    pairs: list[tuple[int, int, int]] = []
    positions = spec.positions()
    for cell in hidden:
        by_count = sorted(tables, key=itemgetter(cell))
        ends = [chosen.setdefault(table, len(chosen)) for table in (by_count[-1], by_count[0])]
        pairs.append((positions[board.keys[cell]], ends[0], ends[1]))
    full = []
    for table in chosen:
        counts = dict(zip(board.keys, table, strict=True))
        full.append(tuple(counts.get(key, 0) for key in spec.all_keys()))
    return Certificate(tuple(full), tuple(pairs))
