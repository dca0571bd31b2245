"""Releasing a table: protected, audited with everything released before, numbered, and never changed again."""

from dataclasses import dataclass

from sqlalchemy import func, select

from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import fill
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.reports import queries
from shelter.reports.catalogue import REPORTS, Quarter
from shelter.reports.folding import fold
from shelter.reports.models import RELEASED, Released, ReportRelease
from shelter.reports.ways import ways_of
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.disclosure.release import Refused, protect_and_audit
from shelter.trail.record import recorded

_PG_LOCK = 0x52504C


@dataclass(frozen=True, slots=True)
class Publish:
    """`way` is one of the report's ways."""

    report: str
    quarter: Quarter
    way: str


@dataclass(frozen=True, slots=True)
class Given:
    """The ledger number under which the table stands; `new` unless it was released before and still holds."""

    number: int
    new: bool


def publish(actor: Actor, command: Publish) -> Given:
    """Releases a table. Raises Broken with a plain sentence where it must not be shown, `Missing` where none is due.

    The write lock is held from the first look at the ledger to the commit, so that two directors' releases
    are always judged one after the other.
    """
    report = REPORTS.get(command.report)
    if report is None or command.way not in ways_of(report, by_site=report.knows_sites(command.quarter)):
        raise Missing
    with recorded(actor, Act.REPORTS_PUBLISH) as unit:
        require(actor, Act.REPORTS_PUBLISH)
        _one_at_a_time()
        table, digest = queries.counted(actor, command.report, command.quarter)
        wanted = ways_of(report, by_site=report.knows_sites(command.quarter))[command.way](table)
        earlier = queries.earlier_releases(actor)
        release = protect_and_audit(wanted, report.threshold(command.quarter), [one for _, one in earlier])
        if isinstance(release, Refused):
            raise Broken(release.reason)
        standing = next((number for number, one in earlier if one is release), None)
        number = standing or 1 + (db.session.scalar(select(func.max(ReportRelease.number))) or 0)
        unit.detail = {"report": command.report, "period": str(command.quarter), "number": number}
        if standing is None:
            row = ReportRelease(number=number)
            value = Released(
                number=number,
                report=command.report,
                period=str(command.quarter),
                release=release.to_dict(),
                by=actor.id,
                at=now(),
                input_digest=digest,
                sites=queries.site_names(wanted),
            )
            fill(actor, row, RELEASED, value)
            db.session.add(row)
    return Given(number, standing is None)


def _one_at_a_time() -> None:
    """SQLite's write lock is held already; on PostgreSQL the releases themselves are locked."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_PG_LOCK)))


def fold_inbox(actor: Actor) -> int:
    """A slice of folding by a holder of facts; returns how many batches it took in."""
    with recorded(actor, Act.REPORTS_SEE):
        require(actor, Act.REPORTS_SEE)
        return fold(actor)
