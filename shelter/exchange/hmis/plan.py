"""What an import would create, as plain frozen records, in the order in which they can be created.

Clients, enrollments and stays are held; the many rows about them are read again one by one when they are
asked for.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum

import msgspec

from shelter.exchange.hmis.cells import Value
from shelter.exchange.hmis.layout import Nights
from shelter.exchange.hmis.problems import Fate, Note, Problems
from shelter.exchange.hmis.progress import Phase
from shelter.exchange.hmis.reading import Export
from shelter.exchange.hmis.rows import KeptRow, Row

HELD_FILES = ("Organization", "Project", "Client", "Enrollment", "Exit")
"""Files whose rows are part of the held records; all others are given by the iterators of `Plan`."""


class BirthDate(StrEnum):
    """How sure a birth date is, from DOBDataQuality (HMIS 3.03.2)."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    UNKNOWN = "unknown"  # 8, she doesn't know
    DECLINED = "declined"  # 9, she prefers not to answer
    NOT_COLLECTED = "not_collected"  # 99 or blank


class PlannedOrganization(msgspec.Struct, frozen=True):
    row: KeptRow
    key: str
    name: str | None
    is_victim_service_provider: bool | None


class PlannedProject(msgspec.Struct, frozen=True):
    """`project_type` is 2.02.6 as counted since FY2024 (0 and 1 are the two kinds of shelter)."""

    row: KeptRow
    key: str
    organization_key: str | None
    name: str | None
    project_type: int | None
    nights: Nights
    opened: date | None
    closed: date | None

    @property
    def is_residential(self) -> bool:
        """Whether an enrollment here becomes nights in a place."""
        return self.nights is not Nights.NONE


class PlannedClient(msgspec.Struct, frozen=True):
    """A person. Where `names_are_hashed`, no name and no number is given but in `row.raw`: such a client
    shows by code and PersonalID and enters neither the directory nor the duplicate check.

    `races` and `genders` are common column names, `genders` None where the year's form asks `sex` instead;
    `ssn` is as written, None where it is blank or hashed.
    """

    row: KeptRow
    key: str
    names_are_hashed: bool
    first_name: str | None
    middle_name: str | None
    last_name: str | None
    name_suffix: str | None
    name_quality: int | None
    birth_date: date | None
    birth_date_is: BirthDate
    ssn: str | None
    ssn_quality: int | None
    races: tuple[str, ...]
    race_none: int | None
    sex: int | None
    genders: tuple[str, ...] | None
    gender_none: int | None
    veteran_status: int | None

    @property
    def display_name(self) -> str | None:
        """Her name as a list shows it, None where she has none that may be shown."""
        parts = (self.first_name, self.middle_name, self.last_name, self.name_suffix)
        return " ".join(part for part in parts if part) or None


class PlannedHousehold(msgspec.Struct, frozen=True):
    """People enrolled under one HouseholdID. `head_key` is None unless exactly one of them is its head."""

    key: str
    person_keys: tuple[str, ...]
    enrollment_keys: tuple[str, ...]
    head_key: str | None


class PlannedEnrollment(msgspec.Struct, frozen=True):
    """A membership in a project. `has_exit` is true even where the day of exit cannot be read."""

    row: KeptRow
    exit_row: KeptRow | None
    key: str
    person_key: str
    project_key: str
    household_key: str | None
    entry: date | None
    exit: date | None
    move_in: date | None
    relationship_to_head: int | None
    living_situation: int | None
    living_situation_subsidy: int | None
    destination: int | None
    destination_subsidy: int | None
    disabling_condition: int | None

    @property
    def has_exit(self) -> bool:
        return self.exit_row is not None


class PlannedStay(msgspec.Struct, frozen=True):
    """Nights in a place: from the evening of `start` to the morning of `end`; None: she is still there."""

    enrollment_key: str
    person_key: str
    project_key: str
    start: date
    end: date | None
    nights: Nights


