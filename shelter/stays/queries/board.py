"""The bed board: every bed of a site on one night, with whoever the reader may know in it.

One query brings beds, days and holds, one more those in no bed yet; names of all sites are opened in one batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, false, func, or_, select, union_all

from shelter.clients import scope
from shelter.clients.models import DESK_CARD, Client, DeskCard, client_subject
from shelter.db import db
from shelter.db.sections import SealedRow, Section, open_rows
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.roles import Role
from shelter.rules.clock import now
from shelter.stays.models import ROOM, Bed, BedOut, Hold, Room, Stay, StayBed, Unit
from shelter.stays.queries.residents import SiteNow, sites_now
from shelter.trail.record import note_read

AHEAD = timedelta(days=14)
"""How far ahead the board looks for whoever comes next into a bed."""
MOST_UNASSIGNED = 50
_NO_BED = StayBed.bed_number.is_(None)


@dataclass(frozen=True, slots=True)
class Sleeper:
    """Somebody in a bed as the desk knows her; `back_day` while she is on agreed leave."""

    stay_id: bytes
    code: str
    name: str
    allergies: str
    alerts: tuple[str, ...]
    needs: tuple[str, ...]
    from_day: date
    until_day: date | None
    expected_exit: date | None
    back_day: date | None
    back_by: str
    party: int


@dataclass(slots=True)
class BedNight:
    """One bed on one night. State: free, held, taken, leave, cleaning or out; `sleeper` only if the reader may know."""

    id: bytes
    number: int
    label: str
    kind: str
    offers: tuple[str, ...]
    room: str
    state: str = "free"
    sleeper: Sleeper | None = None
    minutes_held: int = 0
    out_reason: str = ""
    out_until: date | None = None
    next_day: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Beds of a site on one night; `taken` includes beds whose person is on leave."""

    beds: int
    taken: int
    free: int
    held: int
    cleaning: int
    out: int

    @classmethod
    def of(cls, beds: Sequence[BedNight]) -> "Counts":
        states = [bed.state for bed in beds]
        taken = states.count("taken") + states.count("leave")
        many = {state: states.count(state) for state in ("free", "held", "cleaning", "out")}
        return cls(beds=len(states), taken=taken, **many)


@dataclass(frozen=True, slots=True)
class RoomNight:
    name: str
    beds: list[BedNight]


@dataclass(frozen=True, slots=True)
class SiteNight:
    """A site's board. `tonight` says that `day` is the night now; `unassigned` counts people in no bed yet."""

    id: bytes
    code_name: str
    day: date
    tonight: bool
    counts: Counts
    rooms: list[RoomNight]
    unassigned: int = 0
    without_bed: list[Sleeper] = field(default_factory=list)

    @property
    def beds(self) -> list[BedNight]:
        return [bed for room in self.rooms for bed in room.beds]


def board(actor: Actor, day: date | None = None, *, printed: bool = False) -> list[SiteNight]:
    """The boards of the sites where she works, tonight's or those of another night."""
    require(actor, Act.BEDS_SEE)
    sites = sites_now(actor.sites, actor.front)
    days = {site.id: day or site.night.night for site in sites}
    rows = _bed_rows(actor, days)
    loose = _loose_rows(actor, days)
    people = _opened(actor, [row for row in (*rows, *loose) if row.known and _is_on(row, days[row.site_id])], printed)
    beds = _beds(rows, sites, days, people)
    waiting = _without_bed(loose, days, people)
    many = _how_many_loose(days)
    return [_site_night(site, days[site.id], beds.get(site.id, {}), waiting, many) for site in sites]


def counts(actor: Actor, day: date | None = None) -> list[tuple[SiteNow, date, Counts]]:
    """Exact counts of beds a site, and no row about anybody: all sites for a director, else her own."""
    require(actor, Act.BEDS_COUNT)
    sites = sites_now(None if actor.has(Role.DIRECTOR) else actor.sites, actor.front)
    days = {site.id: day or site.night.night for site in sites}
    beds = _beds(_bed_rows(None, days), sites, days, {})
    found = []
    for site in sites:
        rooms = beds.get(site.id, {})
        found.append((site, days[site.id], Counts.of([bed for room in rooms.values() for bed in room.values()])))
    return found


# -- what the database is asked --------------------------------------------------------


def _rows_of_days(first: date, last: date, number: ColumnElement[bool]) -> Subquery:
    """Rows of days that touch [first, last]: the open ones by their own small index, the others by their end."""
    columns = (StayBed.bed_number, StayBed.stay_id, StayBed.from_day, StayBed.until_day)
    near = (number, StayBed.from_day <= last)
    still = select(*columns).where(StayBed.until_day.is_(None), *near)
    ending = select(*columns).where(StayBed.until_day > first, StayBed.until_day > StayBed.from_day, *near)
    return union_all(still, ending).subquery("days")


