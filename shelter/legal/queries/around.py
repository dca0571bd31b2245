"""What stands around a matter as it is read: certifications, the family tree, trips against continuous presence."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import open_section, row_of
from shelter.lawbook import queries as lawbook
from shelter.legal import reckoning
from shelter.legal.models import ASKS, DATES, FAMILY, TEXT, Ask, Due, Family, Journey, Matter, Member
from shelter.legal.queries.matters import readable, row_in
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.certifiers import Certifier, held_on
from shelter.rules.deadlines import AbsenceLimit, Absences
from shelter.rules.matters import MatterType, Stage
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class AskView:
    """`waiting` is the open date of its answer, `last_day` the safe last day of what was signed."""

    now: Ask
    certifier: Certifier | None
    waiting: Due | None
    last_day: Due | None
    lapsed: bool

    @property
    def may_ask_again(self) -> bool:
        return self.now.again is None


@dataclass(frozen=True, slots=True)
class MemberView:
    """`counted_on` is the day whose age counts: the frozen one, else today."""

    now: Member
    stage: Stage | None
    age: int | None
    counted_on: date
    turns_21: date | None
    earlier: tuple[Member, ...]
    presence: Absences | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Her own trips that stand in her other matters, each with the code it stands under. `unread` are codes of hers
    with a matter whose trips the reader cannot open: what is counted here is less than she was away.
    """

    trips: tuple[tuple[str, Journey], ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def journeys(self) -> tuple[Journey, ...]:
        return tuple(one for _, one in self.trips)


@dataclass(frozen=True, slots=True)
class Around:
    kind: MatterType
    asks: tuple[AskView, ...]
    members: tuple[MemberView, ...]
    journeys: tuple[Journey, ...]
    elsewhere: Elsewhere
    presence: Absences | None
    limit: AbsenceLimit | None
    names: dict[bytes, str]
    today: date

    def ask(self, ask_id: bytes) -> AskView:
        """Raises `Missing`."""
        for one in self.asks:
            if one.now.id == ask_id:
                return one
        raise Missing

    def line(self, ask_id: bytes) -> list[Ask]:
        """It and what was asked again after it, one after another. Raises `Missing`."""
        return reckoning.line_of([one.now for one in self.asks], ask_id)

    def member(self, member_id: bytes) -> MemberView:
        """Raises `Missing`."""
        for one in self.members:
            if one.now.id == member_id:
                return one
        raise Missing

    def journey(self, journey_id: bytes) -> Journey:
        """Raises `Missing`."""
        for one in self.journeys:
            if one.id == journey_id:
                return one
        raise Missing


def around(actor: Actor, code: str, matter_id: bytes) -> Around:
    """Raises `Missing` for a matter of somebody else."""
    client, _ = readable(actor, code)
    row = row_in(client, matter_id)
    text, today = open_section(actor, row, TEXT), agency_today()
    if text is None:
        raise Missing
    kind = lawbook.matter_type(text.type)
    asks, dates = open_section(actor, row, ASKS), open_section(actor, row, DATES)
    family = open_section(actor, row, FAMILY) or Family()
    known = dates.dates if dates else []
    away = elsewhere(actor, client, matter_id) if reckoning.limit_of(kind) else Elsewhere()
    return Around(
        kind=kind,
        asks=tuple(_ask(ask, known, today) for ask in reversed(asks.asks if asks else [])),
        members=tuple(_member(kind, family, one, today) for one in family.members),
        journeys=tuple(sorted(family.journeys, key=lambda one: one.left, reverse=True)),
        elsewhere=away,
        presence=reckoning.presence_of(kind, family, None, today, away.journeys),
        limit=reckoning.limit_of(kind),
        names=names_of(actor, _writers(asks.asks if asks else [], family)),
        today=today,
    )


def elsewhere(actor: Actor, client: Client, matter_id: bytes) -> Elsewhere:
    """The law counts her days away, not a file's: in every matter of hers, under each code that is hers since records
    were joined."""
    one_person = client.merged_into or client.id
    hers = or_(Client.id == one_person, Client.merged_into == one_person)
    others = select(Matter, Client.code).join(Client, Client.id == Matter.client_id).where(hers, Matter.id != matter_id)
    mine = scope.scope(actor, Act.MATTERS_READ)
    rows = db.session.execute(others.where(mine)).all()
    closed = db.session.execute(others.where(~mine)).all()
    opened = open_each(actor, [row_of(row.Matter, FAMILY) for row in rows], FAMILY)
    note_read(actor, Act.MATTERS_READ, {row.Matter.client_id for row in rows})
    unread = {row.code for row in rows if row.Matter.id in opened.broken} | {row.code for row in closed}
    pairs = zip(rows, opened.values, strict=True)
    found = ((row.code, one) for row, family in pairs if family for one in family.journeys)
    trips = sorted(((code, one) for code, one in found if one.member is None and not one.withdrawn), key=_left)
    return Elsewhere(tuple(trips), tuple(sorted(unread)))


def _left(trip: tuple[str, Journey]) -> tuple[date, str]:
    return trip[1].left, trip[0]


def _writers(asks: list[Ask], family: Family) -> set[bytes]:
    """Everybody who entered something of what stands around."""
    found = {ask.by for ask in asks} | {ask.answered_by for ask in asks} | {one.by for ask in asks for one in ask.said}
    found |= {one.by for one in family.members} | {one.changed_by for one in family.journeys}
    found |= {one.by for one in family.journeys}
    return found - {b""}


def _ask(ask: Ask, known: list[Due], today: date) -> AskView:
    dates = reckoning.dates_of(ask, known)
    still = [due for due in dates if due.end is None]
    versions = lawbook.certifiers().get(ask.certifier, ())
    last = next((due for due in reversed(dates) if due.kind == "due"), None)
    return AskView(
        now=ask,
        certifier=held_on(versions, ask.asked_on) if versions else None,
        waiting=next((due for due in still if due.kind in {"answer", "remind"}), None),
        last_day=last,
        lapsed=ask.answer == "lapsed" or (last is not None and last.end is None and last.day < today),
    )


def _member(kind: MatterType, family: Family, one: Member, today: date) -> MemberView:
    counted = one.frozen_on or today
    turns = reckoning.birthday(one.born, 21) if one.born else None
    stages = {stage.code: stage for stage in reckoning.kin_stages(kind, lawbook.matter_types())}
    return MemberView(
        now=one,
        stage=stages.get(one.stage),
        age=reckoning.years_old(one.born, counted) if one.born else None,
        counted_on=counted,
        turns_21=turns if turns and one.frozen_on is None and turns > today else None,
        earlier=tuple(before for before in reversed(family.earlier) if before.id == one.id),
        presence=reckoning.presence_of(kind, family, one.id, today),
    )
