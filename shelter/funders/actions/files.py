"""Preparing a funder's file, agreeing to it as the second person, handing it over once, dropping it."""

from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import delete, select

from shelter.db import db, pseudonyms
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.funders import queries
from shelter.funders.filing import Filing, file_of, filled
from shelter.funders.models import (
    ABOUT,
    CONTENT,
    GRANT,
    About,
    Content,
    FunderContent,
    FunderFile,
    FunderGrant,
    FunderQuestion,
    Grant,
)
from shelter.funders.records import assembled, history_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.reports.folding import fold
from shelter.rules.apr import Period, ReportKind
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.performance import Window, form_of
from shelter.trail.record import recorded

LONGEST = 366


@dataclass(frozen=True, slots=True)
class Prepare:
    """`first` and `last` day of a period that is over; `projects` by their ids here, none for all of them."""

    report: str
    rules: str
    first: date
    last: date
    purpose: str
    projects: tuple[str, ...] = ()
    funds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FillForm:
    """A portal's form over a window that is over; for a grant that names its funds, of what these paid for alone."""

    form: str
    window: Window
    purpose: str
    projects: tuple[str, ...] = ()
    grant: bytes | None = None


@dataclass(frozen=True, slots=True)
class AddGrant:
    """A grant of a form, and the funds of this house that it pays into."""

    name: str
    form: str
    funds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handed:
    name: str
    content: bytes


def prepare(actor: Actor, command: Prepare) -> None:
    """Computes and seals a file. Raises Broken for a period that runs backwards, too long, or into today."""
    _judge(command)
    with recorded(actor, Act.FUNDER_FILES_PREPARE) as unit:
        require(actor, Act.FUNDER_FILES_PREPARE)
        fold(actor, Kind.EXACT)
        period = Period(command.first, command.last)
        filing = file_of(assembled(actor), period, command.rules, _hud(command.report), list(command.projects))
        _seal(actor, _about(actor, command, filing), Content(file=filing.content))
        unit.detail = {"report": command.report, "sha256": filing.digest}


def fill_form(actor: Actor, command: FillForm) -> bytes:
    """Fills and seals a portal's form by the rules of its last day; the file's id.

    Raises Broken for a window that is not over, or older than the rules, and where a form with rows of clients names
    no grant of its own.
    """
    form, window = form_of(command.form), command.window
    version = form.on(window.last)
    if version is None:
        raise Broken("funders.no-rules", "period")
    require(actor, Act.FUNDER_FILES_PREPARE)
    grant = _grant_of(actor, command) if version.sheet or command.grant else None
    asked = Prepare(
        command.form,
        version.effective_from.isoformat(),
        window.first,
        window.last,
        command.purpose,
        command.projects,
        tuple(grant.funds) if grant else (),
    )
    _judge(asked)
    named = pseudonyms.numbers_of(grant.key) if grant else str
    done = filled(form, version, history_of(actor, command.projects, asked.funds), window, named)
    with recorded(actor, Act.FUNDER_FILES_PREPARE) as unit:
        fold(actor, Kind.EXACT)
        content = Content(file=done.filing.content, told=done.told, warnings=done.warnings, unasked=done.unasked)
        file = _seal(actor, _about(actor, asked, done.filing), content)
        unit.detail = {"report": command.form, "sha256": done.filing.digest}
    return file


def add_grant(actor: Actor, command: AddGrant) -> None:
    """A key of its own, made here and seen by nobody; who holds the key of pseudonyms does not hold this one."""
    with recorded(actor, Act.FUNDER_FILES_PREPARE) as unit:
        require(actor, Act.FUNDER_FILES_PREPARE)
        row = FunderGrant()
        grant = Grant(name=command.name, form=command.form, key=pseudonyms.new_grant_key(), by=actor.id, at=now())
        grant.funds = list(command.funds)
        fill(actor, row, GRANT, grant)
        db.session.add(row)
        unit.detail = {"report": command.form}