def _known(actor: Actor | None) -> ColumnElement[bool]:
    return scope.scope(actor, Act.RESIDENTS_SEE) if actor else false()


def _person_columns(actor: Actor | None) -> tuple[Any, ...]:
    return (
        Stay.id.label("stay_id"),
        Stay.party_id,
        Stay.room,
        Stay.room_version,
        Client.id.label("client_id"),
        Client.code,
        Client.desk_card,
        Client.desk_card_version,
        _known(actor).label("known"),
    )


def _bed_rows(actor: Actor | None, days: dict[bytes, date]) -> Sequence[Any]:
    if not days:
        return []
    first, last = min(days.values()), max(days.values())
    stays = _rows_of_days(first, last + AHEAD, StayBed.bed_number.is_not(None))
    out = and_(
        BedOut.bed_id == Bed.id, BedOut.from_day <= last, or_(BedOut.until_day.is_(None), BedOut.until_day > first)
    )
    query: Select[Any] = (
        select(
            Bed.id,
            Bed.number,
            Bed.label,
            Bed.kind,
            Bed.offers,
            Bed.site_id,
            Bed.from_day.label("bed_from"),
            Bed.until_day.label("bed_until"),
            Unit.name.label("room_name"),
            stays.c.from_day,
            stays.c.until_day,
            Hold.until.label("held_until"),
            BedOut.reason,
            BedOut.from_day.label("out_from"),
            BedOut.until_day.label("out_until"),
            *_person_columns(actor),
        )
        .join(Unit, Unit.id == Bed.unit_id)
        .outerjoin(stays, stays.c.bed_number == Bed.number)
        .outerjoin(Stay, Stay.id == stays.c.stay_id)
        .outerjoin(Client, Client.id == Stay.client_id)
        .outerjoin(Hold, and_(Hold.bed_id == Bed.id, Hold.until > now()))
        .outerjoin(BedOut, out)
        .where(Bed.site_id.in_(days))
        .order_by(Unit.position, Unit.name, Bed.label, Bed.number, stays.c.from_day)
    )
    return db.session.execute(query).all()


def _loose_rows(actor: Actor, days: dict[bytes, date]) -> Sequence[Any]:
    """People in the unassigned bed, whom the reader may know: as many as fit a page."""
    stays, here = _loose(days)
    query = select(Stay.site_id, stays.c.from_day, stays.c.until_day, *_person_columns(actor))
    joined = query.join(stays, stays.c.stay_id == Stay.id).join(Client, Client.id == Stay.client_id)
    known = joined.where(here, _known(actor)).order_by(stays.c.from_day.desc(), Stay.id)
    return db.session.execute(known.limit(MOST_UNASSIGNED)).all()


def _how_many_loose(days: dict[bytes, date]) -> dict[bytes, int]:
    stays, here = _loose(days)
    query = select(Stay.site_id, func.count()).join(stays, stays.c.stay_id == Stay.id).where(here)
    return {row.site_id: row[1] for row in db.session.execute(query.group_by(Stay.site_id))}


def _loose(days: dict[bytes, date]) -> tuple[Subquery, ColumnElement[bool]]:
    """Rows of days in no bed, and the condition that they cover the night asked for at their site."""
    today = date.max
    stays = _rows_of_days(min(days.values(), default=today), max(days.values(), default=today), _NO_BED)
    on_day = [
        and_(Stay.site_id == site, stays.c.from_day <= day, or_(stays.c.until_day.is_(None), stays.c.until_day > day))
        for site, day in days.items()
    ]
    return stays, or_(false(), *on_day)


# -- what the page is given -------------------------------------------------------------


def _is_on(row: Any, day: date) -> bool:
    return row.from_day is not None and row.from_day <= day and (row.until_day is None or row.until_day > day)


@dataclass(frozen=True, slots=True)
class _Person:
    card: DeskCard
    room: Room


def _opened(actor: Actor, rows: Iterable[Any], printed: bool) -> dict[bytes, _Person]:
    """Desk cards and rooms by stay, opened in one batch each; the reads are noted."""
    wanted = list({row.stay_id: row for row in rows}.values())
    if not wanted:
        return {}
    cards = [SealedRow(r.client_id, client_subject(r.client_id), r.desk_card_version, r.desk_card) for r in wanted]
    rooms = [SealedRow(r.stay_id, client_subject(r.client_id), r.room_version, r.room) for r in wanted]
    note_read(actor, Act.BEDS_PRINT if printed else Act.RESIDENTS_SEE, {row.client_id for row in wanted})
    opened = zip(wanted, _open(actor, cards, DESK_CARD), _open(actor, rooms, ROOM), strict=True)
    return {row.stay_id: _Person(card or DeskCard(), room or Room()) for row, card, room in opened}


