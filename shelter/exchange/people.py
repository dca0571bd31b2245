"""The rows of an export by the person they are about, a share of all people at a time so that memory stays bounded."""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from shelter.exchange.hmis.plan import Plan, PlannedClient, PlannedEnrollment, PlannedRow
from shelter.exchange.hmis.rows import KeptRow
from shelter.exchange.models import DvAnswer, KeptCells
from shelter.rules.broken import Broken

MOST_CELLS = 256 << 10
"""Bytes of one row; one of HMIS has under 2,000. A section holds 1 MiB."""
ROWS_AT_ONCE = 1_000_000
_HEALTH = "HealthAndDV"


@dataclass(slots=True)
class Person:
    """Everything an export says about one person; `planned` is None for one whom the other system had deleted."""

    key: str
    planned: PlannedClient | None = None
    enrollments: list[PlannedEnrollment] = field(default_factory=list)
    rows: dict[str, list[KeptCells]] = field(default_factory=dict)
    violence: dict[str, list[DvAnswer]] = field(default_factory=dict)

    def keep(self, row: KeptRow, *, aside: bool = False) -> None:
        self.rows.setdefault(row.file, []).append(kept_cells(row, aside=aside))

    def enrol(self, enrollment: PlannedEnrollment) -> None:
        self.enrollments.append(enrollment)
        self.keep(enrollment.row)
        if enrollment.exit_row is not None:
            self.keep(enrollment.exit_row)

    def digest(self) -> bytes:
        """Equal for the same rows in any order."""
        found = sorted(one.digest + bytes([one.aside]) for rows in self.rows.values() for one in rows)
        return hashlib.blake2b(b"".join(found), digest_size=16).digest()


@dataclass(slots=True)
class Share:
    """A part of the people of an export; `agency` holds the rows about nobody, in the first share only."""

    is_first: bool
    people: dict[str, Person]
    strangers: dict[str, Person]
    agency: dict[str, list[KeptCells]]

    def add(self, row: PlannedRow) -> None:
        """A row about a person: hers, or of one whom the other system had deleted."""
        key = row.person_key or ""
        person = self.people.get(key) or self.strangers.setdefault(key, Person(key))
        person.keep(row.row, aside=row.is_aside)
        if row.file == _HEALTH and not row.is_aside and row.enrollment_key is not None:
            person.violence.setdefault(row.enrollment_key, []).append(_violence(row))


def kept_cells(row: KeptRow, *, aside: bool = False) -> KeptCells:
    """A row as it is stored. Raises Broken for one that is longer than any of HMIS."""
    if len(row.packed) > MOST_CELLS:
        raise Broken("import.line_too_long", values={"file": row.file, "limit": MOST_CELLS, "line": row.line})
    return KeptCells(row.key, row.digest, row.packed, aside)


def shares(plan: Plan) -> Iterator[Share]:
    """All people with all their rows; a large export is read once for each share."""
    count = 1 + sum(one.read for one in plan.counts.values()) // ROWS_AT_ONCE
    for place in range(count):
        yield _share(plan, place, count)


def _share(plan: Plan, place: int, count: int) -> Share:
    def is_here(key: str) -> bool:
        return count == 1 or zlib.crc32(key.encode()) % count == place

    share = Share(place == 0, _held_people(plan, is_here), {}, _held_agency(plan) if place == 0 else {})
    for row in chain(plan.services(), plan.health_answers(), plan.other_rows(), plan.aside_rows()):
        if _is_about_a_person(row.row.columns):
            if is_here(row.person_key or ""):
                share.add(row)
        elif place == 0:
            share.agency.setdefault(row.file, []).append(kept_cells(row.row, aside=row.is_aside))
    return share


def _held_people(plan: Plan, is_here: Callable[[str], bool]) -> dict[str, Person]:
    people = {one.key: Person(one.key, one) for one in plan.clients if is_here(one.key)}
    for one in plan.clients:
        if one.key in people:
            people[one.key].keep(one.row)
    for enrollment in plan.enrollments:
        if enrollment.person_key in people:
            people[enrollment.person_key].enrol(enrollment)
    return people


def _held_agency(plan: Plan) -> dict[str, list[KeptCells]]:
    agency: dict[str, list[KeptCells]] = {}
    for row in (*(one.row for one in plan.organizations), *(one.row for one in plan.projects)):
        agency.setdefault(row.file, []).append(kept_cells(row))
    return agency


def _violence(row: PlannedRow) -> DvAnswer:
    return DvAnswer(
        key=row.key,
        on=row.day("InformationDate"),
        stage=row.code("DataCollectionStage"),
        survivor=row.code("DomesticViolenceSurvivor"),
        when=row.code("WhenOccurred"),
        fleeing=row.code("CurrentlyFleeing"),
    )


@lru_cache(maxsize=64)
def _is_about_a_person(columns: tuple[str, ...]) -> bool:
    return any(name.casefold() == "personalid" for name in columns)
