"""Links counted by the database: of a day by colleague and act, of some days by colleague. No link is read for it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, exists, func, or_, select

from shelter.auditing.queries.reading import agency_zone, between
from shelter.db import db
from shelter.rules.oddities import NIGHT_BEGINS, NIGHT_ENDS, TELLS, Look
from shelter.rules.sitetime import local_to_utc
from shelter.trail.models import Trail, TrailSubject, TrailWrite


@dataclass(slots=True)
class Counted:
    """One colleague doing one kind of thing: how often, with how many people, when last.

    `looks` stand for all of them: one of each that differs in anything that makes a look odd.
    """

    actor: bytes
    act: str
    people: int = 0
    times: int = 0
    looks: list[Look] = field(default_factory=list)

    @property
    def clauses(self) -> tuple[str, ...]:
        return tuple(sorted({look.clause for look in self.looks if look.clause}))

    @property
    def last(self) -> datetime:
        return max(look.at for look in self.looks)


def counted(day: date) -> list[Counted]:
    """What was done on one day of the agency."""
    zone = agency_zone()
    of_people = {
        (row.actor_id, row.act): int(row.people)
        for row in db.session.execute(_people(Trail.actor_id, Trail.act).where(between(day, day)))
    }
    found: dict[tuple[bytes | None, str], Counted] = {}
    for row in db.session.execute(_looks(day)):
        key = (row.actor_id, row.act)
        one = found.setdefault(key, Counted(row.actor_id or b"", row.act, of_people.get(key, 0)))
        one.times += row.times
        one.looks.append(Look(row.act, row.clause, row.last.astimezone(zone), bool(row.about), bool(row.told)))
    return list(found.values())


def _looks(day: date) -> Select[Any]:
    """Alike are those of one clause, all by night or none, all about somebody or none, all told outside or none."""
    about = exists().where(TrailSubject.seq == Trail.seq)
    told = exists().where(TrailWrite.seq == Trail.seq, TrailWrite.table_name == TELLS)
    links = select(
        Trail.actor_id,
        Trail.act,
        Trail.clause,
        Trail.at,
        _flag(_by_night(day)).label("night"),
        _flag(about).label("about"),
        _flag(told).label("told"),
    )
    one = links.where(between(day, day)).subquery()
    alike = (one.c.actor_id, one.c.act, one.c.clause, one.c.night, one.c.about, one.c.told)
    return select(*alike, func.count().label("times"), func.max(one.c.at).label("last")).group_by(*alike)


def _flag(claim: ColumnElement[bool]) -> ColumnElement[int]:
    return case((claim, 1), else_=0)


def _by_night(day: date) -> ColumnElement[bool]:
    """As `by_night` of the rules says it of one look, by the clock on the agency's wall."""
    zone = agency_zone().key
    ends, begins = (local_to_utc(datetime.combine(day, time(hour)), zone) for hour in (NIGHT_ENDS, NIGHT_BEGINS))
    return or_(Trail.at < ends, Trail.at >= begins)


def _people(*by: Any) -> Select[Any]:
    """Different people, each once, and looks at them."""
    count = func.count(distinct(TrailSubject.client_id)).label("people")
    looks = func.count(distinct(TrailSubject.seq)).label("looks")
    return select(*by, count, looks).join(TrailSubject, TrailSubject.seq == Trail.seq).group_by(*by)


def people_met(first: date, last: date) -> dict[bytes, tuple[int, int]]:
    """Of each colleague: how many different people she met in these days, and in how many looks."""
    query = _people(Trail.actor_id).where(between(first, last), Trail.actor_id.is_not(None))
    return {row.actor_id: (int(row.people), int(row.looks)) for row in db.session.execute(query)}


def times_done(first: date, last: date, acts: frozenset[str]) -> dict[bytes, int]:
    """How often each colleague did any of these."""
    query = select(Trail.actor_id, func.count()).group_by(Trail.actor_id)
    wanted = and_(between(first, last), Trail.actor_id.is_not(None), Trail.act.in_(acts))
    return {who: int(times) for who, times in db.session.execute(query.where(wanted)) if who}