def _open(actor: Actor, rows: list[SealedRow], section: Section[Any]) -> list[Any]:
    return open_rows(actor, rows, section)


def _beds(
    rows: Sequence[Any], sites: list[SiteNow], days: dict[bytes, date], people: dict[bytes, _Person]
) -> dict[bytes, dict[str, dict[bytes, BedNight]]]:
    """Beds by site, room and id, in the order of the board."""
    parties = _party_sizes(rows, days)
    found: dict[bytes, dict[str, dict[bytes, BedNight]]] = {}
    at = now()
    tonight = {site.id for site in sites if site.night.first <= days[site.id] <= site.night.last}
    for row in rows:
        day = days[row.site_id]
        if not (_stands(row, day) or _is_on(row, day)):
            continue
        room = found.setdefault(row.site_id, {}).setdefault(row.room_name, {})
        if row.id not in room:
            room[row.id] = BedNight(row.id, row.number, row.label, row.kind, tuple(row.offers.split()), row.room_name)
        _who(room[row.id], row, day, people, parties)
        _whether_free(room[row.id], row, day, at if row.site_id in tonight else None)
    return found


def _stands(row: Any, day: date) -> bool:
    """Whether the bed is on the board that night; one that somebody sleeps in always is."""
    return (row.bed_from is None or row.bed_from <= day) and (row.bed_until is None or row.bed_until > day)


def _party_sizes(rows: Iterable[Any], days: dict[bytes, date]) -> dict[bytes, int]:
    members: dict[bytes, set[bytes]] = {}
    for row in rows:
        if _is_on(row, days[row.site_id]):
            members.setdefault(row.party_id, set()).add(row.stay_id)
    return {party: len(stays) for party, stays in members.items()}


def _who(bed: BedNight, row: Any, day: date, people: dict[bytes, _Person], parties: dict[bytes, int]) -> None:
    """What one joined row says of who sleeps in the bed, or comes into it next."""
    if _is_on(row, day):
        person = people.get(row.stay_id)
        bed.sleeper = _sleeper(row, person, day, parties) if person else None
        bed.state = "leave" if bed.sleeper and bed.sleeper.back_day else "taken"
    elif row.from_day is not None and row.from_day > day:
        bed.next_day = min(bed.next_day or row.from_day, row.from_day)


def _whether_free(bed: BedNight, row: Any, day: date, at: datetime | None) -> None:
    """Being slept in wins over being out, and that over being held; a hold is for the night of `at` only."""
    if bed.state in ("taken", "leave"):
        return
    if row.reason and row.out_from <= day and (row.out_until is None or row.out_until > day):
        bed.state = "cleaning" if row.reason == "cleaning" else "out"
        bed.out_reason, bed.out_until = row.reason, row.out_until
    elif row.held_until and at and bed.state == "free":
        bed.state = "held"
        bed.minutes_held = max(1, int((row.held_until - at).total_seconds()) // 60)


def _sleeper(row: Any, person: _Person, day: date, parties: dict[bytes, int]) -> Sleeper:
    away = next((one for one in person.room.away if one.from_day <= day < one.back_day), None)
    card = person.card
    return Sleeper(
        stay_id=row.stay_id,
        code=row.code,
        name=card.working_name or card.hmis_personal_id,
        allergies=card.allergies,
        alerts=tuple(card.alerts),
        needs=tuple(card.room_needs),
        from_day=row.from_day,
        until_day=row.until_day,
        expected_exit=person.room.expected_exit,
        back_day=away.back_day if away else None,
        back_by=f"{away.back_by:%H:%M}" if away and away.back_by else "",
        party=parties.get(row.party_id, 1),
    )


def _without_bed(
    rows: Iterable[Any], days: dict[bytes, date], people: dict[bytes, _Person]
) -> dict[bytes, list[Sleeper]]:
    found: dict[bytes, list[Sleeper]] = {}
    for row in rows:
        if row.stay_id in people:
            found.setdefault(row.site_id, []).append(_sleeper(row, people[row.stay_id], days[row.site_id], {}))
    return found


def _site_night(
    site: SiteNow,
    day: date,
    rooms: dict[str, dict[bytes, BedNight]],
    waiting: dict[bytes, list[Sleeper]],
    many: dict[bytes, int],
) -> SiteNight:
    nights = [RoomNight(name, list(beds.values())) for name, beds in rooms.items()]
    return SiteNight(
        id=site.id,
        code_name=site.code_name,
        day=day,
        tonight=day == site.night.night,
        counts=Counts.of([bed for room in nights for bed in room.beds]),
        rooms=nights,
        unassigned=many.get(site.id, 0),
        without_bed=waiting.get(site.id, []),
    )
