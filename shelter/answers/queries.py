"""Reading the answers of stays, what is due, and what Eva, HUD's checker of exports, would doubt."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select

from shelter.answers.models import ANSWERS, Answers, StayAnswers
from shelter.clients import scope
from shelter.clients.models import Birth, Client
from shelter.clients.queries import PersonCard, agency_today, card
from shelter.clients.queries.card import age_on, identities
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import open_rows, row_of
from shelter.desk.models import MARK, RollMark
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.interview import ANNUAL_WINDOW, Question, Stage, interview, next_annual
from shelter.rules.rollcall import Seen, seen_now
from shelter.stays.models import LEAVING, Stay, StayBed, StayExit
from shelter.stays.queries import night_by_night
from shelter.trail.record import note_read

LATE = timedelta(days=30)
"""Answers of an exit are asked for this long after it; later nobody would remember."""
LONG_STAY = timedelta(days=365)
CHILD_ALONE = 12
VIOLENCE = "survivor"
"""The question of element 4.11."""


@dataclass(frozen=True, slots=True)
class AnswersView:
    id: bytes
    version: int
    words: Answers


@dataclass(frozen=True, slots=True)
class StayView:
    """A stay with its interviews in order, and the stages that are due."""

    id: bytes
    arrived: date
    left: date | None
    answers: tuple[AnswersView, ...]
    due: tuple["Due", ...]
    head: bool
    ages: tuple[int | None, int | None]
    """Her age when she came and when she left or today, in full years; None where nobody knows it."""

    def asked(self, stage: Stage) -> tuple[Question, ...]:
        """What is asked of her at a stage, and what she answered of it although she is not asked."""
        known = self.of(stage)
        mine = interview().asked(stage, head=self.head, age=self.ages[stage != Stage.ENTRY])
        said = known.words.said if known and stage in (Stage.ENTRY, Stage.EXIT) else frozenset()
        return tuple(one for one in interview().at(stage) if one in mine or one.code in said)

    def of(self, stage: Stage) -> AnswersView | None:
        """The newest answers of a stage."""
        return next((one for one in reversed(self.answers) if one.words.stage == stage), None)


@dataclass(frozen=True, slots=True)
class Due:
    """Answers that are asked for: of which stay and stage, from which day on."""

    client: bytes
    stay: bytes
    stage: Stage
    day: date


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that a checker of exports would list: `rule` is a key of the words, `code` whose record it is in."""

    rule: str
    code: str
    day: date | None


def answers_of(actor: Actor, code: str) -> tuple[PersonCard, list[StayView]]:
    """Her stays with their interviews, newest first. Raises `Missing` outside her scope."""
    client = scope.get_by_code(actor, Act.ANSWERS_WRITE, code)
    note_read(actor, Act.ANSWERS_WRITE, [client.id], scope.allowed(actor, Act.ANSWERS_WRITE, client).clause)
    stays = _stays(Stay.client_id == client.id)
    kept = _kept(actor, [stay.id for stay, _, _ in stays])
    today = agency_today()
    births = _births(actor, [client])
    views = [
        StayView(
            stay.id,
            arrived,
            left,
            tuple(kept.get(stay.id, ())),
            tuple(_due(stay, arrived, left, kept, today)),
            stay.head,
            (_age(births, client.id, arrived), _age(births, client.id, left or today)),
        )
        for stay, arrived, left in stays
    ]
    return card(actor, client), sorted(views, key=lambda one: one.arrived, reverse=True)


def stay_of(actor: Actor, code: str, stay_id: bytes) -> tuple[PersonCard, StayView]:
    head, views = answers_of(actor, code)
    found = next((one for one in views if one.id == stay_id), None)
    if found is None:
        raise Missing
    return head, found


def due(actor: Actor, clients: Collection[bytes], until: date) -> list[Due]:
    """For the first page: which answers are asked for up to a day. The caller decided who may read, and notes it."""
    stays = _stays(Stay.client_id.in_(clients))
    kept = _kept(actor, [stay.id for stay, _, _ in stays])
    lines = [line for stay, arrived, left in stays for line in _due(stay, arrived, left, kept, until)]
    return [line for line in lines if line.day <= until]


