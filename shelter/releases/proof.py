"""The proof for a monitor: every release by its terms and every refusal, with no name, no code and no recipient."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.agency import the_agency
from shelter.db.keyring import chunks
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.releases.disclosing import REFUSED, standing
from shelter.releases.models import Release, Shared, Terms
from shelter.releases.queries import left_of, opened_of
from shelter.rules.clock import now
from shelter.rules.consent import State, missing_signatures, state
from shelter.rules.sitetime import today
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import note_read

NoticesOf = Callable[[Actor, Sequence[bytes]], Iterable[tuple[str, datetime]]]
_notices: list[NoticesOf] = []


def register_notices(notices: NoticesOf) -> None:
    """Called by a higher feature: attempts to tell people of these that something of theirs was demanded or lost, and
    when: `notice` or `no_notice` of a demand, one of `BREACHES` of a breach."""
    _notices.append(notices)


BREACHES = ("breach_told", "breach_untold", "breach_open")
"""Somebody whom a breach concerns was told, was not with a reason, or is still to be told."""


@dataclass(frozen=True, slots=True)
class Line:
    """One release as a monitor may see it: in which month it was talked through, and how it was agreed."""

    month: date
    state: State
    days: int
    items: int
    signer: str
    signed: tuple[str, ...]
    risks_discussed: bool
    not_abuser: bool
    interpreted: bool
    extended: int
    shared: int
    told: bool


@dataclass(frozen=True, slots=True)
class Month:
    """What happened in one month: `what` of the history of releases, what left, and what was refused."""

    month: date
    counts: Counter[str]


@dataclass(frozen=True, slots=True)
class Proof:
    year: int
    years: tuple[int, ...]
    months: tuple[Month, ...]
    lines: tuple[Line, ...]
    uncovered: int

    @property
    def total(self) -> Counter[str]:
        return sum((one.counts for one in self.months), Counter())

    @property
    def breaches(self) -> tuple[Month, ...]:
        """The months in which a breach was found that concerns somebody."""
        return tuple(one for one in self.months if any(one.counts[what] for what in BREACHES))


def proof(actor: Actor, year: int | None = None) -> Proof:
    """All releases of the sites where she supervises, of one year (this one, where none is named)."""
    clause = require(actor, Act.RELEASES_PROVE).clause
    ids = list(db.session.scalars(select(Client.id).where(scope.scope(actor, Act.RELEASES_READ))))
    note_read(actor, Act.RELEASES_PROVE, ids, clause)
    agency = the_agency()
    zone = ZoneInfo(agency.zone if agency else "UTC")
    day = today(now(), str(zone))
    pairs = [pair for part in chunks(ids) for pair in opened_of(actor, part)]
    left = [shared for part in chunks(ids) for shared in left_of(actor, part)]
    chosen = year or day.year
    months: dict[date, Counter[str]] = {}
    told = [one for part in chunks(ids) for notices in _notices for one in notices(actor, part)]
    for what, at in (*_happened(pairs, left, _refusals(ids)), *told):
        month = at.astimezone(zone).date().replace(day=1)
        months.setdefault(month, Counter())[what] += 1
    lines = [_line(terms, row, left, zone, day) for row, terms in pairs]
    return Proof(
        year=chosen,
        years=tuple(sorted({month.year for month in months} | {day.year}, reverse=True)),
        months=tuple(Month(month, found) for month, found in sorted(months.items()) if month.year == chosen),
        lines=tuple(sorted((one for one in lines if one.month.year == chosen), key=lambda one: one.month)),
        uncovered=_uncovered(pairs, left),
    )


def _happened(
    pairs: Iterable[tuple[Release, Terms]], left: Iterable[Shared], refused: Iterable[datetime]
) -> Iterable[tuple[str, datetime]]:
    for _, terms in pairs:
        yield from ((one.what, one.at) for one in terms.history)
    yield from (("shared" if one.release else "compelled", one.at) for one in left)
    yield from (("refused", at) for at in refused)


def _refusals(ids: list[bytes]) -> list[datetime]:
    """When something did not leave for want of a release, from the trail."""
    found: list[datetime] = []
    for part in chunks(ids):
        mine = select(TrailSubject.seq).where(TrailSubject.client_id.in_(part))
        found += db.session.scalars(select(Trail.at).where(Trail.act == REFUSED, Trail.seq.in_(mine)))
    return found


def _line(terms: Terms, row: Release, left: list[Shared], zone: ZoneInfo, day: date) -> Line:
    return Line(
        month=terms.history[0].at.astimezone(zone).date().replace(day=1),
        state=state(standing(terms), day),
        days=(terms.expires - terms.starts).days,
        items=len(terms.items),
        signer=terms.signer,
        signed=() if missing_signatures(standing(terms)) else tuple(one.how for one in terms.signatures),
        risks_discussed=terms.risks_discussed,
        not_abuser=terms.not_abuser,
        interpreted=bool(terms.interpreter),
        extended=sum(one.what == "extended" for one in terms.history),
        shared=sum(one.release == row.id for one in left),
        told=terms.recipient_told,
    )


def _uncovered(pairs: list[tuple[Release, Terms]], left: list[Shared]) -> int:
    """Disclosures that their release, as it stands here, does not cover: always nought unless somebody tampered.

    What a court or a law compelled left under none, and is counted by itself.
    """
    terms, under_one = {row.id: one for row, one in pairs}, [shared for shared in left if shared.release]
    return sum(one.release not in terms or not set(one.items) <= set(terms[one.release].items) for one in under_one)
