"""People whom no import has brought before: their rows sealed, in portions that go into one short transaction each.

`seal` touches no database, so that child processes may do it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shelter.clients.models import DESK_CARD, IDENTITY, client_subject
from shelter.db.base import new_id
from shelter.db.bulk import Row, Sealing, deliver, insert_many
from shelter.db.deks import Subject
from shelter.db.keyring import Keyring
from shelter.db.sections import Write
from shelter.exchange.hmis.plan import PlannedClient, PlannedEnrollment
from shelter.exchange.identities import desk_card_of, identity_of, said_of
from shelter.exchange.models import (
    ENROLLED,
    HISTORY_ROWS,
    PERSON_ROWS,
    DvAnswer,
    Enrolled,
    HistoryRows,
    KeptCells,
    Nights,
    PersonRows,
    RowsOfFile,
    Said,
    rows_subject,
)
from shelter.exchange.people import Person
from shelter.exchange.places import in_parts
from shelter.rules import directory as lane

TASK = lane.MOST_ENTRIES
"""People of one task: their names fill one segment of the directory."""
PORTION = 512
CLIENT_FILE = "Client"

_COLUMNS = {
    "client": (
        *("id", "code", "site_id", "state"),
        *("identity", "identity_version", "desk_card", "desk_card_version"),
    ),
    "imported_rows": ("id", "client_id", "part", "person", "person_version", "history", "history_version"),
    "enrollment": ("id", "client_id", "project_id", "household_id", "enrolled", "enrolled_version"),
}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person with what is decided before she is sealed."""

    person: Person
    client_id: bytes
    code: str
    site_id: bytes


@dataclass(frozen=True, slots=True)
class Task:
    """Up to TASK people; `entry` is the number that their segment of the directory will most likely have."""

    people: list[Newcomer]
    entry: int


@dataclass(frozen=True, slots=True)
class Around:
    """What all rows of an import refer to, by the keys of the other system."""

    projects: Mapping[str, bytes]
    sources: Mapping[str, bytes]
    households: Mapping[str, bytes]
    nights: Mapping[str, list[Nights]]


@dataclass(slots=True)
class Portion:
    """Rows of a few hundred people, ready to be inserted."""

    clients: list[bytes] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in _COLUMNS})
    deks: list[Row] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)

    def insert(self) -> None:
        """In the caller's transaction, with the data keys, and told to the trail."""
        for name, columns in _COLUMNS.items():
            insert_many(name, columns, self.rows[name])
        deliver(self.deks, self.writes)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What became of a task: its portions, and its names as a segment of the directory (b"" without any)."""

    portions: list[Portion]
    names: bytes


def seal(keyring: Keyring, around: Around, batch: lane.Batch, task: Task) -> Sealed:
    """Everything of these people, sealed; `batch` saves work over the tasks of one import."""
    names: list[lane.Entry] = []
    portions = []
    for start in range(0, len(task.people), PORTION):
        sealing, portion = Sealing(keyring), Portion()
        for one in task.people[start : start + PORTION]:
            if one.person.planned is not None:
                _seal_person(sealing, portion, around, one, one.person.planned, names, task.entry)
        portion.deks, portion.writes = sealing.deks, sealing.writes
        portions.append(portion)
    return Sealed(portions, lane.pack(names, batch) if names else b"")


def _seal_person(
    sealing: Sealing,
    portion: Portion,
    around: Around,
    one: Newcomer,
    planned: PlannedClient,
    names: list[lane.Entry],
    entry: int,
) -> None:
    identity = identity_of(planned)
    identity.since = min((known for known in (each.entry for each in one.person.enrollments) if known), default=None)
    if any(map(str.isalnum, identity.legal_name)):
        identity.entry = entry
        names.append(lane.Entry(one.client_id, (identity.legal_name,)))
    subject, row_id = client_subject(one.client_id), one.client_id
    record = sealing.seal(IDENTITY, row_id, subject, identity)
    card = sealing.seal(DESK_CARD, row_id, subject, desk_card_of(planned))
    portion.clients.append(row_id)
    portion.rows["client"].append((row_id, one.code, one.site_id, "open", record, 1, card, 1))
    seal_rows(sealing, portion.rows["imported_rows"], around.sources, one.person.rows, row_id, said=said_of(identity))
    for enrollment in one.person.enrollments:
        _seal_enrollment(sealing, portion, around, one, enrollment, subject)


def seal_rows(
    sealing: Sealing,
    into: list[Row],
    sources: Mapping[str, bytes],
    rows: Mapping[str, list[KeptCells]],
    client_id: bytes | None,
    said: Said | None = None,
) -> None:
    """Rows about one person as `imported_rows`: those of Client.csv for the identity compartment, all others apart."""
    own = [RowsOfFile(source=sources[CLIENT_FILE], file=CLIENT_FILE, rows=rows.get(CLIENT_FILE, []))]
    for part, files in enumerate(in_history(sources, rows) or [[]]):
        row_id = new_id()
        subject = rows_subject(row_id, client_id)
        person = history = None
        if part == 0 and own[0].rows:
            person = sealing.seal(PERSON_ROWS, row_id, subject, PersonRows(files=own, said=said))
        if files:
            history = sealing.seal(HISTORY_ROWS, row_id, subject, HistoryRows(files=files))
        into.append((row_id, client_id, part, person, int(person is not None), history, int(history is not None)))


def in_history(sources: Mapping[str, bytes], rows: Mapping[str, list[KeptCells]]) -> list[list[RowsOfFile]]:
    """All rows but those of Client.csv, in sections that are not too large."""
    flat = [(file, row) for file, kept in rows.items() if file != CLIENT_FILE for row in kept]
    file_of = {id(row): file for file, row in flat}
    parts = []
    for part in in_parts([row for _, row in flat]):
        by_file: dict[str, list[KeptCells]] = {}
        for row in part:
            by_file.setdefault(file_of[id(row)], []).append(row)
        parts.append([RowsOfFile(source=sources[file], file=file, rows=kept) for file, kept in by_file.items()])
    return parts


def _seal_enrollment(
    sealing: Sealing, portion: Portion, around: Around, one: Newcomer, planned: PlannedEnrollment, subject: Subject
) -> None:
    row_id = new_id()
    value = enrolled_of(planned, one.person.violence.get(planned.key, ()), around.nights.get(planned.key, []))
    sealed = sealing.seal(ENROLLED, row_id, subject, value)
    household = around.households.get(planned.household_key or "")
    project = around.projects[planned.project_key]
    portion.rows["enrollment"].append((row_id, one.client_id, project, household, sealed, 1))


def enrolled_of(planned: PlannedEnrollment, violence: Iterable[DvAnswer], nights: list[Nights]) -> Enrolled:
    """An enrollment as it is sealed."""
    return Enrolled(
        enrollment_id=planned.key,
        household_id=planned.household_key or "",
        entry=planned.entry,
        exit=planned.exit,
        has_exit=planned.has_exit,
        move_in=planned.move_in,
        relationship_to_head=planned.relationship_to_head,
        living_situation=planned.living_situation,
        living_situation_subsidy=planned.living_situation_subsidy,
        destination=planned.destination,
        destination_subsidy=planned.destination_subsidy,
        disabling_condition=planned.disabling_condition,
        violence=list(violence),
        nights=nights,
    )
