"""Of what an import kept about somebody, the rows that belong to the period of an export."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shelter.exchange.hmis.cells import read_date
from shelter.exchange.out.differences import Differences, Why
from shelter.exchange.out.kept import Rows, Source
from shelter.exchange.out.people import EndedHere
from shelter.rules.hmisperiod import Period

_DAYS = ("ExitDate", "InformationDate", "DateProvided", "AssessmentDate", "EventDate")
"""The column of a file that says on which day what a row tells happened."""
_PARTS = frozenset({"AssessmentQuestions", "AssessmentResults"})


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
                about = self._cell(*row, "EnrollmentID")
                if (about in held or not about) and not self._later(*row):
                    found.setdefault(file, {})[key] = row
                else:
                    self.differences.note(file, "", Why.OUT_OF_PERIOD)
        self._leave_out_parts(found)
        return found

    def _leave_out_parts(self, found: Rows) -> None:
        """Questions and results of an assessment have no day of their own: they go where it goes."""
        known = {self._cell(*row, "AssessmentID") for row in found.get("Assessment", {}).values()}
        for file in _PARTS & found.keys():
            stay = {key: row for key, row in found[file].items() if self._cell(*row, "AssessmentID") in known}
            self.differences.note(file, "", Why.OUT_OF_PERIOD, len(found[file]) - len(stay))
            found[file] = stay

    def _held(self, rows: Rows, ended: Mapping[str, date]) -> frozenset[str]:
        """Enrollments that were open on a day of the period; one without a day that can be read stays. A deleted exit
        ended nothing.
        """
        left = dict(ended)
        for row in rows.get("Exit", {}).values():
            went = self._day(*row, "ExitDate")
            if went is not None and not self._cell(*row, "DateDeleted"):
                left[self._cell(*row, "EnrollmentID")] = went
        came = {
            self._cell(*row, "EnrollmentID"): self._day(*row, "EntryDate")
            for row in rows.get("Enrollment", {}).values()
        }
        return frozenset(one for one, entry in came.items() if entry is None or self.period.holds(entry, left.get(one)))

    def _later(self, source: bytes, cells: list[str]) -> bool:
        days = (self._day(source, cells, column) for column in _DAYS)
        return any(day is not None and day > self.period.last for day in days)

    def _cell(self, source: bytes, cells: list[str], column: str) -> str:
        columns = self.sources[source].columns
        return cells[columns.index(column)].strip() if column in columns else ""

    def _day(self, source: bytes, cells: list[str], column: str) -> date | None:
        found, _ = read_date(self._cell(source, cells, column))
        return found if isinstance(found, date) else None
