"""One pass over an export that turns it into a plan: places every row and makes the records that a plan
holds."""

from collections import Counter, defaultdict
from datetime import date

import msgspec

from shelter.exchange.hmis.households import planned_households
from shelter.exchange.hmis.layout import Nights, nights_of
from shelter.exchange.hmis.people import planned_client
from shelter.exchange.hmis.placing import Placement
from shelter.exchange.hmis.plan import (
    FileCount,
    Held,
    Plan,
    PlannedClient,
    PlannedEnrollment,
    PlannedOrganization,
    PlannedProject,
)
from shelter.exchange.hmis.problems import Fate, Problems, Reason, fate_of
from shelter.exchange.hmis.progress import Phase
from shelter.exchange.hmis.reading import Export
from shelter.exchange.hmis.rows import Row
from shelter.exchange.hmis.stays import list_doubtful_dates, planned_stays

_BED_NIGHT = 200  # Services.RecordType


def build_plan(export: Export, *, today: date) -> Plan:
    """Read every row of an open export once and say what an import would create.

    `today` is the agency's day; what lies after it is listed. Raises Broken where the export changed on disk
    or holds a line beyond the limits.
    """
    problems = Problems(export.limits.problems)
    builder = _Builder(export, problems)
    export.begin(Phase.READING, export.files)
    for file in export.files:
        builder.read_file(file)
    held = builder.held(today)
    return Plan(export, held, problems, builder.counts(), builder.fates)


class _Builder:
    def __init__(self, export: Export, problems: Problems) -> None:
        self._export = export
        self._problems = problems
        self._placement = Placement(export.about.export_id, problems)
        self._placed: Counter[str] = Counter()
        self._organizations: dict[str, PlannedOrganization] = {}
        self._projects: dict[str, PlannedProject] = {}
        self._clients: dict[str, PlannedClient] = {}
        self._enrollments: dict[str, PlannedEnrollment] = {}
        self._bed_nights: defaultdict[str, set[date]] = defaultdict(set)
        self._keep = {
            "Organization": self._keep_organization,
            "Project": self._keep_project,
            "Client": self._keep_client,
            "Enrollment": self._keep_enrollment,
            "Exit": self._keep_exit,
            "Services": self._keep_bed_night,
        }

    @property
    def fates(self) -> dict[str, dict[int, Fate]]:
        return self._placement.fates

    def read_file(self, file: str) -> None:
        layout = self._export.layout.files[file]
        keep = self._keep.get(file)
        self._placement.begin_file()
        for row in self._export.rows(file, self._problems):
            if not self._placement.place(row, layout):
                continue
            if keep is None or keep(row):
                self._placed[file] += 1

    def held(self, today: date) -> Held:
        enrollments = tuple(self._enrollments.values())
        for enrollment in enrollments:
            list_doubtful_dates(enrollment, today, self._problems)
            born = self._clients[enrollment.person_key].birth_date
            if born is not None and enrollment.entry is not None and born > enrollment.entry:
                self._problems.add("Enrollment", enrollment.row.line, "EntryDate", Reason.BIRTH_AFTER_ENTRY)
        return Held(
            organizations=tuple(self._organizations.values()),
            projects=tuple(self._projects.values()),
            clients=tuple(self._clients.values()),
            households=planned_households(enrollments, self._problems),
            enrollments=enrollments,
            stays=planned_stays(enrollments, self._projects, self._bed_nights, self._problems),
        )

    def counts(self) -> dict[str, FileCount]:
        """Rows of each file by what became of them; a row that is no live one is listed with exactly one such
        reason."""
        fates: Counter[tuple[str, Fate]] = Counter()
        for (file, _, reason), count in self._problems.counts.items():
            fates[file, fate_of(reason)] += count
        counts = {}
        for file in self._export.files:
            placed = self._placed[file]
            once, aside, out = (fates[file, fate] for fate in (Fate.ONCE, Fate.ASIDE, Fate.LEFT_OUT))
            counts[file] = FileCount(placed + once + aside + out, placed, once, aside, out)
        return counts

    def _keep_organization(self, row: Row) -> bool:
        provider = row.code("VictimServiceProvider")
        self._organizations[row.kept.key] = PlannedOrganization(
            row=row.kept,
            key=row.kept.key,
            name=row.text("OrganizationName"),
            is_victim_service_provider=None if provider is None else provider == 1,
        )
        return True

    def _keep_project(self, row: Row) -> bool:
        organization = row.text("OrganizationID")
        if organization not in self._organizations:
            self._problems.add("Project", row.kept.line, "OrganizationID", Reason.UNKNOWN_ORGANIZATION)
            organization = None
        project_type = row.code("ProjectType")
        self._projects[row.kept.key] = PlannedProject(
            row=row.kept,
            key=row.kept.key,
            organization_key=organization,
            name=row.text("ProjectName"),
            project_type=project_type,
            nights=nights_of(project_type),
            opened=_day(row, "OperatingStartDate"),
            closed=_day(row, "OperatingEndDate"),
        )
        return True

    def _keep_client(self, row: Row) -> bool:
        self._clients[row.kept.key] = planned_client(
            row,
            self._export.layout,
            names_are_hashed=self._export.about.names_are_hashed,
            problems=self._problems,
        )
        return True

    def _keep_enrollment(self, row: Row) -> bool:
        self._enrollments[row.kept.key] = PlannedEnrollment(
            row=row.kept,
            exit_row=None,
            key=row.kept.key,
            person_key=row.text("PersonalID") or "",
            project_key=row.text("ProjectID") or "",
            household_key=row.text("HouseholdID"),
            entry=_day(row, "EntryDate"),
            exit=None,
            move_in=_day(row, "MoveInDate"),
            relationship_to_head=row.code("RelationshipToHoH"),
            living_situation=row.code("LivingSituation"),
            living_situation_subsidy=row.code("RentalSubsidyType"),
            destination=None,
            destination_subsidy=None,
            disabling_condition=row.code("DisablingCondition"),
        )
        return True

    def _keep_exit(self, row: Row) -> bool:
        enrollment = self._enrollments[row.text("EnrollmentID") or ""]
        if enrollment.has_exit:
            self._placement.refuse(row, "EnrollmentID", Reason.SECOND_EXIT)
            return False
        self._enrollments[enrollment.key] = msgspec.structs.replace(
            enrollment,
            exit_row=row.kept,
            exit=_day(row, "ExitDate"),
            destination=row.code("Destination"),
            destination_subsidy=row.code("DestinationSubsidyType"),
        )
        return True

    def _keep_bed_night(self, row: Row) -> bool:
        night = _day(row, "DateProvided")
        enrollment = self._enrollments[row.text("EnrollmentID") or ""]
        has_bed_nights = self._projects[enrollment.project_key].nights is Nights.BED_NIGHTS
        if night is not None and row.code("RecordType") == _BED_NIGHT and has_bed_nights:
            self._bed_nights[enrollment.key].add(night)
        return True


def _day(row: Row, column: str) -> date | None:
    value = row.values.get(column)
    return value if isinstance(value, date) else None
