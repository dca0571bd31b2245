"""Single links of the trail with what was sealed to the auditor: of one colleague, of one kind, about one person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.auditing.queries.reading import FIRST, Place, Portion, Row, between, codes_of, days_asked, portion, seqs
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Missing
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.relations import Relation
from shelter.rules.broken import Broken
from shelter.rules.oddities import Oddity, may_have_left, oddities_of_one
from shelter.trail.beside import people_of, told_by
from shelter.trail.details import Detail, details_of
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import note_read

KINDS = {one.value: one for one in (Oddity.REFUSED, Oddity.NIGHT, Oddity.OUTSIDE, Oddity.LEAVES)}
"""Kinds of looks with a page of links each; emergencies and volumes have pages of their own."""


@dataclass(frozen=True, slots=True)
class LinkView:
    """One link of the trail. `detail` is None where there is none, `spoiled` where there is one that does not open."""

    seq: int
    at: datetime
    staff: bytes
    who: str
    act: str
    why: str
    codes: tuple[str, ...]
    detail: Detail | None
    spoiled: bool
    odd: tuple[Oddity, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """One page of links and its neighbours. `reached` is how far it looked, where it stopped before it was full."""

    shown: list[LinkView]
    older: Place | None
    newer: Place | None
    reached: datetime | None
    first: date | None = None
    last: date | None = None


def colleague(actor: Actor, staff_id: bytes, day: date, place: Place = FIRST) -> tuple[str, Links]:
    """Everything one colleague did on a day, in order, with what was sealed to the auditor. `Missing` for nobody."""
    require(actor, Act.AUDIT_READ)
    note_read(actor, Act.AUDIT_READ, [])
    name = names_of(actor, {staff_id}).get(staff_id)
    if name is None:
        raise Missing
    found = portion(place, between(day, day), Trail.actor_id == staff_id, oldest_first=True)
    return name, _page(actor, found, day, day)


def by_nobody(actor: Actor, day: date, place: Place = FIRST) -> Links:
    """What happened on a day with nobody signed in: refused sign-ins, the clock, a partner at the door."""
    require(actor, Act.AUDIT_READ)
    note_read(actor, Act.AUDIT_READ, [])
    return _page(actor, portion(place, between(day, day), Trail.actor_id.is_(None), oldest_first=True), day, day)


def of_kind(
    actor: Actor, kind: Oddity, first: date | None = None, last: date | None = None, place: Place = FIRST
) -> Links:
    """Looks of one kind in these days, the newest first. Raises `Broken` as `period` does."""
    require(actor, Act.AUDIT_READ)
    first, last = days_asked(first, last)
    note_read(actor, Act.AUDIT_READ, [])
    likely = [_LIKELY[kind]] if kind in _LIKELY else []
    found = portion(place, between(first, last), *likely, keep=lambda some: _of_kind(actor, kind, some))
    return _page(actor, found, first, last)


_LIKELY = {
    Oddity.REFUSED: Trail.act.startswith("refused:"),
    Oddity.OUTSIDE: Trail.clause.contains(Relation.NOT_DENIED.value),
}
"""Of some kinds no other link can be: the database leaves those out, the rules decide about the rest."""


def _of_kind(actor: Actor, kind: Oddity, some: list[Row]) -> list[Row]:
    people, told = people_of(seqs(some)), told_by(seqs(some))
    asked = seqs([row for row in some if kind is Oddity.LEAVES and may_have_left(row.act)])
    details = details_of(actor, asked) if asked else {}
    return [row for row in some if kind in _odd(row, people, told, details.get(row.seq))]


def of_person(actor: Actor, code: str, place: Place = FIRST) -> Links:
    """Who saw one person and why, the newest first, those who were refused included. `Broken` for no such code."""
    require(actor, Act.AUDIT_READ)
    note_read(actor, Act.AUDIT_READ, [])
    client = db.session.scalar(select(Client.id).where(Client.code == code))
    if client is None:
        raise Broken("auditing.no-code", "code")
    hers = select(TrailSubject.seq).where(TrailSubject.client_id == client)
    return _page(actor, portion(place, Trail.seq.in_(hers)))


def _page(actor: Actor, found: Portion, first: date | None = None, last: date | None = None) -> Links:
    return Links(_views(actor, found.rows), found.older, found.newer, found.reached, first, last)


def _views(actor: Actor, found: list[Row]) -> list[LinkView]:
    people, told = people_of(seqs(found)), told_by(seqs(found))
    codes = codes_of({client for some in people.values() for client in some})
    names = names_of(actor, {row.actor for row in found if row.actor})
    details = details_of(actor, seqs(found))
    return [
        LinkView(
            seq=row.seq,
            at=row.at,
            staff=row.actor,
            who=names.get(row.actor, ""),
            act=row.act,
            why=row.clause,
            codes=tuple(sorted(codes[client] for client in people.get(row.seq, ()) if client in codes)),
            detail=details.get(row.seq),
            spoiled=row.seq in details and details[row.seq] is None,
            odd=_odd(row, people, told, details.get(row.seq)),
        )
        for row in found
    ]


def _odd(row: Row, people: Collection[int], told: Collection[int], detail: Detail | None) -> tuple[Oddity, ...]:
    return oddities_of_one(row.look(people, told), detail.values if detail else ())