def doubts(actor: Actor) -> list[Doubt]:
    """What Eva would list about the stays at her sites that are open or ended within a year."""
    require(actor, Act.NIGHTS_COUNT)
    today = agency_today()
    stays = [
        one
        for one in _stays(Stay.site_id.in_(actor.sites), scope.scope(actor, Act.ANSWERS_WRITE))
        if one[2] is None or one[2] > today - LONG_STAY
    ]
    ids = {stay.client_id for stay, _, _ in stays}
    clients = {one.id: one for one in db.session.scalars(select(Client).where(Client.id.in_(ids)))}
    note_read(actor, Act.ANSWERS_WRITE, ids)
    kept, left_to = _kept(actor, [stay.id for stay, _, _ in stays]), _destinations(actor, [s.id for s, _, _ in stays])
    births = _births(actor, clients.values())
    found = [
        Doubt(rule, clients[stay.client_id].code, arrived)
        for stay, arrived, left in stays
        for rule in _doubted(stay, arrived, left, left_to, today)
    ]
    found += [
        Doubt("no_violence_answer", clients[stay.client_id].code, arrived)
        for stay, arrived, _ in stays
        if arrived <= today
        and _asked_about_violence(stay, _age(births, stay.client_id, arrived))
        and not any(VIOLENCE in one.words.said for one in kept.get(stay.id, ()))
    ]
    nights = _by_night(actor, stays, today)
    ages = {client: _age(births, client, today) for client in births}
    more = (*_of_parties(stays, ages), *_in_two_places(stays), *_in_no_bed(stays), *nights)
    found += [Doubt(rule, clients[stay.client_id].code, day) for rule, stay, day in more]
    return sorted(found, key=lambda one: (one.rule, one.code))


# -- what they share --------------------------------------------------------------------------


_StayDays = tuple[Stay, date, date | None]


def _stays(*where: Any) -> list[_StayDays]:
    """Stays with their first night and day of leaving; of those asked for alone, not of every stay there ever was."""
    asked = select(Stay.id).join(Client, Client.id == Stay.client_id).where(Stay.state != "undone", *where)
    end = func.max(func.coalesce(StayBed.until_day, date.max))
    days = select(StayBed.stay_id, func.min(StayBed.from_day).label("first"), end.label("last"))
    grouped = days.where(StayBed.stay_id.in_(asked)).group_by(StayBed.stay_id).subquery()
    query = select(Stay, grouped.c.first, grouped.c.last).join(grouped, grouped.c.stay_id == Stay.id)
    return [(stay, first, None if last == date.max else last) for stay, first, last in db.session.execute(query)]


def _kept(actor: Actor, stays: Sequence[bytes]) -> dict[bytes, list[AnswersView]]:
    query = select(StayAnswers).where(StayAnswers.stay_id.in_(stays))
    rows = list(db.session.scalars(query, execution_options={"populate_existing": True}))
    opened = open_rows(actor, [row_of(row, ANSWERS) for row in rows], ANSWERS)
    views = [(row, words) for row, words in zip(rows, opened, strict=True) if words]
    found: dict[bytes, list[AnswersView]] = {}
    for row, words in sorted(views, key=lambda pair: (pair[1].on, pair[0].id)):
        found.setdefault(row.stay_id, []).append(AnswersView(row.id, row.answers_version, words))
    return found


def _due(
    stay: Stay, arrived: date, left: date | None, kept: dict[bytes, list[AnswersView]], until: date
) -> Iterable[Due]:
    """Entry once she is here, annual around each anniversary, exit until a month after it: of everybody, for each of
    these stages asks something of children too.
    """
    if arrived > until:
        return
    mine = kept.get(stay.id, [])
    done = {one.words.stage: one.words.on for one in mine}
    if Stage.ENTRY not in done and (left is None or left > until - LATE):
        yield Due(stay.client_id, stay.id, Stage.ENTRY, arrived)
    if left is None:
        asked_from = next_annual(arrived, done.get(Stage.ANNUAL)) - ANNUAL_WINDOW
        if asked_from <= until:
            yield Due(stay.client_id, stay.id, Stage.ANNUAL, asked_from)
    elif Stage.EXIT not in done and until - LATE < left <= until:
        yield Due(stay.client_id, stay.id, Stage.EXIT, left)


def _destinations(actor: Actor, stays: Sequence[bytes]) -> set[bytes]:
    """Stays that say where she went."""
    rows = list(db.session.scalars(select(StayExit).where(StayExit.stay_id.in_(stays))))
    opened = open_rows(actor, [row_of(row, LEAVING) for row in rows], LEAVING)
    return {row.stay_id for row, words in zip(rows, opened, strict=True) if words and words.destination}


