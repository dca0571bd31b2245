"""Which rows have a place: a key of their own, and a person, an enrollment or a project that is there and is
theirs."""

from collections import defaultdict

from shelter.exchange.hmis.layout import FileLayout
from shelter.exchange.hmis.problems import Fate, Problems, Reason, fate_of
from shelter.exchange.hmis.rows import Row

_UNKNOWN = {
    "PersonalID": Reason.UNKNOWN_PERSON,
    "EnrollmentID": Reason.UNKNOWN_ENROLLMENT,
    "ProjectID": Reason.UNKNOWN_PROJECT,
}


class Placement:
    """Remembers the keys of what rows can belong to, and of each file which lines are no live rows."""

    def __init__(self, export_id: str, problems: Problems) -> None:
        self._export_id = export_id
        self._problems = problems
        self._owners: dict[str, dict[str, str]] = {column: {} for column in _UNKNOWN}
        self._aside: dict[str, set[str]] = {column: set() for column in _UNKNOWN}
        self._digests: dict[str, bytes] = {}
        self.fates: dict[str, dict[int, Fate]] = defaultdict(dict)

    def begin_file(self) -> None:
        """Forget the keys of the file before; keys are compared within one file."""
        self._digests = {}

    def place(self, row: Row, layout: FileLayout) -> bool:
        """Whether a row is a live record. Where it is none, lists why."""
        self._check_serial(row)
        reason, column = self._misplaced(row, layout)
        if reason is not None:
            self.refuse(row, column, reason)
            if fate_of(reason) is Fate.ASIDE and layout.key in self._aside:
                self._aside[layout.key].add(row.kept.key)
            return False
        self._digests[row.kept.key] = row.kept.digest
        if layout.key in self._owners:
            self._owners[layout.key][row.kept.key] = row.text("PersonalID") or ""
        return True

    def refuse(self, row: Row, column: str | None, reason: Reason) -> None:
        """List a row as no live record."""
        self._problems.add(row.kept.file, row.kept.line, column, reason)
        self.fates[row.kept.file][row.kept.line] = fate_of(reason)

    def _misplaced(self, row: Row, layout: FileLayout) -> tuple[Reason | None, str | None]:
        if not row.kept.key:
            return Reason.KEY_MISSING, layout.key
        if row.is_deleted:
            return Reason.DELETED, "DateDeleted"
        for column in layout.parents:
            reason = self._lacks_parent(row, column)
            if reason is not None:
                return reason, column
        if "EnrollmentID" in layout.parents and "PersonalID" in layout.parents:
            owner = self._owners["EnrollmentID"][row.text("EnrollmentID") or ""]
            if owner != row.text("PersonalID"):
                return Reason.OTHER_PERSON, "PersonalID"
        earlier = self._digests.get(row.kept.key)
        if earlier is None:
            return None, None
        if earlier == row.kept.digest:
            return Reason.ROW_TWICE, None
        return Reason.KEY_TWICE, layout.key

    def _lacks_parent(self, row: Row, column: str) -> Reason | None:
        key = row.text(column) or ""
        if key in self._owners[column]:
            return None
        return Reason.PARENT_DELETED if key in self._aside[column] else _UNKNOWN[column]

    def _check_serial(self, row: Row) -> None:
        serial = row.text("ExportID")
        if serial is not None and serial != self._export_id:
            self._problems.add(row.kept.file, row.kept.line, "ExportID", Reason.OTHER_EXPORT)
