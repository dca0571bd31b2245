"""What a director sees: which reports are due, and tables that were released. Never a row about a person."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.errors import Missing
from shelter.db.sections import SealedRow, open_rows
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.reports import ledger
from shelter.reports.catalogue import NO_SITE, REPORTS, SITE, Quarter, Report, recent, spec_of
from shelter.reports.counting import digest_of
from shelter.reports.models import RELEASED, Released, ReportRelease
from shelter.reports.nights import nights_by_site
from shelter.reports.sums import Counting
from shelter.reports.ways import AS_ASKED, coarser, is_combined
from shelter.rules.broken import Broken
from shelter.rules.clock import today
from shelter.rules.disclosure.coarsen import numbers_back, offers
from shelter.rules.disclosure.release import Refused, Release, protect_and_audit
from shelter.rules.disclosure.sizes import hides_too_much
from shelter.rules.disclosure.spec import Key
from shelter.rules.disclosure.table import CountTable, Printed, ProtectedTable
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class Card:
    """One report of the gallery: `state` is published, ready or running; `number` and `on` of the newest release."""

    report: str
    quarter: Quarter
    state: str
    number: int | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Gallery:
    """All reports by what is due, newest first; `waiting` changes of records are not folded into the ledger yet."""

    cards: tuple[Card, ...]
    waiting: int

    def in_state(self, state: str) -> list[Card]:
        return [card for card in self.cards if card.state == state]


@dataclass(frozen=True, slots=True)
class Published:
    """A released table with what stands under it, and the numbers of the other releases of the same report."""

    report: str
    quarter: Quarter
    number: int
    table: ProtectedTable
    sites: dict[str, str]
    by: str
    on: date
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A version that may be published, described without any of its numbers."""

    key: str
    shown: int
    hidden: int
    numbers_back: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be shown: versions with how many numbers each; `refused` is the message key for the one asked for.

    `year` is the same table of the whole year, where the quarter hides numbers and the year is over.
    """

    report: str
    quarter: Quarter
    ways: tuple[Way, ...]
    refused: str = ""
    hides_much: bool = False
    year: Way | None = None


def report_of(report: str, period: str) -> Quarter:
    """The quarter of an address. `Missing` where the catalogue has no such report or period, now or earlier."""
    try:
        quarter = Quarter.parse(period)
    except Broken:
        raise Missing from None
    if report not in REPORTS or quarter.first > agency_day() or not (quarter.number or REPORTS[report].is_yearly):
        raise Missing
    return quarter


def gallery(actor: Actor) -> Gallery:
    require(actor, Act.REPORTS_SEE)
    note_read(actor, Act.REPORTS_SEE, [])
    day = agency_day()
    done = {(one.report, one.period): one for one in _all(actor)}
    quarters = set(recent(day)) | {Quarter.parse(period) for _, period in done}
    cards = []
    for quarter in sorted(quarters, key=lambda one: (one.last, one.number), reverse=True):
        for report in REPORTS.values():
            if quarter.number or report.is_yearly:
                cards.append(_card(report.code, quarter, done.get((report.code, str(quarter))), day))
    return Gallery(tuple(cards), ledger.waiting(actor))


def _card(report: str, quarter: Quarter, released: Released | None, day: date) -> Card:
    if released is not None:
        return Card(report, quarter, "published", released.number, _day_of(released))
    return Card(report, quarter, "ready" if quarter.period.is_closed(day) else "running")


def published(actor: Actor, report: str, quarter: Quarter, number: int | None = None) -> Published | None:
    """A release of a table, the newest unless a number is given; None where there is none. `Missing` for another."""
    require(actor, Act.REPORTS_SEE)
    note_read(actor, Act.REPORTS_SEE, [])
    found = {one.number: one for one in _all(actor) if one.report == report and one.period == str(quarter)}
    if number is not None and number not in found:
        raise Missing
    if not found:
        return None
    one = found[number or max(found)]
    return Published(
        report,
        quarter,
        one.number,
        Release.from_dict(one.release).numbered(one.number).protected,
        one.sites,
        names_of(actor, {one.by}).get(one.by, ""),
        _day_of(one),
        tuple(sorted(set(found) - {one.number})),
    )


@dataclass(frozen=True, slots=True)
class Trend:
    """What was published of a flow, quarter by quarter, oldest first."""

    report: str
    points: tuple[tuple[Quarter, Printed], ...]


def trends(actor: Actor) -> list[Trend]:
    """Flows alone: of people served many are the same from quarter to quarter, and a line of them tells less."""
    require(actor, Act.REPORTS_SEE)
    note_read(actor, Act.REPORTS_SEE, [])
    newest = {(one.report, one.period): one for one in _all(actor)}
    found = []
    for report in REPORTS.values():
        periods = [Quarter.parse(period) for code, period in newest if code == report.code]
        quarters = sorted((one for one in periods if one.number), key=lambda one: one.first)
        if report.measure == "flow" and quarters:
            points = tuple((one, _whole(newest[report.code, str(one)])) for one in quarters)
            found.append(Trend(report.code, points))
    return found


def _whole(released: Released) -> Printed:
    """Everybody of a flow, which has a total."""
    protected = Release.from_dict(released.release).protected
    return protected[protected.spec.grand_total()]


def wall(actor: Actor) -> list[Published]:
    """Of each report the newest period that was published, for a board to look at."""
    latest: dict[str, Quarter] = {}
    for one in _all(actor):
        quarter = Quarter.parse(one.period)
        known = latest.get(one.report, quarter)
        latest[one.report] = max(known, quarter, key=lambda each: (each.last, each.number))
    shown = (published(actor, report, latest[report]) for report in REPORTS if report in latest)
    return [one for one in shown if one is not None]


def is_running(quarter: Quarter) -> bool:
    return not quarter.period.is_closed(agency_day())


def preview(actor: Actor, report: str, quarter: Quarter) -> Preview:
    """How many numbers each version would show; never a number itself: to see one is to release it.

    `Missing` for a period that still runs or lies too far back.
    """
    require(actor, Act.REPORTS_SEE)
    note_read(actor, Act.REPORTS_SEE, [])
    table, _ = counted(actor, report, quarter)
    earlier = [release for _, release in earlier_releases(actor)]
    wanted = REPORTS[report]
    asked = protect_and_audit(table, wanted.threshold(quarter), earlier)
    ways = tuple(_coarser_ways(wanted, quarter, table, earlier))
    if isinstance(asked, Refused):
        return Preview(report, quarter, ways, asked.reason, year=_of_the_year(actor, wanted, quarter, earlier))
    protected = asked.protected
    own = Way(AS_ASKED, protected.cell_count - protected.hidden_count, protected.hidden_count)
    year = _of_the_year(actor, wanted, quarter, earlier) if protected.hidden_count else None
    return Preview(report, quarter, (own, *ways), hides_much=hides_too_much(protected), year=year)


def _of_the_year(actor: Actor, report: Report, quarter: Quarter, earlier: list[Release]) -> Way | None:
    """What the year would show instead; None where it is not over, not told, or shows nothing new."""
    year = quarter.whole_year
    if year == quarter or not report.is_yearly or is_running(year) or year not in recent(agency_day()):
        return None
    table, _ = counted(actor, report.code, year)
    release = protect_and_audit(table, report.threshold(year), earlier)
    if isinstance(release, Refused):
        return None
    known = {key: cell for one in earlier for key, cell in one.protected.identified().items()}
    back, hidden = numbers_back(release, known), release.protected.hidden_count
    return Way(AS_ASKED, release.protected.cell_count - hidden, hidden, back) if back else None


def _coarser_ways(report: Report, quarter: Quarter, table: CountTable, earlier: list[Release]) -> list[Way]:
    """What may be shown instead, most numbers first; an offer is known by what its table asks for."""
    versions = coarser(report, table)
    names = {version.spec: way for way, version in versions.items()}
    combined = {way: versions[way] for way in versions if is_combined(way)}
    found = offers(table, report.threshold(quarter), earlier, wider=combined)
    return [Way(names[one.release.spec], one.shown, one.hidden, one.numbers_back) for one in found]


def counted(actor: Actor, report: str, quarter: Quarter) -> tuple[CountTable, bytes]:
    """True counts, for the engine alone, with the digest of their input. `Missing` for a period that is not due."""
    if report not in REPORTS or quarter not in recent(agency_day()) or is_running(quarter):
        raise Missing
    sites = sorted(site.hex() for site in db.session.scalars(select(Site.id)))
    wanted = REPORTS[report]
    spec = spec_of(wanted, quarter, sites)
    if wanted.unit == "nights":
        nights = nights_by_site(quarter)
        return CountTable.from_counts(spec, {(site,): number for site, number in nights.items()}), digest_of(
            [(site, str(number)) for site, number in nights.items()]
        )
    counts = Counting(actor, wanted, quarter, sites).counts()
    cells: Counter[Key] = Counter()
    for row, count in counts.items():
        cells[row[: len(spec.dimensions)]] += count
    return CountTable.from_counts(spec, cells), digest_of(counts)


def earlier_releases(actor: Actor) -> list[tuple[int, Release]]:
    """Everything that was ever released, with its number, oldest first."""
    return [(one.number, Release.from_dict(one.release)) for one in _all(actor)]


def site_names(table: CountTable) -> dict[str, str]:
    """Today's code names of the sites of a table, by their codes in it."""
    codes = {code for one in table.spec.dimensions if one.code == SITE for code in one.categories} - {NO_SITE}
    return {site.id.hex(): site.code_name for site in db.session.scalars(select(Site)) if site.id.hex() in codes}


def agency_day() -> date:
    return today(_zone())


def _day_of(released: Released) -> date:
    return released.at.astimezone(ZoneInfo(_zone())).date()


def _zone() -> str:
    agency = the_agency()
    return agency.zone if agency else "UTC"


def _all(actor: Actor) -> list[Released]:
    rows = db.session.scalars(select(ReportRelease).order_by(ReportRelease.number)).all()
    sealed = [SealedRow(row.id, row.subject(), row.released_version, row.released) for row in rows]
    return [one for one in open_rows(actor, sealed, RELEASED) if one]
