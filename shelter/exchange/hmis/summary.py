"""What an import would bring, in counts for the terminal and the page; no value about a person."""

from collections.abc import Mapping

import msgspec

from shelter.exchange.hmis.plan import FileCount, Plan
from shelter.exchange.hmis.problems import Note, Reason


class Summary(msgspec.Struct, frozen=True):
    """`planned` counts what would be created, `files` the rows of each file, `problems` the problems of each
    kind."""

    year: str
    csv_version: str
    names_are_hashed: bool
    planned: Mapping[str, int]
    files: Mapping[str, FileCount]
    problems: Mapping[Reason, int]
    notes: tuple[Note, ...]


def summary(plan: Plan) -> Summary:
    """The counts of a plan. `csv_version` is as the export states it."""
    return Summary(
        year=plan.year,
        csv_version=plan.about.csv_version,
        names_are_hashed=plan.names_are_hashed,
        planned={
            "organizations": len(plan.organizations),
            "projects": len(plan.projects),
            "clients": len(plan.clients),
            "households": len(plan.households),
            "enrollments": len(plan.enrollments),
            "stays": len(plan.stays),
        },
        files=plan.counts,
        problems=plan.problems.by_reason(),
        notes=plan.notes,
    )