class PlannedRow(msgspec.Struct, frozen=True):
    """A row that is kept whole, with the keys of what it is about as far as they were given and known."""

    row: KeptRow
    values: Mapping[str, Value]
    person_key: str | None
    enrollment_key: str | None
    project_key: str | None
    is_aside: bool = False

    @property
    def file(self) -> str:
        return self.row.file

    @property
    def key(self) -> str:
        return self.row.key

    def code(self, column: str) -> int | None:
        value = self.values.get(column)
        return value if isinstance(value, int) else None

    def day(self, column: str) -> date | None:
        value = self.values.get(column)
        return value if isinstance(value, date) else None


class FileCount(msgspec.Struct, frozen=True):
    """Rows of one file: `read` = `placed` + `once` + `aside` + `left_out`."""

    read: int
    placed: int
    once: int
    aside: int
    left_out: int


class Held(msgspec.Struct, frozen=True):
    """The records that a plan holds."""

    organizations: tuple[PlannedOrganization, ...]
    projects: tuple[PlannedProject, ...]
    clients: tuple[PlannedClient, ...]
    households: tuple[PlannedHousehold, ...]
    enrollments: tuple[PlannedEnrollment, ...]
    stays: tuple[PlannedStay, ...]


class Plan:
    """An import, ready to be sealed and stored. Reads from its export, which must stay open meanwhile."""

    def __init__(
        self,
        export: Export,
        held: Held,
        problems: Problems,
        counts: Mapping[str, FileCount],
        fates: Mapping[str, Mapping[int, Fate]],
    ) -> None:
        self._export = export
        self._fates = fates
        self.about = export.about
        self.year = export.layout.year
        self.organizations = held.organizations
        self.projects = held.projects
        self.clients = held.clients
        self.households = held.households
        self.enrollments = held.enrollments
        self.stays = held.stays
        self.problems = problems
        self.counts = counts
        self.notes: tuple[Note, ...] = self._all_notes()

    @property
    def export(self) -> Export:
        return self._export

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns of each file, in its own order; a file without rows is here too."""
        return {name: header.columns for name, header in self._export.headers.items()}

    @property
    def names_are_hashed(self) -> bool:
        """Whether any client's name is hashed."""
        return any(client.names_are_hashed for client in self.clients)

    def services(self) -> Iterator[PlannedRow]:
        """Services and bed nights (RecordType 200)."""
        return self._live_rows(("Services",))

    def health_answers(self) -> Iterator[PlannedRow]:
        """Health and domestic violence answers; the column is DomesticViolenceSurvivor in every year."""
        return self._live_rows(("HealthAndDV",))

    def other_rows(self) -> Iterator[PlannedRow]:
        """All rows of all other files, Export.csv included; one about the agency or a project names no
        person."""
        told = {*HELD_FILES, "Services", "HealthAndDV"}
        return self._live_rows(tuple(file for file in self._export.files if file not in told))

    def aside_rows(self) -> Iterator[PlannedRow]:
        """Rows marked as deleted, and rows of those, from every file: to be kept, not to be shown as live."""
        files = tuple(file for file in self._export.files if Fate.ASIDE in self._fates.get(file, {}).values())
        return self._rows(files, lambda fate: fate is Fate.ASIDE)

    def _live_rows(self, files: Collection[str]) -> Iterator[PlannedRow]:
        return self._rows(files, lambda fate: fate is None)

    def _rows(self, files: Collection[str], is_wanted: Callable[[Fate | None], bool]) -> Iterator[PlannedRow]:
        self._export.begin(Phase.HANDING_OVER, tuple(files))
        for file in files:
            fates = self._fates.get(file, {})
            for row in self._export.rows(file):
                fate = fates.get(row.kept.line)
                if is_wanted(fate):
                    yield _planned(row, is_aside=fate is Fate.ASIDE)

    def _all_notes(self) -> tuple[Note, ...]:
        notes = list(self._export.notes)
        if self.names_are_hashed:
            notes.append(Note("import.note.names_hashed"))
        if self.problems.is_cut:
            notes.append(Note("import.note.problems_cut", values={"limit": self.problems.limit}))
        return tuple(notes)


def _planned(row: Row, *, is_aside: bool) -> PlannedRow:
    return PlannedRow(
        row=row.kept,
        values=row.values,
        person_key=row.text("PersonalID"),
        enrollment_key=row.text("EnrollmentID"),
        project_key=row.text("ProjectID"),
        is_aside=is_aside,
    )
