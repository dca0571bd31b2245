"""One person's stays with their nights, and what the forms about a stay are made from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import DESK_CARD, Client, DeskCard, HouseholdMember
from shelter.clients.queries import PersonCard, card
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Missing
from shelter.db.sections import open_rows, row_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide, require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.nights import NightRule, StayDays, night_rules, nights, working
from shelter.rules.staydays import Night, each_day, night_at
from shelter.rules.wording import Step
from shelter.stays.models import (
    CORRECTION,
    LEAVING,
    ROOM,
    Away,
    Bed,
    Correction,
    Leaving,
    Room,
    Stay,
    StayBed,
    StayCorrection,
    StayExit,
    Unit,
)
from shelter.stays.queries.seen import nights_seen
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import note_read

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """One row of days; `place` is "" for the unassigned bed."""

    id: bytes
    bed_id: bytes | None
    place: str
    from_day: date
    until_day: date | None

    @property
    def slept(self) -> bool:
        """Whether a night was slept there; a bed given and changed on one day stays in the history, empty."""
        return self.until_day is None or self.until_day > self.from_day


@dataclass(frozen=True, slots=True)
class Counted:
    """A stay's nights by one funder's rule, with the working."""

    rule: NightRule
    nights: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class StayView:
    """A stay as its history shows it; `counted` begins with the house's own count."""

    id: bytes
    site_id: bytes
    site: str
    state: str
    version: int
    rows: tuple[Days, ...]
    room: Room
    room_version: int
    leaving: Leaving | None
    corrections: tuple[Correction, ...]
    counted: tuple[Counted, ...]
    today: date
    here: bool

    @property
    def arrived(self) -> date:
        return self.rows[0].from_day

    @property
    def last(self) -> Days:
        return self.rows[-1]

    @property
    def until(self) -> date | None:
        return self.last.until_day

    @property
    def nights(self) -> int:
        return self.counted[0].nights

    def bed_days(self, row: bytes) -> Days:
        """One of its rows of days. Raises `Missing`."""
        found = next((one for one in self.rows if one.id == row), None)
        if found is None:
            raise Missing
        return found

    @property
    def away(self) -> Away | None:
        """The agreed nights away that are not over."""
        return next((one for one in self.room.away if one.back_day > self.today), None)


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody of her household, named as the desk names her."""

    id: bytes
    code: str
    name: str


def stays_of(actor: Actor, code: str) -> tuple[PersonCard, list[StayView]]:
    """Her stays, newest first. Raises `Missing` outside the reader's scope."""
    client = _person(actor, code)
    return card(actor, client), views_of(actor, client)


def stay_of(actor: Actor, code: str, stay_id: bytes) -> tuple[PersonCard, StayView]:
    """One of her stays; both the code and the id must fit."""
    client = _person(actor, code)
    found = [one for one in views_of(actor, client) if one.id == stay_id]
    if not found:
        raise Missing
    return card(actor, client), found[0]


def person(actor: Actor, code: str) -> PersonCard:
    """The head of a page about somebody who may get a bed."""
    return card(actor, _person(actor, code))


def require_known(actor: Actor, code: str) -> None:
    """Raises Broken for a code that is not open to her: on a form it is a slip, not a page that is gone."""
    try:
        _person(actor, code)
    except Missing:
        raise Broken("stays.no_such_code", "code") from None


def _person(actor: Actor, code: str) -> Client:
    client = scope.get_by_code(actor, Act.STAYS_READ, code)
    decision = require(actor, Act.STAYS_READ, scope.facts_of(client))
    note_read(actor, Act.STAYS_READ, [client.id], decision.clause)
    return client


def views_of(actor: Actor, client: Client) -> list[StayView]:
    """The stays of a client the reader has already been let near, newest first."""
    query = select(Stay, Site).join(Site, Site.id == Stay.site_id)
    found = db.session.execute(query.where(Stay.client_id == client.id, Stay.state != "undone")).all()
    stays = [stay for stay, _ in found]
    rows = _rows_of([stay.id for stay in stays])
    rooms = open_rows(actor, [row_of(stay, ROOM) for stay in stays], ROOM)
    leavings, corrections = _leavings(actor, client, stays), _corrections(actor, stays)
    seen = nights_seen(actor, client, [stay.site_id for stay in stays])
    views = [
        _view(stay, site, rows[stay.id], room or Room(), leavings.get(stay.id), corrections.get(stay.id, ()), seen)
        for (stay, site), room in zip(found, rooms, strict=True)
        if stay.id in rows
    ]
    return sorted(views, key=lambda one: (one.arrived, one.id), reverse=True)


def _rows_of(stay_ids: list[bytes]) -> dict[bytes, list[Days]]:
    query = (
        select(StayBed.stay_id, StayBed.id, StayBed.from_day, StayBed.until_day, Bed.id, Unit.name, Bed.label)
        .outerjoin(Bed, Bed.number == StayBed.bed_number)
        .outerjoin(Unit, Unit.id == Bed.unit_id)
        .where(StayBed.stay_id.in_(stay_ids))
        .order_by(StayBed.from_day, StayBed.until_day.is_(None), StayBed.until_day)
    )
    found: dict[bytes, list[Days]] = {}
    for stay_id, row_id, from_day, until_day, bed_id, unit, label in db.session.execute(query):
        place = f"{unit}, {label}" if bed_id else ""
        found.setdefault(stay_id, []).append(Days(row_id, bed_id, place, from_day, until_day))
    return found


