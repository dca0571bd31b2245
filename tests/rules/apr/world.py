"""Small worlds of records for the rules: a shelter, its people, and enrollments with only what a test says."""

from __future__ import annotations

from datetime import date

from shelter.rules.apr import Period, Records, Table, compute
from shelter.rules.apr.records import Enrollment, Leaving, Person, Project

YEAR = Period(date(2020, 10, 1), date(2021, 9, 30))
SHELTER = Project(id="1", name="Shelter", kind=0)


def person(key: str, born: date | None = date(1990, 1, 1), **said: object) -> Person:
    return Person(id=key, born=born, **({"born_quality": 1} | said))  # type: ignore[arg-type]


def enrolled(key: str, entry: date, left: date | None = None, **said: object) -> Enrollment:
    """`key` is the person, and her enrollment; she is alone and head unless told otherwise."""
    leaving = Leaving(day=left, destination=410) if left else None
    given = {"project": "1", "household": key, "relationship": 1, "leaving": leaving} | said
    return Enrollment(id=key, person=key, entry=entry, **given)  # type: ignore[arg-type]


def records(people: list[Person], enrollments: list[Enrollment], project: Project = SHELTER) -> Records:
    return Records(
        people={one.id: one for one in people}, enrollments=tuple(enrollments), projects={project.id: project}
    )


def tables(held: Records, year: str = "fy2022", period: Period = YEAR) -> dict[str, Table]:
    return {table.name: table for table in compute(held, period, year)}


def cell(table: Table, label: str, column: int = 0) -> object:
    """The cell of the row whose label begins so, in that column after the label."""
    return next(cells[column] for name, cells in table.rows if name.startswith(label))
