"""What is said of funders' files: to whom, for what, whether they add up, and who agreed. No number about people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.errors import Missing
from shelter.db.sections import SealedRow, open_rows, open_section
from shelter.exchange.models import PROJECT_HOUSE
from shelter.exchange.models import Project as ProjectRow
from shelter.funders.filing import ROWS
from shelter.funders.models import ABOUT, CONTENT, GRANT, About, FunderContent, FunderFile, FunderGrant, Told
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.clock import today
from shelter.rules.performance import FORMS, Section, Sheet, Warning_, form_of
from shelter.rules.rulefile import TO_BE_CONFIRMED
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class File:
    """`mine` says that the reader prepared it, so that somebody else must agree."""

    id: bytes
    state: str
    about: About
    by: str
    agreed_by: str
    prepared_on: date
    mine: bool


def files(actor: Actor) -> list[File]:
    """All of them, newest first."""
    require(actor, Act.FUNDER_FILES_SEE)
    note_read(actor, Act.FUNDER_FILES_SEE, [])
    rows = list(db.session.scalars(select(FunderFile)))
    sealed = [SealedRow(row.id, row.subject(), row.about_version, row.about) for row in rows]
    held = [(row, about) for row, about in zip(rows, open_rows(actor, sealed, ABOUT), strict=True) if about]
    names = names_of(actor, {who for _, about in held for who in (about.by, about.agreed_by) if who})
    found = [
        File(
            row.id,
            row.state,
            about,
            names.get(about.by, ""),
            names.get(about.agreed_by, ""),
            about.at.astimezone(ZoneInfo(_zone())).date(),
            about.by == actor.id,
        )
        for row, about in held
    ]
    return sorted(found, key=lambda one: one.about.at, reverse=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a question: a number for each of its columns (None: people write a text), records of each."""

    code: str
    line: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """`rule` says how its numbers are counted, to be translated."""

    code: str
    heading: str
    rule: str
    to_be_confirmed: bool
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A sheet of the workbook: how many rows it has, and exactly which fields of a person leave in each."""

    code: str
    heading: str
    rule: str
    to_be_confirmed: bool
    fields: tuple[str, ...]
    told: Told


@dataclass(frozen=True, slots=True)
class Worked:
    """A portal's form with its numbers, each with how many records it counts and by which rule; for its preparer."""

    id: bytes
    about: About
    source: str
    to_be_confirmed: bool
    questions: tuple[Question, ...]
    sheets: tuple[Rows, ...]
    warnings: tuple[Warning_, ...]
    unasked: int

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """Rows behind which there are records, by question and row, to ask about."""
        return [
            (f"{question.code}|{line.code}", f"{question.code} {line.line}")
            for question in self.questions
            for line in question.lines
            if line.told[0].records
        ]


def worked(actor: Actor, file_id: bytes) -> Worked:
    """How a form was counted, until it is handed over. Raises Missing for any other file."""
    require(actor, Act.FUNDER_FILES_PREPARE)
    row = db.session.get(FunderFile, file_id)
    held = db.session.scalar(select(FunderContent).where(FunderContent.file_id == file_id))
    about = open_section(actor, row, ABOUT) if row else None
    if about is None or held is None or about.report not in FORMS:
        raise Missing
    content = open_section(actor, held, CONTENT)
    version = form_of(about.report).on(about.last)
    if content is None or version is None:
        raise Missing
    note_read(actor, Act.FUNDER_FILES_PREPARE, [])
    questions = tuple(one for section in version.section if (one := _question(section, content.told)).lines)
    confirm = version.to_be_confirmed
    by_code = {one.section: one for one in content.told if one.column == ROWS}
    sheets = tuple(_rows(sheet, by_code[sheet.code]) for sheet in version.sheet if sheet.code in by_code)
    warnings = tuple(content.warnings)
    return Worked(file_id, about, version.source, confirm, questions, sheets, warnings, content.unasked)


def _rows(sheet: Sheet, told: Told) -> Rows:
    fields = tuple(field.line for field in sheet.fields)
    return Rows(sheet.code, sheet.heading, sheet.hint, sheet.certainty in TO_BE_CONFIRMED, fields, told)


def _question(section: Section, told: Sequence[Told]) -> Question:
    by_row: dict[str, list[Told]] = {}
    for one in told:
        if one.section == section.code:
            by_row.setdefault(one.row, []).append(one)
    lines = tuple(Line(code, ones[0].line, tuple(ones)) for code, ones in by_row.items())
    confirm = section.certainty in TO_BE_CONFIRMED
    columns = section.columns if section.events else ()
    return Question(section.code, section.heading, section.hint, confirm, columns, lines)


@dataclass(frozen=True, slots=True)
class KnownGrant:
    id: bytes
    name: str
    form: str
    funds: tuple[str, ...] = ()


def grants(actor: Actor) -> list[KnownGrant]:
    """Grants with numbers of their own, by name; never their keys."""
    require(actor, Act.FUNDER_FILES_PREPARE)
    rows = list(db.session.scalars(select(FunderGrant)))
    sealed = [SealedRow(row.id, row.subject(), row.grant_version, row.grant) for row in rows]
    held = zip(rows, open_rows(actor, sealed, GRANT), strict=True)
    found = (KnownGrant(row.id, one.name, one.form, tuple(one.funds)) for row, one in held if one)
    return sorted(found, key=lambda one: one.name)


def project_choices(actor: Actor) -> list[tuple[str, str]]:
    """Imported projects, and sites that belong to none, by their ids and the house's names for them."""
    require(actor, Act.FUNDER_FILES_PREPARE)
    rows = list(db.session.scalars(select(ProjectRow)))
    sealed = [SealedRow(row.id, row.subject(), row.house_version, row.house) for row in rows]
    houses = open_rows(actor, sealed, PROJECT_HOUSE)
    named = [(row.id.hex(), house.name) for row, house in zip(rows, houses, strict=True) if house]
    taken = {row.site_id for row in rows}
    sites = [(site.id.hex(), site.code_name) for site in db.session.scalars(select(Site)) if site.id not in taken]
    return sorted(named + sites, key=lambda one: one[1])


def agency_day() -> date:
    return today(_zone())


def _zone() -> str:
    agency = the_agency()
    return agency.zone if agency else "UTC"