def _leavings(actor: Actor, client: Client, stays: list[Stay]) -> dict[bytes, Leaving]:
    """How her stays ended, for those who may read plans; the desk holds no key of it."""
    if not decide(actor, Act.PLANS_READ, scope.facts_of(client)).allowed:
        return {}
    exits = list(db.session.scalars(select(StayExit).where(StayExit.stay_id.in_([stay.id for stay in stays]))))
    if exits:
        note_read(actor, Act.PLANS_READ, [client.id])
    opened = open_rows(actor, [row_of(one, LEAVING) for one in exits], LEAVING)
    return {one.stay_id: words for one, words in zip(exits, opened, strict=True) if words}


def _corrections(actor: Actor, stays: list[Stay]) -> dict[bytes, tuple[Correction, ...]]:
    """How the days of her stays were put right, in order."""
    query = select(StayCorrection).where(StayCorrection.stay_id.in_([stay.id for stay in stays]))
    rows = list(db.session.scalars(query))
    found: dict[bytes, tuple[Correction, ...]] = {}
    opened = zip(rows, open_rows(actor, [row_of(row, CORRECTION) for row in rows], CORRECTION), strict=True)
    for row, words in sorted(((row, words) for row, words in opened if words), key=lambda pair: pair[1].at):
        found[row.stay_id] = (*found.get(row.stay_id, ()), words)
    return found


def _view(
    stay: Stay,
    site: Site,
    rows: list[Days],
    room: Room,
    leaving: Leaving | None,
    corrections: tuple[Correction, ...],
    seen: dict[bytes, frozenset[date]],
) -> StayView:
    night = night_at(now(), site.zone, site.night_begins)
    leave = frozenset(day for away in room.away for day in each_day(away.from_day, away.back_day))
    entry, exit_day = rows[0].from_day, rows[-1].until_day
    recorded = seen.get(site.id, each_day(entry, exit_day or night.last + DAY) - leave)
    days = StayDays(entry=entry, exit=exit_day, bed_nights=recorded, leave=leave)
    return StayView(
        id=stay.id,
        site_id=stay.site_id,
        site=site.code_name,
        state=stay.state,
        version=stay.days_version,
        rows=tuple(rows),
        room=room,
        room_version=stay.room_version,
        leaving=leaving,
        corrections=corrections,
        counted=tuple(_counted(rule, days, night) for rule in _rules()),
        today=night.today,
        here=any(night.covers(one.from_day, one.until_day) for one in rows),
    )


def _rules() -> list[NightRule]:
    """The rules, the house's own first; where no roll counts for HMIS, the nights of the board are the bed nights."""
    return sorted(night_rules().values(), key=lambda rule: (rule.code != "house", rule.code))


def _counted(rule: NightRule, days: StayDays, night: Night) -> Counted:
    until = max(night.night, days.entry)
    return Counted(rule, nights(rule, days, days.entry, until), working(rule, days, days.entry, until))


# -- what a form is made from --------------------------------------------------------


def companions(actor: Actor, code: str) -> list[Companion]:
    """Her household without a stay tonight: whom she may bring along."""
    client = _person(actor, code)
    mine = select(HouseholdMember.household_id).where(HouseholdMember.client_id == client.id)
    here = exists().where(Stay.client_id == Client.id, StayBed.stay_id == Stay.id, StayBed.until_day.is_(None))
    query = (
        select(Client)
        .join(HouseholdMember, HouseholdMember.client_id == Client.id)
        .where(HouseholdMember.household_id.in_(mine), Client.id != client.id, ~here)
    )
    return _named(actor, query.distinct())


def household_here(actor: Actor, code: str) -> list[Companion]:
    """Those of her household who are here now, whom she may join."""
    client = _person(actor, code)
    mine = select(HouseholdMember.household_id).where(HouseholdMember.client_id == client.id)
    here = exists().where(Stay.client_id == Client.id, Stay.state == "open")
    query = (
        select(Client)
        .join(HouseholdMember, HouseholdMember.client_id == Client.id)
        .where(HouseholdMember.household_id.in_(mine), Client.id != client.id, here)
    )
    return _named(actor, query.distinct())


def party(actor: Actor, code: str, stay: StayView) -> list[Companion]:
    """Those who came with her and have no day of leaving yet."""
    client = _person(actor, code)
    together = select(Stay.party_id).where(Stay.id == stay.id)
    query = (
        select(Client)
        .join(Stay, Stay.client_id == Client.id)
        .where(Stay.party_id.in_(together), Stay.state == "open", Client.id != client.id)
    )
    return _named(actor, query.distinct())


def _named(actor: Actor, query: Select[Client]) -> list[Companion]:
    """Those among the clients of a query whose stays she may write, with their working names."""
    clients = list(db.session.scalars(query.where(scope.scope(actor, Act.STAYS_WRITE))))
    note_read(actor, Act.RESIDENTS_SEE, [client.id for client in clients])
    cards = open_rows(actor, [row_of(client, DESK_CARD) for client in clients], DESK_CARD)
    named = zip(clients, (one or DeskCard() for one in cards), strict=True)
    return sorted((Companion(one.id, one.code, words.working_name) for one, words in named), key=lambda c: c.code)


def last_change(actor: Actor, code: str) -> tuple[str, datetime]:
    """Who wrote about her last, and when: for a page that shows two people's changes side by side."""
    client = _person(actor, code)
    query = select(Trail.actor_id, Trail.at).join(TrailSubject, TrailSubject.seq == Trail.seq)
    writes = Trail.act.in_([Act.STAYS_WRITE, Act.STAYS_UNDO, Act.ARRIVALS_TAKE])
    row = db.session.execute(
        query.where(TrailSubject.client_id == client.id, writes).order_by(Trail.seq.desc()).limit(1)
    ).first()
    if row is None:
        return "", now()
    names = names_of(actor, {row.actor_id} - {None})
    return names.get(row.actor_id, ""), row.at
