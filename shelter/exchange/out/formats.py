"""Rows of earlier years as rows of FY2026: columns in their places, codes as they are counted today."""

from collections.abc import Mapping, Sequence
from functools import cache

from shelter.exchange.hmis.layout import Column, Layout, layout_of
from shelter.exchange.out.differences import Differences, Why

YEAR = "FY2026"
SERIAL = "ExportID"


@cache
def today() -> Layout:
    """The layout in which we write."""
    return layout_of(YEAR)


def columns_of(file: str) -> tuple[str, ...]:
    return tuple(today().files[file].columns)


class Translation:
    """Rows of one file of an import, written as FY2026 has them; a cell that fits is not touched."""

    def __init__(self, file: str, year: str, columns: Sequence[str], export_id: str, differences: Differences) -> None:
        self._file, self._export_id, self._differences = file, export_id, differences
        self._target = columns_of(file)
        known: Mapping[str, Column] = layout_of(year).files[file].columns
        common = {known[name].common: at for at, name in enumerate(columns) if name in known}
        self._places = [common.get(name, -1) for name in self._target]
        self._as_it_is = tuple(columns) == self._target
        targets = set(self._target)
        self._lost = [
            (at, name) for at, name in enumerate(columns) if name not in known or known[name].common not in targets
        ]
        self._recoded = [
            (self._target.index(known[name].common), known[name])
            for name in columns
            if name in known and known[name].recode and known[name].common in targets
        ]
        self._serial = self._target.index(SERIAL)

    def row(self, cells: list[str]) -> list[str]:
        """The cells in today's columns; what has no place there is counted."""
        if self._as_it_is:
            found = list(cells)
        else:
            found = [cells[at] if at >= 0 else "" for at in self._places]
            for at, name in self._lost:
                if cells[at]:
                    self._differences.note(self._file, name, Why.DROPPED)
            for at, column in self._recoded:
                self._recode(found, at, column)
        found[self._serial] = self._export_id
        return found

    def _recode(self, cells: list[str], at: int, column: Column) -> None:
        written = cells[at].strip()
        now = column.recode.get(int(written), ()) if written.isdigit() else ()
        if not now or str(now[0]) == written:
            return
        cells[at] = str(now[0])
        self._differences.note(self._file, column.name, Why.RECODED)
        if len(now) > 1 and column.subsidy in self._target:
            cells[self._target.index(str(column.subsidy))] = str(now[1])