def _grant_of(actor: Actor, command: FillForm) -> Grant:
    row = db.session.get(FunderGrant, command.grant) if command.grant else None
    grant = open_section(actor, row, GRANT) if row else None
    if grant is None or grant.form != command.form:
        raise Broken("funders.which-grant", "grant")
    return grant


def _about(actor: Actor, asked: Prepare, filing: Filing) -> About:
    return About(
        report=asked.report,
        rules=asked.rules,
        first=asked.first,
        last=asked.last,
        purpose=asked.purpose,
        projects=list(asked.projects),
        funds=list(asked.funds),
        by=actor.id,
        at=now(),
        tables=filing.tables,
        unbalanced=filing.unbalanced,
        digest=filing.digest,
    )


def _seal(actor: Actor, about: About, content: Content) -> bytes:
    row, held = FunderFile(), FunderContent()
    held.file_id = row.id
    fill(actor, row, ABOUT, about)
    fill(actor, held, CONTENT, content)
    db.session.add(row)
    db.session.flush()
    db.session.add(held)
    return row.id


def _hud(report: str) -> ReportKind:
    return "apr" if report == "apr" else "caper"


def _judge(command: Prepare) -> None:
    if command.last < command.first:
        raise Broken("funders.backwards", "last")
    if (command.last - command.first).days >= LONGEST:
        raise Broken("funders.too-long", "last")
    if command.last >= queries.agency_day():
        raise Broken("funders.still-running", "last")


def agree(actor: Actor, file_id: bytes) -> None:
    """The second person. Raises Broken where it is the one who prepared it."""
    with recorded(actor, Act.FUNDER_FILES_AGREE) as unit:
        require(actor, Act.FUNDER_FILES_AGREE)
        row, about = _in_state(actor, file_id, "waiting")
        if about.by == actor.id:
            raise Broken("funders.yourself")
        row.state = "agreed"
        agreed = msgspec.structs.replace(about, agreed_by=actor.id, agreed_at=now())
        save(actor, row, ABOUT, agreed, row.about_version)
        unit.detail = {"sha256": about.digest}


def hand_over(actor: Actor, file_id: bytes) -> Handed:
    """The file, once: what was kept of it is gone with this transaction, its digest stays."""
    with recorded(actor, Act.FUNDER_FILES_PREPARE) as unit:
        require(actor, Act.FUNDER_FILES_PREPARE)
        row, about = _in_state(actor, file_id, "agreed")
        held = db.session.scalars(select(FunderContent).where(FunderContent.file_id == row.id)).one()
        content = open_section(actor, held, CONTENT)
        if content is None:
            raise Missing
        _forget(row, "given")
        save(actor, row, ABOUT, msgspec.structs.replace(about, given_at=now()), row.about_version)
        unit.detail = {"sha256": about.digest, "given": True}
    return Handed(f"{about.report}-{about.first.isoformat()}-{about.last.isoformat()}.zip", content.file)


def drop_file(actor: Actor, file_id: bytes) -> None:
    """Not to be handed over after all; another can be prepared."""
    with recorded(actor, Act.FUNDER_FILES_PREPARE):
        require(actor, Act.FUNDER_FILES_PREPARE)
        row = _found(file_id)
        if row.state not in ("waiting", "agreed"):
            raise Broken("funders.over")
        _forget(row, "dropped")


def _forget(row: FunderFile, state: str) -> None:
    for gone in (FunderContent, FunderQuestion):
        db.session.execute(delete(gone).where(gone.file_id == row.id))
    row.state = state


def _found(file_id: bytes) -> FunderFile:
    row = db.session.scalar(select(FunderFile).where(FunderFile.id == file_id).with_for_update())
    if row is None:
        raise Missing
    return row


def _in_state(actor: Actor, file_id: bytes, state: str) -> tuple[FunderFile, About]:
    row = _found(file_id)
    if row.state != state:
        raise Broken("funders.over")
    about = open_section(actor, row, ABOUT)
    if about is None:
        raise Missing
    return row, about