def _births(actor: Actor, clients: Iterable[Client]) -> dict[bytes, Birth]:
    return {client: identity.birth for client, identity in identities(actor, list(clients)).items()}


def _age(births: Mapping[bytes, Birth], client: bytes, day: date) -> int | None:
    """Full years on a day; None where nobody knows her year of birth."""
    age = age_on(births[client], day) if client in births else None
    return None if age is None else age.years


def _doubted(
    stay: Stay,
    arrived: date,
    left: date | None,
    left_to: set[bytes],
    today: date,
) -> Iterable[str]:
    if arrived > today:
        yield "future_entry"
    if left is not None and left <= today and stay.id not in left_to:
        yield "no_destination"
    if left is None and arrived < today - LONG_STAY:
        yield "long_stay"


def _asked_about_violence(stay: Stay, age: int | None) -> bool:
    asked = interview().asked(Stage.ENTRY, head=stay.head, age=age)
    return any(one.code == VIOLENCE for one in asked)


def _of_parties(stays: Iterable[_StayDays], ages: Mapping[bytes, int | None]) -> Iterable[tuple[str, Stay, date]]:
    """Households without a head or with several, and those of children alone."""
    parties: dict[bytes, list[_StayDays]] = {}
    for one in stays:
        parties.setdefault(one[0].party_id, []).append(one)
    for members in parties.values():
        heads = [stay for stay, _, left in members if stay.head and left is None]
        first, arrived, _ = members[0]
        still = [stay for stay, _, left in members if left is None]
        if still and len(heads) != 1:
            yield ("two_heads" if heads else "no_head"), first, arrived
        known = [age for stay, _, _ in members if (age := ages.get(stay.client_id)) is not None]
        if len(known) == len(members) and max(known) < CHILD_ALONE:
            yield "child_alone", first, arrived


def _in_two_places(stays: Iterable[_StayDays]) -> Iterable[tuple[str, Stay, date]]:
    """Stays of one person that overlap; the beds themselves forbid it, nights of an import do not."""
    by_client: dict[bytes, list[_StayDays]] = {}
    for one in sorted(stays, key=lambda one: one[1]):
        by_client.setdefault(one[0].client_id, []).append(one)
    for mine in by_client.values():
        for (_, _, left), (stay, arrived, _) in pairwise(mine):
            if left is None or arrived < left:
                yield "overlap", stay, arrived


def _in_no_bed(stays: Iterable[_StayDays]) -> Iterable[tuple[str, Stay, date]]:
    """Stays whose nights lie in the unassigned bed and go on."""
    still = {stay.id: (stay, arrived) for stay, arrived, left in stays if left is None}
    query = select(StayBed.stay_id).where(StayBed.bed_number.is_(None), StayBed.until_day.is_(None))
    for stay_id in db.session.scalars(query.where(StayBed.stay_id.in_(list(still)))):
        yield "no_bed", *still[stay_id]


def _by_night(actor: Actor, stays: Iterable[_StayDays], today: date) -> Iterable[tuple[str, Stay, date]]:
    """Houses counted night by night: a bed night on the first night, none on the day of leaving (4.14). Nights that an
    import brought were ticked elsewhere.
    """
    counted = night_by_night(list(actor.sites))
    here = {stay.id: (stay, arrived, left) for stay, arrived, left in stays if stay.site_id in counted}
    loose = select(StayBed.stay_id).where(StayBed.bed_number.is_(None), StayBed.stay_id.in_(here))
    for stay_id in set(db.session.scalars(loose)):
        del here[stay_id]
    people = {stay.client_id for stay, _, _ in here.values()}
    days = {day for _, *both in here.values() for day in both if day is not None}
    query = select(RollMark).where(RollMark.client_id.in_(people), RollMark.night.in_(days))
    rows = list(db.session.scalars(query))
    marks = zip(rows, open_rows(actor, [row_of(row, MARK) for row in rows], MARK), strict=True)
    seen = {(row.client_id, row.night) for row, mark in marks if mark and seen_now(mark.ticks) is Seen.HERE}
    for stay, arrived, left in here.values():
        if arrived < today and (stay.client_id, arrived) not in seen:
            yield "no_first_night", stay, arrived
        if left is not None and (stay.client_id, left) in seen:
            yield "night_after_exit", stay, left
