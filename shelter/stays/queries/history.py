"""One person's stays with their nights, and what the forms about a stay are made from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, exists, or_, select

from shelter.accounts.queries import my_sites, names_of
from shelter.clients import scope
from shelter.clients.models import DESK_CARD, Client, DeskCard, HouseholdMember
from shelter.clients.queries import PersonCard, card
from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.errors import Missing
from shelter.db.sections import open_rows, row_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide, require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.nights import NightRule, StayDays, night_rules, nights, working
from shelter.rules.staydays import Night, day_of_arrival, each_day, night_at
from shelter.rules.wording import Step
from shelter.stays.models import (
    CORRECTION,
    LEAVING,
    ROOM,
    Away,
    Bed,
    BedOut,
    Correction,
    Hold,
    Leaving,
    Room,
    Stay,
    StayBed,
    StayCorrection,
    StayExit,
    Unit,
)
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


@dataclass(frozen=True, slots=True)
class FreeBed:
    """A bed that can be offered, with the hold to be used up where it is held."""

    id: bytes
    site: str
    room: str
    label: str
    kind: str
    offers: tuple[str, ...]
    hold: bytes | None = None


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
    views = [
        _view(stay, site, rows[stay.id], room or Room(), leavings.get(stay.id), corrections.get(stay.id, ()))
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
) -> StayView:
    night = night_at(now(), site.zone, site.night_begins)
    leave = frozenset(day for away in room.away for day in each_day(away.from_day, away.back_day))
    entry, exit_day = rows[0].from_day, rows[-1].until_day
    recorded = each_day(entry, exit_day or night.last + DAY) - leave
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
    """The rules, the house's own first; the nights of the board are the recorded bed nights."""
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


def free_beds(actor: Actor, day: date | None = None) -> list[FreeBed]:
    """Beds of her sites that are free from that day (None: tonight) on; held ones say so."""
    require(actor, Act.BEDS_SEE)
    sites = {site.id: site for site in db.session.scalars(select(Site).where(Site.id.in_(actor.sites)))}
    return _offered(sites, _not_taken(list(sites), day or default_day(actor)))


def beds_then(actor: Actor, site: bytes, row: Days) -> list[FreeBed]:
    """Beds of a site in which nobody slept on the days of a row, the one she had first."""
    require(actor, Act.BEDS_SEE)
    sites = {one.id: one for one in db.session.scalars(select(Site).where(Site.id.in_(actor.sites), Site.id == site))}
    had = [bed_of(actor, row.bed_id)] if row.bed_id else []
    return [*had, *_offered(sites, _not_taken(list(sites), row.from_day, row.until_day))]


def _offered(sites: dict[bytes, Site], query: Select[Bed, str, bytes]) -> list[FreeBed]:
    found = []
    for bed, room, kept in db.session.execute(query):
        offers = tuple(bed.offers.split())
        place = (sites[bed.site_id].code_name, room, bed.label, bed.kind, offers)
        found.append(FreeBed(bed.id, *place, hold=kept))
    return found


def _not_taken(sites: list[bytes], day: date, until: date | None = None) -> Select[Bed, str, bytes]:
    taken = exists().where(
        StayBed.bed_number == Bed.number,
        or_(StayBed.until_day.is_(None), and_(StayBed.until_day > day, StayBed.until_day > StayBed.from_day)),
        StayBed.from_day < (until or date.max),
    )
    out = exists().where(
        BedOut.bed_id == Bed.id, BedOut.from_day <= day, or_(BedOut.until_day.is_(None), BedOut.until_day > day)
    )
    on_board = and_(or_(Bed.from_day.is_(None), Bed.from_day <= day), or_(Bed.until_day.is_(None), Bed.until_day > day))
    return (
        select(Bed, Unit.name, Hold.id)
        .join(Unit, Unit.id == Bed.unit_id)
        .outerjoin(Hold, and_(Hold.bed_id == Bed.id, Hold.until > now()))
        .where(Bed.site_id.in_(sites), ~taken, ~out, on_board)
        .order_by(Unit.position, Unit.name, Bed.label, Bed.number)
    )


def hold_on(actor: Actor, bed_id: bytes) -> bytes | None:
    """The living hold on a bed, which a form made now may use up. Raises `Missing` for a bed of another site."""
    require(actor, Act.BEDS_SEE)
    bed = bed_of(actor, bed_id)
    return db.session.scalar(select(Hold.id).where(Hold.bed_id == bed.id, Hold.until > now()))


def bed_of(actor: Actor, bed_id: bytes) -> FreeBed:
    """A bed of one of her sites."""
    require(actor, Act.BEDS_SEE)
    query = select(Bed, Unit.name, Site.code_name).join(Unit, Unit.id == Bed.unit_id).join(Site, Site.id == Bed.site_id)
    row = db.session.execute(query.where(Bed.id == bed_id, Bed.site_id.in_(actor.sites))).first()
    if row is None:
        raise Missing
    bed, room, site = row
    return FreeBed(bed.id, site, room, bed.label, bed.kind, tuple(bed.offers.split()))


def default_day(actor: Actor) -> date:
    """The day to offer for an arrival now at the first of her sites; at none of them, as the agency's clock has it."""
    sites = my_sites(actor)
    place = sites[0] if sites else the_agency()
    return day_of_arrival(now(), place.zone, place.night_begins) if place else now().date()


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
