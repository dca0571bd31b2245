"""Q4a: one row for each project of the report."""

from shelter.rules.apr.records import Project
from shelter.rules.apr.report import Cell, Report

_SHELTERS = {0: 0, 1: 3}
_SERVICES = 6


def rows(report: Report) -> list[tuple[str, list[Cell]]]:
    named = sorted(report.records.projects.values(), key=lambda one: (len(one.id), one.id))
    make = _row_before_2024 if report.book.year == "fy2022" else _row
    return [make(project, report) for project in named]


def _common(project: Project, report: Report) -> list[Cell]:
    continuum = project.continuum[0] if project.continuum else ("", "")
    first, last = report.period.first.isoformat(), report.period.last.isoformat()
    return [*continuum, project.provider_for_victims, report.records.software, first, last]


def _affiliation(project: Project) -> list[Cell]:
    return [project.affiliated if project.kind == _SERVICES else None, ",".join(project.affiliations)]


def _row_before_2024(project: Project, report: Report) -> tuple[str, list[Cell]]:
    """A shelter was type 1 then, told apart by how it tracks."""
    kind = 1 if project.kind in _SHELTERS else project.kind
    tracking = _SHELTERS.get(project.kind) if project.kind is not None else None
    return project.organization, [
        project.organization_id, project.name, _number(project.id), kind, tracking,
        *_affiliation(project), *_common(project, report),
    ]  # fmt: skip


def _row(project: Project, report: Report) -> tuple[str, list[Cell]]:
    here = [one for one in report.people if one.project.id == project.id]
    heads = sum(one.is_head for one in here)
    return project.organization, [
        project.organization_id, project.name, _number(project.id), project.kind, project.rapid,
        project.access_point, *_affiliation(project), *_common(project, report), len(here), heads,
    ]  # fmt: skip


def _number(key: str) -> Cell:
    return int(key) if key.isdigit() else key
