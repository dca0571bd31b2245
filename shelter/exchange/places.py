"""What an export says about the agency: its files, its projects, and a site for each project that has beds."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import select

from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.sections import fill
from shelter.exchange import staging
from shelter.exchange.hmis.plan import Plan, PlannedProject
from shelter.exchange.ledger import Ledger
from shelter.exchange.models import FILE_CONTENT, PROJECT_HOUSE, FileContent, ImportedFile, KeptCells, Project
from shelter.exchange.models import ProjectHouse as House
from shelter.policy.actor import Actor

MOST_BYTES = 256 << 10
"""Of rows in one section; a section holds 1 MiB."""
MOST_LETTERS = 60

FILE, PROJECT = "file", "project"


@dataclass(slots=True)
class Places:
    """Where the parts of an export are here: files by name, projects and their sites by ProjectID."""

    sources: dict[str, bytes] = field(default_factory=dict)
    projects: dict[str, bytes] = field(default_factory=dict)
    sites: dict[str, bytes] = field(default_factory=dict)
    new_files: list[FileContent] = field(default_factory=list)
    new_projects: list[PlannedProject] = field(default_factory=list)
    changed_projects: list[PlannedProject] = field(default_factory=list)

    @property
    def has_news(self) -> bool:
        return bool(self.new_files or self.new_projects or self.changed_projects)


def find(plan: Plan, agency: dict[str, list[KeptCells]], ledger: Ledger) -> Places:
    """What is known already, and what has to be made. Changes nothing."""
    places = Places()
    for file, columns in plan.columns.items():
        content = FileContent(file=file, year=plan.year, columns=list(columns), rows=agency.get(file, []))
        known = ledger.find(FILE, file)
        if known is not None and known.digest == _digest(content):
            places.sources[file] = known.owner
        else:
            places.new_files.append(content)
    for project in plan.projects:
        known = ledger.find(PROJECT, project.key)
        if known is None:
            places.new_projects.append(project)
            continue
        places.projects[project.key] = known.owner
        if known.digest != project.row.digest:
            places.changed_projects.append(project)
    rows = db.session.execute(select(Project.id, Project.site_id))
    sites = {project: site for project, site in rows}  # noqa: C416 - dict() takes a result for a mapping
    places.sites = {key: site for key, one in places.projects.items() if (site := sites.get(one)) is not None}
    return places


def stage(actor: Actor, stage_id: bytes, plan: Plan, places: Places, ledger: Ledger) -> None:
    """Makes what is new, in the caller's transaction; a new site stays closed until the import is shown."""
    for content in places.new_files:
        ids = [_store(actor, part) for part in _parts(content)]
        places.sources[content.file] = ids[0]
        ledger.put(FILE, content.file, _digest(content), ids[0])
        staging.mark(stage_id, "imported_file", ids)
    for project in places.new_projects:
        site = _new_site(project) if project.is_residential else None
        row = Project(site_id=site)
        fill(actor, row, PROJECT_HOUSE, house_of(plan, project))
        db.session.add(row)
        db.session.flush()
        places.projects[project.key] = row.id
        staging.mark(stage_id, "project", [row.id])
        if site is not None:
            places.sites[project.key] = site
            staging.mark(stage_id, "site", [site])
        ledger.put(PROJECT, project.key, project.row.digest, row.id)


def house_of(plan: Plan, project: PlannedProject) -> House:
    names = {one.key: one.name or "" for one in plan.organizations}
    return House(
        project_id=project.key,
        name=project.name or "",
        organization=names.get(project.organization_key or "", ""),
        project_type=project.project_type,
        opened=project.opened,
        closed=project.closed,
    )


def _store(actor: Actor, content: FileContent) -> bytes:
    row = ImportedFile()
    fill(actor, row, FILE_CONTENT, content)
    db.session.add(row)
    db.session.flush()
    return row.id


def _parts(content: FileContent) -> Iterator[FileContent]:
    """The file in sections that are not too large; one at least."""
    for rows in in_parts(content.rows) or [[]]:
        yield msgspec.structs.replace(content, rows=rows)


def in_parts(rows: list[KeptCells]) -> list[list[KeptCells]]:
    """Rows in their order, in runs of about MOST_BYTES at most."""
    parts: list[list[KeptCells]] = []
    size = MOST_BYTES
    for row in rows:
        if size >= MOST_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(row)
        size += len(row.cells) + len(row.key) + 32
    return parts


def _digest(content: FileContent) -> bytes:
    rows = sorted(row.digest + bytes([row.aside]) for row in content.rows)
    told = msgspec.msgpack.encode([content.file, content.columns, rows])
    return hashlib.blake2b(told, digest_size=16).digest()


def _new_site(project: PlannedProject) -> bytes:
    """A closed site under the project's number: its real name is sealed with the project."""
    agency = the_agency()
    site = Site(code_name=_code_name(project.key), closed=True)
    if agency is not None:
        site.zone, site.night_begins = agency.zone, agency.night_begins
    db.session.add(site)
    db.session.flush()
    return site.id


def _code_name(key: str) -> str:
    shown = "".join(character for character in key if character.isprintable())
    return f"Project {shown}"[:MOST_LETTERS]
