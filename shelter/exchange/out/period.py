"""Of what an import kept about somebody or a project, the rows that belong to the period of an export."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shelter.exchange.hmis.cells import read_date
from shelter.exchange.out.differences import Differences, Why
from shelter.exchange.out.kept import Rows, Source
from shelter.exchange.out.people import EndedHere
from shelter.rules.hmisperiod import Period, period_rules


@dataclass(frozen=True, slots=True)
class Within:
    """A period, and where each row came from; what is left out is counted."""

    period: Period
    sources: Mapping[bytes, Source]
    differences: Differences

    def rows(self, rows: Rows, ended: Iterable[EndedHere]) -> Rows:
        """Her enrollments of the period with their rows up to its last day, and who she is. `ended` are enrollments
        that came without an exit and ended here.
        """
        if not self.period.bounded:
            return rows
        held, found = self._held(rows, {one.enrollment: one.left for one in ended}), Rows()
        for file, by_key in rows.items():
            for key, row in by_key.items():
                about = self.cell(*row, "EnrollmentID")
                if (about in held or not about) and not self._later(row, period_rules().day.get(file, "")):
                    found.setdefault(file, {})[key] = self._without_later_cells(file, *row)
                else:
                    self.differences.note(file, "", Why.OUT_OF_PERIOD)
        self._leave_out_parts(found)
        return found

    def of_agency(self, rows: Rows) -> Rows:
        """What was imported about projects, without what begins after the last day."""
        if not self.period.bounded:
            return rows
        found = Rows()
        for file, by_key in rows.items():
            begins = period_rules().begins.get(file, "")
            found[file] = {key: row for key, row in by_key.items() if not self._later(row, begins)}
            self.differences.note(file, "", Why.OUT_OF_PERIOD, len(by_key) - len(found[file]))
        return found

    def _without_later_cells(self, file: str, source: bytes, cells: list[str]) -> tuple[bytes, list[str]]:
        """The row without what was not known yet on the last day, such as a move that came later."""
        columns, kept = self.sources[source].columns, cells
        for later in period_rules().cells:
            if later.file == file and self._later((source, cells), later.day):
                gone = [columns.index(name) for name in (later.day, *later.along) if name in columns]
                kept = ["" if at in gone else cell for at, cell in enumerate(kept)]
                self.differences.note(file, later.day, Why.OUT_OF_PERIOD)
        return source, kept

    def _leave_out_parts(self, found: Rows) -> None:
        """Questions and results of an assessment have no day of their own: they go where it goes."""
        for file, column in period_rules().part_of.items():
            if file not in found:
                continue
            known = {self.cell(*row, column) for row in found.get("Assessment", {}).values()}
            stay = {key: row for key, row in found[file].items() if self.cell(*row, column) in known}
            self.differences.note(file, "", Why.OUT_OF_PERIOD, len(found[file]) - len(stay))
            found[file] = stay

    def _held(self, rows: Rows, ended: Mapping[str, date]) -> frozenset[str]:
        """Enrollments that were open on a day of the period; one without a day that can be read stays. A deleted exit
        ended nothing.
        """
        left = dict(ended)
        for row in rows.get("Exit", {}).values():
            went = self.day(*row, "ExitDate")
            if went is not None and not self.cell(*row, "DateDeleted"):
                left[self.cell(*row, "EnrollmentID")] = went
        came = {
            self.cell(*row, "EnrollmentID"): self.day(*row, "EntryDate") for row in rows.get("Enrollment", {}).values()
        }
        return frozenset(one for one, entry in came.items() if entry is None or self.period.holds(entry, left.get(one)))

    def _later(self, row: tuple[bytes, list[str]], column: str) -> bool:
        day = self.day(*row, column)
        return day is not None and day > self.period.last

    def cell(self, source: bytes, cells: list[str], column: str) -> str:
        """A cell of a row, "" where its file had no such column."""
        columns = self.sources[source].columns
        return cells[columns.index(column)].strip() if column in columns else ""

    def day(self, source: bytes, cells: list[str], column: str) -> date | None:
        """The day in a cell, written as an import reads it; None where there is none."""
        found, _ = read_date(self.cell(source, cells, column))
        return found if isinstance(found, date) else None
