"""Attackers that share no code with the engine's own: they read what is printed and count, or ask a plain LP."""

from collections.abc import Iterator, Mapping
from itertools import product

import highspy
import numpy as np

from shelter.rules.disclosure.spec import Key
from shelter.rules.disclosure.table import HIDDEN, CountTable, ProtectedTable


def next_lowest(table: CountTable, k: int) -> frozenset[Key]:
    """The rule of the sector's open tools: where one cell of a line is hidden, hide the next lowest too, and so on."""
    hidden = {key for key, count in table.counts.items() if 0 < count < k}
    changed = True
    while changed:
        changed = False
        for whole, parts in table.spec.sums():
            line = [whole, *parts]
            rest = [key for key in line if key not in hidden and table[key] > 0]
            if len(hidden.intersection(line)) == 1 and rest:
                hidden.add(min(rest, key=lambda key: (table[key], key)))
                changed = True
    return frozenset(hidden)


def every_reading(printed: ProtectedTable) -> Iterator[CountTable]:
    """All tables of whole numbers that fit what is printed, by trying them; the grand total must be printed."""
    inner = printed.spec.inner_keys()
    hidden = [key for key in inner if printed[key] is HIDDEN]
    shown = {key: cell for key in inner if isinstance(cell := printed[key], int)}
    total = printed[printed.spec.grand_total()]
    assert isinstance(total, int)
    for counts in _shares(total - sum(shown.values()), len(hidden)):
        reading = CountTable.from_counts(printed.spec, shown | dict(zip(hidden, counts, strict=True)))
        if all(cell is HIDDEN or cell == reading[key] for key, cell in printed.rows()):
            yield reading


def _shares(people: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to share people out over cells, at least one in each."""
    if cells == 0:
        if people == 0:
            yield ()
        return
    for first in range(1, people - cells + 2):
        for rest in _shares(people - first, cells - 1):
            yield (first, *rest)


def enumerated_ranges(printed: ProtectedTable) -> dict[Key, tuple[int, int]]:
    readings = list(every_reading(printed))
    return {
        key: (min(r[key] for r in readings), max(r[key] for r in readings))
        for key, cell in printed.rows()
        if cell is HIDDEN
    }


def lp_ranges(printed: ProtectedTable, most: int) -> dict[Key, tuple[float, float]]:
    """Ranges without the whole-number condition, over every cell and every addition as the reader sees them."""
    keys = printed.spec.all_keys()
    place = {key: number for number, key in enumerate(keys)}
    shown = [None if cell is HIDDEN else float(cell) for cell in printed.cells]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    for value in shown:
        solver.addVar(1.0 if value is None else value, float(most) if value is None else value)
    for whole, parts in printed.spec.sums():
        columns = np.array([place[whole], *(place[part] for part in parts)], dtype=np.int32)
        weights = np.array([1.0, *(-1.0 for _ in parts)])
        solver.addRow(0.0, 0.0, len(columns), columns, weights)
    found = {}
    for key in printed.hidden:
        ends = []
        for sense in (1.0, -1.0):
            for number in range(len(keys)):
                solver.changeColCost(number, sense if number == place[key] else 0.0)
            solver.run()
            assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            ends.append(solver.getSolution().col_value[place[key]])
        found[key] = (ends[0], ends[1])
    return found


def insider_finds(printed: ProtectedTable, truth: CountTable) -> list[tuple[Key, Key]]:
    """(what an insider knows, what she then finds exactly) by trying every table; cells of her own people left out."""
    readings = list(every_reading(printed))
    found = []
    for known in sorted(printed.hidden):
        if truth[known] > 2:
            continue
        left = [reading for reading in readings if reading[known] == truth[known]]
        for other in sorted(printed.hidden):
            if _filled_inside(truth, other) - _filled_inside(truth, known):
                values = {reading[other] for reading in left}
                if len(values) == 1:
                    found.append((known, other))
    return found


def _filled_inside(truth: CountTable, cell: Key) -> set[Key]:
    covers = [dimension.coverage()[node] for dimension, node in zip(truth.spec.dimensions, cell, strict=True)]
    return {
        key
        for key in truth.spec.inner_keys()
        if truth[key] > 0 and all(part in covered for part, covered in zip(key, covers, strict=True))
    }


def worked_back_from_percent(printed: ProtectedTable) -> Mapping[Key, float]:
    """Hidden cells that some published percentage, times or over a published number, gives away."""
    found = {}
    for part, whole in product(printed.spec.all_keys(), repeat=2):
        share = printed.percent(part, whole)
        if share is None:
            continue
        if printed[part] is HIDDEN and printed[whole] is not HIDDEN:
            found[part] = share * printed[whole] / 100
        if printed[whole] is HIDDEN and printed[part] is not HIDDEN and share:
            found[whole] = printed[part] * 100 / share
    return found
