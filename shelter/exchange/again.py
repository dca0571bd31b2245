"""What imports brought, told to the ledgers again from the rows that were kept of them.

Whoever tells opens all of it: one record that does not open stops the telling.
"""

from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy import Select, select

from shelter.clients.facts import differs
from shelter.clients.models import Identity
from shelter.db import db
from shelter.db.errors import Spoiled
from shelter.db.keyring import chunks
from shelter.db.sections import open_rows, row_of
from shelter.exchange import facts
from shelter.exchange.hmis.counting import records_from
from shelter.exchange.hmis.headers import match_header
from shelter.exchange.hmis.layout import Layout, layout_of
from shelter.exchange.hmis.problems import Problems
from shelter.exchange.hmis.rows import Row, RowReader
from shelter.exchange.models import (
    ENROLLED,
    PERSON_ROWS,
    PROJECT_HOUSE,
    Enrolled,
    Enrollment,
    ImportedRows,
    Project,
    Said,
)
from shelter.exchange.out import kept
from shelter.policy.actor import Actor
from shelter.rules.apr.records import Enrollment as Counted


def brought(actor: Actor) -> None:
    """Projects, people and enrollments of every import, in the caller's transaction. Raises `NoKey` or `Spoiled`."""
    files = kept.files(actor, whole=True)
    sources, projects = _Sources(files.sources), _projects(actor)
    facts.of_projects(actor, records_from(sources.rows(files.rows), sources.layout_of), projects)
    query = select(ImportedRows.client_id).where(ImportedRows.client_id.is_not(None)).distinct()
    clients = sorted(client for client in db.session.scalars(query) if client is not None)
    for part in chunks(clients):
        theirs = kept.rows_of(actor, part, whole=True)
        enrolled = _enrolled(actor, part)
        for client, rows in theirs.items():
            _tell(actor, client, sources, rows, enrolled, projects)


def nights(actor: Actor) -> frozenset[tuple[bytes, bytes, date, date | None]]:
    """The stays that imports laid down: whose, in which house, from when until when. Raises as `brought`."""
    query = select(Project.id, Project.site_id).where(Project.site_id.is_not(None))
    sites = {project: site for project, site in db.session.execute(query) if site is not None}
    ids = db.session.scalars(select(Enrollment.id).where(Enrollment.project_id.in_(sites))).all()
    return frozenset(
        (row.client_id, sites[row.project_id], one.start, one.end)
        for part in chunks(ids)
        for row, said in _opened(actor, select(Enrollment).where(Enrollment.id.in_(part)))
        for one in said.nights
    )


def is_as_brought(actor: Actor) -> Callable[[bytes, int, Identity], bool]:
    """Whether nobody but the import itself has said who somebody is, by her id, the version and what stands there:
    then the exact ledger has it from her row alone. Raises as `brought`.
    """
    said: dict[bytes, list[Said]] = {}
    query = select(ImportedRows).where(ImportedRows.person.is_not(None), ImportedRows.client_id.is_not(None))
    for part in chunks(db.session.scalars(select(ImportedRows.id)).all()):
        rows = db.session.scalars(query.where(ImportedRows.id.in_(part))).all()
        told = open_rows(actor, [row_of(row, PERSON_ROWS) for row in rows], PERSON_ROWS)
        for row, one in zip(rows, told, strict=True):
            if one is None:
                raise Spoiled
            if one.said is not None and row.client_id is not None:
                said.setdefault(row.client_id, []).append(one.said)

    def is_so(client: bytes, version: int, identity: Identity) -> bool:
        wrote = said.get(client)
        if wrote is None or version == 1:
            return wrote is not None
        brought = Identity(legal_name=wrote[0].legal_name, birth=wrote[0].birth)
        return all(one == wrote[0] for one in wrote) and not differs(brought, identity)

    return is_so


class _Sources:
    """Kept rows as they were read, each by the format of the file it came in."""

    def __init__(self, known: dict[bytes, kept.Source]) -> None:
        self._known = known
        self._readers: dict[bytes, RowReader] = {}
        self._years: dict[tuple[str, tuple[str, ...]], str] = {
            (one.file, one.columns): one.year for one in known.values()
        }

    def rows(self, files: kept.Rows) -> Callable[[str], Iterator[Row]]:
        def of_file(file: str) -> Iterator[Row]:
            for source, cells in files.get(file, {}).values():
                row = self._reader(source).read(0, cells)
                if row is not None:
                    yield row

        return of_file

    def layout_of(self, row: Row) -> Layout:
        return layout_of(self._years[row.kept.file, row.kept.columns])

    def _reader(self, source: bytes) -> RowReader:
        if source not in self._readers:
            one = self._known[source]
            layout = layout_of(one.year).files[one.file]
            header = match_header(layout, list(one.columns), len(one.columns), [])
            self._readers[source] = RowReader(layout, header, Problems(0))
        return self._readers[source]


def _tell(
    actor: Actor,
    client: bytes,
    sources: _Sources,
    rows: kept.Rows,
    enrolled: dict[tuple[bytes, str], bytes],
    projects: dict[str, bytes],
) -> None:
    """Whose they are is known here: under one key two systems may mean two people."""

    def project_of(one: Counted) -> bytes | None:
        return enrolled.get((client, one.id)) or projects.get(one.project)

    records = records_from(sources.rows(rows), sources.layout_of)
    keys = {*records.people, *(one.person for one in records.enrollments)}
    facts.of_people(actor, records, dict.fromkeys(keys, client), project_of)


def _projects(actor: Actor) -> dict[str, bytes]:
    rows = db.session.scalars(select(Project)).all()
    told = open_rows(actor, [row_of(row, PROJECT_HOUSE) for row in rows], PROJECT_HOUSE)
    if any(said is None and row.house is not None for row, said in zip(rows, told, strict=True)):
        raise Spoiled
    return {said.project_id: row.id for row, said in zip(rows, told, strict=True) if said is not None}


def _enrolled(actor: Actor, clients: list[bytes]) -> dict[tuple[bytes, str], bytes]:
    """In which project an enrollment is, by its client and its key there."""
    query = select(Enrollment).where(Enrollment.client_id.in_(clients))
    return {(row.client_id, said.enrollment_id): row.project_id for row, said in _opened(actor, query)}


def _opened(actor: Actor, query: Select[Enrollment]) -> Iterator[tuple[Enrollment, Enrolled]]:
    rows = db.session.scalars(query).all()
    for row, said in zip(rows, open_rows(actor, [row_of(row, ENROLLED) for row in rows], ENROLLED), strict=True):
        if said is not None:
            yield row, said
        elif row.enrolled is not None:
            raise Spoiled
