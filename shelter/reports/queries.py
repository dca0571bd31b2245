"""What a director sees: which reports are due, and tables that were released. Never a row about a person."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.errors import Missing
from shelter.db.sections import SealedRow, open_rows
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.reports.catalogue import PEOPLE_SERVED, REPORTS, Quarter, people_served, recent
from shelter.reports.counting import digest_of, served_rows
from shelter.reports.ledger import current
from shelter.reports.models import RELEASED, Released, ReportRelease
from shelter.rules.clock import today
from shelter.rules.disclosure.coarsen import Offer, offers
from shelter.rules.disclosure.release import Refused, Release, protect_and_audit
from shelter.rules.disclosure.table import CountTable, ProtectedTable
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class Card:
    """One report of the gallery: `state` is published, ready or running."""

    report: str
    quarter: Quarter
    state: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A released table with what stands under it."""

    report: str
    quarter: Quarter
    table: ProtectedTable
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Way:
    """A version that may be published, described without any of its numbers."""

    key: str
    way: str
    dimension: str
    version: str
    shown: int
    hidden: int
    numbers_back: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be shown: how many numbers, how many of them hidden; `refused` is a message key."""

    report: str
    quarter: Quarter
    shown: int
    hidden: int
    refused: str
    ways: tuple[Way, ...]


AS_ASKED = "as-asked"


def gallery(actor: Actor) -> list[Card]:
    require(actor, Act.REPORTS_SEE)
    note_read(actor, Act.REPORTS_SEE, [])
    done = {(one.report, one.period): one.number for one in _all(actor)}
    now_quarter = Quarter.of(agency_day())
    cards = []
    for quarter in recent(agency_day()):
        for report in REPORTS:
            number = done.get((report, str(quarter)))
            state = "published" if number else "running" if quarter == now_quarter else "ready"
            cards.append(Card(report, quarter, state, number))
    return cards


def published(actor: Actor, report: str, quarter: Quarter) -> Published | None:
    """The newest release of a table, or None; nothing else is ever shown of it."""
    require(actor, Act.REPORTS_SEE)
    note_read(actor, Act.REPORTS_SEE, [])
    found = [one for one in _all(actor) if one.report == report and one.period == str(quarter)]
    if not found:
        return None
    last = found[-1]
    release = Release.from_dict(last.release).numbered(last.number)
    return Published(report, quarter, release.protected, names_of(actor, {last.by}).get(last.by, ""), last.at)


def preview(actor: Actor, report: str, quarter: Quarter) -> Preview:
    """How many numbers each version would show; never a number itself: to see one is to release it."""
    require(actor, Act.REPORTS_SEE)
    table, _ = counted(actor, report, quarter)
    earlier = earlier_releases(actor)
    asked = protect_and_audit(table, earlier=earlier)
    ways = tuple(_way(offer) for offer in offers(table, earlier=earlier))
    if isinstance(asked, Refused):
        return Preview(report, quarter, 0, 0, asked.reason, ways)
    protected = asked.protected
    return Preview(report, quarter, protected.cell_count - protected.hidden_count, protected.hidden_count, "", ways)


def _way(offer: Offer) -> Way:
    key = "/".join([offer.way, offer.dimension or "", offer.version or ""])
    return Way(
        key, offer.way, offer.dimension or "", offer.version or "", offer.shown, offer.hidden, offer.numbers_back
    )


def counted(actor: Actor, report: str, quarter: Quarter) -> tuple[CountTable, bytes]:
    """True counts, for the engine alone, with the digest of their input. `Missing` for a period still running."""
    if report != PEOPLE_SERVED or not quarter.period.is_closed(agency_day()):
        raise Missing
    sites = sorted(site.hex() for site in db.session.scalars(select(Site.id)))
    rows = served_rows(current(actor), quarter, sites)
    return CountTable.from_rows(people_served(quarter, sites), rows), digest_of(rows)


def chosen(table: CountTable, way: str) -> CountTable:
    """The version of a table that one of the offers names. Raises `Missing` for any other."""
    if way == AS_ASKED:
        return table
    kind, dimension, version = (*way.split("/"), "", "")[:3]
    codes = {one.code for one in table.spec.dimensions}
    if kind == "merge" and dimension in codes:
        return table.coarsened(dimension, version)
    if kind == "sum" and dimension in codes:
        return table.without(dimension)
    raise Missing


def earlier_releases(actor: Actor) -> list[Release]:
    return [Release.from_dict(one.release) for one in _all(actor)]


def _all(actor: Actor) -> list[Released]:
    rows = db.session.scalars(select(ReportRelease).order_by(ReportRelease.number)).all()
    sealed = [SealedRow(row.id, row.subject(), row.released_version, row.released) for row in rows]
    return [one for one in open_rows(actor, sealed, RELEASED) if one]


def site_names() -> dict[str, str]:
    """Code names by the codes that tables use."""
    return {site.id.hex(): site.code_name for site in db.session.scalars(select(Site))}


def agency_day() -> date:
    agency = the_agency()
    return today(agency.zone if agency else "UTC")
